"""A network path, a server and a client's processor as a discrete simulation: how long do so many requests take?

Requests wait for a round trip, share the path's bytes a second, and share one processor, which gets slower the more of
them crowd it. A server may refuse what is too much.
"""

from __future__ import annotations

import random
from collections import deque
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from imageapis.core.concurrency import Limit

INFINITE = float("inf")
MIB = 1 << 20
#: Seconds that others leave the same part of the processor to this client, from and to.
SPELL = (0.02, 0.2)


@attrs.frozen(kw_only=True)
class Path:
    """What lies between a client and what it sends.

    Attributes:
        round_trip: Seconds.
        connection: Bytes a second that one connection carries.
        line: Bytes a second that all of them carry.
        request_work: Seconds of the client's processor for a request.
        byte_work: Seconds of it for a byte.
        crowding: By how much each further request under way slows the work: a pool of connections looks at all of them.
        speed: The part of a processor that the machine leaves to this client.
        unrest: By which part of that it may be less for a while, when others want the processor.
        capacity: Requests at a time above which the server refuses.
        pause: Seconds that it then asks to wait.
        jitter: How much round trips vary, as a part of them.
        until: When the path becomes `later`.
        later: The path after that.
    """

    round_trip: float = 0.0001
    connection: float = INFINITE
    line: float = 2000 * MIB
    request_work: float = 0.0004
    byte_work: float = 0.0
    crowding: float = 0.05
    speed: float = 1.0
    unrest: float = 0.0
    capacity: int | None = None
    pause: float = 0.2
    jitter: float = 0.1
    until: float = INFINITE
    later: Path | None = None


class _Request:
    __slots__ = ("left", "phase", "size", "work")

    def __init__(self, size: int) -> None:
        self.size = size
        self.phase = "work"
        self.left = 0.0


class Simulation:
    """One transfer over one path.

    Args:
        path: The path.
        sizes: Bytes of each request.
        seed: Of the jitter.
    """

    def __init__(self, path: Path, sizes: Iterable[int], seed: int = 0) -> None:
        self.clock = 0.0
        self._path = path
        self._todo = deque(sizes)
        self._random = random.Random(seed)
        self.refused = 0
        self._left_to_us, self._until = 1.0, 0.0

    def now(self) -> float:
        """Return the simulated seconds."""
        return self.clock

    def run(self, limit: Limit) -> float:
        """Send everything, as many at a time as the limit says, and return the seconds that it took."""
        running: list[_Request] = []
        while self._todo or running:
            while self._todo and len(running) < limit.current:
                running.append(self._begin(self._todo.popleft()))
            if self._path.unrest and self.clock >= self._until:
                self._left_to_us = 1 - self._path.unrest * self._random.random()
                self._until = self.clock + self._random.uniform(*SPELL)
            step, first = self._next(running)
            if self.clock < self._path.until < self.clock + step and self._path.later is not None:
                self._advance(running, self._path.until - self.clock)
                self.clock, self._path = self._path.until, self._path.later
                continue
            self._advance(running, step)
            self.clock += step
            self._end_phase(first, running, limit)
        return self.clock

    def _begin(self, size: int) -> _Request:
        request = _Request(size)
        request.left = self._path.request_work + size * self._path.byte_work
        return request

    def _rates(self, running: list[_Request]) -> dict[str, float]:
        path = self._path
        working = sum(request.phase == "work" for request in running)
        sending = sum(request.phase == "bytes" for request in running)
        crowd = 1 + path.crowding * (len(running) - 1)
        return {
            "work": path.speed * self._left_to_us / (crowd * working) if working else 0.0,
            "bytes": min(path.connection, path.line / sending) if sending else 0.0,
            "wait": 1.0,
            "pause": 1.0,
        }

    def _next(self, running: list[_Request]) -> tuple[float, _Request]:
        rates = self._rates(running)
        return min(((request.left / rates[request.phase], request) for request in running), key=lambda it: it[0])

    def _advance(self, running: list[_Request], step: float) -> None:
        rates = self._rates(running)
        for request in running:
            request.left -= step * rates[request.phase]

    def _end_phase(self, request: _Request, running: list[_Request], limit: Limit) -> None:
        path = self._path
        if request.phase == "work":
            busy = sum(other.phase in ("bytes", "wait") for other in running)
            if path.capacity is not None and busy >= path.capacity:
                self.refused += 1
                limit.throttled()
                request.phase, request.left = "pause", path.round_trip + path.pause
            else:
                request.phase, request.left = "bytes", float(request.size)
        elif request.phase == "bytes":
            delay = path.round_trip * (1 + path.jitter * self._random.uniform(-1, 1))
            request.phase, request.left = "wait", delay
        elif request.phase == "pause":
            request.phase, request.left = "work", path.request_work
        else:
            running.remove(request)
            limit.finished(request.size)
