"""The stage for the README's code: a cluster, an application package and a large file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, str]]:
    """Put `MyApp` and `big.sfpkg` into the folder; the README's address becomes the local cluster's."""
    package = folder / "MyApp"
    (package / "CodePkg" / "bin").mkdir(parents=True)
    (package / "ApplicationManifest.xml").write_text("<ApplicationManifest/>")
    (package / "CodePkg" / "bin" / "service.exe").write_bytes(b"\0" * 100_000)
    with (folder / "big.sfpkg").open("wb") as big:
        big.truncate(20 * 2**20)
    with ServiceFabricServer() as server:
        yield {"http://localhost:19080": server.url}
