"""Connections that are found at once, however many there are. `settings` gives them to the clients that it opens.

httpcore's pool looks at each of its connections twice a request, and polls the socket of each idle one: with 32 of
them that is more work than a small file is. Here a request takes the connection that was used last, looks at that one
alone, and gives it back. What is more than a bound goes through httpcore's pool, which also makes the connections.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, ClassVar, cast

import httpcore

from imageapis.core.network import transports_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from typing import Self

    import httpx

#: Seconds between two looks for idle connections that nobody wants any more.
SWEEP = 1.0

Address = tuple[bytes, bytes, int | None]


def take_directly(client: httpx.Client | httpx.AsyncClient, most: int) -> None:
    """Let a client's requests find their connections at once.

    Args:
        client: A client of our own with httpx's own transports; it speaks HTTP/1.1.
        most: Connections to hold this way.
    """
    for transport in transports_of(client):
        pool = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.ConnectionPool):
            transport._pool = Connections(pool, most)  # noqa: SLF001
        elif isinstance(pool, httpcore.AsyncConnectionPool):
            transport._pool = AsyncConnections(pool, most)  # noqa: SLF001


class _Held:
    """The connections that are open, and those of them that are idle: the one used last is taken first."""

    #: The method of the pool that takes requests.
    _entrance: ClassVar[str]

    def __init__(self, pool: Any, most: int) -> None:
        self._pool = pool
        self._most = most
        self._open: set[Any] = set()
        self._idle: dict[Address, list[Any]] = {}
        self._lock = threading.Lock()
        self._swept = time.monotonic()

    def _take(self, request: httpcore.Request) -> tuple[Any, list[Any]]:
        """Return a connection for this request alone, `None` if too many are open, and those that are to be closed."""
        with self._lock:
            useless = self._sweep()
            if self._watched():
                return None, useless
            idle = self._idle.get(_address(request), [])
            while idle:
                connection = idle.pop()
                if connection.is_idle() and not connection.has_expired():
                    return connection, useless
                self._open.discard(connection)
                useless.append(connection)
            if len(self._open) >= self._most:
                return None, useless
            connection = self._pool.create_connection(request.url.origin)
            self._open.add(connection)
            return connection, useless

    def _watched(self) -> bool:
        """Say whether somebody took httpcore's place at its pool, as vcrpy and respx do: they are to see everything."""
        handle = getattr(type(self._pool), self._entrance)
        return not getattr(handle, "__globals__", {}).get("__name__", "").startswith("httpcore.")

    def _sweep(self) -> list[Any]:
        """Let go of idle connections that have expired, or that the server has closed, and return them."""
        now = time.monotonic()
        if now - self._swept < SWEEP:
            return []
        self._swept = now
        useless = [each for idle in self._idle.values() for each in idle if each.has_expired()]
        if useless:
            self._open.difference_update(useless)
            self._idle = {
                address: kept for address, idle in self._idle.items() if (kept := [e for e in idle if e in self._open])
            }
        return useless

    def _give_back(self, request: httpcore.Request, connection: Any) -> bool:
        """Take a connection back, or say that it cannot be used again."""
        with self._lock:
            if connection in self._open and connection.is_idle() and not connection.is_closed():
                self._idle.setdefault(_address(request), []).append(connection)
                return True
            self._open.discard(connection)
            return False

    def _let_go(self) -> list[Any]:
        with self._lock:
            found = list(self._open)
            self._open.clear()
            self._idle.clear()
            return found


def _address(request: httpcore.Request) -> Address:
    url = request.url
    return url.scheme, url.host, url.port


class Connections(_Held):
    """What stands in for the pool of a blocking client."""

    _entrance = "handle_request"

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; its connection comes back when the answer is closed."""
        connection, useless = self._take(request)
        for each in useless:
            each.close()
        if connection is None:
            return cast("httpcore.Response", self._pool.handle_request(request))
        try:
            response: httpcore.Response = connection.handle_request(request)
        except BaseException:
            self._end(request, connection)
            raise
        response.stream = _Answer(response.stream, lambda: self._end(request, connection))
        return response

    def _end(self, request: httpcore.Request, connection: Any) -> None:
        if not self._give_back(request, connection):
            connection.close()

    def close(self) -> None:
        """Close all connections, those in use as well."""
        for connection in self._let_go():
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


class AsyncConnections(_Held):
    """What stands in for the pool of an async client."""

    _entrance = "handle_async_request"

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; its connection comes back when the answer is closed."""
        connection, useless = self._take(request)
        try:
            await _close_all(useless)
            if connection is None:
                return cast("httpcore.Response", await self._pool.handle_async_request(request))
            response: httpcore.Response = await connection.handle_async_request(request)
        except BaseException:
            if connection is not None:
                await self._end(request, connection)
            raise
        response.stream = _AsyncAnswer(response.stream, lambda: self._end(request, connection))
        return response

    async def _end(self, request: httpcore.Request, connection: Any) -> None:
        if not self._give_back(request, connection):
            await _close_all([connection])

    async def aclose(self) -> None:
        """Close all connections, those in use as well."""
        await _close_all(self._let_go())
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
