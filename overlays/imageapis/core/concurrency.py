"""How many requests go at a time: what a limit is, the one that the caller fixed, and what the other one begins with.

`Io.gather` asks a limit before each job how many may run; the transfer tells it what each job moved. The limit that
finds its number while a transfer runs is in `adaptive`.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol

from imageapis.core.arguments import whole_number

#: Requests at a time that a limit of its own choice comes to at most.
MOST = 32
#: Requests at a time to begin with where a round trip takes long.
LONG_WAY = 16
#: Requests at a time that a caller can ask for: each takes a connection, and a thread where the client blocks.
HIGHEST = 1000
#: Requests at a time of which half can be tried without losing much if that is wrong.
FEW = 4
#: Seconds of a round trip on one machine, and within one building, at most.
HERE, NEAR = 0.0005, 0.004
#: Seconds of a round trip from which on one more request to measure it costs more than it tells, and how many are sent
#: on a shorter way at most.
FAR, ALONE = 0.03, 5
#: With how many to begin on a way shorter than so many seconds; on a longer one with `MOST`, since each step up would
#: take a good part of a transfer.
STARTS = ((NEAR, FEW), (0.008, 2 * FEW), (FAR, LONG_WAY))
#: Bytes of a request below which, within one machine, it is more work for this process than for the other end.
LIGHT = 64 << 10


class Limit(Protocol):
    """How many jobs of one `Io.gather` run at a time."""

    @property
    def current(self) -> int:
        """The number now, at least 1."""
        ...

    @property
    def most(self) -> int:
        """How many are begun and not finished at most, with those that wait out a pause."""
        ...

    @property
    def epoch(self) -> int:
        """How often it stepped back, because the server asked for less."""
        ...

    def begins(self) -> None:
        """Hear that jobs begin: what lies before is no part of a measurement."""
        ...

    def finished(self, size: int) -> None:
        """Count a job that moved so many bytes."""
        ...

    def throttled(self, epoch: int) -> None:
        """Hear that the server asked for less (429 or 503) when it got a request that was sent in that epoch."""
        ...


#: The limit of the jobs that this thread or task runs: it hears when the server asks for less.
current_limit: ContextVar[Limit | None] = ContextVar("imageapis_limit", default=None)

#: Statuses by which a server asks for less.
THROTTLING = (429, 503)


def epoch() -> int:
    """Return the epoch of this work's limit, in which a request is sent now."""
    limit = current_limit.get()
    return 0 if limit is None else limit.epoch


def report_status(status: int, epoch: int) -> None:
    """Tell the limit of this work of an answer's status, and when the request was sent."""
    if status in THROTTLING and (limit := current_limit.get()) is not None:
        limit.throttled(epoch)


class LimitMaker(Protocol):
    """Makes the limit of jobs that are alike."""

    def __call__(self, size: int, trips: int = 1, /) -> Limit:
        """Return it.

        Args:
            size: Bytes of a typical job.
            trips: Requests of a job, one after the other.
        """
        ...


class FixedLimit:
    """As many at a time as the caller said.

    Raises:
        InvalidArgument: Less than one, or more than a process has connections for.
    """

    def __init__(self, count: int) -> None:
        self.current = self.most = whole_number("concurrency", count, 1, HIGHEST)
        self.epoch = 0

    def begins(self) -> None:
        """Change nothing."""

    def finished(self, size: int) -> None:
        """Change nothing."""

    def throttled(self, epoch: int) -> None:
        """Change nothing: the caller knows better."""


def start_for(round_trip: float | None, *, light: bool = False, encrypted: bool = False, loop: bool = False) -> int:
    """Return with how many jobs to begin.

    The longer one takes, the longer a measurement takes, and the surer it is that few connections cannot fill the way.

    Args:
        round_trip: Seconds that its requests take if they are small, as far as that is known.
        light: Whether they are work for this process in the first place: see `LIGHT`.
        encrypted: Whether their bytes are encrypted here.
        loop: Whether they are tasks of an event loop, rather than threads.
    """
    if round_trip is None:
        return FEW
    if light and round_trip < HERE:
        # Threads that are at work all the time hand the interpreter to and fro, which costs more than they wait.
        return 2 if loop else 1
    if encrypted and not light and round_trip < 2 * HERE:
        # One keeps a processor busy here and another one at the other end, which may be the only two that there are;
        # where there are more, twice as many soon show that they move more. Over TLS an answer takes longer, too.
        return 1
    start = next((count for most, count in STARTS if round_trip < most), MOST)
    # On a loop one more costs a socket, and the more answers are there when its turn comes, the more it takes at once.
    return max(2 * FEW if light else LONG_WAY, start) if loop and not encrypted else start
