"""A TCP connection of an event loop as its bare socket: what can be sent or read at once is, and only then waited for.

The streams of event loops stand between: asyncio keeps what a socket did not take in a buffer of its own, and TLS goes
through two more in memory, so that each byte of a large body is copied several times. Here OpenSSL writes to the socket
itself, as it does for blocking clients.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import anyio.lowlevel
import httpcore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from imageapis.core.sendfile import Span

    Wait = Callable[[socket.socket], Awaitable[None]]

T = TypeVar("T")

#: Seconds for which one task reads and writes at most while it need not wait: a round of the event loop costs 50 us and
#: more where large blocks have pushed its code out of the processor's caches.
TURN = 0.002
#: How a socket says that it would have to wait.
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
#: What TLS waits for, which is not always what was asked of it: a handshake reads and writes.
_WAITS: dict[type[Exception], Wait] = {
    ssl.SSLWantReadError: anyio.wait_readable,
    ssl.SSLWantWriteError: anyio.wait_writable,
}


async def bare(stream: httpcore.AsyncNetworkStream) -> httpcore.AsyncNetworkStream:
    """Return a connection that was just made as its bare socket, or as it is where the loop cannot wait for sockets.

    The event loop's own object is closed: it and its socket cannot be parted, so that ours is a duplicate.
    """
    sock = stream.get_extra_info("socket")
    if sock is None or not _waits_for_sockets():
        return stream
    duplicate = socket.fromfd(sock.fileno(), sock.family, sock.type)
    try:
        duplicate.setblocking(False)
        await stream.aclose()
    except BaseException:
        duplicate.close()
        raise
    return Socket(duplicate)


def _waits_for_sockets() -> bool:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return True  # trio
    # The proactor of Windows has no such method.
    return type(loop).add_writer is not asyncio.AbstractEventLoop.add_writer


class Socket(httpcore.AsyncNetworkStream):
    """A connected socket that does not block, with or without TLS.

    Args:
        sock: The socket; it is closed with this.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        #: When other tasks last had their turn here.
        self._yielded = 0.0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return at most so many bytes; none at the end."""
        with _as(httpcore.ReadTimeout, httpcore.ReadError):
            return await self._do(lambda: self._sock.recv(max_bytes), anyio.wait_readable, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of a buffer."""
        if not buffer:
            return
        rest = memoryview(buffer)

        def send() -> None:
            nonlocal rest
            while rest:
                rest = rest[self._sock.send(rest) :]

        with _as(httpcore.WriteTimeout, httpcore.WriteError):
            await self._do(send, anyio.wait_writable, timeout)

    async def write_span(self, span: Span, timeout: float | None = None) -> None:
        """Send a part of a file; see `Span.send`."""
        with _as(httpcore.WriteTimeout, httpcore.WriteError):
            await self._do(lambda: span.send(self._sock), anyio.wait_writable, timeout)

    async def aclose(self) -> None:
        """Close the socket. Whatever waits for it fails."""
        if self._sock.fileno() >= 0:
            anyio.notify_closing(self._sock)
            self._sock.close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Socket:
        """Shake hands, and return the stream of what is encrypted. The socket is closed if that fails."""
        try:
            with _as(httpcore.ConnectTimeout, httpcore.ConnectError):
                secured = ssl_context.wrap_socket(
                    self._sock, server_hostname=server_hostname, do_handshake_on_connect=False
                )
                # The other object has no descriptor any more.
                self._sock = secured
                await self._do(secured.do_handshake, anyio.wait_writable, timeout)
        except BaseException:
            await self.aclose()
            raise
        return Socket(secured)

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore and its users ask for by name."""
        match info:
            case "socket":
                return self._sock
            case "ssl_object":
                return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
            case "client_addr":
                return self._sock.getsockname()
            case "server_addr":
                return self._sock.getpeername()
            case "is_readable":
                return self._is_readable()
        return None

    def _is_readable(self) -> bool:
        """Say whether something came, or the end: of a connection that waits for its next request, neither should."""
        if self._sock.fileno() < 0:
            return True
        if not hasattr(select, "poll"):
            return bool(select.select([self._sock], [], [], 0)[0])
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        return bool(poll.poll(0))

    async def _do(self, attempt: Callable[[], T], ready: Wait, timeout: float | None) -> T:
        """Do something as soon as the socket lets it be done; other tasks have their turn every `TURN` in any case."""
        try:
            done = attempt()
        except _NOT_NOW as reason:
            ready = _WAITS.get(type(reason), ready)
        else:
            if time.monotonic() - self._yielded >= TURN:
                await anyio.lowlevel.checkpoint()
                self._yielded = time.monotonic()
            return done
        with anyio.fail_after(timeout):
            while True:
                await ready(self._sock)
                try:
                    return attempt()
                except _NOT_NOW as reason:
                    ready = _WAITS.get(type(reason), ready)


@contextmanager
def _as(timed_out: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Raise what httpcore calls a failure of a socket."""
    try:
        yield
    except TimeoutError as failure:
        raise timed_out(*failure.args) from failure
    except (OSError, anyio.ClosedResourceError) as failure:
        raise failed(*failure.args) from failure
