"""Bytes to upload, behind one interface: a file by its descriptor, a file object that can seek, or bytes.

A `Source` gives any range of itself as a request body, any number of times and to several workers at a time, and knows
whether it has changed. `uploadable` makes one of whatever a caller hands over; what is sent where is a service's
business.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from imageapis.core.body import BLOCK, Body
from imageapis.core.sendfile import CAN_SEND, FileRange
from imageapis.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO


Hash = Any


#: How files are opened.
READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Source:
    """Bytes to upload, of known number, readable from anywhere.

    Attributes:
        name: What the source is called in texts and progress.
        size: How many bytes it has.
    """

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size

    def read(self, size: int, position: int) -> bytes:
        """Return at most `size` bytes from a position; none at the end. Called by several threads at a time."""
        raise NotImplementedError

    def ready(self, size: int, position: int) -> bool:
        """Say whether `read` would return at once, without waiting for a disk. `False` where nobody can tell."""
        return False

    def check(self) -> None:
        """Do nothing if the source is still what it was when it was opened.

        Raises:
            SourceChanged: It is not.
        """

    def identity(self) -> str:
        """Return a text that tells this content from another, also in a later process."""
        return f"sha256:{self.digest(0, self.size)}"

    def close(self) -> None:
        """Let go of what was opened here; a caller's file object stays open."""

    def body(
        self,
        start: int = 0,
        size: int | None = None,
        *,
        block: int = BLOCK,
        sent: Callable[[int], None] | None = None,
        digest: Callable[[str], None] | None = None,
    ) -> Body:
        """Return a range as a request body. The source is checked before the last block of it goes out.

        Args:
            start: The first byte.
            size: How many; all from there by default.
            block: Bytes read at a time.
            sent: See `Body`.
            digest: Called with the SHA-256 of the range when all of it was read.
        """
        length = self.size - start if size is None else size

        def ready(done: int) -> bool:
            return done == length or self.ready(min(block, length - done), start + done)

        # Hashing takes longer than reading; an event loop is better off without it.
        hashed = digest is not None
        body = Body(
            length, lambda: self.blocks(start, length, block, digest), ready=None if hashed else ready, sent=sent
        )
        if not hashed:
            body.file = self._file_range(start, length)
        return body

    def _file_range(self, start: int, size: int) -> FileRange | None:
        """Return a range as one that the system can send by itself, if it is."""
        return None

    def blocks(
        self, start: int, size: int, block: int = BLOCK, digest: Callable[[str], None] | None = None
    ) -> Iterator[bytes]:
        """Yield a range in blocks.

        Raises:
            SourceChanged: The source ends before the range does, or is not what it was.
        """
        hashed = _sha256() if digest is not None else None
        left = size
        while left:
            data = self.read(min(block, left), start)
            if not data:
                raise self.changed(f"it ends {left} bytes early")
            start += len(data)
            left -= len(data)
            if hashed is not None:
                hashed.update(data)
            if not left:
                self.check()
                if digest is not None and hashed is not None:
                    digest(hashed.hexdigest())
            yield data

    def digest(self, start: int, size: int) -> str:
        """Return the SHA-256 of a range.

        Raises:
            SourceChanged: The source ends before the range does, or is not what it was.
        """
        hashed = _sha256()
        for data in self.blocks(start, size, 1 << 20):
            hashed.update(data)
        return str(hashed.hexdigest())

    def changed(self, how: str) -> SourceChanged:
        """Return the error for a source that is not what it was."""
        return SourceChanged(
            f"{self.name} changed while it was being uploaded ({how}); upload it again when it is at rest."
        )


class BytesSource(Source):
    """Bytes in memory."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self.view = memoryview(data).cast("B")
        super().__init__("bytes", len(self.view))

    def read(self, size: int, position: int) -> bytes:
        """Return at most `size` bytes from a position."""
        return bytes(self.view[position : position + size])

    def ready(self, size: int, position: int) -> bool:
        """Say yes."""
        return True


class FileSource(Source):
    """A regular file, by a descriptor of its own.

    Args:
        descriptor: An open descriptor; it is closed with the source.
        name: What the file is called.
        path: Where it lies, if it is to be noticed that another file took its place.
        offset: Where it begins for us.
    """

    def __init__(self, descriptor: int, name: str, *, path: str | None = None, offset: int = 0) -> None:
        self._descriptor = descriptor
        self._path = path
        self._offset = offset
        self._state = state_of(os.fstat(descriptor))
        self._seeking = threading.Lock()
        super().__init__(name, max(0, self._state[0] - offset))

    def read(self, size: int, position: int) -> bytes:
        """Return at most `size` bytes from a position."""
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, size, self._offset + position)
        with self._seeking:
            os.lseek(self._descriptor, self._offset + position, os.SEEK_SET)
            return os.read(self._descriptor, size)

    def ready(self, size: int, position: int) -> bool:
        """Ask the system whether both ends of a range are in its memory (Linux; others, and tmpfs, do not tell)."""
        if not hasattr(os, "RWF_NOWAIT"):
            return False
        probe = bytearray(1)
        try:
            for place in (position, position + size - 1):
                os.preadv(self._descriptor, [probe], self._offset + place, os.RWF_NOWAIT)
        except (OSError, NotImplementedError):
            return False
        return True

    def check(self) -> None:
        """Compare size, times and place of the file with what they were."""
        if state_of(os.fstat(self._descriptor)) != self._state:
            raise self.changed("its size or time is another")
        if self._path is None:
            return
        try:
            now = os.stat(self._path)  # noqa: PTH116 - the path may be a str
        except OSError as failure:
            raise self.changed(f"it cannot be found any more: {failure}") from failure
        if state_of(now) != self._state:
            raise self.changed("another file took its place")

    def _file_range(self, start: int, size: int) -> FileRange | None:
        return FileRange(self, self._descriptor, self._offset, start, size) if CAN_SEND else None

    def identity(self) -> str:
        """Return size, times of change and inode."""
        return identity_of(self._state, self._offset)

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._descriptor)


class SeekableSource(Source):
    """A file object that can seek but is no plain file: its reads go one at a time."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._reading = threading.Lock()
        self._offset = file.tell()
        super().__init__(name, max(0, file.seek(0, os.SEEK_END) - self._offset))
        file.seek(self._offset)

    def read(self, size: int, position: int) -> bytes:
        """Return at most `size` bytes from a position."""
        with self._reading:
            self._file.seek(self._offset + position)
            return self._file.read(size)


def identity_of(state: tuple[int, int, int, int], offset: int) -> str:
    """Return the text that tells a file's content from another's by its state."""
    return "file:" + ":".join(map(str, (*state, offset)))


def state_of(status: os.stat_result) -> tuple[int, int, int, int]:
    """Return what changes with a file's content: size, its own time of change, inode, and the system's time of that.

    The first time is anybody's to set, and is set by what copies files or builds them to be reproduced. The second one
    moves with a new mode or name too, which costs a look at the content, or an upload anew if it is on its way.
    """
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns


def _sha256() -> Hash:
    import hashlib

    return hashlib.sha256()
