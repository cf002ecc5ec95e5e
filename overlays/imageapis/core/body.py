"""Request bodies that are streamed in blocks and can be read again, for a retry or a replay after a login.

One object serves both faces: a blocking client iterates it, an async client iterates it with every read that may have
to wait for a disk made in a worker thread, so that the event loop never does. Memory: a few blocks a request, whatever
the size.
"""

from __future__ import annotations

import functools
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

import httpx

from imageapis.core.cancellation import checkpoint

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from imageapis.core.sendfile import FileRange, Span

#: Bytes read at a time: `nox -s bench -- upload` weighs calls against the processor's cache.
BLOCK = 768 << 10
#: Blocks that are read in a thread at a time: going there and back costs as much as reading one.
TOGETHER = 2


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A request body of known size whose blocks can be had any number of times.

    Args:
        size: How many bytes the blocks come to.
        blocks: Makes a fresh iterator over the blocks. It is called once a try.
        ready: Called with a position in the body; says whether the block there can be had without waiting, for a disk
            say, which spares the async face a thread. Without it every block may have to be waited for.
        sent: Called with the size of each block after the transport took it; a new try starts with `sent(-total)`
            of what the failed one had taken. This is what left this process, not what the server acknowledged.

    Attributes:
        small: All of it, if it is at hand and no more than `SMALL` bytes, and nobody counts its blocks.
        file: The range of a file that it is, if nobody has to see its bytes here.
    """

    #: Bytes of a body that is sent together with the headers before it.
    SMALL: ClassVar[int] = 64 << 10

    def __init__(
        self,
        size: int,
        blocks: Callable[[], Iterator[bytes]],
        *,
        ready: Callable[[int], bool] | None = None,
        sent: Callable[[int], None] | None = None,
    ) -> None:
        self.size = size
        self._blocks = blocks
        self._ready = ready
        self._sent = sent
        self._taken = 0
        self.small: memoryview | None = None
        self.file: FileRange | None = None

    def spans(self, file: FileRange) -> Iterator[Span]:
        """Yield the same as parts of its file, which are sent before the next one is asked for."""
        self._restart()
        return file.spans(self._count)

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
        return _AsyncBlocks(self._blocks(), self._ready, self._count)

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

    def __init__(
        self, blocks: Iterator[bytes], ready: Callable[[int], bool] | None, count: Callable[[int], None]
    ) -> None:
        self._blocks = blocks
        self._ready = ready
        self._count = count
        self._waiting: list[bytes] = []
        self._position = 0
        self._out = 0

    def __aiter__(self) -> _AsyncBlocks:
        return self

    async def __anext__(self) -> bytes:
        # What was handed out was taken when the next block is asked for.
        if self._out:
            self._count(self._out)
            self._out = 0
        block = await self._next()
        if not block:
            raise StopAsyncIteration
        self._out = len(block)
        self._position += len(block)
        return block

    async def _next(self) -> bytes:
        """Return the next block; none at the end."""
        if self._waiting:
            return self._waiting.pop()
        if self._ready is not None and self._ready(self._position):
            return next(self._blocks, b"")
        from anyio import to_thread

        blocks = await to_thread.run_sync(list, islice(self._blocks, TOGETHER))
        self._waiting = blocks[:0:-1]
        return blocks[0] if blocks else b""


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

    body = Body(len(view), blocks, ready=lambda _: True, sent=sent)
    if sent is None and len(view) <= Body.SMALL:
        body.small = view
    return body
