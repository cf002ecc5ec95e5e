"""Tokens: one fetch for all who wait, one replay after a refusal, and no login that hangs."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from imageapis.core.login import Login
from imageapis.core.secrets import Secret
from imageapis.core.tokens import FixedToken, Token, lifetime
from imageapis.errors import LoginError, NotAuthenticated, TimedOut
from tests.unit.toy import Answer, AsyncToy, Toy, ToyServer, ToyTokens

if TYPE_CHECKING:
    from imageapis.core.io import Io
    from tests.conftest import Face


class Gate:
    """A server whose login gives numbered tokens and whose things want the latest one."""

    def __init__(self, life: float | None = None) -> None:
        self.logins = 0
        self.broken = 0
        self.refuse_all = False
        self.life = life
        self.now = 1000.0

    def __call__(self, method: str, path: str, body: bytes) -> Answer:
        if path == "/token":
            if self.broken:
                self.broken -= 1
                return Answer(400, {"code": "NO"})
            self.logins += 1
            expires = None if self.life is None else self.now + self.life
            return Answer(200, {"token": f"t{self.logins}", "expires": expires})
        return Answer(200, {"ok": True})


class StrictServer(ToyServer):
    """Wants the latest token of its gate."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(answer=self._judge)
        self.gate = gate

    def _judge(self, method: str, path: str, body: bytes) -> Answer:
        shown = self.seen[-1].headers.get("authorization")
        if path != "/token" and (self.gate.refuse_all or shown != f"Bearer t{self.gate.logins}"):
            return Answer(401, {"code": "WHO"})
        return self.gate(method, path, body)


#: Seconds after which those who wait would log in themselves: more than a test waits for what they are to be told.
LONG = 60.0


def _login(server: ToyServer, gate: Gate) -> Login:
    return Login(endpoint=server.url, auth=ToyTokens(server.url, clock=lambda: gate.now, patience=LONG))


def test_a_token_is_fetched_with_the_first_call_and_kept(face: Face) -> None:
    gate = Gate()
    with StrictServer(gate) as server:
        toy = face.open(Toy, AsyncToy, _login(server, gate))
        assert gate.logins == 0
        toy.get()
        toy.get()
    assert gate.logins == 1


def test_a_token_is_renewed_before_its_end(face: Face) -> None:
    gate = Gate(life=3600)
    with StrictServer(gate) as server:
        toy = face.open(Toy, AsyncToy, _login(server, gate))
        toy.get()
        gate.now += 3600 - 61
        toy.get()
        assert gate.logins == 1
        gate.now += 2
        toy.get()
    assert gate.logins == 2


def test_a_short_lived_token_still_serves_more_than_one_call(face: Face) -> None:
    gate = Gate(life=30)
    with StrictServer(gate) as server:
        toy = face.open(Toy, AsyncToy, _login(server, gate))
        toy.get()
        toy.get()
    assert gate.logins == 1


def test_a_refused_token_is_renewed_and_the_call_replayed_once(face: Face) -> None:
    gate = Gate()
    with StrictServer(gate) as server:
        toy = face.open(Toy, AsyncToy, _login(server, gate))
        toy.get()
        gate.logins = 7  # somebody revoked it
        assert toy.get() == {"ok": True}
        assert gate.logins == 8


def test_a_second_refusal_is_raised(face: Face) -> None:
    gate = Gate()
    gate.refuse_all = True
    with StrictServer(gate) as server:
        toy = face.open(Toy, AsyncToy, _login(server, gate))
        with pytest.raises(NotAuthenticated):
            toy.get()
        assert [seen.target for seen in server.seen] == ["/token", "/thing?name=x", "/token", "/thing?name=x"]


def test_a_token_that_is_over_when_it_comes_is_used_until_it_is_refused(face: Face) -> None:
    gate = Gate(life=-7200)  # our clock is two hours ahead of the login service's
    with StrictServer(gate) as server:
        toy = face.open(Toy, AsyncToy, _login(server, gate))
        toy.get()
        toy.get()
        assert gate.logins == 1
        gate.logins = 7  # somebody revoked it
        toy.get()
    assert gate.logins == 8


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (3600, 3600.0),
        ("3599", 3599.0),
        (1.5, 1.5),
        (-5, 0.0),
        (0, 0.0),
        (10**400, 7.0),
        ("1e999", 7.0),
        ("9" * 400, 7.0),
        (1e300, 100 * 365 * 86_400.0),
        (float("nan"), 7.0),
        (True, 7.0),
        (None, 7.0),
        ([3600], 7.0),
        ("soon", 7.0),
    ],
)
def test_a_lifetime_is_a_number_of_seconds_whatever_a_server_says(said: Any, seconds: float) -> None:
    assert lifetime(said, 7.0) == seconds


@pytest.mark.parametrize(
    "value", ["", " \n", "PLANTED\nx", "PLANTED\x00", "PLANTÉD", "P" * 70_000, 5, None, ["PLANTED"]]
)
def test_what_cannot_be_a_header_is_no_token_and_is_not_quoted(value: Any) -> None:
    with pytest.raises(LoginError) as caught:
        Token(value)
    assert "PLANT" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_tokens_repr_shows_neither_its_value_nor_what_came_with_it() -> None:
    shown = repr(Token("not-a-secret", None, {"refresh_token": "nor-is-this"}))
    assert "not-a-secret" not in shown
    assert "nor-is-this" not in shown


def test_white_space_around_a_token_is_not_part_of_it() -> None:
    assert Token(" abc\r\n").value == "abc"


@pytest.mark.parametrize("end", [float("inf"), float("nan")])
def test_an_end_that_is_no_moment_is_unknown(end: float) -> None:
    assert Token("x", end).expires is None


def test_a_token_that_cannot_be_sent_is_not_kept(face: Face) -> None:
    values = ["PLANTED\nX: y", "good"]

    def answer(method: str, path: str, body: bytes) -> Answer:
        return Answer(200, {"token": values.pop(0)} if path == "/token" else {"ok": True})

    with ToyServer(answer=answer) as server:
        toy = face.open(Toy, AsyncToy, Login(endpoint=server.url, auth=ToyTokens(server.url)))
        with pytest.raises(LoginError, match="no header can carry"):
            toy.get()
        assert toy.get() == {"ok": True}


def test_a_failed_fetch_is_raised_each_time_and_the_next_call_tries_anew(face: Face) -> None:
    gate = Gate()
    gate.broken = 2
    with StrictServer(gate) as server:
        toy = face.open(Toy, AsyncToy, _login(server, gate))
        for _ in range(2):
            with pytest.raises(LoginError):
                toy.get()
        assert toy.get() == {"ok": True}


def test_fifty_threads_share_one_login() -> None:
    gate = Gate()
    with StrictServer(gate) as server, Toy(_login(server, gate), deadline=LONG / 2) as toy:
        start = threading.Barrier(50)
        answers: list[Any] = []

        def work() -> None:
            start.wait(10)
            answers.append(toy.get())

        threads = [threading.Thread(target=work, daemon=True) for _ in range(50)]
        for thread in threads:
            thread.start()
        _join(threads)
    assert answers == [{"ok": True}] * 50
    assert gate.logins == 1


def test_each_who_waited_for_a_failed_login_gets_an_error_of_its_own() -> None:
    gate, asked, release = Gate(), threading.Event(), threading.Event()
    gate.broken = 1

    def answer(method: str, path: str, body: bytes) -> Answer:
        asked.set()
        release.wait(10)
        return gate(method, path, body)

    with ToyServer(answer=answer) as server, Toy(_login(server, gate)) as toy:
        auth: Any = toy._login.auth
        errors: list[LoginError] = []

        def work() -> None:
            try:
                toy.get()
            except LoginError as failure:
                errors.append(failure)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(5)]
        threads[0].start()
        asked.wait(10)
        joined = _count_waiters(auth)
        for thread in threads[1:]:
            thread.start()
        joined(4, threads)
        release.set()
        _join(threads)
    assert len({id(error) for error in errors}) == 5
    assert len({str(error) for error in errors}) == 1


def _join(threads: list[threading.Thread]) -> None:
    """Wait for all threads together as long as for one."""
    until = time.monotonic() + 20
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _count_waiters(auth: Any) -> Any:
    """Return what waits until so many callers have joined the flight under way, from threads that live until then."""
    flight = auth._here.get().flight
    arrived = threading.Semaphore(0)
    result = flight.result

    def counted(*args: Any) -> Any:
        arrived.release()
        return result(*args)

    flight.result = counted

    def wait(number: int, threads: list[threading.Thread]) -> None:
        for _ in range(number):
            while not arrived.acquire(timeout=0.1):
                assert all(thread.is_alive() for thread in threads)

    return wait


class Late(ToyTokens):
    """Its first fetch gets no answer."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, **options)
        self.asked = threading.Event()

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        if not self.asked.is_set():
            self.asked.set()
            await io.wait(Future())
        return await super().fetch(io, previous)


def test_a_login_that_had_no_more_time_does_not_fail_those_who_have(face: Face) -> None:
    with ToyServer(answer=Gate()) as server, ThreadPoolExecutor(1) as pool:
        late = Late(server.url, patience=LONG)
        shared = Login(endpoint=server.url, auth=late)
        with Toy(shared, deadline=1.0) as hurried:
            first = pool.submit(hurried.get)
            assert late.asked.wait(10)
            assert face.open(Toy, AsyncToy, shared, deadline=LONG / 2).get() == {"ok": True}
            assert isinstance(first.exception(20), TimedOut)


class Stuck(ToyTokens):
    """Its first fetch stands still, with its thread and its event loop, until it is let go."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, **options)
        self.asked, self.release = threading.Event(), threading.Event()

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        if not self.asked.is_set():
            self.asked.set()
            self.release.wait(30)
        return await super().fetch(io, previous)


@pytest.mark.parametrize("backend", ["blocking", "asyncio", "trio"])
def test_a_login_whose_loop_stands_still_is_not_waited_for_without_end(backend: str) -> None:
    gate = Gate()

    async def call(shared: Login) -> Any:
        async with AsyncToy(shared) as toy:
            return await toy.get()

    with ToyServer(answer=gate) as server, ThreadPoolExecutor(1) as pool:
        stuck = Stuck(server.url, patience=0.05)
        shared = Login(endpoint=server.url, auth=stuck)
        with Toy(shared) as first, Toy(shared) as other:
            began = pool.submit(first.get)
            stuck.asked.wait(10)
            try:
                if backend == "blocking":
                    assert other.get() == {"ok": True}
                else:
                    assert anyio.run(call, shared, backend=backend) == {"ok": True}
            finally:
                stuck.release.set()
            assert began.result(20) == {"ok": True}
    assert gate.logins == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("moment", ["during the login", "after the login"])
def test_a_forked_child_logs_in_for_itself(moment: str) -> None:
    gate = Gate()
    with ToyServer(answer=gate) as server, ThreadPoolExecutor(1) as pool:
        stuck = Stuck(server.url)
        shared = Login(endpoint=server.url, auth=stuck)
        with Toy(shared) as toy:
            first = pool.submit(toy.get)
            stuck.asked.wait(10)
            if moment == "after the login":
                stuck.release.set()
                first.result(20)
            child = os.fork()
            if not child:
                signal.alarm(10)
                with Toy(shared) as own:
                    os._exit(0 if own.get() == {"ok": True} else 1)
            try:
                assert os.waitpid(child, 0)[1] == 0
            finally:
                stuck.release.set()
            first.result(20)
    assert gate.logins == 2


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_fifty_tasks_share_one_login(backend: str) -> None:
    gate = Gate()

    async def main(server: StrictServer) -> list[Any]:
        answers: list[Any] = []
        async with AsyncToy(_login(server, gate)) as toy, anyio.create_task_group() as group:

            async def work() -> None:
                answers.append(await toy.get())

            for _ in range(50):
                group.start_soon(work)
        return answers

    with StrictServer(gate) as server:
        assert anyio.run(main, server, backend=backend) == [{"ok": True}] * 50
    assert gate.logins == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_threads_and_tasks_of_two_clients_share_one_login(backend: str) -> None:
    gate = Gate()

    async def main(shared: Login) -> list[Any]:
        answers: list[Any] = []
        async with AsyncToy(shared) as toy, anyio.create_task_group() as group:

            async def work() -> None:
                answers.append(await toy.get())

            def call() -> None:
                answers.append(blocking.get())

            for _ in range(10):
                group.start_soon(work)
                group.start_soon(anyio.to_thread.run_sync, call)
        return answers

    with StrictServer(gate) as server:
        shared = _login(server, gate)
        with Toy(shared) as blocking:
            assert anyio.run(main, shared, backend=backend) == [{"ok": True}] * 20
    assert gate.logins == 1


def test_a_blocking_call_on_the_loops_own_thread_does_not_wait_for_its_tasks() -> None:
    gate = Gate()

    async def main(shared: Login) -> None:
        async with AsyncToy(shared) as toy, anyio.create_task_group() as group:

            async def leader() -> None:
                await toy.get()

            group.start_soon(leader)
            await anyio.lowlevel.checkpoint()
            with Toy(shared, timeout=60) as blocking:
                blocking.get()

    with ToyServer(answer=gate) as server:
        anyio.run(main, Login(endpoint=server.url, auth=ToyTokens(server.url)))
    assert 1 <= gate.logins <= 2


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_login_leaves_the_next_call_free(backend: str) -> None:
    gate = Gate()
    release = threading.Event()

    def slow_first(method: str, path: str, body: bytes) -> Answer:
        if path == "/token" and gate.logins == 0:
            release.wait(10)
        return gate(method, path, body)

    async def main(server: ToyServer) -> Any:
        async with AsyncToy(Login(endpoint=server.url, auth=ToyTokens(server.url))) as toy:
            with anyio.move_on_after(0.05):
                await toy.get()
            release.set()
            with anyio.fail_after(10):
                return await toy.get()

    with ToyServer(answer=slow_first) as server:
        assert anyio.run(main, server, backend=backend) == {"ok": True}


def test_a_fixed_token_is_not_replayed(face: Face) -> None:
    with ToyServer(Answer(401, {"code": "WHO"})) as server:
        toy = face.open(Toy, AsyncToy, Login(endpoint=server.url, auth=FixedToken("not-a-secret")))
        with pytest.raises(NotAuthenticated):
            toy.get()
    assert len(server.seen) == 1


def test_secrets_do_not_show_in_any_repr() -> None:
    auth = FixedToken("planted")
    token = Token("planted", details={"secret": "planted"})
    login = Login(endpoint="http://x", auth=auth, proxy="http://u:planted@p", headers={"X": "planted"})
    assert "planted" not in f"{login!r} {auth!r} {token!r} {Secret('planted')!r} {Secret('planted')}"
