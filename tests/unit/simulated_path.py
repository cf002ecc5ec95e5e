"""A network path, a server and a client's processor as a discrete simulation: how long do so many requests take?

Requests wait for a round trip, share the path's bytes a second, and share one processor, which gets slower the more of
them crowd it. A server may serve only so many at a time, get slower, or refuse what is too much. Jobs keep and give up
their places as those of `Io.gather` do.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from typing import TYPE_CHECKING

import attrs

from imageapis.core.concurrency import FEW

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
        slow: How many of the connections carry only a tenth of that.
        request_work: Seconds of the client's processor for a request.
        byte_work: Seconds of it for a byte.
        set_up: Round trips that a new connection takes before its first request.
        set_up_work: Seconds of the client's processor for a new connection.
        crowding: By how much each further request under way slows the work: a pool of connections looks at all of them.
        speed: The part of a processor that the machine leaves to this client.
        unrest: By which part of that it may be less for a while, when others want the processor.
        service: Seconds that the server needs for a request.
        servers: How many requests it serves at a time; the others queue.
        strain: By how much each further request that it has slows it.
        capacity: Requests at a time above which the server refuses.
        rate: Requests a second above which it refuses.
        faults: The part of the requests that it refuses whatever it is.
        late: Whether it refuses only when it has the whole request.
        pause: Seconds that it then asks to wait; none for a client that has to choose them.
        jitter: How much round trips vary, as a part of them.
        until: When the path becomes `later`.
        later: The path after that.
    """

    round_trip: float = 0.0001
    connection: float = INFINITE
    line: float = 2000 * MIB
    slow: int = 0
    request_work: float = 0.0004
    byte_work: float = 0.0
    set_up: float = 0.0
    set_up_work: float = 0.0
    crowding: float = 0.02
    speed: float = 1.0
    unrest: float = 0.0
    service: float = 0.0
    servers: int = 1_000
    strain: float = 0.0
    capacity: int | None = None
    rate: float | None = None
    faults: float = 0.0
    late: bool = False
    pause: float | None = 0.2
    jitter: float = 0.1
    until: float = INFINITE
    later: Path | None = None


class _Request:
    __slots__ = ("connection", "epoch", "phase", "refused", "size", "tries")

    def __init__(self, size: int, connection: int) -> None:
        self.size = size
        self.connection = connection
        self.phase = ""
        self.refused = False
        self.tries = 0
        self.epoch = 0


class _Shared:
    """Requests that all advance at one rate, which changes: each ends when the common clock reaches its mark."""

    def __init__(self) -> None:
        self.clock = 0.0
        self.marks: list[tuple[float, int, _Request]] = []

    def add(self, amount: float, number: int, request: _Request) -> None:
        heapq.heappush(self.marks, (self.clock + amount, number, request))


class Simulation:
    """One transfer over one path.

    Args:
        path: The path.
        sizes: Bytes of each request.
        seed: Of the jitter.
    """

    def __init__(self, path: Path, sizes: Iterable[int], seed: int = 0) -> None:
        self.clock = 0.0
        self._busy = 0.0
        self._path = path
        self._todo = deque(sizes)
        self._random = random.Random(seed)
        self.refused = 0
        self.most_tries = 0
        self._left_to_us, self._until = 1.0, 0.0
        self._phases = {name: _Shared() for name in ("work", "bytes", "slow bytes", "wait")}
        self._number = 0
        #: Jobs that hold a place, those that wait out a pause, and those that want their place again.
        self._working = self._aside = 0
        self._returning: deque[_Request] = deque()
        #: Connections that nobody uses, the one used last at the end, and how many were opened.
        self._idle: list[int] = []
        self._opened = 0
        #: Requests that the server has, those of them that queue, and what it would take more now.
        self._held = self._serving = 0
        self._queue: deque[_Request] = deque()
        self._tokens, self._counted = 1.0, 0.0

    def now(self) -> float:
        """Return the simulated seconds."""
        return self.clock

    def busy(self) -> float:
        """Return the seconds in which the client's processor has had something to do."""
        return self._busy

    def run(self, limit: Limit) -> float:
        """Send everything, as many at a time as the limit says, and return the seconds that it took."""
        self._hire(limit)
        while True:
            path = self._path
            if path.unrest and self.clock >= self._until:
                self._left_to_us = 1 - path.unrest * self._random.random()
                self._until = self.clock + self._random.uniform(*SPELL)
            rates = self._rates()
            step, first = min(
                ((phase.marks[0][0] - phase.clock) / rates[name], name)
                for name, phase in self._phases.items()
                if phase.marks
            )
            step = max(step, 0.0)
            changes = path.later is not None and self.clock + step > path.until
            if changes:
                step = max(path.until - self.clock, 0.0)
            for name, phase in self._phases.items():
                phase.clock += step * rates[name]
            self.clock += step
            self._busy += step if self._phases["work"].marks else 0.0
            if changes:
                assert path.later is not None
                self._path = path.later
                continue
            _, _, request = heapq.heappop(self._phases[first].marks)
            self._next_phase(request, limit)
            if not (self._todo or self._working or self._aside):
                return self.clock

    def _hire(self, limit: Limit) -> None:
        self._let_return(limit)
        while self._todo and self._working < limit.current and self._working + self._aside < limit.most:
            self._working += 1
            self._begin(self._todo.popleft())

    def _let_return(self, limit: Limit) -> None:
        while self._returning and self._working < limit.current:
            self._working += 1
            self._send(self._returning.popleft())

    def _begin(self, size: int) -> None:
        path = self._path
        if self._idle:
            self._send(_Request(size, self._idle.pop()))
            return
        self._opened += 1
        request = _Request(size, self._opened)
        request.phase = "set up"
        self._add("wait", path.set_up * path.round_trip, request)

    def _send(self, request: _Request, more: float = 0.0) -> None:
        request.phase = "work"
        self._add("work", more + self._path.request_work + request.size * self._path.byte_work, request)

    def _add(self, phase: str, amount: float, request: _Request) -> None:
        self._number += 1
        self._phases[phase].add(amount, self._number, request)

    def _rates(self) -> dict[str, float]:
        path = self._path
        working = len(self._phases["work"].marks)
        fast, slow = len(self._phases["bytes"].marks), len(self._phases["slow bytes"].marks)
        crowd = 1 + path.crowding * max(0, self._working - 1)
        slow_rate = min(path.connection / 10, path.line / (fast + slow)) if slow else 1.0
        return {
            "work": path.speed * self._left_to_us / (crowd * working) if working else 1.0,
            "bytes": min(path.connection, (path.line - slow * slow_rate) / fast) if fast else 1.0,
            "slow bytes": slow_rate,
            "wait": 1.0,
        }

    def _takes_one_more(self) -> bool:
        path = self._path
        if path.faults and self._random.random() < path.faults:
            return False
        if path.rate is not None:
            self._tokens = min(max(1.0, path.rate / 10), self._tokens + (self.clock - self._counted) * path.rate)
            self._counted = self.clock
            if self._tokens < 1:
                return False
            self._tokens -= 1
        return path.capacity is None or self._held < path.capacity

    def _next_phase(self, request: _Request, limit: Limit) -> None:
        path = self._path
        if request.phase == "set up":
            self._send(request, path.set_up_work)
        elif request.phase == "work":
            request.epoch = limit.epoch
            request.refused = not self._takes_one_more()
            if request.refused:
                self.refused += 1
                request.tries += 1
                self.most_tries = max(self.most_tries, request.tries)
            else:
                self._held += 1
            if request.refused and not path.late:
                self._trip("answer", request)
            else:
                request.phase = "bytes"
                slow = request.connection <= path.slow
                self._add("slow bytes" if slow else "bytes", float(request.size) or 1.0, request)
        elif request.phase == "bytes":
            if request.refused or not path.service:
                self._trip("answer", request)
            else:
                self._queue.append(request)
                self._serve()
        elif request.phase == "served":
            self._serving -= 1
            self._trip("answer", request)
            self._serve()
        elif request.phase == "pause":
            self._aside -= 1
            self._returning.append(request)
            self._hire(limit)
        elif request.refused:
            limit.throttled(request.epoch)
            self._working -= 1
            self._aside += 1
            request.phase = "pause"
            own = 0.25 * 2 ** min(request.tries - 1, 10) * self._random.uniform(0.5, 1.0)
            self._add("wait", min(own, 30.0) if path.pause is None else path.pause, request)
            self._hire(limit) if self._aside <= FEW else self._let_return(limit)
        else:
            self._held -= 1
            self._working -= 1
            self._idle.append(request.connection)
            limit.finished(request.size)
            self._hire(limit)

    def _serve(self) -> None:
        path = self._path
        while self._queue and self._serving < path.servers:
            self._serving += 1
            request = self._queue.popleft()
            request.phase = "served"
            spread = 1 + path.jitter * self._random.uniform(-1, 1)
            self._add("wait", path.service * (1 + path.strain * (self._held - 1)) * spread, request)

    def _trip(self, phase: str, request: _Request) -> None:
        path = self._path
        request.phase = phase
        self._add("wait", path.round_trip * (1 + path.jitter * self._random.uniform(-1, 1)), request)
