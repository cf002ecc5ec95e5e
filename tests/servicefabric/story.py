"""Upload a large file through an outage and an application package, look at what is stored, copy it, clear it away."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Callable


def _package(folder: str) -> Path:
    package = Path(folder) / "MyApp"
    for part in ("WebPkg/Code", "WebPkg/Config"):
        (package / part).mkdir(parents=True)
    (package / "ApplicationManifest.xml").write_text("<ApplicationManifest/>")
    (package / "WebPkg" / "Code" / "service").write_bytes(b"\1" * 300_000)
    (package / "WebPkg" / "Config" / "Settings.xml").write_text("<Settings/>")
    return package


def _big(folder: str) -> Path:
    file = Path(folder) / "big.sfpkg"
    with file.open("wb") as out:
        out.truncate(48 * 2**20)
    return file


def blocking(say: Callable[[str], None]) -> None:
    """Tell it with the blocking client."""
    with ServiceFabricServer() as server, tempfile.TemporaryDirectory() as folder:
        with ImageStore(auth.unsecured(server.url)) as store:
            server.faults.add("busy", "UploadFileChunk", skip=2)
            done = store.upload_file(_big(folder), "Apps/big.sfpkg", journal=Path(folder) / "journal")
            say(f"uploaded 48 MiB in chunks, one of which was refused on its way: {done}")
            package, notes = _package(folder), Path(folder) / "package.journal"
            say(f"uploaded a package: {store.upload_package(package, 'MyApp_1.2', journal=notes)}")
            say(f"once more, unchanged: {store.upload_package(package, 'MyApp_1.2', journal=notes)}")
            say(f"the store holds {sorted(entry.path for entry in store.walk())}")
            store.copy("MyApp_1.2", "MyApp_copy")
            store.delete("MyApp_1.2")
            say(f"copied and deleted: {sorted(entry.path for entry in store.list())}")


async def nonblocking(say: Callable[[str], None]) -> None:
    """Tell it with the async client."""
    with ServiceFabricServer() as server, tempfile.TemporaryDirectory() as folder:
        async with AsyncImageStore(auth.unsecured(server.url)) as store:
            shown: list[str] = []
            await store.upload_file(_big(folder), "Apps/big.sfpkg", progress=lambda event: shown.append(str(event)))
            say(f"uploaded 48 MiB; {len(shown)} reports of progress, the last: {shown[-1]}")
            await store.upload_package(_package(folder), "MyApp_1.3")
            say(f"stored files: {sorted([entry.path async for entry in store.walk()])}")
            say(f"used by what is uploaded and registered: {await store.info()}")
