"""How many requests are on their way at a time: what the caller says, or what the first of many show."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.core.concurrency import start_for
from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from tests.conftest import FakeClock

if TYPE_CHECKING:
    from pathlib import Path

    from imageapis.testing.servicefabric import ServiceFabricServer
    from tests.conftest import Face

CHUNK = 4096


class Ticking(FakeClock):
    """A clock on which each look takes a moment: what lies between two looks seems to take that long."""

    def __init__(self, step: float) -> None:
        super().__init__()
        self.step = step

    def now(self) -> float:
        self.moment += self.step
        return self.moment


class Crowd:
    """Counts how many uploads are on their way at a time, as the client's hooks see it."""

    def __init__(self, what: str = "UploadChunk") -> None:
        self.what = what
        self.lock = threading.Lock()
        self.now = self.most = 0
        #: Set once two are on their way at a time; no answer is taken before, however fast the first one comes.
        self.met = threading.Event()

    def enters(self, request: Any) -> None:
        if self.what in str(request.url) and request.method == "PUT":
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
                if self.now > 1:
                    self.met.set()

    def leaves(self, response: Any) -> None:
        if self.what in str(response.request.url) and response.request.method == "PUT":
            self.met.wait(30)
            with self.lock:
                self.now -= 1


def _open(face: Face, server: ServiceFabricServer, crowd: Crowd, step: float) -> Any:
    hooks = {"request": [crowd.enters], "response": [crowd.leaves]}
    return face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url), clock=Ticking(step), hooks=hooks)


def _upload(face: Face, server: ServiceFabricServer, folder: Path, chunks: int, step: float, **options: Any) -> Crowd:
    crowd = Crowd()
    file = folder / "file"
    file.write_bytes(bytes(chunks * CHUNK))
    store = _open(face, server, crowd, step)
    store.upload_file(file, "a", chunk_size=CHUNK, **options)
    assert server.store.content("a") == bytes(chunks * CHUNK)
    return crowd


def test_what_this_process_does_meanwhile_is_no_part_of_the_way(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    clock = FakeClock()

    def works(_: Any) -> None:
        clock.moment += 1.0
        clock.work += 1.0

    store = face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url), clock=clock, hooks={"request": [works]})
    (tmp_path / "file").write_bytes(b"small")
    store.upload_package(tmp_path, "P")
    assert start_for(store._round_trip) == start_for(0.0)


def test_a_walk_over_many_pages_tells_how_long_one_of_them_takes(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    clock = FakeClock()

    def waits(_: Any) -> None:
        clock.moment += 0.005

    before = face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url))
    for number in range(8):
        before.put_file(b"small", f"P/folder-{number}/file")
    store = face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url), clock=clock, hooks={"request": [waits]})
    (tmp_path / "file").write_bytes(b"small")
    store.upload_package(tmp_path, "P", concurrency=1)
    assert store._round_trip == pytest.approx(0.0025)


@pytest.mark.parametrize("concurrency", [2, 3])
def test_what_the_caller_says_holds_however_fast_the_connection(
    face: Face, server: ServiceFabricServer, tmp_path: Path, concurrency: int
) -> None:
    assert 1 < _upload(face, server, tmp_path, 40, 1e-9, concurrency=concurrency).most <= concurrency


def _upload_package(face: Face, server: ServiceFabricServer, folder: Path, step: float, **options: Any) -> Crowd:
    crowd = Crowd("file-")
    for number in range(40):
        (folder / f"file-{number}").write_bytes(b"small")
    _open(face, server, crowd, step).upload_package(folder, "P", **options)
    assert len(server.store.paths()) == 41
    return crowd


def test_the_caller_says_how_many_small_files_go_at_a_time(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    assert 1 < _upload_package(face, server, tmp_path, 1e-9, concurrency=3).most <= 3
