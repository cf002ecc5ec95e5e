"""HTTPS before the local gateway, as a Windows cluster speaks it: the client certificate is asked for late.

The certificate is asked for after the headers of a connection's first request. A client that is sending a large body
by then is refused with a 403 without a body and cut off, as http.sys does it; so is one without a certificate.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING

from imageapis.testing.servicefabric.records import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from imageapis.testing.servicefabric.server import ServiceFabricServer

#: Bytes of a first body that still go through while the certificate is asked for.
FIRST_BODY = 16 << 10
#: Seconds to wait for the client's certificate.
PATIENCE = 0.5


class LateCertificateFront:
    """A TLS front of a running local gateway.

    Args:
        server: The gateway.
        context: Holds the front's own certificate and the authorities of clients' certificates.

    Attributes:
        url: The front's address.
        connections: TLS connections so far.
        refused: How many of them were refused because of a large first body.
    """

    def __init__(self, server: ServiceFabricServer, context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.post_handshake_auth = True
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        self._context = context
        self._backend = server.url.removeprefix("http://")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self.refused = 0

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for opened in (self._listener, *list(self._open)):
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with (
            connection,
            contextlib.suppress(OSError, http.client.HTTPException),
            self._context.wrap_socket(connection, server_side=True) as tls,
            contextlib.closing(_Talk(tls, self._backend)) as talk,
        ):
            self._open.add(tls)
            self.connections += 1
            self._talk(talk)

    def _talk(self, talk: _Talk) -> None:
        try:
            head = talk.head()
            if talk.length(head) > FIRST_BODY:
                self.refused += 1
                raise Refusal(403)
            talk.ask_for_certificate()
            while head:
                talk.forward(head)
                head = talk.head()
        except Refusal:
            talk.refuse()


class _Talk:
    """One TLS connection, and the plain one behind it."""

    def __init__(self, tls: ssl.SSLSocket, backend: str) -> None:
        self._tls = tls
        self._backend = http.client.HTTPConnection(backend)
        self._ahead = b""

    def close(self) -> None:
        """Close the plain connection."""
        self._backend.close()

    def head(self) -> bytes:
        """Return the next request's line and headers; nothing at the end."""
        while b"\r\n\r\n" not in self._ahead:
            got = self._tls.recv(65536)
            if not got:
                return b""
            self._ahead += got
        head, _, self._ahead = self._ahead.partition(b"\r\n\r\n")
        return head

    @staticmethod
    def length(head: bytes) -> int:
        """Return the length of a request's body."""
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                return int(value)
        return 0

    def ask_for_certificate(self) -> None:
        """Ask, and wait for the answer.

        Raises:
            Refusal: There is none.
        """
        try:
            self._tls.verify_client_post_handshake()
        except ssl.SSLError:
            raise Refusal(403) from None  # the client did not offer to be asked
        # The question goes out with the next data; an interim answer is data that clients skip.
        self._tls.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        give_up = time.monotonic() + PATIENCE
        self._tls.settimeout(0.02)
        while self._tls.getpeercert(binary_form=True) is None:
            if time.monotonic() > give_up:
                raise Refusal(403)
            with contextlib.suppress(TimeoutError, ssl.SSLWantReadError):
                self._ahead += self._tls.recv(65536)
        self._tls.settimeout(None)

    def forward(self, head: bytes) -> None:
        """Hand a request on, and its answer back."""
        line, *headers = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ")
        self._backend.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for header in headers:
            name, _, value = header.partition(":")
            self._backend.putheader(name, value.strip())
        self._backend.endheaders()
        left = self.length(head)
        while left:
            block = self._ahead[:left] or self._tls.recv(min(left, 1 << 18))
            if not block:
                raise ConnectionResetError
            self._ahead = self._ahead[len(block) :]
            self._backend.send(block)
            left -= len(block)
        answer = self._backend.getresponse()
        body = answer.read()
        lines = [
            f"HTTP/1.1 {answer.status} {answer.reason}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        self._tls.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def refuse(self) -> None:
        """Answer 403 without a body and cut the connection, whatever is still coming."""
        self._tls.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
