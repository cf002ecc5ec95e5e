"""What a stream knows of a request that goes past httpcore: whether all of it went out, and what was read since."""

from __future__ import annotations

from collections import deque


class Framing:
    """Sees to it that the blocks of a body come to the bytes that were declared, as h11 does.

    Args:
        size: How many were.

    Raises:
        ValueError: They do not, which is a mistake of whoever made the body.
    """

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int) -> None:
        """Hear of a block before it is sent."""
        self._left -= size
        if self._left < 0:
            raise ValueError(f"a body gives {-self._left} bytes more than it declared")

    def end(self) -> None:
        """Hear that there are no more."""
        if self._left:
            raise ValueError(f"a body gives {self._left} bytes less than it declared")


class ReplayStream:
    """A stream on which a request can be sent and answered before httpcore hears of it.

    If the answer turns out to be something for httpcore, this lets it go through the same again: what it writes was
    written, and what it reads first is what was read, or how that failed.
    """

    def __init__(self) -> None:
        self._again: deque[bytes | Exception] = deque()
        #: Whether not all of a request could be written: what follows would be taken for the rest of it.
        self.torn = False

    @property
    def pending(self) -> bool:
        """Whether a request was sent whose answer nobody has taken."""
        return bool(self._again)

    def forget(self) -> None:
        """Let nothing be gone through again: the answer was taken."""
        self._again.clear()

    def _keep(self, read: bytes | Exception) -> bytes:
        self._again.append(read)
        return b"" if isinstance(read, Exception) else read

    def _read_again(self) -> bytes:
        again = self._again.popleft()
        if isinstance(again, Exception):
            raise again
        return again
