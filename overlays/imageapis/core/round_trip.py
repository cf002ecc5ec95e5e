"""How long a request and its answer are on their way, by which a transfer chooses with how many requests to begin.

What is no part of the way does not count: the set-up of a new connection with its handshakes, what this thread does
meanwhile, and what it waits for a processor that others have.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imageapis.core.clock import Clock

#: What httpcore calls the moment from which on a connection stands.
LEAVES = "send_request_headers.started"
#: How much longer than this thread the other end may have waited for a processor, where it is on the same machine, and
#: both of them for each other.
OTHER_END = 3.0


class RoundTrip:
    """Measures the requests that are sent while it is the context's.

    Attributes:
        seconds: How long the last one took; `None` before the first answer.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = 0.0
        self.seconds: float | None = None

    def leaves(self) -> Callable[[str, Any], None]:
        """Begin to measure, and return what hears httpcore's events: it begins again when the connection stands."""
        self._began = self._idle()

        def hears(event: str, _: Any) -> None:
            if event.endswith(LEAVES):
                self._began = self._idle()

        return hears

    def is_back(self) -> None:
        """End the measurement: the answer is there."""
        self.seconds = max(0.0, self._idle() - self._began)

    def _idle(self) -> float:
        """Return the seconds in which nothing was to be done here or at the other end, up to now."""
        clock = self._clock
        return clock.now() - clock.worked() - OTHER_END * clock.delayed()


def awaitable(hears: Callable[[str, Any], None]) -> Callable[[str, Any], Awaitable[None]]:
    """Return the same for an event loop."""

    async def hear(event: str, details: Any) -> None:
        hears(event, details)

    return hear


#: What measures the requests of this context.
round_trip_of: ContextVar[RoundTrip | None] = ContextVar("imageapis_round_trip", default=None)
