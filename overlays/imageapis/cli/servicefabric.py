"""`imageapis servicefabric`: the image store of a cluster."""

import os
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imageapis._plain import printable
from imageapis.cli.commands import Group, Json
from imageapis.cli.text import size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from imageapis.core.login import Login

ENDPOINT = "IMAGEAPIS_SERVICEFABRIC_ENDPOINT"
#: Secrets come by variables: a command line can be read by everybody on the machine, and is kept in its history.
KEY_PASSWORD = "IMAGEAPIS_SERVICEFABRIC_KEY_PASSWORD"  # noqa: S105 - a variable's name
TOKEN = "IMAGEAPIS_SERVICEFABRIC_TOKEN"  # noqa: S105 - likewise


def _go_on(arguments: "Mapping[str, Any]") -> str:
    how = "goes on where it stopped" if arguments["journal"] else "begins anew, for want of a journal"
    return f"Run the same command again: it {how}."


class Symlinks(StrEnum):
    """What becomes of symbolic links in a package."""

    refuse = "refuse"
    follow = "follow"
    skip = "skip"


def login_from(
    endpoint: Annotated[
        str | None,
        typer.Option(
            envvar=ENDPOINT,
            help="The cluster's gateway, e.g. https://cluster:19080. By default what `sfctl cluster select` chose.",
        ),
    ] = None,
    cert: Annotated[
        Path | None, typer.Option(help=f"Client certificate, PEM or PFX. A password is read from ${KEY_PASSWORD}.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Its key, if that is in another file.")] = None,
    ca: Annotated[Path | None, typer.Option(help="Authorities that signed the cluster's certificate.")] = None,
    aad: Annotated[
        bool,
        typer.Option("--aad", help=f"Log in with Azure AD as this machine is set up. A ready token: ${TOKEN}."),
    ] = False,
) -> "Login":
    """Return the login that the options and variables describe; what sfctl has selected if they name no cluster."""
    from imageapis.errors import LoginError
    from imageapis.servicefabric import auth

    if endpoint is None:
        if cert or key or ca or aad:
            raise LoginError("--cert, --key, --ca and --aad say how to log in; --endpoint has to say where.")
        try:
            return auth.from_sfctl()
        except LoginError as failure:
            raise LoginError(f"{failure} Or name a cluster with --endpoint https://cluster:19080.") from None
    if key and not cert:
        raise LoginError("--key belongs to a certificate: name that with --cert.")
    if cert is not None:
        return auth.client_certificate(
            endpoint, certificate=cert, key=key, password=os.environ.get(KEY_PASSWORD), ca=ca
        )
    if aad:
        return auth.azure_ad(endpoint, _credential(), ca=ca)
    if token := os.environ.get(TOKEN):
        return auth.bearer(endpoint, token, ca=ca)
    if ca is not None:
        raise LoginError(f"--ca is for a secured cluster: say who you are with --cert, --aad or ${TOKEN}.")
    return auth.unsecured(endpoint)


def _credential() -> object:
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError:
        from imageapis.errors import LoginError

        raise LoginError("--aad is an extra: pip install 'imageapis[azure]'.") from None
    return DefaultAzureCredential()


group = Group(
    "Service Fabric: what a cluster's image store holds, and uploads that go on where they stopped.", login_from
)
app = group.app

StorePath = Annotated[str, typer.Argument(help="Path in the store, with /.")]


@group.command(
    "upload", "imageapis servicefabric upload ./MyApp MyApp_1.2 --endpoint http://localhost:19080", go_on=_go_on
)
def upload(
    login: "Login",
    source: Annotated[Path, typer.Argument(help="An application package (a folder), or a file.")],
    path: Annotated[str | None, typer.Argument(help="Where it goes; the source's name by default.")] = None,
    concurrency: Annotated[int | None, typer.Option(help="Files or chunks on their way at a time.")] = None,
    chunk_size: Annotated[int | None, typer.Option(help="MiB of a chunk; by default what suits.", min=1)] = None,
    compress: Annotated[bool, typer.Option("--compress", help="Zip the package's code, config and data.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete there what the folder does not hold.")] = False,
    symlinks: Annotated[Symlinks, typer.Option(help="Symbolic links in the folder.")] = Symlinks.refuse,
    journal: Annotated[bool, typer.Option(help="Remember what is stored, to go on and to skip it.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    json: Json = False,
) -> None:
    """Upload a package or a file.

    The same command goes on after an interruption, and skips what did not change.
    """
    from imageapis.cli.output import write_json
    from imageapis.cli.progress import Retries, shown
    from imageapis.servicefabric import ImageStore, PackageReport, StoreFile

    name = source.resolve().name if path is None else path
    hooks = Retries(quiet or json).hooks
    with ImageStore(login, hooks=hooks) as store, shown(quiet or json) as progress:
        send: Callable[..., StoreFile | PackageReport] = store.upload_file
        if source.is_dir():
            if not any(source.iterdir()):
                # With --prune it would delete a whole package.
                raise ValueError(f"{source} is an empty folder: nothing was sent.")
            send = partial(store.upload_package, compress=compress, prune=prune, symlinks=symlinks.value)
        elif compress or prune:
            raise ValueError(f"--compress and --prune are for packages, and {source} is no folder.")
        done = send(
            source,
            name,
            chunk_size=chunk_size and chunk_size << 20,
            concurrency=concurrency,
            progress=progress,
            journal=journal or None,
        )
    if json:
        write_json(done)
    elif isinstance(done, StoreFile):
        typer.echo(printable(f"{done.path}: {size(done.size)}"))
    else:
        typer.echo(
            f"{printable(done.path)}: {done.sent} files sent ({size(done.bytes)}), {done.skipped} unchanged, "
            f"{done.pruned} deleted, {done.seconds:.1f} s"
        )


@group.command("ls", "imageapis servicefabric ls MyApp_1.2 --recursive")
def ls(
    login: "Login",
    path: Annotated[str, typer.Argument(help="A folder; the root by default.")] = "",
    recursive: Annotated[bool, typer.Option("--recursive", "-r", help="All files at any depth.")] = False,
    json: Json = False,
) -> None:
    """List a folder."""
    from imageapis.cli.output import write_json, write_table
    from imageapis.servicefabric import ImageStore, StoreFolder

    with ImageStore(login) as store:
        entries = [*(store.walk(path) if recursive else store.list(path))]
    if json:
        write_json(entries)
        return
    rows = [
        (f"{one.path}/", "", one.file_count, "")
        if isinstance(one, StoreFolder)
        else (one.path, size(one.size), "", one.modified)
        for one in entries
    ]
    write_table(("PATH", "SIZE", "FILES", "MODIFIED"), rows)


@group.command("stat", "imageapis servicefabric stat MyApp_1.2/ApplicationManifest.xml")
def stat(login: "Login", path: StorePath, json: Json = False) -> None:
    """Show one file or folder."""
    from imageapis.cli.output import write_fields, write_json
    from imageapis.servicefabric import ImageStore, StoreFolder

    with ImageStore(login) as store:
        entry = store.stat(path)
    if json:
        write_json(entry)
    elif isinstance(entry, StoreFolder):
        write_fields({"folder": entry.path or "/", "files": entry.file_count})
    else:
        version = entry.version and entry.version.number
        write_fields({"file": entry.path, "size": entry.size, "modified": entry.modified, "version": version})


@group.command("rm", "imageapis servicefabric rm MyApp_1.1 --recursive")
def rm(
    login: "Login",
    paths: Annotated[list[str], typer.Argument(help="What to delete.")],
    recursive: Annotated[bool, typer.Option("--recursive", "-r", help="Folders, with all that is in them.")] = False,
) -> None:
    """Delete files, and folders with --recursive."""
    from imageapis.servicefabric import ImageStore, StoreFolder

    with ImageStore(login) as store:
        # All are looked at before the first is gone: a slip in one name deletes nothing.
        for path in paths:
            if isinstance(store.stat(path), StoreFolder) and not recursive:
                raise ValueError(f"{path} is a folder; nothing was deleted. Add --recursive for all that is in it.")
        for path in paths:
            store.delete(path)
            typer.echo(printable(f"{path}: deleted"))


@group.command("cp", "imageapis servicefabric cp MyApp_1.1 MyApp_1.2 --skip-file Settings.xml")
def cp(
    login: "Login",
    source: StorePath,
    destination: Annotated[str, typer.Argument(help="Where the copy goes, in the same store.")],
    skip_file: Annotated[list[str] | None, typer.Option(help="Leave files of this name out; repeatable.")] = None,
    check_mark_file: Annotated[
        bool, typer.Option("--check-mark-file", help="Copy only folders whose upload is complete.")
    ] = False,
) -> None:
    """Copy within the store."""
    from imageapis.servicefabric import ImageStore

    with ImageStore(login) as store:
        store.copy(source, destination, skip_files=tuple(skip_file or ()), check_mark_file=check_mark_file)
    typer.echo(printable(f"{destination}: copied from {source}"))


@group.command("sessions", "imageapis servicefabric sessions Apps/big.sfpkg --delete")
def sessions(
    login: "Login",
    path: Annotated[str, typer.Argument(help="The file that is being uploaded.")],
    delete: Annotated[bool, typer.Option("--delete", help="End them: what they sent is dropped.")] = False,
    json: Json = False,
) -> None:
    """List the uploads of a file that are under way, or end them."""
    from imageapis.cli.output import write_json, write_table
    from imageapis.servicefabric import ImageStore

    with ImageStore(login) as store:
        found = store.upload_sessions(path)
        if delete:
            for one in found:
                store.delete_upload_session(one.id)
    if json:
        write_json(found)
        return
    rows = [(one.id, size(one.size), size(sum(part.size for part in one.missing)), one.modified) for one in found]
    write_table(("SESSION", "SIZE", "MISSING", "MODIFIED"), rows)
    if delete:
        typer.echo(f"{len(found)} ended")


@group.command("info", "imageapis servicefabric info --json")
def info(login: "Login", json: Json = False) -> None:
    """Show how the store uses its disk."""
    from imageapis.cli.output import write_json, write_table
    from imageapis.servicefabric import DiskInfo, ImageStore

    with ImageStore(login) as store:
        usage = store.info()
    if json:
        write_json(usage)
        return
    disk = usage.disk_info or DiskInfo()
    rows = [("capacity", size(disk.capacity), ""), ("available", size(disk.available_space), "")]
    for name in ("metadata", "staging", "copy", "register"):
        used = getattr(usage, f"used_by_{name}")
        if used is not None:
            rows.append((f"used by {name}", size(used.used_space), used.file_count))
    write_table(("WHAT", "SIZE", "FILES"), rows)
