"""Every public operation of the three services, how the attack calls it, and the type that it promises."""

from __future__ import annotations

import importlib
import time
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from anyio.lowlevel import checkpoint

from imageapis import lusid, openstack, servicefabric
from imageapis.core.clock import Clock
from tests.attack.planted import SECRETS

if TYPE_CHECKING:
    from collections.abc import Callable

SESSION = "11111111-2222-3333-4444-555555555555"
#: Seconds for one request with all its tries, in the attack.
DEADLINE = 1.0
CHUNK = 1000


class Target(NamedTuple):
    """An operation to attack.

    Attributes:
        service: Whose it is.
        name: How the table calls it.
        call: Calls it on a client with the files of `Files`.
        promised: The type of its value; of its items, for a list.
    """

    service: str
    name: str
    call: Callable[[Any, Files], Any]
    promised: Any


class Files(NamedTuple):
    """Local files that operations read or write.

    Attributes:
        folder: Where a trial may write; it is looked through afterwards.
        small: A file of less than a chunk.
        large: A file of a few chunks.
        package: A folder of a package.
        image: An image as `docker save` writes it.
    """

    folder: Path
    small: Path
    large: Path
    package: Path
    image: Path

    @property
    def given(self) -> Path:
        """Where a trial's own hostile files lie."""
        return self.folder / "given"


def generated(service: str, module: str) -> Any:
    """Return a generated endpoint."""
    return importlib.import_module(f"imageapis_generated.{service}.endpoints.{module}")


def _fabric() -> list[Target]:
    entry = servicefabric.StoreFile | servicefabric.StoreFolder
    calls: list[tuple[str, Callable[[Any, Files], Any], Any]] = [
        ("list", lambda c, f: c.list("Apps"), entry),
        ("list root", lambda c, f: c.list(prefetch=1), entry),
        ("walk", lambda c, f: c.walk("Apps"), servicefabric.StoreFile),
        ("stat", lambda c, f: c.stat("Apps/one.bin"), entry),
        ("exists", lambda c, f: c.exists("Apps"), bool),
        ("folder_size", lambda c, f: c.folder_size("Apps"), servicefabric.FolderSize),
        ("info", lambda c, f: c.info(), servicefabric.ImageStoreInfo),
        ("copy", lambda c, f: c.copy("Apps", "Copy", skip_files=["x"]), None),
        ("delete", lambda c, f: c.delete("Apps/one.bin"), None),
        ("upload_session", lambda c, f: c.upload_session(SESSION), servicefabric.UploadSession | None),
        ("upload_sessions", lambda c, f: c.upload_sessions("Apps/x"), list[servicefabric.UploadSession]),
        ("commit_upload_session", lambda c, f: c.commit_upload_session(SESSION), None),
        ("delete_upload_session", lambda c, f: c.delete_upload_session(SESSION), None),
        ("upload_chunk", lambda c, f: c.upload_chunk("a", b"abc", session_id=SESSION, start=0, total=6), None),
        ("put_file", lambda c, f: c.put_file(f.small, "a/b"), servicefabric.StoreFile),
        ("upload_file small", lambda c, f: c.upload_file(f.small, "a/b", commit_timeout=1), servicefabric.StoreFile),
        (
            "upload_file chunks",
            lambda c, f: c.upload_file(
                f.large, "a/big", chunk_size=CHUNK, timeout=1, commit_timeout=1, journal=f.folder / "journal"
            ),
            servicefabric.StoreFile,
        ),
        (
            "upload_package",
            lambda c, f: c.upload_package(f.package, "App", chunk_size=CHUNK, prune=True, timeout=1, commit_timeout=1),
            servicefabric.PackageReport,
        ),
        ("call", lambda c, f: c.call(generated("servicefabric", "get_image_store_info")), Any),
    ]
    return [Target("servicefabric", *each) for each in calls]


def _lusid() -> list[Target]:
    calls: list[tuple[str, Callable[[Any, Files], Any], Any]] = [
        ("repositories", lambda c, f: c.repositories(limit=5), lusid.Repository),
        ("images", lambda c, f: c.images("job", prefetch=1), lusid.ImageSummary),
        ("image", lambda c, f: c.image("job:1"), lusid.Image),
        ("start_upload", lambda c, f: c.start_upload("job:1"), lusid.UploadInstructions),
        ("push", lambda c, f: c.push(f.image, "job:1"), lusid.PushedImage),
        ("push chunks", lambda c, f: c.push(f.image, "job:1", chunk_size=3000), lusid.PushedImage),
        ("wait_for_scan", lambda c, f: c.wait_for_scan("job:1", timeout=2.0, interval=0.5), lusid.Image),
        ("delete", lambda c, f: c.delete("job:1"), str | None),
        ("download", lambda c, f: c.download("job:1", f.folder / "saved"), Path),
        ("call", lambda c, f: c.call(generated("lusid", "get_image"), "job:1"), Any),
    ]
    return [Target("lusid", *each) for each in calls]


def _openstack() -> list[Target]:
    calls: list[tuple[str, Callable[[Any, Files], Any], Any]] = [
        ("list", lambda c, f: c.list(page_size=2), openstack.Image),
        ("list detail", lambda c, f: c.list(detail=True, min_ram=1, page_size=2, prefetch=1), openstack.Image),
        ("image", lambda c, f: c.image("a1"), openstack.Image),
        ("delete", lambda c, f: c.delete("a1"), None),
        ("metadata", lambda c, f: c.metadata("a1"), dict[str, Any]),
        ("replace_metadata", lambda c, f: c.replace_metadata("a1", {"k": "v"}), dict[str, Any]),
        ("update_metadata", lambda c, f: c.update_metadata("a1", {"k": "v"}), dict[str, Any]),
        ("metadata_item", lambda c, f: c.metadata_item("a1", "key"), Any),
        ("set_metadata_item", lambda c, f: c.set_metadata_item("a1", "key", "value"), str),
        ("delete_metadata_item", lambda c, f: c.delete_metadata_item("a1", "a/b"), None),
        ("call", lambda c, f: c.call(generated("openstack", "get_image"), "a1"), Any),
    ]
    return [Target("openstack", *each) for each in calls]


TARGETS = [*_fabric(), *_lusid(), *_openstack()]
CLASSES = {
    "servicefabric": (servicefabric.ImageStore, servicefabric.AsyncImageStore),
    "lusid": (lusid.SchedulerImages, lusid.AsyncSchedulerImages),
    "openstack": (openstack.ComputeImages, openstack.AsyncComputeImages),
}


class Credential:
    """A credential of Azure AD as far as the library looks at one."""

    def get_token(self, *scopes: str, **options: Any) -> Any:
        return types.SimpleNamespace(token=SECRETS["token"], expires_on=int(time.time()) + 3600)


def logins(service: str, origin: str, ca: str | None) -> list[Callable[[], Any]]:
    """Return what makes each kind of login that a service has, for a server at `origin`."""
    if service == "servicefabric":
        auth: Any = servicefabric.auth
        kinds = [lambda: auth.azure_ad(origin, Credential(), ca=ca)]
        if ca is None:
            kinds += [lambda: auth.unsecured(origin), lambda: auth.bearer(origin, SECRETS["token"])]
        return kinds
    if service == "lusid":
        extra = {} if ca is None else {"ca": ca}
        return [
            lambda: lusid.auth.password(
                scheduler_url=origin,
                token_url=origin + "/token",
                username="user",
                password=SECRETS["password"],
                client_id="client",
                client_secret=SECRETS["client_secret"],
                **extra,
            ),
            lambda: lusid.auth.personal_access_token(scheduler_url=origin, access_token=SECRETS["token"], **extra),
        ]
    where: dict[str, Any] = {"auth_url": origin + "/identity", **({} if ca is None else {"cacert": ca})}
    named: dict[str, Any] = {"project_name": "demo", "project_domain_name": "Default"}
    return [
        lambda: openstack.auth.password(
            **where, username="demo", password=SECRETS["password"], user_domain_name="Default", **named
        ),
        lambda: openstack.auth.application_credential(
            **where, application_credential_id="id", application_credential_secret=SECRETS["password"]
        ),
        lambda: openstack.auth.token(**where, token=SECRETS["refresh"], **named),
    ]


class Skipping(Clock):
    """Real time, on which waiting takes none: it is added to the clock instead."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        return time.monotonic() + self._skipped

    def time(self) -> float:
        return time.time() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds

    async def asleep(self, seconds: float) -> None:
        self._skipped += seconds
        await checkpoint()
