"""Request bodies that are streamed in blocks and can be read again, for a retry or a replay after a login.

One object serves both faces: a blocking client iterates it, an async client iterates it with every read made in a
worker thread, so that a slow disk does not stall the event loop. Memory: a few blocks a request, whatever the size.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, BinaryIO

import httpx

from imageapis.core.io import checkpoint

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

#: Bytes read at a time: `nox -s bench -- upload` weighs calls against the processor's cache.
BLOCK = 1 << 20


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A request body of known size whose blocks can be had any number of times.

    Args:
        size: How many bytes the blocks come to.
        blocks: Makes a fresh iterator over the blocks. It is called once a try.
        slow: Whether a block may have to be waited for (a disk). `False` spares the async face its threads.
        sent: Called with the size of each block after the transport took it; a new try starts with `sent(-total)`
            of what the failed one had taken. This is what left this process, not what the server acknowledged.
    """

    def __init__(
        self,
        size: int,
        blocks: Callable[[], Iterator[bytes]],
        *,
        slow: bool = True,
        sent: Callable[[int], None] | None = None,
    ) -> None:
        self.size = size
        self._blocks = blocks
        self._slow = slow
        self._sent = sent
        self._taken = 0

    def __iter__(self) -> Iterator[bytes]:
        self._restart()
        keep_freed_blocks()
        for block in self._blocks():
            checkpoint()
            yield block
            self._count(len(block))

    def __aiter__(self) -> AsyncIterator[bytes]:
        self._restart()
        keep_freed_blocks()
        return _AsyncBlocks(self._blocks(), self._count, slow=self._slow)

    def _restart(self) -> None:
        if self._sent is not None and self._taken:
            self._sent(-self._taken)
        self._taken = 0

    def _count(self, size: int) -> None:
        self._taken += size
        if self._sent is not None:
            self._sent(size)


class _AsyncBlocks:
    """Blocks for the async face. An object, not a generator: httpx drops it without closing when a request fails."""

    def __init__(self, blocks: Iterator[bytes], count: Callable[[int], None], *, slow: bool) -> None:
        self._blocks = blocks
        self._count = count
        self._slow = slow
        self._out = 0

    def __aiter__(self) -> _AsyncBlocks:
        return self

    async def __anext__(self) -> bytes:
        # What was handed out was taken when the next block is asked for.
        if self._out:
            self._count(self._out)
            self._out = 0
        block = await self._read()
        if not block:
            raise StopAsyncIteration
        self._out = len(block)
        return block

    async def _read(self) -> bytes:
        if not self._slow:
            return next(self._blocks, b"")
        from anyio import to_thread

        return await to_thread.run_sync(next, self._blocks, b"")


@functools.cache
def keep_freed_blocks() -> None:
    """Let the C library keep what a block took for the next one, instead of giving it back to the system each time.

    glibc raises its limits for that (a block's size and twice it) when something large is given back; nothing of this
    is ever touched. It saves a third of the async face's time in the processor; more than this would keep too much.
    """
    bytes(4 * BLOCK)


def bytes_body(data: bytes | bytearray | memoryview, *, sent: Callable[[int], None] | None = None) -> Body:
    """Return a body over bytes in memory."""
    view = memoryview(data).cast("B")

    def blocks() -> Iterator[bytes]:
        for start in range(0, len(view), BLOCK):
            yield bytes(view[start : start + BLOCK])

    return Body(len(view), blocks, slow=False, sent=sent)


def file_body(path: str | Path, start: int = 0, size: int | None = None, *, block: int = BLOCK) -> Body:
    """Return a body over a range of a file, opened anew for each try and read with `pread`.

    Args:
        path: The file.
        start: The first byte.
        size: How many bytes; the rest of the file by default.
        block: Bytes read at a time.

    Raises:
        OSError: The file cannot be opened (when the body is read).
    """
    length = os.stat(path).st_size - start if size is None else size  # noqa: PTH116 - one call for str and Path

    def blocks() -> Iterator[bytes]:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            yield from read_range(file, start, length, block)

    return Body(length, blocks)


def read_range(file: BinaryIO, start: int, size: int, block: int = BLOCK) -> Iterator[bytes]:
    """Yield a range of an open file without moving its position; ends early where the file does."""
    descriptor = file.fileno()
    while size > 0:
        data = os.pread(descriptor, min(block, size), start)
        if not data:
            return
        start += len(data)
        size -= len(data)
        yield data
