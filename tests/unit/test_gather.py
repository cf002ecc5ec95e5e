"""`Io.gather` and its limit: how many jobs run at a time, while that number changes under them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from anyio import to_thread

from imageapis.core.concurrency import MOST, FixedLimit
from imageapis.core.login import Login
from tests.conftest import FakeClock
from tests.unit.toy import AsyncToy, Toy

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from imageapis.core.concurrency import Limit
    from tests.conftest import Face

#: Seconds after which a test gives up; it takes none of them when it passes.
AT_MOST = 20


class Told:
    """A limit that does what a test says, and keeps what it hears."""

    def __init__(self, current: int) -> None:
        self.current = current
        self.most = MOST
        self.epoch = 0
        self.epochs: list[int] = []

    def begins(self) -> None:
        pass

    def finished(self, size: int) -> None:
        pass

    def throttled(self, epoch: int) -> None:
        self.epochs.append(epoch)


def _client(face: Face, *statuses: int) -> Any:
    script = list(statuses)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(script.pop(0) if script else 200, json={})

    kind = httpx.Client if face.blocking else httpx.AsyncClient
    http = kind(transport=httpx.MockTransport(answer))
    return face.open(Toy, AsyncToy, Login(endpoint="http://toy"), http_client=http, clock=FakeClock()).client


def _gather(face: Face, client: Any, jobs: Iterator[Coroutine[Any, Any, None]], limit: Limit) -> None:
    async def work() -> None:
        await client._io.gather(jobs, limit)

    if face.blocking:
        from imageapis.core.faces import run_blocking

        run_blocking(work())
    else:
        face.run(work)


class Crowd:
    """Counts how many jobs run at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self.seen: list[int] = []

    def __enter__(self) -> None:
        with self._lock:
            self._now += 1
            self.seen.append(self._now)

    def __exit__(self, *failure: object) -> None:
        with self._lock:
            self._now -= 1


def test_a_limit_that_rises_gets_more_jobs_going_at_once(face: Face) -> None:
    client = _client(face)
    limit = Told(1)
    together = threading.Barrier(3)

    async def first() -> None:
        limit.current = 3

    async def met() -> None:
        # Never passed by less than three at a time.
        await client._io.run(together.wait, AT_MOST)

    _gather(face, client, iter([first(), met(), met(), met()]), limit)
    assert not together.broken


def test_a_limit_that_falls_is_kept_by_the_jobs_after_that(face: Face) -> None:
    client = _client(face)
    limit = Told(3)
    together = threading.Barrier(3)
    crowd = Crowd()

    async def met() -> None:
        await client._io.run(together.wait, AT_MOST)
        limit.current = 1

    async def alone() -> None:
        with crowd:
            await client._io.run(str)

    _gather(face, client, iter([met(), met(), met(), *(alone() for _ in range(20))]), limit)
    assert crowd.seen == [1] * 20


def test_the_limit_hears_when_the_server_asks_for_less(face: Face) -> None:
    client = _client(face, 429, 503, 200, 500)
    limit = Told(1)

    async def ask() -> None:
        request = client._http.build_request("GET", "http://toy/thing")
        assert (await client._io.send(request)).status_code == 200

    _gather(face, client, iter([ask()]), limit)
    assert len(limit.epochs) == 2


def test_all_jobs_run_however_the_limit_moves(face: Face) -> None:
    client = _client(face)
    limit = Told(1)
    done: list[int] = []

    async def job(number: int) -> None:
        limit.current = 1 + number * 7 % 5
        done.append(number)

    _gather(face, client, (job(number) for number in range(500)), limit)
    assert sorted(done) == list(range(500))


def test_a_failure_keeps_the_cause_that_it_came_with(face: Face) -> None:
    async def failing() -> None:
        raise KeyError("what failed") from ValueError("why")

    with pytest.raises(KeyError) as caught:
        _gather(face, _client(face), iter([failing()]), Told(2))
    assert isinstance(caught.value.__cause__, ValueError)


class Waits(FakeClock):
    """A clock on which a sleep lasts until a test ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()
        self.ended = threading.Event()

    def sleep(self, seconds: float) -> None:
        assert self.over.wait(AT_MOST)
        self.ended.set()

    async def asleep(self, seconds: float) -> None:
        await to_thread.run_sync(self.sleep, seconds)


def test_a_job_that_waits_leaves_its_place_to_another(face: Face) -> None:
    client = _client(face)
    clock = Waits()
    client._io.use_clock(clock)
    together = threading.Barrier(2)

    async def waits() -> None:
        await client._io.sleep(1.0)

    async def met() -> None:
        # Never passed while the one that waits keeps one of the two places.
        await client._io.run(together.wait, AT_MOST)
        clock.over.set()

    _gather(face, client, iter([waits(), met(), met()]), Told(2))
    assert not together.broken


def test_a_job_that_has_waited_takes_up_a_place_that_is_free(face: Face) -> None:
    client = _client(face)
    clock = Waits()
    client._io.use_clock(clock)
    crowd = Crowd()
    together = threading.Barrier(2)

    async def waits() -> None:
        await client._io.sleep(1.0)
        with crowd:
            await client._io.run(str)

    async def met() -> None:
        with crowd:
            await client._io.run(together.wait, AT_MOST)
            clock.over.set()
            await client._io.run(clock.ended.wait, AT_MOST)
            for _ in range(50):  # time enough for the other one to come back, if it did not wait
                await client._io.run(str)

    _gather(face, client, iter([waits(), met(), met()]), Told(2))
    assert len(crowd.seen) == 3
    assert max(crowd.seen) == 2


def test_a_job_that_waits_keeps_its_place_where_the_caller_fixed_the_number(face: Face) -> None:
    client = _client(face)
    clock = Waits()
    client._io.use_clock(clock)
    crowd = Crowd()
    left = iter(range(20))

    async def waits() -> None:
        await client._io.sleep(1.0)

    async def alone() -> None:
        with crowd:
            await client._io.run(str)
        if next(left) == 19:
            clock.over.set()

    _gather(face, client, iter([waits(), *(alone() for _ in range(20))]), FixedLimit(2))
    assert crowd.seen == [1] * 20


def test_a_job_that_waits_when_another_fails_ends_as_well(face: Face) -> None:
    client = _client(face)
    clock = Waits()
    client._io.use_clock(clock)
    limit = Told(2)
    ended: list[str] = []

    async def waits() -> None:
        try:
            await client._io.sleep(1.0)
        finally:
            ended.append("waited")

    async def fails() -> None:
        # No place is left to come back to.
        limit.current = 0
        clock.over.set()
        await client._io.run(clock.ended.wait, AT_MOST)
        raise LookupError

    with pytest.raises(LookupError):
        _gather(face, client, iter([waits(), fails()]), limit)
    assert ended == ["waited"]


def test_a_request_is_refused_in_the_epoch_in_which_it_was_sent(face: Face) -> None:
    client = _client(face, 503)
    limit = Told(1)
    limit.epoch = 7

    async def ask() -> None:
        request = client._http.build_request("PUT", "http://toy/thing")
        await client._io.send(request)

    _gather(face, client, iter([ask()]), limit)
    assert limit.epochs == [7]
