"""The two `Io` over httpx: the only place where requests leave. Knows no service, no login, no meaning of a status.

What they share is in `http_io`: one client, one deadline and one bound on size for what comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from httpx_retries import RetryTransport

from imageapis.core.body import bytes_body
from imageapis.core.cancellation import checkpoint
from imageapis.core.concurrency import epoch, report_status
from imageapis.core.connection_pool import fast_path
from imageapis.core.http import guarded
from imageapis.core.http_io import HttpIo
from imageapis.core.response_body import BLOCK, aread, read
from imageapis.core.round_trip import awaitable, round_trip_of
from imageapis.core.work import AsyncWork, BlockingWork, current_loop
from imageapis.errors import WrongEventLoop

if TYPE_CHECKING:
    from imageapis.core.http import Request, Response


class _BlockingTries(httpx.BaseTransport):
    """Lets the retry transport send through a whole client, so that its proxies, limits and cookies apply."""

    def __init__(self, io: BlockingIo) -> None:
        self._io = io

    def handle_request(self, request: Request) -> httpx.Response:
        checkpoint()
        return self._io.send_once(request)


class BlockingIo(HttpIo[httpx.Client], BlockingWork):
    """The `Io` of a blocking client: every method blocks, none suspends."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._transport = RetryTransport(_BlockingTries(self))

    async def send(self, request: Request, *, stream: bool = False) -> Response:
        """Send a request; see `Io.send`."""
        return await self._within(self._begin(request, stream), self._send(request), request)

    async def _send(self, request: Request) -> Response:
        return guarded(self._transport.handle_request(request))

    def send_once(self, request: Request) -> httpx.Response:
        """Send a request without retries and read its answer, unless that is to be streamed."""
        stream = self._prepare(request)
        sent = epoch()
        if (trip := round_trip_of.get()) is not None:
            request.extensions["trace"] = trip.start()
        response: httpx.Response | None = None
        if not stream and (way := fast_path(self.client, request)) is not None:
            connections, message = way
            response = connections.send(request, message)
        if response is None:
            # Not following redirects and no other authentication: secrets go where the login sends them, nowhere else.
            response = self.client.send(request, stream=True, auth=None, follow_redirects=False)
        if trip is not None:
            trip.stop()
        report_status(response.status_code, sent)
        if not stream:
            read(response, self._limit)
        return response

    async def _read(self, response: Response) -> None:
        read(response, self._limit)

    def _raws(self, response: Response) -> Any:
        return response.iter_raw(BLOCK)

    async def _next(self, raws: Any) -> bytes:
        block: bytes = next(raws, b"")
        return block

    async def close(self, response: Response) -> None:
        """Give the connection back."""
        response.close()

    async def shut(self) -> None:
        """Close all connections, unless the httpx client is the caller's."""
        self._closed = True
        if self._renew is not None and not self._forked:
            self._client.close()


class _AsyncTries(httpx.AsyncBaseTransport):
    def __init__(self, io: AsyncIo) -> None:
        self._io = io

    async def handle_async_request(self, request: Request) -> httpx.Response:
        return await self._io.send_once(request)


class AsyncIo(HttpIo[httpx.AsyncClient], AsyncWork):
    """The `Io` of an async client."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._transport = RetryTransport(_AsyncTries(self))
        #: The event loop whose connections these are.
        self._loop: Any = None

    def after_fork(self) -> None:
        """Begin with fresh connections, and in another event loop."""
        super().after_fork()
        self._loop = None

    def _stay(self) -> None:
        loop = current_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise WrongEventLoop(
                "This client was first used in another event loop, and its connections belong to that. Make a client "
                "in each event loop: a call of asyncio.run makes one."
            )

    async def send(self, request: Request, *, stream: bool = False) -> Response:
        """Send a request; see `Io.send`."""
        self._stay()
        if type(request.stream) is httpx.ByteStream and request.content:
            # httpx's own would be dropped half read where an answer comes before the end of the request.
            request.stream = bytes_body(request.content)
        return await self._within(self._begin(request, stream), self._send(request), request)

    async def _send(self, request: Request) -> Response:
        return guarded(await self._transport.handle_async_request(request))

    async def send_once(self, request: Request) -> httpx.Response:
        """Send a request without retries and read its answer, unless that is to be streamed."""
        stream = self._prepare(request)
        sent = epoch()
        if (trip := round_trip_of.get()) is not None:
            request.extensions["trace"] = awaitable(trip.start())
        response: httpx.Response | None = None
        if not stream and (way := fast_path(self.client, request)) is not None:
            connections, message = way
            response = await connections.send(request, message)
        if response is None:
            response = await self.client.send(request, stream=True, auth=None, follow_redirects=False)
        if trip is not None:
            trip.stop()
        report_status(response.status_code, sent)
        if not stream:
            await aread(response, self._limit)
        return response

    async def _read(self, response: Response) -> None:
        await aread(response, self._limit)

    def _raws(self, response: Response) -> Any:
        return response.aiter_raw(BLOCK)

    async def _next(self, raws: Any) -> bytes:
        block: bytes = await anext(raws, b"")
        return block

    async def close(self, response: Response) -> None:
        """Give the connection back."""
        await response.aclose()

    async def shut(self) -> None:
        """Close all connections, unless the httpx client is the caller's."""
        if self._loop is not None:
            self._stay()
        self._closed = True
        if self._renew is not None and not self._forked:
            await self._client.aclose()
