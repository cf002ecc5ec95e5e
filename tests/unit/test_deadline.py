"""A call's deadline ends all that it waits for, however steadily something comes in. Each server here never ends."""

from __future__ import annotations

import asyncio
import ssl
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from imageapis.core import deadline
from imageapis.core.deadline import PROGRESS, Deadline
from imageapis.core.login import Login
from imageapis.core.network import _AsyncStream, _Stream
from imageapis.core.response_body import BLOCK
from imageapis.core.tokens import Token, TokenAuth
from imageapis.errors import TimedOut
from tests.conftest import FakeClock
from tests.unit.raw_server import RawServer, whole
from tests.unit.toy import AsyncToy, Toy, ToyServer, ToyTokens, login

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imageapis.core.io import Io
    from tests.conftest import Face

#: Seconds that calls have. Time-outs of single reads are far longer, and servers pause far shorter.
SHORT = 0.4
#: How often a server sends something before it gives up: it takes far longer than the deadline.
OFTEN = 600


class _Dripping(RawServer):
    """Sends a beginning at once and then a piece again and again, with a pause before each."""

    def __init__(self, beginning: bytes, piece: bytes, end: bytes = b"") -> None:
        def answer(request: bytes) -> Iterator[bytes]:
            yield beginning
            for _ in range(OFTEN):
                if self.over.wait(0.02):
                    return
                yield piece
            yield end

        super().__init__(answer)


def _dripping(what: str) -> _Dripping:
    good = whole(b"{}")
    match what:
        case "head":
            return _Dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", b"\r\nContent-Length: 2\r\n\r\n{}")
        case "interim":
            return _Dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 50, good)
        case "body":
            return _Dripping(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n{}" % (OFTEN + 2), b" ")
        case "chunks":
            return _Dripping(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", b"1\r\n \r\n", b"0\r\n\r\n"
            )
        case "refusal":
            return _Dripping(b"HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n{}" % (OFTEN + 2), b" ")
    raise ValueError(what)


DRIPS = ["head", "interim", "body", "chunks", "refusal"]


@pytest.mark.parametrize("what", DRIPS)
def test_an_answer_that_comes_in_drops_does_not_outlive_the_deadline(face: Face, what: str) -> None:
    with _dripping(what) as server:
        toy = face.open(Toy, AsyncToy, server.login, deadline=SHORT)
        with pytest.raises(TimedOut, match=f"{SHORT:g} s"):
            toy.get()


@pytest.mark.parametrize("what", DRIPS)
def test_a_login_that_comes_in_drops_does_not_outlive_the_deadline_of_the_call(face: Face, what: str) -> None:
    with _dripping(what) as server, ToyServer() as service:
        slow = Login(endpoint=service.url, auth=ToyTokens(server.login.endpoint))
        toy = face.open(Toy, AsyncToy, slow, deadline=SHORT)
        with pytest.raises(TimedOut):
            toy.get()
        assert service.seen == []


@pytest.mark.parametrize("what", DRIPS)
def test_a_streamed_answer_that_comes_in_drops_does_not_outlive_the_deadline(face: Face, what: str) -> None:
    with _dripping(what) as server:
        client = face.open(Toy, AsyncToy, server.login, deadline=SHORT)
        with pytest.raises(TimedOut):
            client.blocks()


def test_a_streamed_answer_is_handed_on_block_by_block(face: Face) -> None:
    content = bytes(range(256)) * 4000
    with RawServer(lambda _: [whole(content)]) as server:
        assert face.open(Toy, AsyncToy, server.login).blocks() == [BLOCK] * 3 + [len(content) - 3 * BLOCK]


class _Stuck(TokenAuth):
    """Logs in as slowly as a test likes: the leader stands still until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        self.begun.set()
        self.go_on.wait(60)
        return Token("not-a-secret")


@pytest.mark.parametrize("told", ["by the settings", "by logging in"])
def test_nobody_waits_for_anothers_login_longer_than_the_deadline(face: Face, told: str) -> None:
    auth = _Stuck()
    with ToyServer() as server:

        async def address(io: Io) -> str:
            await auth.token(io)
            return server.url

        endpoint = server.url if told == "by the settings" else ""
        both = Login(endpoint=endpoint, auth=auth, address=address)
        with Toy(both) as leader:
            thread = threading.Thread(target=leader.get)
            thread.start()
            assert auth.begun.wait(60)
            toy = face.open(Toy, AsyncToy, both, deadline=SHORT)
            try:
                with pytest.raises(TimedOut) as caught:
                    toy.get()
            finally:
                auth.go_on.set()
                thread.join(60)
    assert caught.value.sent is False


def test_no_end_means_no_end(face: Face) -> None:
    with ToyServer() as server:
        toy = face.open(Toy, AsyncToy, login(server), deadline=float("inf"))
        assert toy.get() == {}


def test_retries_do_not_wait_beyond_the_deadline(face: Face, clock: FakeClock) -> None:
    with RawServer(lambda _: [whole(b"", "Retry-After: 40", status="429 Slow")]) as server:
        toy = face.open(Toy, AsyncToy, server.login, clock=clock, deadline=100, retries=9)
        with pytest.raises(TimedOut):
            toy.get()
    assert clock.slept == [40, 40, pytest.approx(20, abs=5)]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The machine's clock, standing still."""
    made = SimpleNamespace(now=0.0)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


def test_a_large_body_has_the_deadline_for_each_mebibyte(machine: Any) -> None:
    outer = Deadline(FakeClock(), 300)
    end = Deadline(FakeClock(), 100, outer)
    for _ in range(10):
        machine.now += 90
        end.moved(PROGRESS // 2)
        end.moved(PROGRESS // 2)
        assert end.left() == 100
        assert end.left_for_retries() > 0


def test_a_trickle_does_not_put_the_deadline_off(machine: Any) -> None:
    end = Deadline(FakeClock(), 100)
    for _ in range(10):
        machine.now += 11
        end.moved(1000)
    assert end.left() < 0


def test_a_call_within_another_has_no_more_time_than_that(machine: Any) -> None:
    outer = Deadline(FakeClock(), 10)
    assert Deadline(FakeClock(), 100, outer).left() == 10


def test_a_connection_whose_deadline_passes_before_its_tls_is_closed(machine: Any) -> None:
    inner = httpcore.MockStream([])
    passed = Deadline(FakeClock(), 1)
    machine.now += 2
    before = deadline.current.set(passed)
    try:
        with pytest.raises(httpcore.ConnectTimeout):
            _Stream(inner).start_tls(ssl.create_default_context())
    finally:
        deadline.current.reset(before)
    with pytest.raises(httpcore.ReadError, match="closed"):
        inner.read(1)


def test_an_async_connection_whose_deadline_passes_before_its_tls_is_closed(machine: Any) -> None:
    inner = httpcore.AsyncMockStream([])
    passed = Deadline(FakeClock(), 1)
    machine.now += 2

    async def main() -> None:
        deadline.current.set(passed)
        with pytest.raises(httpcore.ConnectTimeout):
            await _AsyncStream(inner).start_tls(ssl.create_default_context())
        with pytest.raises(httpcore.ReadError, match="closed"):
            await inner.read(1)

    asyncio.run(main())


@pytest.mark.parametrize(("named", "comes_to"), [(None, 900), (30, 30), (1000, 1000)])
def test_what_an_operation_needs_by_itself_puts_off_no_deadline_that_was_named(
    face: Face, named: float | None, comes_to: float
) -> None:
    with ToyServer() as server:
        client = face.open(Toy, AsyncToy, login(server), deadline=named).client
        request = httpx.Request("GET", server.url)
        client._wait_longer(request, 900)
        assert client._io.deadline_of(request).seconds == comes_to
