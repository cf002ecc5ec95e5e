"""Request bodies that are streamed in blocks and can be read again, for a retry or a replay after a login.

One object serves both faces: a blocking client iterates it, an async client iterates it with every read made in a
worker thread, so that a slow disk does not stall the event loop. Memory: one block a request, whatever the size.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

import httpx

from imageapis.core.io import checkpoint

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

#: Bytes read at a time. Larger blocks are slower on loopback, smaller ones cost a thread switch each in the async face.
BLOCK = 256 * 1024


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
        for block in self._blocks():
            checkpoint()
            yield block
            self._count(len(block))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        from anyio import to_thread

        self._restart()
        blocks = self._blocks()
        while True:
            block = await to_thread.run_sync(next, blocks, b"") if self._slow else next(blocks, b"")
            if not block:
                return
            yield block
            self._count(len(block))

    def _restart(self) -> None:
        if self._sent is not None and self._taken:
            self._sent(-self._taken)
        self._taken = 0

    def _count(self, size: int) -> None:
        self._taken += size
        if self._sent is not None:
            self._sent(size)


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
