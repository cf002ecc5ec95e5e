"""What a stream knows of bytes that go past httpcore: whether all of a request went out, and what was read since."""

from __future__ import annotations

from collections import deque

import httpcore

from imageapis.core.sendfile import SPAN

#: What httpcore is told to write in the place of bytes that were sent past it; nobody looks at it, nor ever touches it.
_PLACEHOLDER = bytes(SPAN)


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
        #: Bytes that were sent past httpcore, which it has to write to know of them.
        self._ahead = 0

    @property
    def pending(self) -> bool:
        """Whether a request was sent whose answer nobody has taken."""
        return bool(self._again)

    def forget(self) -> None:
        """Let nothing be gone through again: the answer was taken."""
        self._again.clear()

    def _went_ahead(self, size: int) -> bytes:
        """Hear of bytes that were sent past httpcore, and return as many for it to write: they go nowhere.

        Args:
            size: How many, at most `SPAN`.
        """
        self._ahead = 0 if self._again else size
        return _PLACEHOLDER[:size]

    def _is_sent(self, size: int) -> bool:
        """Say whether what httpcore writes was sent already.

        Raises:
            LocalProtocolError: It writes something else than it was told, so that nothing tells what went out.
        """
        if not self._ahead:
            return bool(self._again)
        if size != self._ahead:
            raise httpcore.LocalProtocolError(f"{size} bytes were to be written where {self._ahead} had been sent")
        self._ahead = 0
        return True

    def _keep(self, read: bytes | Exception) -> bytes:
        self._again.append(read)
        return b"" if isinstance(read, Exception) else read

    def _read_again(self) -> bytes:
        again = self._again.popleft()
        if isinstance(again, Exception):
            raise again
        return again
