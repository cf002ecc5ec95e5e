"""Ctrl-C and cancellation keep their type, end soon, and leave a session that can be gone on from."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from imageapis.core.cancellation import checkpoint
from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from imageapis.core.progress import Progress

CHUNK = 4096
#: So many chunks that the upload is far from its end whenever the signal is acted on.
SIZE = 500 * CHUNK


@pytest.fixture(autouse=True)
def heeds_ctrl_c() -> Iterator[None]:
    """Python ignores Ctrl-C where the shell that started it did, as in a background job."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "big.bin"
    path.write_bytes(random.Random(1).randbytes(SIZE))
    return path


def after(chunks: int, act: Callable[[], object]) -> Callable[[Progress], None]:
    """Return a progress function that acts once, when so many chunks are acknowledged."""
    done = threading.Event()

    def report(event: Progress) -> None:
        if event.sent >= chunks * CHUNK and not done.is_set():
            done.set()
            act()

    return report


def press_ctrl_c() -> None:
    """Send the signal; a worker then waits until it is told to stop, so that the upload cannot end meanwhile."""
    os.kill(os.getpid(), signal.SIGINT)
    if threading.current_thread() is threading.main_thread():
        return
    pause = threading.Event()
    for _ in range(2000):
        checkpoint()
        pause.wait(0.01)


def go_on(server: ServiceFabricServer, file: Path, journal: Path) -> None:
    """Finish an upload and see that only what was missing is sent."""
    (session,) = server.store.sessions.values()
    missing = sum(end - start + 1 for start, end in session.missing())
    assert 0 < missing < SIZE
    server.received.clear()
    with ImageStore(auth.unsecured(server.url)) as store:
        store.upload_file(file, "a", chunk_size=1 << 20, journal=journal)
    assert server.store.content("a") == file.read_bytes()
    assert server.received["UploadFileChunk"] <= missing


@pytest.mark.parametrize("concurrency", [1, 4])
def test_ctrl_c_comes_out_as_it_is_and_leaves_a_resumable_session(
    server: ServiceFabricServer, file: Path, tmp_path: Path, concurrency: int
) -> None:
    journal = tmp_path / "journal"
    interrupt = after(8, press_ctrl_c)
    with ImageStore(auth.unsecured(server.url)) as store, pytest.raises(KeyboardInterrupt):
        store.upload_file(file, "a", chunk_size=CHUNK, journal=journal, progress=interrupt, concurrency=concurrency)
    go_on(server, file, journal)


def test_ctrl_c_does_not_wait_for_the_rest(server: ServiceFabricServer, file: Path) -> None:
    interrupt = after(4, press_ctrl_c)
    with ImageStore(auth.unsecured(server.url)) as store, pytest.raises(KeyboardInterrupt):
        store.upload_file(file, "a", chunk_size=CHUNK, progress=interrupt)
    assert server.received["UploadFileChunk"] < SIZE


def test_ctrl_c_does_not_wait_for_a_server_that_does_not_answer(file: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    # A server of its own: the requests that it does not answer stay with it to its end.
    with ServiceFabricServer() as server:
        server.faults.add("stall", "UploadFileChunk", skip=8, times=1000)
        with ImageStore(auth.unsecured(server.url), timeout=1000) as store:
            watch = threading.Thread(target=_press_when_stalled, args=(server, 4))
            watch.start()
            with pytest.raises(KeyboardInterrupt):
                store.upload_file(file, "a", chunk_size=CHUNK, journal=journal, concurrency=4)
            watch.join()
        server.faults.clear()
        go_on(server, file, journal)


def _press_when_stalled(server: ServiceFabricServer, workers: int) -> None:
    """Press Ctrl-C in the main thread when all workers wait for an answer."""
    pause = threading.Event()
    for _ in range(2000):
        if sum("UploadChunk" in seen.target for seen in list(server.seen)) >= 8 + workers:
            break
        pause.wait(0.01)
    os.kill(os.getpid(), signal.SIGINT)


def test_a_cancelled_task_of_asyncio_is_cancelled(server: ServiceFabricServer, file: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    async def main() -> None:
        async with AsyncImageStore(auth.unsecured(server.url)) as store:
            enough = asyncio.Event()
            upload = asyncio.create_task(
                store.upload_file(file, "a", chunk_size=CHUNK, journal=journal, progress=after(8, enough.set))
            )
            await enough.wait()
            upload.cancel()
            with pytest.raises(asyncio.CancelledError):
                await upload

    asyncio.run(main())
    go_on(server, file, journal)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_scope_ends_the_upload(
    server: ServiceFabricServer, file: Path, tmp_path: Path, backend: Any
) -> None:
    journal = tmp_path / "journal"

    async def main() -> None:
        async with AsyncImageStore(auth.unsecured(server.url)) as store:
            with anyio.CancelScope() as scope:
                await store.upload_file(file, "a", chunk_size=CHUNK, journal=journal, progress=after(8, scope.cancel))
            assert scope.cancelled_caught

    anyio.run(main, backend=backend)
    go_on(server, file, journal)
