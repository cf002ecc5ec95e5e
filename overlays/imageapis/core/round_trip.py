"""How long a request and its answer are on their way, by which a transfer chooses with how many requests to begin.

What is no part of the way does not count: the set-up of a new connection with its handshakes, and what this thread does
meanwhile. Where others want the processors as well, nobody can say what of the time was the way.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imageapis.core.clock import Clock

#: What httpcore calls the moment from which on a connection stands.
LEAVES = "send_request_headers.started"


class RoundTrip:
    """Measures the requests that are sent while it is the context's.

    Attributes:
        seconds: How long the last one took; `None` before the first answer, and where a busy machine may have been why.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = 0.0
        self._crowded = False
        self.seconds: float | None = None

    def leaves(self) -> Callable[[str, Any], None]:
        """Begin to measure, and return what hears httpcore's events: it begins again when the connection stands."""
        # Only now: soon the other end will want a processor, where it is on this machine.
        self._crowded = self._clock.crowded()
        self._began = self._idle()

        def hears(event: str, _: Any) -> None:
            if event.endswith(LEAVES):
                self._began = self._idle()

        return hears

    def is_back(self) -> None:
        """End the measurement: the answer is there."""
        self.seconds = None if self._crowded else max(0.0, self._idle() - self._began)

    def _idle(self) -> float:
        """Return the seconds in which there was nothing to do for this thread, up to now."""
        return self._clock.now() - self._clock.worked()


def awaitable(hears: Callable[[str, Any], None]) -> Callable[[str, Any], Awaitable[None]]:
    """Return the same for an event loop."""

    async def hear(event: str, details: Any) -> None:
        hears(event, details)

    return hear


#: What measures the requests of this context.
round_trip_of: ContextVar[RoundTrip | None] = ContextVar("imageapis_round_trip", default=None)
