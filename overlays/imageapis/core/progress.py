"""Progress of a transfer: the `Progress` event that a `progress=` function gets, and the `Meter` that makes it.

What counts is what the other side has acknowledged, not what left this process.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from imageapis.core.arguments import function

if TYPE_CHECKING:
    from imageapis.core.clock import Clock

#: Seconds over which the rate is taken.
WINDOW = 10.0


@attrs.frozen
class Progress:
    """How far a transfer is.

    Attributes:
        sent: Bytes that the other side has acknowledged. It never goes down: what has to be sent a second time is not
            counted a second time.
        total: Bytes there are in all, or `None` while that is not known.
        file: What the last acknowledged bytes belong to.
        rate: Bytes a second over the last ten seconds, or `None` while there is nothing to tell it from. Bytes that
            were there before this run do not count.
    """

    sent: int
    total: int | None
    file: str
    rate: float | None

    def __str__(self) -> str:
        parts = [self.file, f"{self.sent:,}" if self.total is None else f"{self.sent:,} of {self.total:,} bytes"]
        if self.total:
            parts.append(f"{self.sent / self.total:.0%}")
        if self.rate is not None:
            parts.append(f"{self.rate / 2**20:.1f} MiB/s")
        return ", ".join(parts)


Report = Callable[[Progress], object]


class Meter:
    """Counts acknowledged bytes of one transfer, from any number of threads, and reports each advance.

    Args:
        report: The caller's function, or `None`. It is called by one thread at a time and should be quick; what it
            raises ends the transfer.
        clock: What the rate is taken by.
        total: Bytes there are in all, if that is known.
    """

    def __init__(self, report: Report | None, clock: Clock, total: int | None = None) -> None:
        function("progress", report)
        self.total = total
        self._report = report
        self._clock = clock
        self._lock = threading.Lock()
        self._acknowledged = 0
        self._shown = -1
        self._fresh = 0
        self._history: deque[tuple[float, int]] = deque([(clock.now(), 0)])

    @property
    def acknowledged(self) -> int:
        """Bytes that the other side holds now, as far as is known. It may go down, unlike `Progress.sent`."""
        return self._acknowledged

    def add(self, size: int, file: str, *, fresh: bool = True) -> None:
        """Count bytes as acknowledged.

        Args:
            size: How many; less than zero takes back what the other side has lost. Zero reports the start.
            file: What they belong to.
            fresh: Whether this run sent them; `False` for those that it found there.
        """
        with self._lock:
            self._acknowledged += size
            if fresh and size > 0:
                self._fresh += size
            if self._report is None or self._acknowledged <= self._shown:
                return
            self._shown = self._acknowledged
            self._report(Progress(self._shown, self.total, file, self._rate()))

    def _rate(self) -> float | None:
        now = self._clock.now()
        history = self._history
        while len(history) > 1 and history[1][0] <= now - WINDOW:
            history.popleft()
        began, before = history[0]
        if history[-1][0] < now:
            history.append((now, self._fresh))
        passed = now - began
        return (self._fresh - before) / passed if passed > 0 else None
