"""Sources: any range of a path, a file object, bytes or a stream, any number of times, and the notice of a change."""

from __future__ import annotations

import gzip
import io
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest

from imageapis.core.file_snapshot import FileSnapshot
from imageapis.core.opening import Opening
from imageapis.core.sources import BytesSource, FileSource, SeekableSource
from imageapis.core.uploadable import open_source
from imageapis.core.work import AsyncWork
from imageapis.errors import InvalidArgument, SourceChanged, UnusableFile
from imageapis.servicefabric.folder import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from imageapis.core.sources import Source

DATA = bytes(range(256)) * 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.bin"
    path.write_bytes(DATA)
    return path


class Pipe(io.RawIOBase):
    def __init__(self) -> None:
        self._data = io.BytesIO(DATA)

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, 1000))

    def seekable(self) -> bool:
        return False


def every_kind(file: Path) -> Iterator[tuple[type[Source], Any]]:
    yield FileSource, file
    yield FileSource, str(file)
    yield FileSource, file.open("rb")
    yield FileSource, file.open("r+b")
    yield FileSource, file.open("rb", buffering=0)
    yield BytesSource, DATA
    yield BytesSource, bytearray(DATA)
    yield BytesSource, memoryview(DATA)
    yield SeekableSource, io.BytesIO(DATA)
    yield SeekableSource, gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(DATA)))
    yield FileSource, Pipe()


def test_every_kind_gives_any_range_any_number_of_times(file: Path) -> None:
    for kind, given in every_kind(file):
        source = open_source(given)
        assert isinstance(source, kind)
        assert source.size == len(DATA)
        for _ in range(2):
            assert b"".join(source.body(1000, 5000, block=999)) == DATA[1000:6000]
            assert b"".join(source.body(len(DATA) - 7)) == DATA[-7:]
        assert source.identity() == source.identity()
        source.close()
        if isinstance(given, io.IOBase):
            given.close()


def test_a_file_object_begins_where_it_stands(file: Path) -> None:
    with file.open("rb") as opened:
        opened.seek(20_000)
        source = open_source(opened)
        assert source.size == len(DATA) - 20_000
        assert b"".join(source.body()) == DATA[20_000:]
        assert opened.tell() == 20_000
        source.close()


def test_what_was_written_and_not_flushed_is_read(tmp_path: Path) -> None:
    with (tmp_path / "new").open("w+b") as opened:
        opened.write(b"12345")
        opened.seek(2)
        opened.write(b"x")
        opened.seek(0)
        source = open_source(opened)
        assert b"".join(source.body()) == b"12x45"
        source.close()


def test_several_threads_read_at_a_time(file: Path) -> None:
    for given in (file, io.BytesIO(DATA)):
        source = open_source(given)
        found: dict[int, bytes] = {}

        def read(start: int, source: Source = source, found: dict[int, bytes] = found) -> None:
            found[start] = b"".join(source.body(start, 1600, block=100))

        threads = [threading.Thread(target=read, args=(start,)) for start in range(0, len(DATA), 1600)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert b"".join(found[start] for start in sorted(found)) == DATA
        source.close()


@pytest.mark.parametrize("how", ["shorter", "longer", "touched", "rewritten and its time put back", "replaced", "gone"])
def test_a_change_is_noticed_before_the_last_block_goes_out(file: Path, how: str) -> None:
    source = open_source(file)
    blocks = iter(source.body(block=10_000))
    next(blocks)
    if how == "shorter":
        os.truncate(file, 100)
    elif how == "longer":
        with file.open("ab") as opened:
            opened.write(b"x")
    elif how == "touched":
        os.utime(file, (1, 1))
    elif how == "rewritten and its time put back":
        before = file.stat()
        with file.open("r+b") as opened:
            opened.write(b"other")
        for _ in range(1_000_000):  # until the system's clock for files has moved on
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
            if file.stat().st_ctime_ns != before.st_ctime_ns:
                break
    elif how == "replaced":
        other = file.with_name("other")
        other.write_bytes(DATA)
        other.replace(file)
    else:
        file.unlink()
    with pytest.raises(SourceChanged, match=r"file\.bin changed"):
        list(blocks)
    source.close()


def test_a_stream_that_cannot_seek_is_said_to_be_spooled(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "imageapis"):
        source = open_source(Pipe())
    assert "first written to a temporary file" in caplog.text
    assert source.identity().startswith("sha256:")
    source.close()


def test_a_stream_of_text_is_refused_with_what_to_do() -> None:
    class Text(io.RawIOBase):
        def read(self, size: int = -1) -> Any:
            return "text"

    with pytest.raises(InvalidArgument, match="binary mode"):
        open_source(Text())


def test_a_named_pipe_is_spooled(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(DATA,))
    writer.start()
    source = open_source(path)
    writer.join()
    assert b"".join(source.body()) == DATA
    source.close()


def test_a_device_that_never_ends_is_refused() -> None:
    # Each gives zeros as long as it is asked; it can be sought, too, and calls itself empty.
    with pytest.raises(UnusableFile, match="/dev/zero is a device that never comes to an end"):
        open_source("/dev/zero")
    with Path("/dev/zero").open("rb") as file, pytest.raises(UnusableFile, match="zero is a device"):
        open_source(file)


def test_the_null_device_is_an_empty_upload() -> None:
    with closing(open_source(os.devnull)) as source, Path(os.devnull).open("rb") as file:
        assert (source.size, open_source(file).size) == (0, 0)


def test_what_is_typed_at_a_terminal_is_uploaded() -> None:
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"typed\n\x04")  # Ctrl-D
    try:
        with closing(open_source(os.ttyname(terminal))) as source:
            assert b"".join(source.body()) == b"typed\n"
    finally:
        os.close(keyboard)
        os.close(terminal)


def test_the_hash_of_a_range_comes_with_reading_it(file: Path) -> None:
    source = open_source(file)
    digests: list[str] = []
    assert b"".join(source.body(5, 500, digest=digests.append)) == DATA[5:505]
    assert digests == [source.digest(5, 500)]
    source.close()


def test_bytes_are_at_hand_and_what_only_can_seek_may_not_be(file: Path) -> None:
    assert open_source(DATA).ready(100, 5)
    assert not open_source(io.BytesIO(DATA)).ready(100, 5)


@pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="only Linux tells what of a file is in memory")
def test_a_file_is_at_hand_where_the_system_says_that_both_ends_are(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = range(1000, 2000)
    asked: list[int] = []

    def preadv(descriptor: int, buffers: list[bytearray], offset: int, flags: int) -> int:
        assert flags == os.RWF_NOWAIT
        asked.append(offset)
        if offset not in in_memory:
            raise BlockingIOError
        return 1

    monkeypatch.setattr(os, "preadv", preadv)
    source = open_source(file)
    assert source.ready(1000, 1000)
    assert asked == [1000, 1999]
    assert not source.ready(1000, 1001)
    assert not source.ready(1000, 999)


@pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="only Linux tells what of a file is in memory")
@pytest.mark.parametrize("refusal", [OSError(95, "Operation not supported"), NotImplementedError("preadv2")])
def test_a_system_that_does_not_tell_is_taken_for_slow(
    file: Path, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    def preadv(*_: Any) -> int:
        raise refusal

    monkeypatch.setattr(os, "preadv", preadv)
    assert not open_source(file).ready(10, 0)


def test_a_snapshot_is_the_file_as_it_was_and_knows_it_as_an_open_one_does(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"content")
    snapshot = FileSnapshot(str(path), "small", 7)
    with closing(open_source(path)) as opened:
        assert snapshot.identity() == opened.identity()
    path.write_bytes(b"changed")
    assert b"".join(snapshot.body()) == b"content"


@pytest.mark.parametrize("size", [0, 6, 8])
def test_a_snapshot_of_another_size_than_expected_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "small").write_bytes(b"content")
    with pytest.raises(SourceChanged, match="small changed"):
        FileSnapshot(str(tmp_path / "small"), "small", size)


def test_a_snapshot_of_what_became_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "small")
    with pytest.raises(SourceChanged):
        FileSnapshot(str(tmp_path / "small"), "small", 7)


def test_a_named_pipe_is_read_to_its_end_though_its_writer_comes_late(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with ThreadPoolExecutor(1) as thread:
        opening = thread.submit(open_source, path)
        with path.open("wb", buffering=0) as writer:  # waits for a reader
            writer.write(DATA[:1000])
            writer.write(DATA[1000:])
        with closing(opening.result(30)) as source:
            assert b"".join(source.body()) == DATA


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_that_waits_for_the_writer_of_a_pipe_can_be_cancelled(tmp_path: Path, backend: str) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    opening = Opening(lambda: open_source(path))

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(AsyncWork().open, opening)
            with anyio.fail_after(30):
                while not opening.busy:
                    await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()

    anyio.run(main, backend=backend)
    assert opening.ended.done()


@pytest.mark.parametrize("path", ["a\0b", "\ud800"])
@pytest.mark.parametrize("look", [open_source, scan])
def test_what_cannot_be_a_path_is_said_to_be_none(look: Callable[[str], object], path: str) -> None:
    with pytest.raises(UnusableFile, match="cannot be a path"):
        look(path)
