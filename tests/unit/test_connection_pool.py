"""Connections are found without a look at all others, and none is lost or left behind."""

from __future__ import annotations

import asyncio
import functools
import socket
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from imageapis.core import pool_base
from imageapis.core.connection_pool import use_own_pools
from imageapis.core.fast_path import serialize
from imageapis.core.login import Login
from imageapis.core.settings import http_settings, open_http
from tests.unit.raw_server import RawServer, whole
from tests.unit.test_call_cost import function_calls
from tests.unit.toy import Toy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Face

SETTINGS = http_settings(Login(endpoint="http://127.0.0.1"), 30.0, None)


class Wire:
    """An httpx client of one face as ours opens it, and a server whose connections have numbers."""

    def __init__(self, face: Face, server: RawServer) -> None:
        self._face = face
        self._server = server
        self._client: Any = face.run(open_http, httpx.Client if face.blocking else httpx.AsyncClient, SETTINGS)

    @property
    def pool(self) -> Any:
        return self._client._transport._pool

    @property
    def jar(self) -> Any:
        return self._client.cookies.jar

    def begin(self, path: str) -> Any:
        """Send a request and leave its answer open."""
        request = self._client.build_request("GET", self._server.url + path)
        return self._face.run(self._client.send, request, stream=True)

    def end(self, response: Any) -> bytes:
        """Read an answer, which closes it."""
        content: bytes = self._face.run(response.read if self._face.blocking else response.aread)
        return content

    def get(self, path: str) -> bytes:
        return self.end(self.begin(path))

    def send_plain(self, path: str) -> Any:
        """Send a request past httpx, if a connection is open, and return its answer."""
        request = self._client.build_request("GET", self._server.url + path)
        return self._face.run(self.pool.send, request, serialize(request))

    def socket(self, connection: Any) -> Any:
        """Return the socket of a connection that has been used."""
        return self.pool._open[connection].get_extra_info("socket")

    def number(self, path: str) -> int:
        """Return the number of the connection that a request came over."""
        return next(number for number, head in self._server.requests if path.encode() in head)

    def close(self) -> None:
        self._face.run(self._client.close if self._face.blocking else self._client.aclose)

    def server_hangs_up(self) -> None:
        for connection in self._server._connections:
            connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server() -> Iterator[RawServer]:
    with RawServer(lambda _: [whole(b"{}")]) as server:
        yield server


@pytest.fixture
def wire(face: Face, server: RawServer) -> Iterator[Wire]:
    wire = Wire(face, server)
    yield wire
    wire.close()


def test_the_connection_that_was_used_last_is_used_next(wire: Wire) -> None:
    answers = [wire.begin(f"/{name}") for name in ("first", "second", "third")]
    for answer in answers:
        wire.end(answer)
    wire.get("/next")
    assert len({wire.number(path) for path in ("/first", "/second", "/third")}) == 3
    assert wire.number("/next") == wire.number("/third")


def test_a_connection_that_the_server_closed_is_not_used_again(wire: Wire) -> None:
    for answer in [wire.begin("/first"), wire.begin("/second")]:
        wire.end(answer)
    wire.server_hangs_up()
    assert wire.get("/next") == b"{}"
    assert wire.number("/next") not in (wire.number("/first"), wire.number("/second"))


def test_an_answer_that_is_dropped_half_read_takes_its_connection_along(face: Face) -> None:
    with RawServer(lambda _: [whole(b"{}")[:-1]]) as server:
        wire = Wire(face, server)
        answer = wire.begin("/")
        face.run(answer.close if face.blocking else answer.aclose)
        assert not wire.pool._open
        wire.close()


def test_a_request_that_fails_leaves_no_connection_behind(face: Face) -> None:
    with RawServer(lambda _: [b"nonsense\r\n\r\n"]) as server:
        wire = Wire(face, server)
        with pytest.raises(httpx.RemoteProtocolError):
            wire.begin("/")
        assert not wire.pool._open
        wire.close()


def test_a_server_that_is_not_there_leaves_no_connection_behind(face: Face) -> None:
    with RawServer(lambda _: []) as server:
        wire = Wire(face, server)
    with pytest.raises(httpx.ConnectError):
        wire.begin("/")
    assert not wire.pool._open
    wire.close()


def test_idle_connections_that_the_server_closed_are_let_go(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in [wire.begin("/a"), wire.begin("/b"), wire.begin("/c")]:
        wire.end(answer)
    wire.server_hangs_up()
    monkeypatch.setattr(pool_base, "SWEEP", 0.0)
    wire.get("/next")
    assert len(wire.pool._open) == 1


def test_idle_connections_that_the_server_closed_are_let_go_before_a_request_that_needs_no_httpx(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer in [wire.begin("/a"), wire.begin("/b"), wire.begin("/c")]:
        wire.end(answer)
    wire.server_hangs_up()
    monkeypatch.setattr(pool_base, "SWEEP", 0.0)
    held = [wire.socket(connection) for connection in wire.pool._open]
    assert wire.send_plain("/next") is None
    assert not wire.pool._open
    assert [sock.fileno() for sock in held] == [-1, -1, -1]


def test_what_is_more_than_the_bound_goes_through_httpcores_pool(wire: Wire) -> None:
    wire.pool._most = 2
    answers = [wire.begin(f"/{number}") for number in range(4)]
    assert len(wire.pool._open) == 2
    assert len(wire.pool._pool.connections) == 2
    assert [wire.end(answer) for answer in answers] == [b"{}"] * 4


def test_who_takes_httpcores_place_at_its_pool_sees_every_request(
    face: Face, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.get("/before")
    pool = type(wire.pool._pool)
    name = "handle_request" if face.blocking else "handle_async_request"
    taken, seen = getattr(pool, name), []

    @functools.wraps(taken)
    def recorded(self: Any, request: Any) -> Any:
        seen.append(request.url.target)
        return taken(self, request)

    monkeypatch.setattr(pool, name, recorded)
    wire.get("/after")
    assert seen == [b"/after"]


def test_closing_the_client_closes_connections_in_use_too(face: Face) -> None:
    def half(_: bytes) -> Iterator[bytes]:
        yield whole(b"{}")[:-1]
        slow.over.wait(60)

    with RawServer(half) as slow:
        wire = Wire(face, slow)
        answer = wire.begin("/")
        wire.close()
        with pytest.raises(httpx.ReadError):
            wire.end(answer)
    assert not wire.pool._open


def test_an_answer_whose_connection_was_closed_meanwhile_is_a_failed_read(wire: Wire) -> None:
    request = httpcore.Request("GET", "http://a/", extensions={pool_base.SENT: object()})
    with pytest.raises(httpcore.ReadError, match="closed meanwhile"):
        wire.pool.acquire_sent(request)


#: The least of so many is looked at: a wait for the answer, a tenth of the calls, hangs on who has the processor.
TIMES = 15


def _calls_of_a_request(url: str, many: int) -> int:
    with open_http(httpx.Client, SETTINGS) as client:
        for answer in [client.send(client.build_request("GET", url), stream=True) for _ in range(many)]:
            answer.read()
        return min(function_calls(lambda: client.get(url)) for _ in range(TIMES))


def _calls_of_an_async_request(url: str, many: int) -> int:
    loop = asyncio.new_event_loop()
    client = open_http(httpx.AsyncClient, SETTINGS)

    async def open_many() -> None:
        for answer in [await client.send(client.build_request("GET", url), stream=True) for _ in range(many)]:
            await answer.aread()

    try:
        loop.run_until_complete(open_many())
        return min(function_calls(lambda: loop.run_until_complete(client.get(url))) for _ in range(TIMES))
    finally:
        loop.run_until_complete(client.aclose())
        loop.close()


@pytest.mark.parametrize("calls", [_calls_of_a_request, _calls_of_an_async_request], ids=["blocking", "async"])
def test_a_request_costs_the_same_however_many_connections_are_open(calls: Any, server: RawServer) -> None:
    assert calls(server.url, 30) <= 1.2 * calls(server.url, 1)


def test_a_cookie_that_an_answer_sets_is_sent_back(face: Face) -> None:
    with RawServer(lambda _: [whole(b"{}", "Set-Cookie: crumb=1")]) as server:
        wire = Wire(face, server)
        wire.get("/first")
        wire.get("/second")
        wire.close()
    assert [b"crumb=1" in head for _, head in server.requests] == [False, True]


def test_answers_that_set_no_cookie_do_not_trouble_the_jar(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(wire.jar, "extract_cookies", lambda *found: asked.append(found))
    wire.get("/")
    assert not asked


def test_a_client_of_the_callers_own_keeps_its_pool() -> None:
    with httpx.Client() as mine:
        before = mine._transport._pool  # type: ignore[attr-defined]
        Toy(Login(endpoint="http://127.0.0.1:9"), http_client=mine)
        assert mine._transport._pool is before  # type: ignore[attr-defined]


def test_a_transport_of_another_kind_is_left_as_it_is() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(204))
    with httpx.Client(transport=transport) as client:
        use_own_pools(client, 2)
        assert client.get("http://127.0.0.1/").status_code == 204
