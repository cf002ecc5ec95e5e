"""Parts of a file that the system sends over a socket by itself: their bytes never come into this process.

A body says whether it has such parts, `network` sends them so where nothing lies between it and the socket. What lies
in a socket are then the file's own pages until the other end has them: who sends them looks at the file once more
after the answer.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

from imageapis.core.cancellation import checkpoint

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from imageapis.errors import SourceChanged

#: Whether the system does: others have such a call too, and say otherwise how far it came.
CAN_SEND = sys.platform == "linux" and hasattr(os, "sendfile")
#: Bytes of a part: often enough for a deadline, a cancelled call, and other tasks of an event loop.
SPAN = 1 << 20


class File(Protocol):
    """A file that is sent; `sources` has it."""

    def ready(self, size: int, position: int) -> bool:
        """Say whether bytes can be read without waiting for a disk."""
        ...

    def read(self, size: int, position: int) -> bytes:
        """Return at most so many bytes; none at the end."""
        ...

    def check(self) -> None:
        """Do nothing if it is still what it was when it was opened."""
        ...

    def changed(self, how: str) -> SourceChanged:
        """Return the error for one that is not."""
        ...


class Span:
    """A part of a file, of which less is left as it is sent.

    Args:
        source: The file.
        descriptor: Its open descriptor.
        offset: Where the source begins in it.
        position: The first byte, in the source.
        size: How many there are.
    """

    def __init__(self, source: File, descriptor: int, offset: int, position: int, size: int) -> None:
        self._source = source
        self._descriptor = descriptor
        self._offset = offset
        self._position = position
        self.left = size

    def ready(self) -> bool:
        """Say whether it can be sent without waiting for a disk."""
        return self._source.ready(self.left, self._position)

    def send(self, sock: socket.socket) -> None:
        """Send what the system sends by itself; what is left after that is to be read.

        Raises:
            BlockingIOError: The socket takes no more now.
            SourceChanged: The file ends before the part does.
        """
        while self.left:
            try:
                sent = os.sendfile(sock.fileno(), self._descriptor, self._offset + self._position, self.left)
            except BlockingIOError:
                raise
            except OSError:
                # The file's system has no such call, or one of both ends is broken: reading and writing tells which.
                return
            if not sent:
                raise self._source.changed(f"it ends {self.left} bytes early")
            self._advance(sent)

    def rest(self) -> Iterator[bytes]:
        """Read what is left, at most once."""
        while self.left:
            data = self._source.read(self.left, self._position)
            if not data:
                raise self._source.changed(f"it ends {self.left} bytes early")
            self._advance(len(data))
            yield data

    def _advance(self, size: int) -> None:
        self._position += size
        self.left -= size


class FileRange:
    """A range of a file in spans, any number of times.

    Args:
        source: The file.
        descriptor: Its open descriptor.
        offset: Where the source begins in it.
        start: The first byte of the range, in the source.
        size: How many there are.
    """

    def __init__(self, source: File, descriptor: int, offset: int, start: int, size: int) -> None:
        self._source = source
        self._place = descriptor, offset
        self._start = start
        self._size = size

    def spans(self, count: Callable[[int], None]) -> Iterator[Span]:
        """Yield the spans. The file is checked before the last one goes out.

        Args:
            count: Called with the size of each after it was sent.
        """
        for start in range(0, self._size, SPAN):
            size = min(SPAN, self._size - start)
            if start + size == self._size:
                self.check()
            checkpoint()
            yield Span(self._source, *self._place, self._start + start, size)
            count(size)

    def check(self) -> None:
        """Do nothing if the file is still what it was when it was opened; see `Source.check`."""
        self._source.check()
