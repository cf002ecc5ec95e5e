"""Large bodies, with TLS and without: files past all that lies between them and a socket, and never half a request."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import anyio
import httpcore
import pytest

from imageapis.core import network, pool_base
from imageapis.core.body import Body, bytes_body
from imageapis.core.login import Login
from imageapis.core.sendfile import CAN_SEND, Span
from imageapis.core.sources import FileSource
from imageapis.errors import ConnectionFailed, SourceChanged, StatusError, TimedOut
from tests.unit.conftest import DATA, LARGE
from tests.unit.raw_server import RawServer, whole
from tests.unit.toy import AsyncToy, Toy, ToyServer, endpoint

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from imageapis.core.sources import Source
    from tests.conftest import Face

    Tls = ssl.SSLContext | None

PLAIN = whole(b"{}", "Content-Type: application/json")
FIRST = endpoint("get", "/first")

by_the_system = pytest.mark.skipif(not CAN_SEND, reason="this system sends no files by itself")


@pytest.fixture(params=[True, False], ids=["over an open connection", "over a new one"])
def opened(request: pytest.FixtureRequest) -> bool:
    """Whether the connection of a test has carried another request before: only httpcore can open one."""
    return bool(request.param)


def _client(face: Face, server: RawServer | ToyServer, opened: bool, **options: Any) -> Any:
    client = face.open(Toy, AsyncToy, Login(endpoint=server.url), retries=0, **options)
    if opened:
        client.ask(FIRST)
    return client


def _put(face: Face, body: Body, tls: Tls, opened: bool) -> list[bytes]:
    """Send a body and return what came."""
    with ToyServer(tls=tls) as server:
        client = _client(face, server, opened)
        client.ask(endpoint("put", "/next", content=body))
        client.close()
    return server.bodies[opened:]


def _pool(client: Any) -> dict[Any, Any]:
    """Return the connections that a client holds."""
    held: dict[Any, Any] = client.client._http._transport._pool._open
    return held


def _no_read(*_: object) -> bytes:
    raise AssertionError("its bytes came into this process")


def _broken(*_: object) -> bytes:
    raise OSError(errno.EIO, "the disk is broken")


@by_the_system
def test_a_file_is_sent_without_being_read_here(
    face: Face, source: Source, opened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSource, "read", _no_read)
    monkeypatch.setattr(FileSource, "ready", lambda *_: True)  # some file systems do not tell
    assert _put(face, source.body(), None, opened) == [DATA]


def test_a_range_of_a_file_is_counted_part_by_part(face: Face, source: Source, tls: Tls, opened: bool) -> None:
    counted: list[int] = []
    body = source.body(5, (2 << 20) + 1, sent=counted.append)
    assert _put(face, body, tls, opened) == [DATA[5 : 6 + (2 << 20)]]
    assert sum(counted) == (2 << 20) + 1
    assert len(counted) > 2


def test_a_file_that_is_hashed_is_read(face: Face, source: Source, tls: Tls, opened: bool) -> None:
    digests: list[str] = []
    assert _put(face, source.body(digest=digests.append), tls, opened) == [DATA]
    assert digests == [source.digest(0, source.size)]


@by_the_system
def test_a_file_that_the_system_cannot_send_is_read(
    face: Face, source: Source, opened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EINVAL, "no such call here")

    monkeypatch.setattr(os, "sendfile", refuse)
    assert _put(face, source.body(), None, opened) == [DATA]


def test_a_file_goes_through_httpcore_where_that_hides_its_stream(
    face: Face, source: Source, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_base._FileBody, "_stream", lambda _: None)
    assert _put(face, source.body(), tls, opened=False) == [DATA]


def test_what_httpcore_writes_in_the_place_of_a_file_is_not_taken_for_something_else() -> None:
    stream = network._Stream(Mock())
    stream._went_ahead(5)
    with pytest.raises(httpcore.LocalProtocolError, match="4 bytes were to be written where 5 had been sent"):
        stream.write(b"else")


def test_a_file_is_sent_once_where_httpx_has_to_see_the_answer(
    face: Face, source: Source, tls: Tls, opened: bool
) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    counted: list[int] = []
    with RawServer(lambda _: [chunked, b"2\r\n{}\r\n0\r\n\r\n"], tls) as server:
        client = _client(face, server, opened)
        client.ask(endpoint("put", "/next", content=source.body(sent=counted.append)))
        client.ask(endpoint("get", "/last"))  # what came twice would be taken for a request before this one
        client.close()
    assert [head.split()[1] for _, head in server.requests[opened:]] == [b"/next", b"/last"]
    assert {number for number, _ in server.requests} == {1}
    assert sum(counted) == len(DATA)


def test_a_file_that_cannot_be_read_fails_where_it_is_taken_not_where_it_is_sent(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSource, "read", _broken)
    span = Span(source, -1, 0, 0, source.size)
    span.send(Mock())  # whose failures are those of a connection
    with pytest.raises(OSError, match="the disk is broken"):
        span.take()


def test_a_file_that_cannot_be_read_is_not_taken_for_a_broken_connection(
    face: Face, source: Source, secured: ssl.SSLContext, trusted: None, opened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSource, "read", _broken)
    with pytest.raises(OSError, match="the disk is broken"):
        _put(face, source.body(), secured, opened)


def test_a_file_that_may_have_to_be_waited_for_arrives_as_well(
    face: Face, source: Source, tls: Tls, opened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSource, "ready", lambda *_: False)
    assert _put(face, source.body(), tls, opened) == [DATA]


def test_a_file_that_became_shorter_is_noticed_and_takes_its_connection_along(
    face: Face, large: Source, tls: Tls, opened: bool
) -> None:
    def count(_: int) -> None:
        os.truncate(large._path, 1 << 20)  # type: ignore[attr-defined]

    with RawServer(lambda _: [PLAIN], tls, bodies=False) as server:
        client = _client(face, server, opened)
        with pytest.raises(SourceChanged, match="early"):
            client.ask(endpoint("put", "/next", content=large.body(sent=count)))
        assert not _pool(client)
        client.close()


@by_the_system
def test_a_file_that_changes_before_the_server_has_it_all_is_noticed(
    face: Face, source: Source, tls: Tls, opened: bool
) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            os.truncate(source._path, 1)  # type: ignore[attr-defined]
        yield PLAIN

    with RawServer(answer, tls) as server:
        client = _client(face, server, opened)
        with pytest.raises(SourceChanged):
            client.ask(endpoint("put", "/next", content=source.body()))
        client.close()


def test_a_server_that_hangs_up_is_a_failed_connection(face: Face, large: Source, tls: Tls, opened: bool) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            raise ConnectionResetError
        yield PLAIN

    with RawServer(answer, tls, bodies=False) as server:
        client = _client(face, server, opened)
        with pytest.raises(ConnectionFailed):
            client.ask(endpoint("put", "/next", content=large.body()))
        assert not _pool(client)
        client.close()


@pytest.mark.parametrize("of_a_file", [False, True])
def test_a_connection_on_which_a_request_was_cut_off_by_its_answer_is_not_used_again(
    face: Face, large: Source, tls: Tls, opened: bool, of_a_file: bool
) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            yield whole(b'{"code": "NO"}', status="403 Forbidden")
            raise ConnectionResetError
        yield PLAIN

    with RawServer(answer, tls, bodies=False) as server:
        client = _client(face, server, opened)
        body = large.body() if of_a_file else bytes_body(bytes(LARGE))
        with pytest.raises((StatusError, ConnectionFailed)):
            client.ask(endpoint("put", "/next", content=body))
        assert not _pool(client)
        client.close()


@pytest.mark.parametrize("of_a_file", [False, True])
def test_a_deadline_ends_the_wait_for_a_server_that_takes_nothing(
    face: Face, large: Source, tls: Tls, opened: bool, of_a_file: bool
) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            server.over.wait(60)
        yield PLAIN

    with RawServer(answer, tls, bodies=False) as server:
        client = _client(face, server, opened, deadline=0.3)
        body = large.body() if of_a_file else bytes_body(bytes(LARGE))
        with pytest.raises(TimedOut):
            client.ask(endpoint("put", "/next", content=body))
        assert not _pool(client)
        client.close()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_that_is_cancelled_while_a_file_goes_out_takes_its_connection_along(
    backend: str, large: Source, tls: Tls, opened: bool
) -> None:
    asked = threading.Event()

    async def main() -> dict[Any, Any]:
        async with AsyncToy(Login(endpoint=server.url)) as client, anyio.create_task_group() as group:
            if opened:
                await client.ask(FIRST)
            group.start_soon(client.ask, endpoint("put", "/next", content=large.body()))
            await anyio.to_thread.run_sync(asked.wait, 60)
            group.cancel_scope.cancel()
        held: dict[Any, Any] = client._http._transport._pool._open  # type: ignore[union-attr]
        return held

    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            asked.set()
            server.over.wait(60)
        yield PLAIN

    with RawServer(answer, tls, bodies=False) as server:
        assert not anyio.run(main, backend=backend)


@pytest.mark.parametrize("given", [b"x" * 9, b"x" * 11])
def test_a_body_of_another_size_than_was_declared_takes_its_connection_along(face: Face, given: bytes) -> None:
    with RawServer(lambda _: [PLAIN], bodies=False) as server:
        client = _client(face, server, opened=True)
        with pytest.raises(ValueError, match="than it declared"):
            client.ask(endpoint("put", "/next", content=Body(10, lambda: iter([given]))))
        assert not _pool(client)
        client.close()
