"""Reading a pipe or a device without being held by it: `sources` spools what cannot seek."""

from __future__ import annotations

import os
import select

from imageapis.core.checkpoint import checkpoint

#: Seconds between looks whether a pipe is still wanted.
PAUSE = 0.1


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
