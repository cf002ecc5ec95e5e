"""Time as operations see it. Tests put in a clock of their own, which jumps instead of waiting."""

from __future__ import annotations

import time

#: Where Linux says how many nanoseconds a thread has worked, and how many it has waited for a processor.
DELAYS = "/proc/thread-self/schedstat"


class Clock:
    """Time as operations see it; tests put in another."""

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return time.monotonic()

    def worked(self) -> float:
        """Return the seconds that this thread has spent in the processor."""
        return time.thread_time()

    def waited(self) -> float:
        """Return the seconds that this thread has waited for a processor; none where the system does not tell."""
        try:
            with open(DELAYS, "rb", buffering=0) as opened:  # noqa: PTH123 - as cheap as can be
                return int(opened.read(100).split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0

    def busy(self) -> float:
        """Return the seconds in which this thread has had something to do, whether it had a processor or not."""
        return self.worked() + self.waited()

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
