"""A server without manners: a test writes what it does with each connection, byte by byte."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from imageapis.core.login import Login

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable
    from typing import Self


class RawServer:
    """Answers each request of each connection with what `answer` yields, as fast as it yields it.

    Args:
        answer: Called with the head of a request; yields what is sent. When it ends, the next request is awaited.
        tls: How it proves who it is, over TLS.
        bodies: Whether it reads the bodies of requests.
    """

    def __init__(
        self, answer: Callable[[bytes], Iterable[bytes]], tls: ssl.SSLContext | None = None, *, bodies: bool = True
    ) -> None:
        self._answer = answer
        self._tls = tls
        self._bodies = bodies
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []
        #: The head of each request, with a number of the connection that it came over.
        self.requests: list[tuple[int, bytes]] = []
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}"
        self.login = Login(endpoint=self.url)
        #: Set when the test is over: what waits should end.
        self.over = threading.Event()

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _run(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        number = 0
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                number += 1
                self._run(self._serve, number, connection)

    def _serve(self, number: int, connection: socket.socket) -> None:
        with suppress(OSError), self._secured(connection) as connection:
            self._connections.append(connection)
            while request := _request(connection, self._bodies):
                self.requests.append((number, request))
                for part in self._answer(request):
                    connection.sendall(part)

    def _secured(self, connection: socket.socket) -> socket.socket:
        return connection if self._tls is None else self._tls.wrap_socket(connection, server_side=True)


def _request(connection: socket.socket, bodies: bool) -> bytes:
    """Read a request and return its head; nothing at the end of the connection."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            return b""
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")),
        0,
    )
    while bodies and len(body) < length:
        body += connection.recv(65536)
    return head


def whole(content: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return the bytes of an answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + content
