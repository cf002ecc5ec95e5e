"""`imageapis lusid`: the images of LUSID's scheduler."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imageapis.cli.commands import Group, Json
from imageapis.cli.text import size

if TYPE_CHECKING:
    from imageapis.core.login import Login
    from imageapis.lusid import Image, PushedImage, ScanReport, SchedulerImages

#: Blobs that arrived stay in the registry, so a push needs no journal.
GO_ON = "Run the same command again: only what is missing is sent."


class Severity(StrEnum):
    """How bad a vulnerability is."""

    critical = "critical"
    high = "high"
    medium = "medium"
    low = "low"
    negligible = "negligible"
    unknown = "unknown"


def _login(
    secrets: Annotated[
        Path | None,
        typer.Option(help="A secrets.json as FINBOURNE's SDKs read it; FBN_* variables come before it."),
    ] = None,
) -> "Login":
    from imageapis.lusid import auth

    return auth.from_env() if secrets is None else auth.secrets_file(secrets)


group = Group("LUSID: the images of the scheduler, and pushes to its registry without Docker.", _login)
app = group.app

Name = Annotated[str, typer.Argument(help="Repository and tag, e.g. my-job:1.4.")]
FailOn = Annotated[Severity | None, typer.Option(help="Fail if the scan found this or worse (exit code 7).")]
Timeout = Annotated[float, typer.Option(help="Seconds to wait for the scan.", min=0)]


@group.command("ls", "imageapis lusid ls my-job --json")
def ls(
    login: "Login",
    repository: Annotated[str | None, typer.Argument(help="List its images; without, all repositories.")] = None,
    filter: Annotated[str | None, typer.Option(help="An expression of LUSID, e.g. \"name eq 'x'\".")] = None,  # noqa: A002
    json: Json = False,
) -> None:
    """List repositories, or the images of one."""
    from imageapis.cli.output import write_json, write_table
    from imageapis.lusid import SchedulerImages

    with SchedulerImages(login) as images:
        if repository is None:
            repositories = [*images.repositories(filter=filter)]
            heads: tuple[str, ...] = ("REPOSITORY", "IMAGES", "UPDATED")
            rows: list[tuple[Any, ...]] = [(one.name, one.image_count, one.last_update) for one in repositories]
            found: list[Any] = [*repositories]
        else:
            found = [*images.images(repository, filter=filter)]
            heads = ("TAGS", "SIZE", "PUSHED", "SCAN", "DIGEST")
            rows = [
                ([tag.name for tag in one.tags or ()], size(one.size), one.push_time, one.scan_status, one.digest)
                for one in found
            ]
    if json:
        write_json(found)
    else:
        write_table(heads, rows)


@group.command("show", "imageapis lusid show my-job:1.4")
def show(login: "Login", name: Name, json: Json = False) -> None:
    """Show one image with the report of its scan."""
    from imageapis.lusid import SchedulerImages

    with SchedulerImages(login) as images:
        _write(images.image(name), json=json)


@group.command("push", "imageapis lusid push job.tar my-job:1.4 --scan --fail-on high", go_on=lambda _: GO_ON)
def push(
    login: "Login",
    source: Annotated[Path, typer.Argument(help="A `docker save` tar, or an OCI layout (tar or folder).")],
    name: Name,
    image: Annotated[str | None, typer.Option(help="Which image, if the source holds several.")] = None,
    platform: Annotated[str, typer.Option(help="Which image, if there is one for each platform.")] = "linux/amd64",
    concurrency: Annotated[int | None, typer.Option(help="Layers on their way at a time.")] = None,
    scan: Annotated[bool, typer.Option("--scan", help="Wait for the scan as well.")] = False,
    fail_on: FailOn = None,
    timeout: Timeout = 900.0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    json: Json = False,
) -> None:
    """Push an image to the registry; no Docker daemon is needed."""
    from imageapis.cli.output import write_json
    from imageapis.cli.progress import Retries, shown
    from imageapis.lusid import SchedulerImages

    if not source.exists():
        raise ValueError(f"There is no file {source}. Images come from files: docker save -o job.tar <image>.")
    with SchedulerImages(login, hooks=Retries(quiet or json).hooks) as images:
        with shown(quiet or json) as progress:
            pushed = images.push(
                source, name, image=image, platform=platform, concurrency=concurrency, progress=progress
            )
        if not json:
            typer.echo(f"{pushed.reference}@{pushed.digest}: {_sent(pushed)}")
        if scan or fail_on is not None:
            _write_scanned(images, name, fail_on, timeout, json=json)
        elif json:
            write_json(pushed)


@group.command("scan", "imageapis lusid scan my-job:1.4 --fail-on high")
def scan(login: "Login", name: Name, fail_on: FailOn = None, timeout: Timeout = 900.0, json: Json = False) -> None:
    """Wait until an image is scanned, and show what was found."""
    from imageapis.lusid import SchedulerImages

    with SchedulerImages(login) as images:
        _write_scanned(images, name, fail_on, timeout, json=json)


def _write_scanned(
    images: "SchedulerImages", name: str, fail_on: Severity | None, timeout: float, *, json: bool
) -> None:
    """Show what the scan found, also when it is too much: that is when people and machines want to see it."""
    from imageapis.lusid import ScanFailed

    try:
        image = images.wait_for_scan(name, fail_on=fail_on, timeout=timeout)
    except ScanFailed as failure:
        _write(failure.image, json=json)
        raise
    _write(image, json=json)


def _sent(pushed: "PushedImage") -> str:
    if not pushed.uploaded:
        return f"nothing to send, all {size(pushed.size)} were there already"
    return f"{size(pushed.uploaded)} of {size(pushed.size)} sent"


def _write(image: "Image", *, json: bool) -> None:
    from imageapis.cli.output import write_fields, write_json, write_table

    if json:
        write_json(image)
        return
    fields = {
        "repository": image.name,
        "tags": [tag.name for tag in image.tags or ()],
        "size": size(image.size),
        "pushed": image.push_time,
        "digest": image.digest,
    }
    report = image.scan_report
    if report is None:
        write_fields({**fields, "scan": "not yet"})
        return
    write_fields({**fields, "scan": report.status, "found": _counts(report)})
    if report.vulnerabilities:
        typer.echo("")
        rows = [(one.severity, one.name, one.package, one.version, one.fix_version) for one in report.vulnerabilities]
        write_table(("SEVERITY", "VULNERABILITY", "PACKAGE", "VERSION", "FIXED IN"), rows)


def _counts(report: "ScanReport") -> str:
    counts = {severity: getattr(report.summary, severity, None) for severity in Severity}
    return ", ".join(f"{count} {severity}" for severity, count in counts.items() if count) or "nothing"
