"""One package to many clusters: all get it, one that fails stops no other, and the source is read once."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.core.file_snapshot import FileSnapshot
from imageapis.errors import InvalidArgument, UnsafePath, UploadInterrupted
from imageapis.servicefabric import AsyncImageStore, AsyncImageStores, FleetReport, ImageStore, ImageStores, auth
from imageapis.servicefabric.folder import LocalFile
from imageapis.servicefabric.small_files import SharedReads, read_small
from tests.servicefabric.lying import LyingServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from imageapis.core.progress import Progress
    from tests.conftest import Face

CLUSTERS = 5
CHUNK = 20_000
FILES = {
    "ServiceManifest.xml": b'<ServiceManifest><CodePackage Name="Code"/></ServiceManifest>',
    "Code/large": os.urandom(70_000),
    **{f"Code/{number}": bytes([number]) * 100 for number in range(30)},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "p" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return tmp_path / "p"


@pytest.fixture
def servers() -> Iterator[list[LyingServer]]:
    with ExitStack() as running:
        yield [running.enter_context(LyingServer(contract=False)) for _ in range(CLUSTERS)]


@pytest.fixture
def fleet(face: Face, open_store: Callable[..., Any], servers: list[LyingServer]) -> Any:
    """A fleet of the face of the test, whose methods are plain calls."""
    stores = [open_store(server, retries=1).client for server in servers]
    made = ImageStores(stores) if face.blocking else AsyncImageStores(stores)

    class Plain:
        def upload_package(self, *args: Any, **options: Any) -> FleetReport:
            report = face.run(made.upload_package, *args, **options)
            assert isinstance(report, FleetReport)
            return report

    return Plain()


def content(server: LyingServer) -> dict[str, bytes]:
    return {path.removeprefix("P/"): server.store.content(path) for path in server.store.paths()}


WHOLE = {**FILES, "_.dir": b"", "Code/_.dir": b""}


def test_every_cluster_gets_the_package(fleet: Any, servers: list[LyingServer], folder: Path) -> None:
    report = fleet.upload_package(folder, "P", chunk_size=CHUNK, at_a_time=3)
    assert report.failed == report.resume == ()
    assert [delivery.endpoint for delivery in report.deliveries] == [server.url for server in servers]
    assert all(delivery.report.sent == len(FILES) for delivery in report.deliveries)
    assert all(content(server) == WHOLE for server in servers)


def test_a_cluster_that_fails_stops_no_other_and_goes_on_by_the_report(
    fleet: Any, servers: list[LyingServer], folder: Path
) -> None:
    servers[1].faults.add("busy", "UploadFile", skip=10, times=1000)
    servers[3]._token = "another"
    report = fleet.upload_package(folder, "P", chunk_size=CHUNK)
    assert [delivery.endpoint for delivery in report.failed] == [servers[1].url, servers[3].url]
    assert isinstance(report.failed[0].error, UploadInterrupted)
    assert all(content(servers[number]) == WHOLE for number in (0, 2, 4))
    servers[1].faults.clear()
    servers[3]._token = None
    for server in servers:
        server.received.clear()
    again = fleet.upload_package(folder, "P", chunk_size=CHUNK, resume=report.resume)
    assert again.failed == ()
    assert all(content(server) == WHOLE for server in servers)
    assert servers[1].received["UploadFile"] < sum(map(len, FILES.values())) - 70_000


def test_the_source_is_compressed_and_read_once(
    fleet: Any, servers: list[LyingServer], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    made = FileSnapshot.__init__

    def counted(self: FileSnapshot, path: str, name: str, size: int) -> None:
        read.append(name)
        made(self, path, name, size)

    monkeypatch.setattr(FileSnapshot, "__init__", counted)
    assert fleet.upload_package(folder, "P").failed == ()
    assert sorted(read) == sorted(name for name in FILES if name != "Code/large")
    read.clear()
    assert fleet.upload_package(folder, "Q", compress=True).failed == ()
    assert read.count("ServiceManifest.xml") == 1
    zips = {server.store.content("Q/Code.zip") for server in servers}
    assert len(zips) == 1


def test_progress_says_of_which_cluster_it_is(fleet: Any, servers: list[LyingServer], folder: Path) -> None:
    last: dict[str, Progress] = {}
    fleet.upload_package(folder, "P", progress=last.__setitem__)
    total = sum(map(len, FILES.values()))
    assert {endpoint: event.sent for endpoint, event in last.items()} == {server.url: total for server in servers}


def test_a_name_that_is_not_safe_is_refused_before_anything_is_sent_anywhere(
    fleet: Any, servers: list[LyingServer], folder: Path
) -> None:
    (folder / "C#.dll").touch()
    with pytest.raises(UnsafePath):
        fleet.upload_package(folder, "P")
    assert not any(server.seen for server in servers)


@pytest.mark.parametrize("options", [{"at_a_time": 0}, {"concurrency": 0}, {"chunk_size": 0}])
def test_arguments_out_of_range_are_refused(
    fleet: Any, servers: list[LyingServer], folder: Path, options: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match=r"at least 1|is 1 to 1000"):
        fleet.upload_package(folder, "P", **options)
    assert not any(server.seen for server in servers)


def test_a_handle_of_another_cluster_is_refused(fleet: Any, folder: Path) -> None:
    from imageapis.servicefabric import Resume

    with pytest.raises(InvalidArgument, match="http://elsewhere"):
        fleet.upload_package(folder, "P", resume=[Resume("http://elsewhere", {})])


def test_a_fleet_is_made_of_clients_of_its_face_each_of_another_cluster() -> None:
    with ImageStore(auth.unsecured("http://a")) as one, ImageStore(auth.unsecured("http://a")) as other:
        with pytest.raises(InvalidArgument, match="http://a; give each once"):
            ImageStores([one, other])
        with pytest.raises(InvalidArgument, match="takes clients of the class AsyncImageStore"):
            AsyncImageStores([one])
    with pytest.raises(InvalidArgument, match="at least one ImageStore"):
        ImageStores([])
    with pytest.raises(InvalidArgument, match="not AsyncImageStore"):
        ImageStores([AsyncImageStore(auth.unsecured("http://a"))])


def test_shared_reads_keep_no_more_than_they_have_room_for(tmp_path: Path) -> None:
    files = []
    for number in range(10):
        (tmp_path / str(number)).write_bytes(bytes(100))
        files.append(LocalFile(str(number), str(tmp_path / str(number)), 100))
    reads = SharedReads(3, room=250)
    for file in files:
        assert reads(file, False)[0].size == 100
        assert sum(kept.size for kept in reads._kept) == reads._bytes <= 250
    snapshot, digest = reads(files[9], True)
    assert (snapshot.size, digest) == (100, read_small(files[9], True)[1])
    reads(files[9], False)
    assert files[9] not in reads._kept
