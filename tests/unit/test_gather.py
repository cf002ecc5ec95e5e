"""`Io.gather` and its limit: how many jobs run at a time, while that number changes under them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.core.login import Login
from tests.conftest import FakeClock
from tests.unit.toy import AsyncToy, Toy

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from tests.conftest import Face

#: Seconds after which a test gives up; it takes none of them when it passes.
AT_MOST = 20


class Told:
    """A limit that does what a test says, and keeps what it hears."""

    def __init__(self, current: int) -> None:
        self.current = current
        self.throttlings = 0

    def begins(self) -> None:
        pass

    def finished(self, size: int) -> None:
        pass

    def throttled(self) -> None:
        self.throttlings += 1


def _client(face: Face, *statuses: int) -> Any:
    script = list(statuses)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(script.pop(0) if script else 200, json={})

    kind = httpx.Client if face.blocking else httpx.AsyncClient
    http = kind(transport=httpx.MockTransport(answer))
    return face.open(Toy, AsyncToy, Login(endpoint="http://toy"), http_client=http, clock=FakeClock()).client


def _gather(face: Face, client: Any, jobs: Iterator[Coroutine[Any, Any, None]], limit: Told) -> None:
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
    assert limit.throttlings == 2


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
