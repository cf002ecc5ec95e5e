"""Large files over TLS: read and encrypted part by part, past all that writes, and through proxies as ever."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.core.body import Body
from imageapis.core.login import Login
from imageapis.core.secrets import Secret
from imageapis.core.sendfile import CAN_SEND, Span
from imageapis.core.sources import FileSource
from tests.unit.conftest import DATA
from tests.unit.toy import AsyncToy, Toy, ToyServer, endpoint

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from imageapis.core.sources import Source
    from tests.conftest import Face

pytestmark = pytest.mark.skipif(not CAN_SEND, reason="this system sends no parts of files")


@pytest.fixture(params=[1, 0], ids=["over an open connection", "over a new one"])
def stored(request: pytest.FixtureRequest, face: Face, source: Source, secured: ssl.SSLContext, trusted: None) -> Any:
    """Give what sends the file and returns what the server has of it."""

    def put(**login: Any) -> bytes:
        with ToyServer(tls=secured) as server:
            client = face.open(Toy, AsyncToy, Login(endpoint=server.url, **login), retries=0, deadline=20)
            for _ in range(request.param):
                client.ask(endpoint("get", "/first"))
            client.ask(endpoint("put", "/next", content=source.body()))
            client.close()
            return server.bodies[-1]

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


def test_its_blocks_go_past_all_that_writes(stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> Any:
        raise AssertionError("its bytes went through what writes")

    for kind, method in ((Span, "take"), (Body, "__iter__"), (Body, "__aiter__")):
        monkeypatch.setattr(kind, method, refuse)
    monkeypatch.setattr(FileSource, "ready", lambda *_: True)  # some file systems do not tell
    assert stored() == DATA


def test_a_file_goes_through_a_proxy_that_is_spoken_to_over_tls_itself(stored: Any, tunnel: Tunnel) -> None:
    assert stored(proxy=Secret(tunnel.url)) == DATA
    assert tunnel.heads[0].startswith(b"CONNECT ")
