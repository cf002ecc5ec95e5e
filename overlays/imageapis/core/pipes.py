"""Reading a pipe or a device without being held by it, or for ever: `uploadable` spools what cannot seek."""

from __future__ import annotations

import os
import select
import stat

from imageapis.core.cancellation import checkpoint
from imageapis.errors import UnusableFile

#: Seconds between looks whether a pipe is still wanted.
PAUSE = 0.1


def check_end(descriptor: int, name: str) -> None:
    """Check that what is to be read to its end may have one.

    Character devices (/dev/zero, /dev/urandom) give bytes for ever, or say that they hold none. Of them only a
    terminal, where somebody can end what they type, and the null device are taken.

    Args:
        descriptor: What is to be read.
        name: What it is called in texts.

    Raises:
        UnusableFile: It is a device without an end.
    """
    status = os.fstat(descriptor)
    if not stat.S_ISCHR(status.st_mode) or os.isatty(descriptor):
        return
    if status.st_rdev != os.stat(os.devnull).st_rdev:  # noqa: PTH116 - a str
        raise UnusableFile(
            f"{name} is a device that never comes to an end, so nothing was sent. Give a file, or a pipe that brings "
            "as much of it as is wanted."
        )


class Pipe:
    """A pipe or device whose reads wait for data, but end at a checkpoint when nobody wants it any more.

    Args:
        descriptor: Opened without blocking; it stays the caller's.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        while True:
            checkpoint()
            # A pipe that nobody writes to yet is at its end for `read`, and nothing at all for `select`.
            if hasattr(select, "poll"):
                poll = select.poll()
                poll.register(self._descriptor, select.POLLIN)
                if not poll.poll(PAUSE * 1000):
                    continue
            try:
                return os.read(self._descriptor, size)
            except BlockingIOError:
                continue
