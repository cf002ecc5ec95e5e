"""Tokens: one fetch for all who wait, one replay after a refusal, and no login that hangs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from imageapis.core.login import FixedToken, Login, Secret, Token
from imageapis.errors import LoginError, NotAuthenticated
from tests.unit.toy import Answer, AsyncToy, Toy, ToyServer, ToyTokens

if TYPE_CHECKING:
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


def _login(server: ToyServer, gate: Gate) -> Login:
    return Login(endpoint=server.url, auth=ToyTokens(server.url, clock=lambda: gate.now))


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
    with StrictServer(gate) as server, Toy(_login(server, gate)) as toy:
        start = threading.Barrier(50)
        answers: list[Any] = []

        def work() -> None:
            start.wait(10)
            answers.append(toy.get())

        threads = [threading.Thread(target=work) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert answers == [{"ok": True}] * 50
    assert gate.logins == 1


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
            with Toy(shared, timeout=10) as blocking:
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
    auth._token = Token("planted", details={"secret": "planted"})
    login = Login(endpoint="http://x", auth=auth, proxy="http://u:planted@p", headers={"X": "planted"})
    assert "planted" not in f"{login!r} {auth!r} {auth._token!r} {Secret('planted')!r} {Secret('planted')}"
