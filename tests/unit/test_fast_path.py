"""Small requests go past httpx over an open connection, and nobody can tell by what comes of it."""

from __future__ import annotations

import functools
import gzip
import logging
import ssl
import threading
from typing import TYPE_CHECKING, Any

import anyio
import httpcore
import httpx
import pytest
import trustme

from imageapis.core import pool_base
from imageapis.core.body import Body, bytes_body
from imageapis.core.fast_path import LARGEST, is_observed, is_unpatched, parse_head, serialize
from imageapis.core.login import Login
from imageapis.errors import ConnectionFailed, ImageApiError, TimedOut
from tests.unit.raw_server import RawServer, whole
from tests.unit.test_call_cost import function_calls
from tests.unit.toy import AsyncToy, Toy, endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.conftest import Face

FIRST, NEXT = endpoint("get", "/first"), endpoint("get", "/next")
PUT = endpoint("put", "/next", content=b"content")

PLAIN = whole(b'{"n": 1}', "Content-Type: application/json")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n"
#: In place of a part: the server closes the connection.
END = b""
#: What a server may send, in the parts that arrive one by one.
ANSWERS: dict[str, list[bytes]] = {
    "plain": [PLAIN],
    "refusal": [whole(b'{"code": "NO"}', status="404 Not Found")],
    "two parts": [PLAIN[:30], PLAIN[30:]],
    "head, then body": [PLAIN[:-8], PLAIN[-8:]],
    "chunked": [CHUNKED],
    "until the end": [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", END],
    "without length": [b"HTTP/1.1 200 OK\r\n\r\n{}", END],
    "too short": [PLAIN[:-1], END],
    "nothing": [END],
    "asked to close": [whole(b"{}", "Connection: close")],
    "HTTP/1.0": [b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"],
    "informational first": [b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + PLAIN],
    "no content": [b"HTTP/1.1 204 No Content\r\n\r\n"],
    "no content, yet some": [b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}"],
    "redirect": [whole(b"", "Location: /elsewhere", status="302 Found")],
    "not modified": [b"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n"],
    "compressed": [whole(gzip.compress(b"[2]"), "Content-Encoding: gzip")],
    "broken compression": [whole(b"nonsense", "Content-Encoding: gzip")],
    "two lengths": [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} "],
    "two headers of one name": [whole(b"{}", "Vary: A", "vary: B")],
    "two words on the connection": [whole(b"{}", "Connection: keep-alive", "Connection: close"), END],
    "two words on the connection, the other way": [whole(b"{}", "Connection: close", "Connection: keep-alive"), END],
    "a length and chunks": [CHUNKED.replace(b"\r\n\r\n3", b"\r\nContent-Length: 13\r\n\r\n3", 1)],
    "length with a sign": [b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}"],
    "folded header": [b"HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\nContent-Length: 2\r\n\r\n{}"],
    "space before the colon": [b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}"],
    "bare line feeds": [b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"],
    "zero byte": [b"HTTP/1.1 200 OK\r\nX: \0\r\nContent-Length: 2\r\n\r\n{}"],
    "no reason": [b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}"],
    "odd status": [whole(b"{}", status="299 Odd")],
    "nonsense": [b"nonsense\r\n\r\n"],
    "no JSON": [whole(b"<html>")],
    "long head": [b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n"],
    "large": [whole(b'"' + b"x" * 200_000 + b'"')],
    "larger": [whole(b'"' + b"x" * LARGEST + b'"')],
    "large, cut off": [whole(b'"' + b"x" * 200_000 + b'"')[:-1], END],
    "drop by drop": [*(bytes([byte]) for byte in whole(b'"' + b"x" * 100 + b'"'))],
    "body drop by drop": [whole(b'"' + b"x" * 100 + b'"')[:-100], *[b"x"] * 99, b'"'],
}


def _server(parts: Iterable[bytes]) -> RawServer:
    """Answer `/first` plainly, which leaves an open connection, and `/next` with the parts."""

    def answer(head: bytes) -> Iterator[bytes]:
        for part in [PLAIN] if b"/first" in head else parts:
            if part == END:
                raise ConnectionResetError
            yield part

    return RawServer(answer)


def _outcome(ask: Callable[[], Any], url: str) -> tuple[type, str]:
    try:
        said = ask()
    except ImageApiError as failure:
        return type(failure), str(failure).replace(url, "")
    return type(said), str(said)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_the_same_over_an_open_connection_as_over_a_new_one(face: Face, name: str) -> None:
    outcomes = []
    for warm in (False, True):
        with _server(ANSWERS[name]) as server:
            client = face.open(Toy, AsyncToy, server.login, retries=0)
            if warm:
                client.ask(FIRST)
            outcomes.append(_outcome(functools.partial(client.ask, NEXT), server.url))
            client.close()
            sent = [number for number, head in server.requests if b"/next" in head]
        assert sent == [1]
    assert outcomes[0] == outcomes[1]


def test_a_request_is_written_as_httpx_writes_it(face: Face) -> None:
    with _server([PLAIN]) as server:
        client = face.open(Toy, AsyncToy, server.login)
        client.ask(PUT)
        client.ask(PUT)
        client.close()
    first, second = (head for _, head in server.requests)
    assert first == second


def test_over_an_open_connection_a_small_request_takes_half_of_httpxs_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    with _server([PLAIN]) as server, Toy(server.login) as client:
        client.ask(FIRST)
        directly = function_calls(lambda: client.ask(PUT))
        monkeypatch.setattr("imageapis.core.transport.fast_path", lambda *_: None)
        assert directly <= function_calls(lambda: client.ask(PUT)) / 2


def test_a_page_of_several_reads_is_not_given_to_httpx_either(monkeypatch: pytest.MonkeyPatch) -> None:
    with _server(ANSWERS["large"]) as server, Toy(server.login) as client:
        client.ask(FIRST)
        monkeypatch.setattr(httpx.Client, "_transport_for_url", _only_once(httpx.Client._transport_for_url))
        assert len(client.ask(NEXT)) == 200_000


def test_an_answer_with_two_headers_of_one_name_is_not_given_to_httpx_either(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _server([whole(b'{"n": 1}', "Vary: OpenStack-API-Version", "Vary: X-OpenStack-Nova-API-Version")]) as server:
        assert _past_httpx(face, monkeypatch, server.login, NEXT) == {"n": 1}


def test_a_request_before_which_connections_are_looked_through_is_not_given_to_httpx_either(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_base, "SWEEP", 0.0)
    with _server([PLAIN]) as server:
        assert _past_httpx(face, monkeypatch, server.login, NEXT) == {"n": 1}


def test_over_tls_a_small_request_goes_past_httpx_too(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, secured, trusting = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(secured)
    authority.configure_trust(trusting)
    with RawServer(lambda _: [PLAIN], secured) as server:
        login = Login(endpoint=server.url, verify=lambda: trusting)
        assert _past_httpx(face, monkeypatch, login, PUT) == {"n": 1}


def _past_httpx(face: Face, monkeypatch: pytest.MonkeyPatch, login: Login, operation: Any) -> Any:
    """Return what an operation over an open connection gives, of which httpx must not hear."""
    client = face.open(Toy, AsyncToy, login)
    client.ask(FIRST)
    kind: Any = httpx.Client if face.blocking else httpx.AsyncClient
    monkeypatch.setattr(kind, "_transport_for_url", _only_once(kind._transport_for_url))
    said = client.ask(operation)
    client.close()
    return said


def _only_once(asked: Any) -> Any:
    """What finds the transport is asked before a request goes past httpx, and again only if it comes back to it."""
    times: list[httpx.URL] = []

    def ask(self: Any, url: httpx.URL) -> Any:
        assert not times
        times.append(url)
        return asked(self, url)

    return ask


def test_a_server_that_hangs_up_instead_of_answering_leaves_no_connection_behind(face: Face) -> None:
    with _server([END]) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0)
        client.ask(FIRST)
        with pytest.raises(ConnectionFailed, match=r"disconnected|reset"):
            client.ask(NEXT)
        assert not client.client._http._transport._pool._open


def test_a_deadline_ends_the_wait_for_an_answer_over_an_open_connection(face: Face) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/first" not in head:
            server.over.wait(60)
        yield PLAIN

    with RawServer(answer) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0, deadline=0.2)
        client.ask(FIRST)
        with pytest.raises(TimedOut):
            client.ask(NEXT)
        assert not client.client._http._transport._pool._open


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_that_is_cancelled_while_it_waits_takes_its_connection_along(backend: str) -> None:
    asked = threading.Event()

    def answer(head: bytes) -> Iterator[bytes]:
        if b"/first" not in head:
            asked.set()
            server.over.wait(60)
        yield PLAIN

    async def main() -> dict[Any, Any]:
        async with AsyncToy(server.login) as client, anyio.create_task_group() as group:
            await client.ask(FIRST)
            group.start_soon(client.ask, NEXT)
            await anyio.to_thread.run_sync(asked.wait, 60)
            group.cancel_scope.cancel()
        held: dict[Any, Any] = client._http._transport._pool._open  # type: ignore[union-attr]
        return held

    with RawServer(answer) as server:
        assert not anyio.run(main, backend=backend)


def test_a_request_that_ends_before_httpcore_goes_on_with_it_takes_its_connection_along(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise RuntimeError("cancelled, say, while it waits for the connection's lock")

    with _server([PLAIN[:30], PLAIN[30:]]) as server:
        client = face.open(Toy, AsyncToy, server.login)
        client.ask(FIRST)
        with monkeypatch.context() as patched:
            patched.setattr(httpcore.HTTPConnection, "handle_request", end)
            patched.setattr(httpcore.AsyncHTTPConnection, "handle_async_request", end)
            with pytest.raises(RuntimeError):
                client.ask(NEXT)
        assert client.client._http._transport._pool._open == {}
        assert client.ask(FIRST) == {"n": 1}
        client.close()


@pytest.mark.parametrize("warm", [False, True])
def test_what_comes_after_an_answer_is_not_the_answer_to_the_next_request(
    face: Face, monkeypatch: pytest.MonkeyPatch, *, warm: bool
) -> None:
    with _server([PLAIN + whole(b'{"n": 2}', "Content-Type: application/json")]) as server:
        client = face.open(Toy, AsyncToy, server.login)
        if warm:
            client.ask(FIRST)
        client.ask(NEXT)
        # What goes past httpx reads from the socket; what httpcore reads comes from what it has received.
        monkeypatch.setattr("imageapis.core.transport.fast_path", lambda *_: None)
        assert client.ask(FIRST) == {"n": 1}
        client.close()


def test_who_takes_the_place_of_httpxs_transport_sees_every_request(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind: Any = httpx.HTTPTransport if face.blocking else httpx.AsyncHTTPTransport
    name = "handle_request" if face.blocking else "handle_async_request"
    taken, seen = getattr(kind, name), []

    @functools.wraps(taken)
    def recorded(self: Any, request: Any) -> Any:
        seen.append(request.url.path)
        return taken(self, request)

    with _server([PLAIN]) as server:
        client = face.open(Toy, AsyncToy, server.login)
        client.ask(FIRST)
        monkeypatch.setattr(kind, name, recorded)
        client.ask(NEXT)
        client.close()
    assert seen == ["/next"]


def _send_of_its_own(client: httpx.Client) -> None:
    client.send = functools.partial(client.send)  # type: ignore[method-assign]


def _hook(kind: str, client: httpx.Client) -> None:
    client.event_hooks[kind].append(print)


@pytest.mark.parametrize(
    "observe",
    [_send_of_its_own, functools.partial(_hook, "request"), functools.partial(_hook, "response")],
    ids=["send", "request hook", "response hook"],
)
def test_one_client_that_is_observed_by_itself_sends_nothing_past_who_looks(
    observe: Callable[[httpx.Client], None],
) -> None:
    with httpx.Client() as client:
        assert not is_observed(client, client._transport)
        observe(client)
        assert is_observed(client, client._transport)


@pytest.mark.parametrize(
    "head", [b"200 OK", b"205 Reset Content", b"404 Not Found", b"204 No Content\r\nContent-Length: 2"]
)
def test_a_head_without_a_length_that_counts_is_not_taken_for_a_plain_answer(head: bytes) -> None:
    assert parse_head(b"HTTP/1.1 %s\r\n\r\n" % head) is None


def test_an_answer_that_came_past_httpx_is_read_and_closed_and_tells_how_long_it_took() -> None:
    head = parse_head(PLAIN)
    assert head is not None
    response = head.response(httpx.Request("GET", "http://a/"), PLAIN, 0.5)
    assert (response.is_closed, response.is_stream_consumed) == (True, True)
    assert (response.status_code, response.reason_phrase, response.http_version) == (200, "OK", "HTTP/1.1")
    assert response.elapsed.total_seconds() == 0.5


def test_a_wrapper_that_shows_what_it_wraps_is_not_taken_for_it() -> None:
    class Wrapper:
        def __init__(self, wrapped: Any) -> None:
            self.wrapped = wrapped

        def __getattr__(self, name: str) -> Any:
            return getattr(self.wrapped, name)

    class Client(httpx.Client):
        send = Wrapper(httpx.Client.send)  # type: ignore[assignment]

    assert is_unpatched("httpx.", httpx.Client(), ("send",))
    assert not is_unpatched("httpx.", Client(), ("send",))


@pytest.mark.parametrize(("logger", "level"), [("httpx", logging.INFO), ("httpcore", logging.DEBUG)])
def test_a_log_that_httpx_is_to_write_has_a_line_for_every_request(
    face: Face, caplog: pytest.LogCaptureFixture, logger: str, level: int
) -> None:
    with _server([PLAIN]) as server, caplog.at_level(level, logger):
        client = face.open(Toy, AsyncToy, server.login)
        client.ask(FIRST)
        before = len(caplog.records)
        client.ask(NEXT)
        client.close()
    assert any(record.name.startswith(logger) for record in caplog.records[before:])


def test_a_cookie_that_comes_over_an_open_connection_is_sent_back(face: Face) -> None:
    with _server([whole(b"{}", "Set-Cookie: crumb=1")]) as server:
        client = face.open(Toy, AsyncToy, server.login)
        for asked in (FIRST, NEXT, NEXT):
            client.ask(asked)
        client.close()
    assert [b"crumb=1" in head for _, head in server.requests] == [False, False, True]


def test_a_connection_that_was_used_so_lives_on_from_then(face: Face) -> None:
    with _server([PLAIN]) as server:
        client = face.open(Toy, AsyncToy, server.login)
        client.ask(FIRST)
        (connection,) = client.client._http._transport._pool._open
        until = connection._connection._expire_at
        client.ask(NEXT)
        assert connection._connection._expire_at > until
        client.close()


def test_an_httpcore_that_is_built_otherwise_gets_every_request(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imageapis.core.pool_base.END", "_renamed")
    with _server([PLAIN]) as server:
        client = face.open(Toy, AsyncToy, server.login)
        client.ask(FIRST)
        monkeypatch.setattr("imageapis.core.pool_base.PoolBase.touch", None)
        assert client.ask(NEXT) == {"n": 1}
        client.close()


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {"Host": "a", "X": "1\r\nY: 2"}},
        {"headers": {"Host": "a", "X": ""}},
        {"headers": {"Host": "a", "Expect": "100-continue"}},
        {"headers": {"Host": "a", "Transfer-Encoding": "chunked"}},
        {"headers": {"Host": "a", "Connection": "close"}},
        {"headers": {"Host": "a", "Content-Length": "3"}},
        {"headers": [("Host", "a"), ("Host", "b")]},
        {"method": "HEAD"},
        {"extensions": {"trace": print}},
        {"stream": bytes_body(bytes(Body.SMALL + 1))},  # whose size no header says
        {"stream": httpx.ByteStream(bytes(Body.SMALL + 1)), "headers": {"Host": "a", "Content-Length": "65537"}},
        {"stream": iter([b"x"]), "headers": {"Host": "a", "Content-Length": "1"}},
    ],
)
def test_an_unusual_request_goes_through_httpx(change: dict[str, Any]) -> None:
    usual: dict[str, Any] = {
        "method": "PUT",
        "url": "http://a/",
        "headers": {"Host": "a"},
        "stream": httpx.ByteStream(b""),
    }
    assert serialize(httpx.Request(**usual)) == (b"PUT / HTTP/1.1\r\nHost: a\r\n\r\n", None)
    assert serialize(httpx.Request(**{**usual, **change})) is None
