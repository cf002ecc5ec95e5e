"""What the two `Io` over httpx share: the client and its lifetime, marks on requests, deadlines, streamed bodies."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

import httpx

from imageapis.core.deadline import Deadline, current
from imageapis.core.fork_safety import on_fork
from imageapis.core.network import keep_deadlines
from imageapis.core.redaction import holds_secrets
from imageapis.core.response_body import Blocks, end
from imageapis.core.retry import DeadlinePassed
from imageapis.core.transport_errors import FAILURES, UNSENDABLE, connection_error
from imageapis.errors import ClientClosed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from imageapis.core.clock import Clock
    from imageapis.core.http import Request, Response
    from imageapis.core.retry import Policies


C = TypeVar("C", httpx.Client, httpx.AsyncClient)
T = TypeVar("T")


class HttpIo(Generic[C]):
    """What the two `Io` over httpx share.

    Args:
        client: The httpx client.
        renew: Makes another one like it, for a forked child; `None` if the client is the caller's own.
        policies: Which failures are tried again.
        deadline: Seconds that a request may take in all, or `None`.
        max_response_size: Bytes that the body of an answer may come to.
    """

    def __init__(
        self,
        client: C,
        renew: Callable[[], C] | None,
        policies: Policies,
        deadline: float | None,
        max_response_size: int,
    ) -> None:
        keep_deadlines(client)
        self._client: C = client
        self._renew: Callable[[], C] | None = renew
        self._policies = policies
        self._seconds = deadline
        self._limit = max_response_size
        self._closed = self._forked = False
        self.clock: Clock = policies.none.clock
        on_fork(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A client holds connections, which no other process has: neither it nor a pager of it can be pickled or "
            "deeply copied. Make a client where it is used."
        )

    @property
    def client(self) -> C:
        """The httpx client that requests are built and sent with."""
        if self._forked:
            if self._renew is None:
                raise ClientClosed(
                    "This client's http_client was opened before this process was forked, and its connections are the "
                    "parent's. Make one of each in the child."
                )
            self._client = self._renew()
            self._forked = False
        return self._client

    def after_fork(self) -> None:
        """Begin with fresh connections at the next request."""
        self._forked = True

    def use_clock(self, clock: Clock) -> None:
        """Take all times, waits and deadlines from another clock."""
        self.clock = clock
        self._policies.use_clock(clock)

    def new_deadline(self) -> Deadline | None:
        """Return a deadline that begins to run now; see `Io.new_deadline`."""
        outer = current.get()
        return outer if self._seconds is None else Deadline(self.clock, self._seconds, outer)

    def deadline_of(self, request: Request, at_least: float = 0.0) -> Deadline | None:
        """Return the deadline of a request; see `Io.deadline_of`."""
        extensions = request.extensions
        if "imageapis_deadline" not in extensions:
            outer = current.get()
            extensions["imageapis_deadline"] = (
                outer if self._seconds is None else Deadline(self.clock, max(self._seconds, at_least), outer)
            )
        deadline: Deadline | None = extensions["imageapis_deadline"]
        return deadline

    def _begin(self, request: Request, stream: bool) -> Deadline | None:
        """Mark a request for its tries and return its deadline."""
        if self._closed or self.client.is_closed:
            raise ClientClosed(f"{request.method} {request.url.path} was not sent: this client is closed.")
        extensions = request.extensions
        #: How often the request was tried: an answer to a second try may be about what the first one did.
        extensions["imageapis_tries"] = 0
        if "retry" not in extensions:
            extensions["retry"] = self._policies.of(request.method)
        if stream:
            extensions["imageapis_stream"] = True
        return self.deadline_of(request)

    def _prepare(self, request: Request) -> bool:
        """Cut the request's time-outs to what is left, count the try, and say whether the answer is to be streamed."""
        extensions = request.extensions
        extensions["imageapis_tries"] += 1
        deadline: Deadline | None = extensions["imageapis_deadline"]
        if deadline is not None:
            left = deadline.left() if extensions["imageapis_tries"] == 1 else deadline.left_for_retries()
            if left <= 0:
                raise DeadlinePassed(f"no answer within {deadline.seconds:g} s, retries included", request=request)
            timeouts = extensions.get("timeout", {})
            for limit in timeouts.values():
                if limit is not None and limit > left:
                    extensions["timeout"] = {k: v if v is None else min(v, left) for k, v in timeouts.items()}
                    break
        return bool(extensions.get("imageapis_stream"))

    def _raws(self, response: Response) -> Any:
        raise NotImplementedError

    async def _next(self, raws: Any) -> bytes:
        raise NotImplementedError

    async def close(self, response: Response) -> None:
        """Give the connection of a streamed answer back."""
        raise NotImplementedError

    async def _read(self, response: Response) -> None:
        raise NotImplementedError

    async def read(self, response: Response) -> None:
        """Read a streamed answer; see `Io.read`."""
        request = response.request
        await self._within(self.deadline_of(request), self._read(response), request)

    async def body(self, response: Response) -> AsyncGenerator[bytes, None]:
        """Iterate over the blocks of a streamed answer."""
        content: bytes | None = getattr(response, "_content", None)
        if content is not None:  # a hook has read it
            yield content
            return
        deadline = self.deadline_of(response.request)
        blocks, raws = Blocks(response), self._raws(response)
        try:
            while raw := await self._within(deadline, self._next(raws), response.request):
                if deadline is not None:
                    deadline.moved(len(raw))
                for block in blocks.of(raw):
                    handed = time.monotonic()
                    yield block
                    if deadline is not None:  # what the caller did meanwhile is not the server's fault
                        deadline.extend(time.monotonic() - handed)
            blocks.end()
        finally:
            await end(self.close(response), raws)

    async def _within(self, deadline: Deadline | None, work: Awaitable[T], request: Request) -> T:
        """Await something that httpx does for a request, until the deadline."""
        before = current.set(deadline)
        try:
            return await work
        except FAILURES as failure:
            telltale = isinstance(failure, UNSENDABLE) or holds_secrets(str(failure), request)
            error = connection_error(request, failure)
            if not telltale:
                raise error from failure
        finally:
            current.reset(before)
        # Such a failure holds a header that could not be sent, or that the server sent back: it is no context of ours.
        raise error
