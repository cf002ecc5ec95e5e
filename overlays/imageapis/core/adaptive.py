"""The number of requests at a time that a transfer finds while it runs, by hill climbing on what is moved in a second.

No network and no threads here, only arithmetic on what was told, so that it can be tried on simulated paths
(`tests/unit`). `concurrency` says how such a limit is used, and has the one that the caller fixed.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from imageapis.core.concurrency import FEW, LONG_WAY, MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.core.workload import Workload

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
#: By what factor the pace must have fallen to tell of another path sooner than that.
STANDSTILL = 4
#: By how much measurements are taken to differ on a short way before that is known: there it is the processor that they
#: measure, which others want as well.
UNREST = 0.25
#: Measurements between two tries of more requests, and of fewer; doubled after each try that moved less.
PATIENCE, LONGEST_PATIENCE = 4, 32
#: Refusals that an accepted request makes up for, and how many it can be altogether: a server that is out of order now
#: and then refuses as large a part of few requests as of many.
FORGIVEN, MOST_FORGIVEN = 0.3, 6.0
#: Seconds of a measurement that is patience enough where a server throttled.
SLOW = 0.3


class AdaptiveLimit:
    """Finds its number by hill climbing on what is moved in a second.

    It doubles as long as that moves more, then stays, and now and then tries a neighbour: a little more, a little less;
    ever more seldom if that moves less. What costs nothing is given up again: where this process or the server is what
    is busy, more requests only get in each other's way. A server that throttles takes the number down by as many as it
    refused together, at most to the half, or that of `LONG_WAY`. One that counts the requests of a second refuses many
    that come at once, though it would accept as many one after the other: so half way back is tried as soon as it is
    known what the lower number moves. If that is refused as well, a little more is tried now and then, until it is
    accepted. A refusal among many that were accepted at the same number says nothing about the number. Where
    measurements differ, because others want the processor as well, more is believed only if it is more than that; and
    another path only if it is measured twice. Where this process is busy all the time, more is not tried at all.

    Args:
        now: Seconds on a clock that never goes back.
        start: The number to begin with.
        most: The number never to exceed.
        workload: Tells of jobs that are work for this process whether it is busy; `None` for others.
    """

    def __init__(
        self, now: Callable[[], float], *, start: int = FEW, most: int = MOST, workload: Workload | None = None
    ) -> None:
        self._now = now
        self._workload = workload
        self.most = most
        self._lock = threading.Lock()
        self.current = min(start, most)
        self.epoch = 0
        #: The limit to return to, and what it moved in a second; not known before the first measurement.
        self._home, self._pace = self.current, 0.0
        self._growing = True
        self._ceiling = most
        #: How far requests that are refused together may take the number down.
        self._least = most
        #: How many refusals the accepted requests have made up for.
        self._forgiven = 0.0
        #: Measurements since fewer and since more were tried, and how many there are to be before they are again.
        self._since_down = self._since_up = 0
        self._patience = self._patience_up = PATIENCE
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
            if self._workload is not None:
                self._workload.goes_on(self.current)
            self._forgiven = min(MOST_FORGIVEN, self._forgiven + FORGIVEN)
            if self._stale:
                self._one_stale_less()
            elif self._count >= max(self.current, 2) and took >= WINDOW:
                self._judge(self._moved / took)

    def throttled(self, epoch: int) -> None:
        """Step back, and remember where it was too much, unless so many were accepted that it was not the number."""
        with self._lock:
            if epoch != self.epoch:
                # It was sent before the last step back: with what led to that, it is one more that was too much.
                if self.current > self._least:
                    self.current = self._home = self.current - 1
                    if not self._growing:
                        self._ceiling = self._home
                self._one_stale_less()
                return
            if self._forgiven >= 1 and self.current <= self._home:
                self._forgiven -= 1
                return
            self._forgiven = 0.0
            self.epoch += 1
            refused_at = self.current
            self._ceiling = max(1, refused_at - 1)
            # Where it was no try of more, only too many may have come at once: it tries more when it has measured.
            self._growing = refused_at <= self._home
            self._since_down = self._since_up = 0
            self._least = max(1, min(refused_at, LONG_WAY) // 2)
            self._home, self._pace = self._ceiling, 0.0
            self._go(self._home)
            self._stale = refused_at
            self._one_stale_less()

    def _one_stale_less(self) -> None:
        """Begin to measure when no job is left from before, unless even the higher limit moves much less now."""
        if not self._stale:
            return
        self._stale -= 1
        if self._stale:
            return
        took = self._now() - self._since
        pace = self._moved / took if took else self._pace
        if pace < self._pace / CHANGE and self._sure(pace):
            self._regrow(pace)
        else:
            self._measure()

    def _judge(self, pace: float) -> None:
        if not self._pace:
            # At the beginning one began first; after a step back as many were under way as are now.
            self._settle(pace if self.epoch else pace * (1 + self._under_way(1) / self._count))
            self._up() if self._growing else self._measure()
        elif self._growing:
            self._judge_growth(pace)
        elif self.current == self._home:
            self._judge_home(pace)
        else:
            self._judge_neighbour(pace)

    def _under_way(self, before: int) -> float:
        """Return how many more jobs are half done now than when the measurement began.

        None where all began and ended together; where they end one by one, half of those that came on top.

        Args:
            before: How many ran then.
        """
        took = self._now() - self._since
        return min((self.current - before) / 2, self._count - self._waited / took)

    def _judge_growth(self, pace: float) -> None:
        pace *= 1 + self._under_way(self._home) / self._count
        if pace >= self._gain() * self._pace:
            self._go_on(pace)
            return
        if pace >= self._pace and self._count < 2 * self.current:
            return  # neither more nor less for all one can say yet
        self._growing = False
        # It may have begun with too many already: where that is likely, look at once, otherwise soon.
        self._since_down = self._patience
        self._go(self._home // 2 if 1 < self._home <= FEW else self._home)

    def _judge_home(self, pace: float) -> None:
        if not self._pace / CHANGE < pace < self._pace * CHANGE:
            if self._sure(pace):
                self._regrow(pace)
            else:
                self._measure()
            return
        self._doubted = False
        self._noise += (abs(pace / self._pace - 1) - self._noise) / 3
        self._pace += (pace - self._pace) / 3
        self._since_down += 1
        self._since_up += 1
        step, took = max(1, self._home // 3), self._now() - self._since
        if self._since_down >= self._patience and self._home > 1:
            self._since_down = 0
            self._go(self._home - step)
        elif self._is_time_for_more(took):
            self._since_up = 0
            if self._home >= self._ceiling:
                self._ceiling = min(self.most, self._ceiling + max(1, self._ceiling // 4))
            self._go(min(self._home + step, self._ceiling))
        else:
            self._measure()

    def _is_time_for_more(self, took: float) -> bool:
        """Say whether to try a higher limit: sooner where it is only held down by a server that may have changed."""
        enough = 1 if took > SLOW and self._home >= self._ceiling else self._patience_up
        return self._since_up >= enough and self._home < self.most and not self._is_busy()

    def _is_busy(self) -> bool:
        """Say whether this process is what is busy: more requests at a time would not move more."""
        return self._workload is not None and self._workload.is_full(self.current)

    def _sure(self, pace: float) -> bool:
        """Say whether a very different pace is that of another path: a busy machine gives one now and then, not two."""
        doubted, self._doubted = self._doubted, True
        took = self._now() - self._since
        return doubted or took >= (LONG if pace > self._pace / STANDSTILL else LONG / 5)

    def _gain(self) -> float:
        """Return by what factor a higher limit must move more, to be believed."""
        return max(GAIN, 1 + self._noise)

    def _regrow(self, pace: float) -> None:
        self._doubted = False
        longer = pace < self._pace / STANDSTILL
        self._patience = self._patience_up = PATIENCE
        self._settle(pace)
        if not longer and self._is_busy():
            self._measure()
            return
        # A way that became longer wants many more at once: each step up takes as long as a request does.
        self._go(min(self._ceiling, max(2 * self.current, LONG_WAY if longer else 1)))
        self._growing = self.current > self._home

    def _judge_neighbour(self, pace: float) -> None:
        if self.current < self._home:
            if pace >= LOSS * self._pace:
                # Small losses, one after the other, must not add up.
                self._settle(max(pace, self._pace))
                self._patience = PATIENCE
                self._go(max(1, self._home // 2))
            else:
                self._patience = min(LONGEST_PATIENCE, 2 * self._patience)
                self._go(self._home)
        elif pace >= self._gain() ** 0.5 * self._pace:
            self._go_on(pace)
        else:
            if pace < LOSS * self._pace:
                self._patience_up = min(LONGEST_PATIENCE, 2 * self._patience_up)
            self._go(self._home)

    def _go_on(self, pace: float) -> None:
        """Stay with more than before, and try twice as many: what was too much once is not any more."""
        self._settle(pace)
        self._ceiling = self.most
        self._patience_up = PATIENCE
        self._up()

    def _settle(self, pace: float) -> None:
        self._home, self._pace = self.current, pace

    def _up(self) -> None:
        """Try twice as many, but only half way to what was refused."""
        if self._is_busy():
            self._growing = False
            self._measure()
            return
        most = self.most if self._ceiling == self.most else (self._home + self._ceiling + 1) // 2
        self._go(max(self._home, min(2 * self._home, most)))
        self._growing = self.current > self._home

    def _go(self, limit: int) -> None:
        self._stale = self.current if limit < self.current else 0
        self.current = limit
        self._measure()

    def _measure(self) -> None:
        self._since = self._now()
        self._moved = self._count = 0
        self._waited = 0.0
        if self._workload is not None:
            self._workload.begins()
