"""Pools that find a connection at once, however many there are. `settings` gives them to the clients that it opens.

httpcore's pool looks at each of its connections twice a request, and polls the socket of each idle one: with 32 of
them that is more work than a small file is. Here a request takes the connection that was used last, looks at that one
alone, and gives it back. What is more than a bound goes through httpcore's pool, which also makes the connections.
Plain requests go over an open one past httpcore as well (`fast_path`), if their answers are plain.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

import httpcore

from imageapis.core.fast_path import ResponseBuffer, is_observed, serialize
from imageapis.core.network import transports_of
from imageapis.core.pool_base import SENT, PoolBase, address, address_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from typing import Self

    import httpx

    from imageapis.core.fast_path import Message
    from imageapis.core.pool_base import Address


def use_own_pools(client: httpx.Client | httpx.AsyncClient, most: int) -> None:
    """Let a client's requests find their connections at once.

    Args:
        client: A client of our own with httpx's own transports; it speaks HTTP/1.1.
        most: Connections to hold this way.
    """
    for transport in transports_of(client):
        pool = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.ConnectionPool):
            transport._pool = ConnectionPool(pool, most)  # noqa: SLF001
        elif isinstance(pool, httpcore.AsyncConnectionPool):
            transport._pool = AsyncConnectionPool(pool, most)  # noqa: SLF001


def fast_path(client: httpx.Client | httpx.AsyncClient, request: httpx.Request) -> tuple[Any, Message] | None:
    """Return over what a plain request can go without httpx, and how it is written; `None` if it has to go through it.

    Args:
        client: Any client; one whose connections are not in a pool of ours has no other way.
        request: Whose answer is to be read as a whole.
    """
    transport = client._transport_for_url(request.url)  # noqa: SLF001 - httpx has no way to ask for it
    pool = getattr(transport, "_pool", None)
    if not isinstance(pool, PoolBase) or is_observed(client, transport):
        return None
    message = serialize(request)
    return None if message is None else (pool, message)


class ConnectionPool(PoolBase):
    """What stands in for the pool of a blocking client."""

    send_method = "handle_request"

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; its connection comes back when the answer is closed."""
        connection = self.acquire_sent(request)
        if connection is None:
            connection, useless = self.acquire(request)
            for each in useless:
                each.close()
        if connection is None:
            return cast("httpcore.Response", self._pool.handle_request(request))
        try:
            file = self.give_file(request, connection)
            response: httpcore.Response = connection.handle_request(request)
            if file is not None:
                file.check()
            self.remember_stream(connection, response)
        except BaseException:
            self._end(address(request), connection)
            raise
        response.stream = _Answer(response.stream, lambda: self._end(address(request), connection))
        return response

    def send(self, request: httpx.Request, message: Message) -> httpx.Response | None:
        """Send a plain request over a connection that is open, and return its answer if that is as plain.

        With `None`, nothing was sent or `handle_request` is to go on with the request, as httpx will let it.

        Args:
            request: The request.
            message: How it is written.
        """
        place = address_of(request)
        taken, useless = self.acquire_idle(place)
        for each in useless:
            each.close()
        if taken is None:
            return None
        (connection, stream), began = taken, time.monotonic()
        try:
            timeouts = request.extensions.get("timeout", {})
            received = ResponseBuffer(stream.exchange(message, timeouts))
            while received.is_incomplete():
                received.add(stream.more(timeouts))
            response = received.response(request, time.monotonic() - began)
        except BaseException:
            self.discard(connection)
            connection.close()
            raise
        if response is None:
            request.extensions[SENT] = connection
            return None
        stream.forget()
        self.touch(connection)
        self._end(place, connection)
        return response

    def _end(self, place: Address, connection: Any) -> None:
        if not self.release(place, connection):
            connection.close()

    def close(self) -> None:
        """Close all connections, those in use as well."""
        for connection in self.release_all():
            connection.close()
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Answer:
    """The body of an answer, which gives the connection back when it is closed."""

    def __init__(self, stream: Any, end: Callable[[], None]) -> None:
        self._stream = stream
        self._end = end
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        blocks: Iterator[bytes] = iter(self._stream)
        return blocks

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            self._stream.close()
        finally:
            self._end()


class AsyncConnectionPool(PoolBase):
    """What stands in for the pool of an async client."""

    send_method = "handle_async_request"

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; its connection comes back when the answer is closed."""
        useless: list[Any] = []
        connection = self.acquire_sent(request)
        if connection is None:
            connection, useless = self.acquire(request)
        try:
            await _close_all(useless)
            if connection is None:
                return cast("httpcore.Response", await self._pool.handle_async_request(request))
            file = self.give_file(request, connection)
            response: httpcore.Response = await connection.handle_async_request(request)
            if file is not None:
                file.check()
            self.remember_stream(connection, response)
        except BaseException:
            if connection is not None:
                await self._end(address(request), connection)
            raise
        response.stream = _AsyncAnswer(response.stream, lambda: self._end(address(request), connection))
        return response

    async def send(self, request: httpx.Request, message: Message) -> httpx.Response | None:
        """Send a plain request over a connection that is open; see `ConnectionPool.send`."""
        place = address_of(request)
        taken, useless = self.acquire_idle(place)
        if taken is None:
            await _close_all(useless)
            return None
        (connection, stream), began = taken, time.monotonic()
        try:
            await _close_all(useless)
            timeouts = request.extensions.get("timeout", {})
            received = ResponseBuffer(await stream.exchange(message, timeouts))
            while received.is_incomplete():
                received.add(await stream.more(timeouts))
            response = received.response(request, time.monotonic() - began)
        except BaseException:
            self.discard(connection)
            await _close_all([connection])
            raise
        if response is None:
            request.extensions[SENT] = connection
            return None
        stream.forget()
        self.touch(connection)
        await self._end(place, connection)
        return response

    async def _end(self, place: Address, connection: Any) -> None:
        if not self.release(place, connection):
            await _close_all([connection])

    async def aclose(self) -> None:
        """Close all connections, those in use as well."""
        await _close_all(self.release_all())
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class _AsyncAnswer:
    def __init__(self, stream: Any, end: Callable[[], Awaitable[None]]) -> None:
        self._stream = stream
        self._end = end
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        blocks: AsyncIterator[bytes] = aiter(self._stream)
        return blocks

    async def aclose(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            await self._stream.aclose()
        finally:
            await self._end()


async def _close_all(connections: list[Any]) -> None:
    """Close connections, also where this task is being cancelled."""
    if not connections:
        return
    from anyio import CancelScope

    with CancelScope(shield=True):
        for connection in connections:
            await connection.aclose()
