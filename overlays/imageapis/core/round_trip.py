"""How long a request and its answer are on their way, by which a transfer chooses with how many requests to begin.

What is no part of the way does not count: the set-up of a new connection with its handshakes, what this thread does
meanwhile, and waits for a processor, which are as long at the other end where that is on this machine. How long those
are can only be guessed: it is where one request has to tell, and not where the shortest of several does.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Self

    from imageapis.core.clock import Clock

#: What httpcore calls the moment from which on a connection stands.
LEAVES = "send_request_headers.started"
#: How many times what this thread waited for a processor all on this machine that have to do with a request may have
#: waited: this thread, and the other end, which accepts, reads and answers.
ALL_ENDS = 4


class RoundTrip:
    """Measures the requests that are sent within its `with`.

    Args:
        clock: Tells the time, and what this thread does in it.
        alone: Whether one request has to tell, rather than the shortest of several.

    Attributes:
        seconds: How long the last one took; `None` before the first answer.
    """

    def __init__(self, clock: Clock, *, alone: bool = True) -> None:
        self._clock = clock
        self._ends = ALL_ENDS if alone else 1
        self._began = 0.0
        self.seconds: float | None = None

    def __enter__(self) -> Self:
        self._before = round_trip_of.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        round_trip_of.reset(self._before)

    def start(self) -> Callable[[str, Any], None]:
        """Begin to measure, and return what hears httpcore's events: it begins again when the connection stands."""
        self._began = self._idle()

        def on_event(event: str, _: Any) -> None:
            if event.endswith(LEAVES):
                self._began = self._idle()

        return on_event

    def stop(self) -> None:
        """End the measurement: the answer is there."""
        self.seconds = max(0.0, self._idle() - self._began)

    def _idle(self) -> float:
        """Return the seconds in which there was nothing to do, up to now."""
        return self._clock.now() - self._clock.worked() - self._ends * self._clock.waited()


def awaitable(on_event: Callable[[str, Any], None]) -> Callable[[str, Any], Awaitable[None]]:
    """Return the same for an event loop."""

    async def on_event_later(event: str, details: Any) -> None:
        on_event(event, details)

    return on_event_later


#: What measures the requests of this context.
round_trip_of: ContextVar[RoundTrip | None] = ContextVar("imageapis_round_trip", default=None)
