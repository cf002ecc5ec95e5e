"""How many chunks are on their way at a time: what the caller says, or what the first chunk of many shows."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

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
    """Counts how many chunks are on their way at a time, as the client's hooks see it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.alone = True
        self.sent = 0

    def enters(self, request: Any) -> None:
        if "UploadChunk" in str(request.url):
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)

    def leaves(self, response: Any) -> None:
        if "UploadChunk" in str(response.request.url):
            with self.lock:
                self.sent += 1
                if self.sent == 1:
                    self.alone = self.most == 1
                self.now -= 1


def _upload(face: Face, server: ServiceFabricServer, folder: Path, chunks: int, step: float, **options: Any) -> Crowd:
    crowd = Crowd()
    file = folder / "file"
    file.write_bytes(bytes(chunks * CHUNK))
    hooks = {"request": [crowd.enters], "response": [crowd.leaves]}
    login = auth.unsecured(server.url)
    store = face.open(ImageStore, AsyncImageStore, login, clock=Ticking(step), hooks=hooks)
    store.upload_file(file, "a", chunk_size=CHUNK, **options)
    assert server.store.content("a") == bytes(chunks * CHUNK)
    return crowd


def test_a_connection_as_fast_as_memory_is_used_alone(face: Face, server: ServiceFabricServer, tmp_path: Path) -> None:
    assert _upload(face, server, tmp_path, 40, 1e-9).most == 1


def test_a_slower_connection_gets_company_after_the_first_chunk(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    crowd = _upload(face, server, tmp_path, 40, 0.001)
    assert crowd.alone
    assert 1 < crowd.most <= 4


def test_few_chunks_do_not_wait_for_the_first(face: Face, server: ServiceFabricServer, tmp_path: Path) -> None:
    assert 1 < _upload(face, server, tmp_path, 8, 1e-9).most <= 4


@pytest.mark.parametrize("concurrency", [2, 3])
def test_what_the_caller_says_holds_however_fast_the_connection(
    face: Face, server: ServiceFabricServer, tmp_path: Path, concurrency: int
) -> None:
    assert 1 < _upload(face, server, tmp_path, 40, 1e-9, concurrency=concurrency).most <= concurrency
