"""How many requests go at a time: a number that the caller fixed, or one that a transfer finds while it runs.

`Io.gather` asks a limit before each job how many may run; the transfer tells it what each job moved. No network and no
threads here, only arithmetic on what was told, so that it can be tried on simulated paths (`tests/unit`).
"""

from __future__ import annotations

import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from imageapis.errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Callable

#: Requests at a time that a limit of its own choice comes to at most.
MOST = 32
#: What a request counts for besides its bytes, in bytes: two files of one byte are more work than one of two.
REQUEST = 64 << 10
#: Seconds that a measurement takes at least; shorter ones measure the machine's hiccups.
WINDOW = 0.1
#: By what factor twice as many requests must move more, to be worth it.
GAIN = 1.12
#: What fewer requests may lose before more of them are taken again.
LOSS = 0.99
#: By what factor the pace at one and the same limit must change to mean that the path is another one now.
CHANGE = 1.6
#: Seconds of a measurement over which what others do on the machine evens out.
LONG = 2.5
#: Requests at a time to begin with where a round trip takes long.
LONG_WAY = 16
#: Requests at a time of which half can be tried without losing much if that is wrong.
FEW = 4
#: By how much measurements are taken to differ on a short way before that is known: there it is the processor that they
#: measure, which others want as well.
UNREST = 0.25
#: Measurements between two tries of a neighbouring limit; doubled after each try that brought nothing.
PATIENCE, LONGEST_PATIENCE = 4, 32


class Limit(Protocol):
    """How many jobs of one `Io.gather` run at a time."""

    @property
    def current(self) -> int:
        """The number now, at least 1."""
        ...

    def begins(self) -> None:
        """Hear that jobs begin: what lies before is no part of a measurement."""
        ...

    def finished(self, size: int) -> None:
        """Count a job that moved so many bytes."""
        ...

    def throttled(self) -> None:
        """Hear that the server asked for less (429 or 503)."""
        ...


#: The limit of the jobs that this thread or task runs: it hears when the server asks for less.
heard_by: ContextVar[Limit | None] = ContextVar("imageapis_limit", default=None)

#: Statuses by which a server asks for less.
LESS = (429, 503)


def hear(status: int) -> None:
    """Tell the limit of this work of an answer's status."""
    if status in LESS and (limit := heard_by.get()) is not None:
        limit.throttled()


class Fixed:
    """As many at a time as the caller said.

    Raises:
        InvalidArgument: Less than one.
    """

    def __init__(self, count: int) -> None:
        if count < 1:
            raise InvalidArgument(f"concurrency is at least 1, not {count}")
        self.current = count

    def begins(self) -> None:
        """Change nothing."""

    def finished(self, size: int) -> None:
        """Change nothing."""

    def throttled(self) -> None:
        """Change nothing: the caller knows better."""


def start_for(round_trip: float | None) -> int:
    """Return with how many requests to begin, by the seconds that a small one took before.

    The longer the way, the longer a measurement takes, and the surer it is that one connection cannot fill it.
    """
    if round_trip is None:
        return FEW
    return 2 if round_trip < 0.0005 else FEW if round_trip < 0.01 else 2 * FEW if round_trip < 0.02 else LONG_WAY


class Adaptive:
    """Finds its number by hill climbing on what is moved in a second.

    It doubles as long as that moves more, then stays, and now and then tries a neighbour: a little more, a little
    less. What costs nothing is given up again: where this process or the server is what is busy, more requests only
    get in each other's way. A server that throttles takes the number down by as many as it refused together, at most to
    the half, and it comes back slowly. Where measurements
    differ, because others want the processor as well, more is believed only if it is more than that; and another path
    only if it is measured twice.

    Args:
        now: Seconds on a clock that never goes back.
        start: The number to begin with.
        most: The number never to exceed.
    """

    def __init__(self, now: Callable[[], float], *, start: int = 4, most: int = MOST) -> None:
        self._now = now
        self._most = most
        self._lock = threading.Lock()
        self.current = min(start, most)
        #: The limit to return to, and what it moved in a second; not known before the first measurement.
        self._home, self._pace = self.current, 0.0
        self._growing = True
        self._down = False
        self._ceiling = most
        #: How far requests that are refused together may take the number down.
        self._least = most
        self._calm = 0
        self._patience = PATIENCE
        #: By how much measurements at one and the same limit differ, and whether the last one told of another path.
        self._noise, self._doubted = UNREST if start <= FEW else 0.0, False
        self._since = now()
        self._moved = self._count = 0
        self._waited = 0.0
        #: Jobs to come that began under a higher limit: they tell nothing about this one.
        self._stale = 0

    def begins(self) -> None:
        """Begin to measure."""
        with self._lock:
            self._go(self.current)

    def finished(self, size: int) -> None:
        """Count a job that moved so many bytes, and judge the limit when enough were counted."""
        with self._lock:
            took = self._now() - self._since
            self._moved += size + REQUEST
            self._count += 1
            self._waited += took
            if self._stale:
                self._stale -= 1
                if not self._stale:
                    self._end_of_stale(self._moved / took if took else self._pace)
                return
            if self._count >= max(self.current, 2) and took >= WINDOW:
                self._judge(self._moved / took)

    def throttled(self) -> None:
        """Step back, and remember where it was too much."""
        with self._lock:
            if self._stale:
                # It was sent before the last step back. Refused together with what led to that, it is one more that was
                # too much; later, it is a request that is tried again.
                if self.current > self._least and self._now() - self._since < WINDOW:
                    self.current = self._home = self._ceiling = self.current - 1
                return
            self._ceiling = max(1, self.current - 1)
            self._least = self.current
            self._growing = False
            self._calm = 0
            if self.current > self._home:
                self._patience = min(LONGEST_PATIENCE, 2 * self._patience)
                self._go(self._home)
            else:
                self._least = max(1, self.current // 2)
                self._home, self._pace = self._ceiling, 0.0
                self._go(self._home)

    def _end_of_stale(self, pace: float) -> None:
        """Begin to measure a lower limit, unless even the higher one before it moves much less now: another path."""
        if pace < self._pace / CHANGE and self._sure():
            self._regrow(pace)
            return
        self._since = self._now()
        self._moved = self._count = 0
        self._waited = 0.0

    def _judge(self, pace: float) -> None:
        if not self._pace:
            self._settle(pace * (1 + self._under_way() / self._count))
            self._up() if self._growing else self._go(self.current)
        elif self._growing:
            self._judge_growth(pace)
        elif self.current == self._home:
            self._judge_home(pace)
        else:
            self._judge_neighbour(pace)

    def _under_way(self) -> float:
        """Return how many jobs are half done now, which nothing was when the first measurement began.

        None where all began and ended together; where they end one by one, half of those that run.
        """
        took = self._now() - self._since
        return min((self.current - 1) / 2, self._count - self._waited / took)

    def _judge_growth(self, pace: float) -> None:
        if pace >= self._gain() * self._pace:
            self._settle(pace)
            self._up()
            return
        self._growing = False
        # It may have begun with too many already: where that is likely, look at once, otherwise soon.
        self._down = False
        self._calm = self._patience
        self._go(self._home // 2 if 1 < self._home <= FEW else self._home)

    def _judge_home(self, pace: float) -> None:
        if not self._pace / CHANGE < pace < self._pace * CHANGE:
            if self._sure():
                self._regrow(pace)
            else:
                self._go(self.current)
            return
        self._doubted = False
        self._noise += (abs(pace / self._pace - 1) - self._noise) / 3
        self._pace += (pace - self._pace) / 3
        self._calm += 1
        if self._calm < self._patience:
            self._go(self.current)
            return
        self._calm = 0
        self._down = not self._down and self._home > 1
        step = max(1, self._home // 3)
        self._go(self._home - step if self._down else min(self._home + step, self._highest()))

    def _sure(self) -> bool:
        """Say whether a very different pace is that of another path: a busy machine gives one now and then, not two."""
        doubted, self._doubted = self._doubted, True
        return doubted or self._now() - self._since >= LONG

    def _gain(self) -> float:
        """Return by what factor a higher limit must move more, to be believed."""
        return max(GAIN, 1 + self._noise)

    def _regrow(self, pace: float) -> None:
        self._doubted = False
        longer = pace < self._pace
        self._patience = PATIENCE
        self._settle(pace)
        # A way that became longer wants many more at once: each step up takes as long as a request does.
        self._go(min(self._ceiling, max(2 * self.current, LONG_WAY if longer else 1)))
        self._growing = self.current > self._home

    def _judge_neighbour(self, pace: float) -> None:
        down = self.current < self._home
        if pace >= (LOSS if down else self._gain() ** 0.5) * self._pace:
            # Small losses, one after the other, must not add up.
            self._settle(max(pace, self._pace) if down else pace)
            self._patience = PATIENCE
            self._go(max(1, self._home // 2) if down else self._home)
            return
        self._patience = min(LONGEST_PATIENCE, 2 * self._patience)
        self._go(self._home)

    def _settle(self, pace: float) -> None:
        self._home, self._pace = self.current, pace

    def _highest(self) -> int:
        """Return the highest limit to try; above one that was throttled it goes up slowly."""
        if self._home >= self._ceiling:
            self._ceiling = min(self._most, self._ceiling + max(1, self._ceiling // 4))
        return self._ceiling

    def _up(self) -> None:
        self._go(max(self._home, min(2 * self._home, self._ceiling)))
        self._growing = self.current > self._home

    def _go(self, limit: int) -> None:
        self._stale = self.current if limit < self.current else 0
        self.current = limit
        self._since = self._now()
        self._moved = self._count = 0
        self._waited = 0.0
