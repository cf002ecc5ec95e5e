"""Time as operations see it. Tests put in a clock of their own, which jumps instead of waiting."""

from __future__ import annotations

import os
import time

#: Where Linux says how many threads want to run.
LOADS = "/proc/loadavg"


class Clock:
    """Time as operations see it; tests put in another."""

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return time.monotonic()

    def worked(self) -> float:
        """Return the seconds that this thread has spent in the processor."""
        return time.thread_time()

    def crowded(self) -> bool:
        """Say whether more threads want to run now than the machine has processors, as far as it tells."""
        try:
            with open(LOADS, "rb", buffering=0) as opened:  # noqa: PTH123 - as cheap as can be
                wanting = float(opened.read(100).split()[3].partition(b"/")[0])
        except (OSError, ValueError, IndexError):
            try:
                wanting = os.getloadavg()[0]
            except (AttributeError, OSError):
                return False
        return wanting > (os.cpu_count() or 1)

    def time(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Block for so many seconds."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Suspend for so many seconds."""
        import anyio

        await anyio.sleep(seconds)
