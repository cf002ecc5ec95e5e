"""An upload that is cancelled at any of its awaits: nothing stays open, nothing stays on disk, its journal is free."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import pytest

from imageapis.servicefabric import AsyncImageStore, auth
from imageapis.servicefabric.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

    from imageapis.testing.servicefabric import ServiceFabricServer

CHUNK = 50_000
#: More awaits than any of these uploads has.
ENDLESS = 5_000


class Stepped:
    """A coroutine that is awaited as it is, but for a call just before it suspends for a certain time."""

    def __init__(self, work: Coroutine[Any, Any, Any], at: int, cancel: Callable[[], object]) -> None:
        self._work = work
        self._at = at
        self._cancel = cancel

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._work.__await__()
        given, failure = None, None
        while True:
            try:
                wanted = steps.send(given) if failure is None else steps.throw(failure)
            except StopIteration as end:
                return end.value
            self._at -= 1
            if self._at == 0:
                self._cancel()
            given, failure = None, None
            try:
                given = yield wanted
            except BaseException as thrown:
                failure = thrown


class Threads:
    """The work that is going on in worker threads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._busy = 0
        self._change = threading.Condition()
        run_sync = anyio.to_thread.run_sync

        def counted(work: Callable[..., Any], *args: Any, **options: Any) -> Any:
            return run_sync(partial(self._run, work), *args, **options)

        monkeypatch.setattr(anyio.to_thread, "run_sync", counted)

    def _run(self, work: Callable[..., Any], *args: Any) -> Any:
        with self._change:
            self._busy += 1
        try:
            return work(*args)
        finally:
            with self._change:
                self._busy -= 1
                self._change.notify_all()

    def wait(self) -> None:
        """Hold everything up until they are done: an event loop hears of their results only after that."""
        with self._change:
            assert self._change.wait_for(lambda: not self._busy, 20)


async def by_task(work: Coroutine[Any, Any, Any], at: int, threads: Threads) -> bool:
    """Cancel a task of asyncio at one of its awaits; say whether it came to that."""
    return await _by_task(work, at, lambda cancel: cancel())


async def by_task_late(work: Coroutine[Any, Any, Any], at: int, threads: Threads) -> bool:
    """Cancel a task of asyncio when what it waits for in a thread is done, and it does not know that yet."""
    loop = asyncio.get_running_loop()

    def late(cancel: Callable[[], object]) -> None:
        threads.wait()
        cancel()

    return await _by_task(work, at, lambda cancel: loop.call_soon(late, cancel))


async def _by_task(work: Coroutine[Any, Any, Any], at: int, soon: Callable[..., object]) -> bool:
    async def run() -> None:
        task = asyncio.current_task()
        assert task is not None
        await Stepped(work, at, partial(soon, task.cancel))

    try:
        await asyncio.create_task(run())
    except asyncio.CancelledError:
        return True
    return False


async def by_scope(work: Coroutine[Any, Any, Any], at: int, threads: Threads) -> bool:
    """Cancel a scope of anyio at one of the awaits in it."""
    with anyio.CancelScope() as scope:
        await Stepped(work, at, scope.cancel)
    return scope.cancelled_caught


class Pipe(io.RawIOBase):
    """A stream that cannot seek."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._data.read(size)


@pytest.fixture
def open_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Tells which files under the test's folder, temporary ones included, are open or are left over."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))

    def tell() -> list[str]:
        found = []
        for descriptor in Path("/proc/self/fd").iterdir():
            try:
                found.append(str(descriptor.readlink()))
            except FileNotFoundError:
                continue
        left = [str(path) for path in tmp_path.rglob("*") if "imageapis-" in path.name]
        return [path for path in found if path.startswith(str(tmp_path))] + left

    return tell


def pipe_upload(store: AsyncImageStore, folder: Path, journal: Path) -> Coroutine[Any, Any, Any]:
    return store.upload_file(Pipe((folder / "Code" / "big").read_bytes()), "big", chunk_size=CHUNK, concurrency=2)


def file_upload(store: AsyncImageStore, folder: Path, journal: Path) -> Coroutine[Any, Any, Any]:
    return store.upload_file(folder / "Code" / "big", "big", chunk_size=CHUNK, concurrency=2, journal=journal)


def put(store: AsyncImageStore, folder: Path, journal: Path) -> Coroutine[Any, Any, Any]:
    return store.put_file(Pipe(bytes(100)), "small")


def package(store: AsyncImageStore, folder: Path, journal: Path) -> Coroutine[Any, Any, Any]:
    return store.upload_package(folder, "P", compress=True, journal=journal, chunk_size=CHUNK, concurrency=2)


WAYS = [("asyncio", by_task), ("asyncio", by_task_late), ("asyncio", by_scope), ("trio", by_scope)]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
@pytest.mark.parametrize("upload", [put, pipe_upload, file_upload, pytest.param(package, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("backend", "way"), WAYS)
def test_a_cancelled_upload_leaves_nothing_open_and_its_journal_free(
    server: ServiceFabricServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_files: Callable[[], list[str]],
    upload: Callable[..., Coroutine[Any, Any, Any]],
    backend: str,
    way: Callable[..., Coroutine[Any, Any, bool]],
) -> None:
    folder, journal = tmp_path / "p", tmp_path / "journal"
    (folder / "Code").mkdir(parents=True)
    (folder / "Code" / "big").write_bytes(os.urandom(4 * CHUNK))
    (folder / "ServiceManifest.xml").write_text('<ServiceManifest><CodePackage Name="Code"/></ServiceManifest>')
    threads = Threads(monkeypatch)
    leaks: dict[int, list[str]] = {}

    async def main() -> int:
        for at in range(1, ENDLESS):
            async with AsyncImageStore(auth.unsecured(server.url)) as store:
                cancelled = await way(upload(store, folder, journal), at, threads)
                if left := open_files():
                    leaks[at] = left
                Journal(server.url, journal).close()
            journal.unlink()
            if not cancelled:
                return at
        raise AssertionError("the upload has no end")

    assert anyio.run(main, backend=backend) > 5
    assert leaks == {}
