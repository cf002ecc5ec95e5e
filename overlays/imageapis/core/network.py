"""The network as httpcore sees it, with two things added: a call's deadline holds, and sockets end with a fork.

httpcore hands each read and write the same time-out, however many it takes; here each gets what the deadline has left.
A child that was forked shares its parent's sockets: it lets go of them without a word, since whatever it read, wrote
or shut down would be missing from the parent's conversation.
"""

from __future__ import annotations

import os
import select
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpcore

from imageapis.core.deadline import current, cut
from imageapis.core.fork_safety import on_fork
from imageapis.core.replay_stream import Framing, ReplayStream

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

    import httpx

    from imageapis.core.body import Body
    from imageapis.core.fast_path import Message
    from imageapis.core.sendfile import FileRange, Span

    Timeouts = Mapping[str, float | None]
    Bare = Callable[[httpcore.AsyncNetworkStream], Awaitable[httpcore.AsyncNetworkStream]]

#: Bytes that are read at a time at most; as many as httpcore reads.
READ = 64 << 10
#: What goes wrong with a connection.
FAILURES = (httpcore.NetworkError, httpcore.TimeoutException)


def transports_of(client: httpx.Client | httpx.AsyncClient) -> tuple[Any, ...]:
    """Return the transports of an httpx client, which takes neither a backend nor a pool from outside."""
    return (client._transport, *client._mounts.values())  # noqa: SLF001 - httpx has no way to ask for them


def keep_deadlines(client: httpx.Client | httpx.AsyncClient) -> None:
    """Let an httpx client keep the deadlines of calls, within a read too.

    A transport that is not httpx's own is left as it is: its reads end by its own time-outs alone.
    """
    for transport in transports_of(client):
        pool: Any = getattr(transport, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if isinstance(backend, (_Backend, _AsyncBackend)):
            continue
        if isinstance(backend, httpcore.NetworkBackend):
            pool._network_backend = _Backend(backend)  # noqa: SLF001
        elif isinstance(backend, httpcore.AsyncNetworkBackend):
            from imageapis.core.sockets import bare

            # Through a proxy TLS may lie in TLS, which one socket cannot do.
            direct = not isinstance(pool, httpcore.AsyncHTTPProxy)
            pool._network_backend = _AsyncBackend(backend, bare if direct else None)  # noqa: SLF001


def _cut(timeout: float | None, error: type[Exception]) -> float | None:
    try:
        return cut(timeout)
    except TimeoutError as late:
        failure = error(*late.args)
    raise failure


class _ForkSafeStream(ReplayStream):
    """A stream whose socket is the parent's alone after a fork."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream = stream
        on_fork(self)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def after_fork(self) -> None:
        """Put nothing in the socket's place, under its number: whoever closes it closes that."""
        sock = self._stream.get_extra_info("socket")
        if sock is None or sock.fileno() < 0:
            return
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, sock.fileno(), inheritable=False)
        os.close(nothing)
        if isinstance(sock, socket.socket):
            sock.close()


class _Stream(_ForkSafeStream, httpcore.NetworkStream):
    def exchange(self, message: Message, timeouts: Timeouts) -> bytes:
        """Write a message and return what is read first; nothing if that fails."""
        self.torn = True
        try:
            with suppress(httpcore.WriteError):  # as httpcore does: there may be an answer nevertheless
                self._write_all(message, timeouts.get("write"))
                self.torn = False
        except FAILURES as failure:
            return self._keep(failure)
        read = self.more(timeouts)
        message.check()
        return read

    def _write_all(self, message: Message, timeout: float | None) -> None:
        self.write(message.first, timeout)
        body = message.body
        if body is None:
            return
        if body.file is not None:
            for span in body.spans(body.file):
                self._write_span(span, timeout)
            return
        framing = Framing(body.size)
        for block in body:
            framing.take(len(block))
            self.write(block, timeout)
        framing.end()

    def send_file(self, body: Body, file: FileRange, timeout: float | None) -> Iterator[bytes]:
        """Send a body's file past httpcore, and yield for each part what httpcore is to write for it."""
        for span in body.spans(file):
            size = span.left
            if not self.pending:
                self._write_span(span, timeout)
            yield self._went_ahead(size)

    def _write_span(self, span: Span, timeout: float | None) -> None:
        # Proxies, through which TLS may lie in TLS, are not gone past httpcore: see `pool_base`.
        sock = self.get_extra_info("socket")
        if sock is not None:
            self._send_span(sock, span, timeout)
        while span.left:
            self.write(span.take(), timeout)

    def _send_span(self, sock: socket.socket, span: Span, timeout: float | None) -> None:
        size, sent = span.left, False
        while not sent:
            left = _cut(timeout, httpcore.WriteTimeout)
            try:
                sock.settimeout(left)
                span.send(sock)
                sent = True
            except BlockingIOError:
                waiting = select.poll()
                waiting.register(sock, select.POLLOUT)
                if not waiting.poll(None if left is None else left * 1000):
                    raise httpcore.WriteTimeout("timed out") from None
            except TimeoutError as late:
                raise httpcore.WriteTimeout(*late.args) from late
            except OSError as failure:
                raise httpcore.WriteError(*failure.args) from failure
        _count(size - span.left)

    def more(self, timeouts: Timeouts) -> bytes:
        """Return what is read next; nothing at the end or if that fails."""
        try:
            return self._keep(self._read(READ, timeouts.get("read")))
        except FAILURES as failure:
            return self._keep(failure)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._read_again() if self._again else self._read(max_bytes, timeout)

    def _read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        content: bytes = self._stream.read(max_bytes, _cut(timeout, httpcore.ReadTimeout))
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._is_sent(len(buffer)):
            return
        self._stream.write(buffer, _cut(timeout, httpcore.WriteTimeout))
        _count(len(buffer))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            timeout = _cut(timeout, httpcore.ConnectTimeout)
        except httpcore.ConnectTimeout:
            # As httpcore's own do: whoever asked for TLS lets go of a stream that does not come to it.
            self.close()
            raise
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *args: Any, **kwargs: Any) -> _Stream:
        timeout = _cut(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, timeout, *args, **kwargs))

    def connect_unix_socket(self, path: str, timeout: float | None = None, *args: Any, **kwargs: Any) -> _Stream:
        timeout = _cut(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_unix_socket(path, timeout, *args, **kwargs))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _AsyncStream(_ForkSafeStream, httpcore.AsyncNetworkStream):
    async def exchange(self, message: Message, timeouts: Timeouts) -> bytes:
        """Write a message and return what is read first; nothing if that fails."""
        self.torn = True
        try:
            with suppress(httpcore.WriteError):
                await self._write_all(message, timeouts.get("write"))
                self.torn = False
        except FAILURES as failure:
            return self._keep(failure)
        read = await self.more(timeouts)
        message.check()
        return read

    async def _write_all(self, message: Message, timeout: float | None) -> None:
        await self.write(message.first, timeout)
        body = message.body
        if body is None:
            return
        if body.file is not None:
            for span in body.spans(body.file):
                await self._write_span(span, timeout)
            return
        framing = Framing(body.size)
        async for block in body:
            framing.take(len(block))
            await self.write(block, timeout)
        framing.end()

    def send_file(self, body: Body, file: FileRange, timeout: float | None) -> AsyncIterator[bytes]:
        """Send a body's file past httpcore; see `_Stream.send_file`."""
        return _Parts(self, body.spans(file), timeout)

    async def send_span(self, span: Span, timeout: float | None) -> bytes:
        """Send a part of it, and return what httpcore is to write for that."""
        size = span.left
        if not self.pending:
            await self._write_span(span, timeout)
        return self._went_ahead(size)

    async def _write_span(self, span: Span, timeout: float | None) -> None:
        write_span = getattr(self._stream, "write_span", None)
        if write_span is not None and span.ready():
            size = span.left
            await write_span(span, _cut(timeout, httpcore.WriteTimeout))
            _count(size - span.left)
        while span.left:
            if span.ready():
                data = span.take()
            else:
                from anyio import to_thread

                data = await to_thread.run_sync(span.take)
            await self.write(data, timeout)

    async def more(self, timeouts: Timeouts) -> bytes:
        """Return what is read next; nothing at the end or if that fails."""
        try:
            return self._keep(await self._read(READ, timeouts.get("read")))
        except FAILURES as failure:
            return self._keep(failure)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._read_again() if self._again else await self._read(max_bytes, timeout)

    async def _read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        content: bytes = await self._stream.read(max_bytes, _cut(timeout, httpcore.ReadTimeout))
        return content

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._is_sent(len(buffer)):
            return
        await self._stream.write(buffer, _cut(timeout, httpcore.WriteTimeout))
        _count(len(buffer))

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            timeout = _cut(timeout, httpcore.ConnectTimeout)
        except httpcore.ConnectTimeout:
            await self.aclose()
            raise
        return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))


class _Parts:
    """The parts of a file on their way. An object, not a generator: httpcore drops it where a request fails."""

    def __init__(self, stream: _AsyncStream, spans: Iterator[Span], timeout: float | None) -> None:
        self._stream = stream
        self._spans = spans
        self._timeout = timeout

    def __aiter__(self) -> _Parts:
        return self

    async def __anext__(self) -> bytes:
        span = next(self._spans, None)
        if span is None:
            raise StopAsyncIteration
        return await self._stream.send_span(span, self._timeout)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    """A backend whose streams keep deadlines.

    Args:
        backend: What connects.
        bare: Makes a bare socket of a connection that was just made; `None` if its streams stay as they are.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend, bare: Bare | None) -> None:
        self._backend = backend
        self._bare = bare

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *args: Any, **kwargs: Any
    ) -> _AsyncStream:
        timeout = _cut(timeout, httpcore.ConnectTimeout)
        stream = await self._backend.connect_tcp(host, port, timeout, *args, **kwargs)
        if self._bare is not None:
            stream = await self._bare(stream)
        return _AsyncStream(stream)

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, *args: Any, **kwargs: Any
    ) -> _AsyncStream:
        timeout = _cut(timeout, httpcore.ConnectTimeout)
        return _AsyncStream(await self._backend.connect_unix_socket(path, timeout, *args, **kwargs))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


def _count(size: int) -> None:
    deadline = current.get()
    if deadline is not None:
        deadline.moved(size)
