"""One end for all that a call waits for: its tries, its login, what drips in byte by byte, another's work.

The time-outs of HTTP libraries hold for each read alone. A `Deadline` is looked at before every one: `network` does so
for what is read and written, `transport` for tries and blocks, `work` for other waits.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imageapis.core.clock import Clock

#: A large body may take as long as it likes, if so many bytes of it move within each deadline.
PROGRESS = 1 << 20


class Deadline:
    """A moment after which a call has no answer.

    It is kept twice: on the client's clock, which retries wait by, and on the machine's, which sockets do.

    Args:
        clock: The client's clock.
        seconds: From now to then.
        outer: The deadline of the call that this one is part of, as a login is.
    """

    __slots__ = ("_clock", "_end", "_moved", "_outer", "_real_end", "seconds")

    def __init__(self, clock: Clock, seconds: float, outer: Deadline | None = None) -> None:
        self._clock = clock
        self._outer = outer
        self._moved = 0
        self.seconds = seconds
        self._end = clock.now() + seconds
        self._real_end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that a socket may wait; none or less when the moment has passed."""
        mine = self._real_end - time.monotonic()
        return mine if self._outer is None else min(mine, self._outer.left())

    def left_for_retries(self) -> float:
        """Return the seconds that are left on both clocks."""
        mine = min(self._end - self._clock.now(), self._real_end - time.monotonic())
        return mine if self._outer is None else min(mine, self._outer.left_for_retries())

    def moved(self, size: int) -> None:
        """Count bytes of a large body; enough of them put the moment off."""
        self._moved += size
        if self._moved >= PROGRESS:
            self._moved = 0
            self.extend(time.monotonic() + self.seconds - self._real_end)

    def extend(self, seconds: float) -> None:
        """Let the moment come later."""
        self._real_end += seconds
        self._end += seconds
        if self._outer is not None:
            self._outer.extend(seconds)


#: The deadline of the call that this thread or task works for.
current: ContextVar[Deadline | None] = ContextVar("imageapis_deadline", default=None)


def cut(timeout: float | None) -> float | None:
    """Return the seconds that a wait may take: those given, or fewer if the call has no more.

    Raises:
        TimeoutError: It has none.
    """
    deadline = current.get()
    if deadline is None:
        return timeout
    left = deadline.left()
    if left <= 0:
        raise TimeoutError(f"no answer within {deadline.seconds:g} s")
    return left if timeout is None or timeout > left else timeout
