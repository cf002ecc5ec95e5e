"""Small files read at once: what an open file costs would be most of the work on them."""

from __future__ import annotations

import os
import stat

from imageapis.core.sources import READ, BytesSource, identity_of, state_of


class FileSnapshot(BytesSource):
    """A small file as it was when it was read, all at once.

    Args:
        path: Where it lies.
        name: What it is called.
        size: Bytes that it is known to have.

    Raises:
        SourceChanged: It has another size, is written to, or is no file any more.
        OSError: It cannot be read.
    """

    def __init__(self, path: str, name: str, size: int) -> None:
        descriptor = os.open(path, READ | getattr(os, "O_NONBLOCK", 0))
        try:
            before = os.fstat(descriptor)
            data = b""
            if stat.S_ISREG(before.st_mode):
                while len(data) < size and (more := os.read(descriptor, size - len(data))):
                    data += more
            state = state_of(os.fstat(descriptor))
        finally:
            os.close(descriptor)
        super().__init__(data)
        self.name = name
        self._known = state
        if state != state_of(before) or self.size != size or size != before.st_size:
            raise self.changed("its size or time is another")

    def identity(self) -> str:
        """Return what `FileSource` says of the file."""
        return identity_of(self._known, 0)
