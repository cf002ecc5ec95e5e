"""Parts of a file that go from there to a socket in one step, past all that lies between the two otherwise.

The system sends them by itself where nothing is encrypted: their bytes never come into this process. What lies in a
socket are then the file's own pages until the other end has them: who sends them looks at the file once more after the
answer. Over TLS they are read and handed to OpenSSL. A body says whether it has such parts, `network` sends them so
where all that lies between it and the socket is OpenSSL.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Protocol

from imageapis.core.cancellation import checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from imageapis.errors import SourceChanged

#: Whether the system does: others have such a call too, and say otherwise how far it came.
CAN_SEND = sys.platform == "linux" and hasattr(os, "sendfile")
#: Bytes of a part: often enough for a deadline, a cancelled call, and other tasks of an event loop.
SPAN = 1 << 20
#: Bytes of it that are read at a time to be encrypted: half of what a processor's second cache often holds, since the
#: file's pages and OpenSSL's copies go through that as well (`nox -s bench -- upload` weighs it).
BLOCK = 512 << 10


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
        self._data = b""
        self.left = size

    def ready(self) -> bool:
        """Say whether it can be sent without waiting for a disk."""
        return self._source.ready(self.left, self._position)

    def send(self, sock: socket.socket) -> None:
        """Send it, or go on where the socket took no more; what cannot be sent so is left, to be taken.

        Raises:
            BlockingIOError: The socket takes no more now; as do `ssl.SSLWantReadError` and `ssl.SSLWantWriteError`.
            SourceChanged: The file ends before the part does.
        """
        send = self._send_file if type(sock) is socket.socket else self._send_block
        while self.left and send(sock):
            pass

    def take(self) -> bytes:
        """Read what is left, or the first of it, to send it otherwise.

        Raises:
            SourceChanged: The file ends before the part does.
        """
        data, self._data = self._data or self._read(self.left), b""
        self._advance(len(data))
        return data

    def _send_file(self, sock: socket.socket) -> bool:
        try:
            sent = os.sendfile(sock.fileno(), self._descriptor, self._offset + self._position, self.left)
        except BlockingIOError:
            raise
        except OSError:
            # The file's system has no such call, or one of both ends is broken: reading and writing tells which.
            return False
        if not sent:
            raise self._ends_early()
        self._advance(sent)
        return True

    def _send_block(self, sock: socket.socket) -> bool:
        if not self._data:
            try:
                self._data = self._read(min(BLOCK, self.left))
            except OSError:
                return False  # the file's own failure, not the connection's: whoever takes it hears of it
        # OpenSSL wants to be given the same again where it had to wait. When it has it all, nothing keeps the block, so
        # that the next one gets its place, which is still in the cache.
        sent = sock.send(self._data)
        self._data = self._data[sent:]
        self._advance(sent)
        return True

    def _read(self, size: int) -> bytes:
        data = self._source.read(size, self._position)
        if not data:
            raise self._ends_early()
        return data

    def _ends_early(self) -> SourceChanged:
        return self._source.changed(f"it ends {self.left} bytes early")

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
