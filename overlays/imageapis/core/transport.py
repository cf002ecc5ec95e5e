"""`Io` over httpx: one client, our retries around it, one deadline for all tries of a request.

The only place where requests leave. Knows no service, no login and no meaning of a status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from imageapis.core.checkpoint import checkpoint
from imageapis.core.concurrency import hear
from imageapis.core.work import AsyncWork, BlockingWork
from imageapis.errors import ConnectionFailed, ImageApiError, TimedOut

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx_retries import RetryTransport

    from imageapis.core.clock import Clock
    from imageapis.core.http import Request, Response
    from imageapis.core.retry import Policies

#: Bytes per block of a streamed answer.
BLOCK = 256 * 1024


class _Attempts:
    """What one try needs besides the client: what is left of the deadline, and whether to read the body."""

    def __init__(self, clock: Clock, deadline: float | None) -> None:
        self.clock = clock
        self._deadline = deadline

    def prepare(self, request: Request) -> bool:
        """Cut the request's time-outs to what is left, count the try, and say whether the answer is to be streamed."""
        extensions = request.extensions
        extensions["imageapis_tries"] += 1
        if self._deadline is not None:
            now = self.clock.now()
            end = extensions.setdefault("imageapis_deadline", now + self._deadline)
            if now >= end:
                from imageapis.core.retry import DeadlinePassed

                raise DeadlinePassed(f"no answer within {self._deadline:g} s, retries included", request=request)
            left = end - now
            timeouts = extensions.get("timeout", {})
            for limit in timeouts.values():
                if limit is not None and limit > left:
                    extensions["timeout"] = {k: v if v is None else min(v, left) for k, v in timeouts.items()}
                    break
        return bool(extensions.get("imageapis_stream"))


class _BlockingTries(httpx.BaseTransport):
    """Lets the retry transport send through a whole client, so that its proxies, limits and cookies apply."""

    def __init__(self, client: httpx.Client, attempts: _Attempts) -> None:
        self._client = client
        self._attempts = attempts

    def handle_request(self, request: Request) -> Response:
        checkpoint()
        stream = self._attempts.prepare(request)
        # Not following redirects and no other authentication: secrets go where the login sends them, nowhere else.
        response = self._client.send(request, stream=stream, auth=None, follow_redirects=False)
        hear(response.status_code)
        return response


class _AsyncTries(httpx.AsyncBaseTransport):
    def __init__(self, client: httpx.AsyncClient, attempts: _Attempts) -> None:
        self._client = client
        self._attempts = attempts

    async def handle_async_request(self, request: Request) -> Response:
        stream = self._attempts.prepare(request)
        response = await self._client.send(request, stream=stream, auth=None, follow_redirects=False)
        hear(response.status_code)
        return response


class _OverHttp:
    """What the two `Io` over httpx share."""

    clock: Clock
    _policies: Policies
    _attempts: _Attempts

    def use_clock(self, clock: Clock) -> None:
        """Take all times, waits and deadlines from another clock."""
        self.clock = self._attempts.clock = clock
        self._policies.use_clock(clock)

    def _mark(self, request: Request, stream: bool) -> None:
        extensions = request.extensions
        #: How often the request was tried: an answer to a second try may be about what the first one did.
        extensions["imageapis_tries"] = 0
        if "retry" not in extensions:
            extensions["retry"] = self._policies.of(request.method)
        if stream:
            extensions["imageapis_stream"] = True


class BlockingIo(BlockingWork, _OverHttp):
    """The `Io` of a blocking client: every method blocks, none suspends."""

    def __init__(self, client: httpx.Client, policies: Policies, clock: Clock, deadline: float | None) -> None:
        from httpx_retries import RetryTransport

        self.client = client
        self.clock = clock
        self._policies = policies
        self._attempts = _Attempts(clock, deadline)
        self._transport: RetryTransport = RetryTransport(_BlockingTries(client, self._attempts))

    async def send(self, request: Request, *, stream: bool = False) -> Response:
        """Send a request; see `Io.send`."""
        self._mark(request, stream)
        try:
            return self._transport.handle_request(request)
        except (httpx.HTTPError, UnicodeError) as failure:
            raise connection_error(request, failure) from failure

    async def body(self, response: Response, size: int | None = None) -> AsyncIterator[bytes]:
        """Iterate over the blocks of a streamed answer."""
        try:
            for block in response.iter_bytes(size or BLOCK):
                yield block
        except httpx.HTTPError as failure:
            raise connection_error(response.request, failure) from failure

    async def close(self, response: Response) -> None:
        """Give the connection back."""
        response.close()

    async def shut(self) -> None:
        """Close all connections."""
        self.client.close()


class AsyncIo(AsyncWork, _OverHttp):
    """The `Io` of an async client."""

    def __init__(self, client: httpx.AsyncClient, policies: Policies, clock: Clock, deadline: float | None) -> None:
        from httpx_retries import RetryTransport

        self.client = client
        self.clock = clock
        self._policies = policies
        self._attempts = _Attempts(clock, deadline)
        self._transport: RetryTransport = RetryTransport(_AsyncTries(client, self._attempts))

    async def send(self, request: Request, *, stream: bool = False) -> Response:
        """Send a request; see `Io.send`."""
        self._mark(request, stream)
        try:
            return await self._transport.handle_async_request(request)
        except (httpx.HTTPError, UnicodeError) as failure:
            raise connection_error(request, failure) from failure

    async def body(self, response: Response, size: int | None = None) -> AsyncIterator[bytes]:
        """Iterate over the blocks of a streamed answer."""
        try:
            async for block in response.aiter_bytes(size or BLOCK):
                yield block
        except httpx.HTTPError as failure:
            raise connection_error(response.request, failure) from failure

    async def close(self, response: Response) -> None:
        """Give the connection back."""
        await response.aclose()

    async def shut(self) -> None:
        """Close all connections."""
        await self.client.aclose()


def connection_error(request: Request, failure: Exception) -> ImageApiError:
    """Return our error for a failure of httpx, or of the codec by which a host's name goes out."""
    from imageapis.core.retry import UNSENT

    what = f"{request.method} {request.url.scheme}://{request.url.netloc.decode('ascii')}{request.url.path}"
    said = str(failure) or type(failure).__name__
    if isinstance(failure, httpx.TimeoutException):
        sent = not isinstance(failure, UNSENT)
        return TimedOut(
            f"{what} had no answer in time ({said}). Give `timeout=` more seconds, or look whether the server is up.",
            sent=sent,
        )
    if isinstance(failure, (httpx.UnsupportedProtocol, UnicodeError)):
        return ConnectionFailed(f"{what} cannot be sent ({said}). Check the login's address.", sent=False)
    sent = not isinstance(failure, UNSENT)
    hint = (
        "The request may have been carried out: look before you repeat it."
        if sent
        else "Nothing was sent: check the address, the network and the TLS settings."
    )
    return ConnectionFailed(f"{what} failed ({said}). {hint}", sent=sent)
