"""Large bodies over an open connection: files by the system itself, and never half a request for a whole."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import anyio
import pytest

from imageapis.core.body import Body, bytes_body
from imageapis.core.login import Login
from imageapis.core.sendfile import CAN_SEND, Span
from imageapis.core.sources import FileSource
from imageapis.core.uploadable import open_source
from imageapis.errors import ConnectionFailed, SourceChanged, StatusError, TimedOut
from tests.unit.raw_server import RawServer, whole
from tests.unit.toy import AsyncToy, Toy, ToyServer, endpoint, login

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imageapis.core.sources import Source
    from tests.conftest import Face

DATA = os.urandom(1 << 20) * 3 + b"end"
PLAIN = whole(b"{}", "Content-Type: application/json")
FIRST = endpoint("get", "/first")
#: More than two sockets hold between them.
LARGE = 64 << 20

by_the_system = pytest.mark.skipif(not CAN_SEND, reason="this system sends no files by itself")


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    opened = open_source(path)
    yield opened
    opened.close()


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Source]:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(LARGE)
    opened = open_source(path)
    yield opened
    opened.close()


def _put(face: Face, body: Body) -> list[bytes]:
    """Send a body over a connection that is open, and return what came."""
    with ToyServer() as server:
        client = face.open(Toy, AsyncToy, login(server), retries=0)
        client.ask(FIRST)
        client.ask(endpoint("put", "/next", content=body))
        client.close()
    return server.bodies[1:]


def _pool(client: Any) -> dict[Any, Any]:
    """Return the connections that a client holds."""
    held: dict[Any, Any] = client.client._http._transport._pool._open
    return held


def _no_read(*_: object) -> bytes:
    raise AssertionError("its bytes came into this process")


@by_the_system
def test_a_file_is_sent_without_being_read_here(face: Face, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileSource, "read", _no_read)
    monkeypatch.setattr(FileSource, "ready", lambda *_: True)  # some file systems do not tell
    assert _put(face, source.body()) == [DATA]


def test_a_range_of_a_file_is_counted_part_by_part(face: Face, source: Source) -> None:
    counted: list[int] = []
    assert _put(face, source.body(5, (2 << 20) + 1, sent=counted.append)) == [DATA[5 : 6 + (2 << 20)]]
    assert sum(counted) == (2 << 20) + 1
    assert len(counted) > 2


def test_a_file_that_is_hashed_is_read(face: Face, source: Source) -> None:
    digests: list[str] = []
    assert _put(face, source.body(digest=digests.append)) == [DATA]
    assert digests == [source.digest(0, source.size)]


@by_the_system
def test_a_file_that_the_system_cannot_send_is_read(
    face: Face, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EINVAL, "no such call here")

    monkeypatch.setattr(os, "sendfile", refuse)
    assert _put(face, source.body()) == [DATA]


def test_a_file_that_cannot_be_read_fails_where_it_is_taken_not_where_it_is_sent(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(FileSource, "read", refuse)
    span = Span(source, -1, 0, 0, source.size)
    span.send(Mock())  # whose failures are those of a connection
    with pytest.raises(OSError, match="the disk is broken"):
        span.take()


def test_a_file_that_may_have_to_be_waited_for_arrives_as_well(
    face: Face, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSource, "ready", lambda *_: False)
    assert _put(face, source.body()) == [DATA]


def test_a_file_that_became_shorter_is_noticed_and_takes_its_connection_along(face: Face, large: Source) -> None:
    def count(_: int) -> None:
        os.truncate(large._path, 1 << 20)  # type: ignore[attr-defined]

    with RawServer(lambda _: [PLAIN], bodies=False) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0)
        client.ask(FIRST)
        with pytest.raises(SourceChanged, match="early"):
            client.ask(endpoint("put", "/next", content=large.body(sent=count)))
        assert not _pool(client)
        client.close()


@by_the_system
def test_a_file_that_changes_before_the_server_has_it_all_is_noticed(face: Face, source: Source) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            os.truncate(source._path, 1)  # type: ignore[attr-defined]
        yield PLAIN

    with RawServer(answer) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0)
        client.ask(FIRST)
        with pytest.raises(SourceChanged):
            client.ask(endpoint("put", "/next", content=source.body()))
        client.close()


@pytest.mark.parametrize("of_a_file", [False, True])
def test_a_connection_on_which_a_request_was_cut_off_by_its_answer_is_not_used_again(
    face: Face, large: Source, *, of_a_file: bool
) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            yield whole(b'{"code": "NO"}', status="403 Forbidden")
            raise ConnectionResetError
        yield PLAIN

    with RawServer(answer, bodies=False) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0)
        client.ask(FIRST)
        body = large.body() if of_a_file else bytes_body(bytes(LARGE))
        with pytest.raises((StatusError, ConnectionFailed)):
            client.ask(endpoint("put", "/next", content=body))
        assert not _pool(client)
        client.close()


@pytest.mark.parametrize("of_a_file", [False, True])
def test_a_deadline_ends_the_wait_for_a_server_that_takes_nothing(
    face: Face, large: Source, *, of_a_file: bool
) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            server.over.wait(60)
        yield PLAIN

    with RawServer(answer, bodies=False) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0, deadline=0.3)
        client.ask(FIRST)
        body = large.body() if of_a_file else bytes_body(bytes(LARGE))
        with pytest.raises(TimedOut):
            client.ask(endpoint("put", "/next", content=body))
        assert not _pool(client)
        client.close()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_that_is_cancelled_while_a_file_goes_out_takes_its_connection_along(backend: str, large: Source) -> None:
    asked = threading.Event()

    async def main() -> dict[Any, Any]:
        async with AsyncToy(Login(endpoint=server.url)) as client, anyio.create_task_group() as group:
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

    with RawServer(answer, bodies=False) as server:
        assert not anyio.run(main, backend=backend)


@pytest.mark.parametrize("given", [b"x" * 9, b"x" * 11])
def test_a_body_of_another_size_than_was_declared_takes_its_connection_along(face: Face, given: bytes) -> None:
    with RawServer(lambda _: [PLAIN], bodies=False) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0)
        client.ask(FIRST)
        with pytest.raises(ValueError, match="than it declared"):
            client.ask(endpoint("put", "/next", content=Body(10, lambda: iter([given]))))
        assert not _pool(client)
        client.close()
