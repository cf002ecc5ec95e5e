"""Large files over TLS: read and encrypted part by part, past all that lies between a file and OpenSSL."""

from __future__ import annotations

import errno
import os
import select
import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from imageapis.core import network
from imageapis.core.login import Login
from imageapis.core.secrets import Secret
from imageapis.core.sendfile import CAN_SEND
from imageapis.core.sources import FileSource
from imageapis.core.uploadable import open_source
from imageapis.errors import ConnectionFailed, SourceChanged, TimedOut
from tests.unit.raw_server import RawServer, whole
from tests.unit.toy import AsyncToy, Toy, ToyServer, endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imageapis.core.sources import Source
    from tests.conftest import Face

#: Some parts, and one that is smaller.
DATA = os.urandom(1 << 20) * 3 + b"end"
#: More than the sockets of both ends hold between them.
LARGE = 64 << 20
PLAIN = whole(b"{}", "Content-Type: application/json")
FIRST = endpoint("get", "/first")

pytestmark = pytest.mark.skipif(not CAN_SEND, reason="this system sends no parts of files")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def secured(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all clients of this process trust the servers here, and proxies as well."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    (tmp_path / "file").write_bytes(DATA)
    opened = open_source(tmp_path / "file")
    yield opened
    opened.close()


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Source]:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGE)
    opened = open_source(tmp_path / "large")
    yield opened
    opened.close()


@pytest.fixture
def stored(face: Face, source: Source, secured: ssl.SSLContext, trusted: None) -> Any:
    """Give what sends the file over a connection that is open, and returns what the server has of it."""

    def put(**login: Any) -> bytes:
        with ToyServer(tls=secured) as server:
            client = face.open(Toy, AsyncToy, Login(endpoint=server.url, **login), retries=0, deadline=20)
            client.ask(FIRST)
            client.ask(endpoint("put", "/next", content=source.body()))
            client.close()
            return server.bodies[1]

    return put


class Tunnel:
    """A proxy that is spoken to over TLS and passes on what comes, one connection at a time.

    Args:
        secured: How it proves who it is.
    """

    def __init__(self, secured: ssl.SSLContext) -> None:
        self._secured = secured
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        #: What was asked for.
        self.heads: list[bytes] = []

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with suppress(OSError), self._secured.wrap_socket(connection, server_side=True) as client:
                    self._pass_on(client)

    def _pass_on(self, client: ssl.SSLSocket) -> None:
        head = client.recv(65536)
        self.heads.append(head)
        host, _, port = head.split()[1].decode().partition(":")
        with socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                for end in [client] if client.pending() else select.select([client, server], [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    (server if end is client else client).sendall(data)


@pytest.fixture
def tunnel(secured: ssl.SSLContext) -> Iterator[Tunnel]:
    opened = Tunnel(secured)
    yield opened
    opened.close()


def test_a_file_arrives_as_it_is(stored: Any) -> None:
    assert stored() == DATA


def test_its_blocks_go_past_all_that_writes(stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    for kind in (network._Stream, network._AsyncStream):
        monkeypatch.setattr(kind, "write", _counting(kind.write, written))
    monkeypatch.setattr(FileSource, "ready", lambda *_: True)  # some file systems do not tell
    assert stored() == DATA
    assert sum(written) < len(DATA)


def _counting(write: Any, written: list[int]) -> Any:
    def count(self: Any, buffer: bytes, timeout: float | None = None) -> Any:
        written.append(len(buffer))
        return write(self, buffer, timeout)

    return count


def test_a_file_that_may_have_to_be_waited_for_arrives_as_well(stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileSource, "ready", lambda *_: False)
    assert stored() == DATA


def test_a_file_goes_through_a_proxy_that_is_spoken_to_over_tls_itself(stored: Any, tunnel: Tunnel) -> None:
    assert stored(proxy=Secret(tunnel.url)) == DATA
    assert tunnel.heads[0].startswith(b"CONNECT ")


def test_a_file_that_cannot_be_read_is_not_taken_for_a_broken_connection(
    stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(FileSource, "read", refuse)
    with pytest.raises(OSError, match="the disk is broken"):
        stored()


def test_a_file_that_became_shorter_is_noticed(
    face: Face, large: Source, secured: ssl.SSLContext, trusted: None
) -> None:
    def count(_: int) -> None:
        os.truncate(large._path, 1 << 20)  # type: ignore[attr-defined]

    with RawServer(lambda _: [PLAIN], secured, bodies=False) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0)
        client.ask(FIRST)
        with pytest.raises(SourceChanged, match="early"):
            client.ask(endpoint("put", "/next", content=large.body(sent=count)))
        client.close()


def test_a_server_that_hangs_up_is_a_failed_connection(
    face: Face, large: Source, secured: ssl.SSLContext, trusted: None
) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            raise ConnectionResetError
        yield PLAIN

    with RawServer(answer, secured, bodies=False) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0)
        client.ask(FIRST)
        with pytest.raises(ConnectionFailed):
            client.ask(endpoint("put", "/next", content=large.body()))
        client.close()


def test_a_deadline_ends_the_wait_for_a_server_that_takes_nothing(
    face: Face, large: Source, secured: ssl.SSLContext, trusted: None
) -> None:
    def answer(head: bytes) -> Iterator[bytes]:
        if b"/next" in head:
            server.over.wait(60)
        yield PLAIN

    with RawServer(answer, secured, bodies=False) as server:
        client = face.open(Toy, AsyncToy, server.login, retries=0, deadline=0.3)
        client.ask(FIRST)
        with pytest.raises(TimedOut):
            client.ask(endpoint("put", "/next", content=large.body()))
        client.close()
