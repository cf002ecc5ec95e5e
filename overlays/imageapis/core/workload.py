"""Whether the thread that sends a transfer's requests has something to do nearly all the time.

More requests at a time only fill the time in which it waits for answers. What is moved in a second does not tell that
where others want the processor as well: there it differs by a third from one tenth of a second to the next.
"""

from __future__ import annotations

from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: Which part of the time an event loop is at work where more requests are not worth it.
FULL = 0.85
#: The same for one thread of several: two hand the interpreter to and fro, which costs more than they wait. Measured
#: with 2,000 files of 2 KiB: two move as much as one where that has something to do for 0.7 of the time, 1.35 times as
#: much at 0.6.
FULL_THREAD = 0.65
#: Seconds below which nothing is said.
LEAST = 0.05


class Workload:
    """What one thread does while a limit measures, together with its waits for a processor.

    Args:
        now: Seconds on a clock that never goes back.
        busy: Seconds in which the thread that asks has had something to do.
        loop: Whether jobs are tasks of an event loop, which is one thread; otherwise each has a thread, and something
            is known only while there is one of them.
    """

    def __init__(self, now: Callable[[], float], busy: Callable[[], float], *, loop: bool) -> None:
        self._now = now
        self._busy = busy
        self._loop = loop
        self._full = FULL if loop else FULL_THREAD
        self._thread = 0
        self._since = self._done = 0.0

    def begins(self) -> None:
        """Begin to measure this thread."""
        self._thread = get_ident()
        self._since, self._done = self._now(), self._busy()

    def goes_on(self, limit: int) -> None:
        """Hear that a job has ended in this thread: it is the one to measure, if there is one only."""
        if self._is_one_thread(limit) and get_ident() != self._thread:
            self.begins()

    def is_full(self, limit: int) -> bool:
        """Say whether this thread had so much to do that more requests at a time than so many are not worth it."""
        if not self._is_one_thread(limit) or get_ident() != self._thread:
            return False
        took = self._now() - self._since
        return took >= LEAST and self._busy() - self._done >= self._full * took

    def _is_one_thread(self, limit: int) -> bool:
        return self._loop or limit == 1
