"""`Operations`, the base of every service's operations: a generated endpoint's call, with login, hooks, log, errors.

What the service must tell is a `Service`. The constructors are those of the two faces, in `client`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from itertools import islice
from logging import DEBUG
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

import httpx

from imageapis import __version__
from imageapis.core import endpoint as generated
from imageapis.core.arguments import text
from imageapis.core.auth import NoAuth
from imageapis.core.clock import Clock
from imageapis.core.concurrency import ALONE, FAR, HERE, LIGHT, NEAR, FixedLimit, start_for
from imageapis.core.deadline import current
from imageapis.core.faces import maybe_await, operation
from imageapis.core.log import hide_secrets, log_answer, logger
from imageapis.core.origin import is_foreign, keep_secrets, same_origin
from imageapis.core.redaction import remember_proxy
from imageapis.core.response_body import unexpected
from imageapis.core.round_trip import RoundTrip
from imageapis.core.settings import (
    ENCODINGS,
    RETRIES,
    TIMEOUT,
    asks_only,
    check_numbers,
    checked_hooks,
    deadline_of,
    http_settings,
    open_http,
    proxies,
)
from imageapis.errors import ImageApiError
from imageapis_generated._faces import Caller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable

    from imageapis.core.concurrency import LimitMaker
    from imageapis.core.deadline import Deadline
    from imageapis.core.http import Request, Response
    from imageapis.core.io import Io
    from imageapis.core.login import Login
    from imageapis.core.retry import Policies
    from imageapis.core.service import Service
    from imageapis.core.settings import Hooks
    from imageapis.errors import StatusError
    from imageapis_generated._requests import Endpoint

P = ParamSpec("P")
T = TypeVar("T")

NOBODY = NoAuth()


class Operations(Caller):
    """The base of a service's operations; see `BlockingClient` for the constructor."""

    _service: ClassVar[Service]
    _login: Login
    _io: Io
    _hooks: dict[str, tuple[Callable[..., Any], ...]]
    _headers: dict[str, str]
    _retry_policies: Policies
    _deadline: float | None
    #: The deadline in seconds, if somebody named one: nothing that an operation needs by itself goes beyond it.
    _told_deadline: float | None
    _concurrency: int | None
    #: Seconds that a small request to the service was waited for at least; what transfers begin by.
    _round_trip: float | None = None

    #: The id under which the service logged this client's latest call (of whichever thread or task), or `None`.
    last_request_id: str | None = None

    def _set_up(
        self,
        login: Login,
        *,
        timeout: float | httpx.Timeout | None,
        retries: int | None,
        concurrency: int | None,
        http_client: httpx.Client | httpx.AsyncClient | None,
        user_agent: str | None,
        hooks: Hooks | None,
        deadline: float | None,
        max_response_size: int,
        kind: type[httpx.Client | httpx.AsyncClient],
        io: Callable[..., Io],
    ) -> None:
        from imageapis.core.retry import Policies

        if not hasattr(login, "auth") or not hasattr(login, "base"):
            raise TypeError(f"{type(self).__name__} takes a login made by its auth module, not {type(login).__name__}")
        if concurrency is not None:
            FixedLimit(concurrency)  # refuses what is no number of requests
        check_numbers(timeout=timeout, retries=retries, deadline=deadline, max_response_size=max_response_size)
        hide_secrets()
        for proxy in proxies(None if login.proxy is None else login.proxy.reveal()):
            remember_proxy(proxy)
        self._login = login
        self._hooks = checked_hooks(hooks)
        self._concurrency = concurrency
        self._deadline = deadline_of(deadline, login)
        self._told_deadline = None if deadline is None and login.deadline is None else self._deadline
        if user_agent is not None:
            text("user_agent", user_agent)
        agent = f"imageapis/{__version__} python-httpx/{httpx.__version__}"
        self._headers = {
            "User-Agent": f"{user_agent} {agent}" if user_agent else agent,
            **self._service.headers,
            **login.headers,
        }
        tries = login.retries if retries is None else retries
        self._retry_policies = Policies(
            RETRIES if tries is None else tries,
            longest_wait=60.0,
            total_wait=self._deadline or float("inf"),
            clock=Clock(),
        )
        renew = None
        if http_client is None:
            seconds = login.timeout if timeout is None else timeout
            made = http_settings(login, TIMEOUT if seconds is None else seconds, concurrency)
            renew = partial(open_http, kind, made)
            http_client = renew()
        elif isinstance(http_client, kind):
            if not asks_only(http_client.headers.get("Accept-Encoding", "")):
                self._headers["Accept-Encoding"] = ENCODINGS
        else:
            raise TypeError(f"http_client of {type(self).__name__} must be an httpx.{kind.__name__}")
        self._io = io(http_client, renew, self._retry_policies, self._deadline, max_response_size)

    @property
    def _http(self) -> httpx.Client | httpx.AsyncClient:
        http: httpx.Client | httpx.AsyncClient = self._io.client
        return http

    @operation
    async def close(self) -> None:
        """Close the connections; an `http_client` that was passed in stays open. Calls after that are errors."""
        await self._io.shut()

    def _limit(self, told: int | None) -> LimitMaker:
        """Return what makes the limit of a transfer: as many requests at a time as told, or what it finds itself.

        Raises:
            ValueError: Less than one was told.
        """
        count = self._concurrency if told is None else told
        if count is not None:
            fixed = FixedLimit(count)  # it keeps nothing of a transfer
            return lambda _size, _trips=1: fixed
        from imageapis.core.adaptive import AdaptiveLimit  # only transfers need them
        from imageapis.core.workload import Workload

        encrypted, loop = self._login.endpoint.startswith("https:"), self._io.suspends

        def make(size: int, trips: int = 1) -> AdaptiveLimit:
            least = None if self._round_trip is None else trips * self._round_trip
            light = size < LIGHT
            start = start_for(least, light=light, encrypted=encrypted, loop=loop)
            workload = Workload(self._io.now, self._io.clock.busy, loop=loop) if light else None
            return AdaptiveLimit(self._io.now, start=start, workload=workload)

        return make

    async def _timed(self, small: Awaitable[T]) -> T:
        """Await a small request and keep how long one was on its way at least; see `round_trip`."""
        trip = RoundTrip(self._io.clock, alone=self._round_trip is None)
        try:
            with trip:
                return await small
        finally:
            if trip.seconds is not None:
                self._round_trip = trip.seconds if self._round_trip is None else min(trip.seconds, self._round_trip)

    async def _timed_again(self, small: Iterable[Awaitable[None]], *, many: bool) -> None:
        """Send small requests one after the other until they tell how long the way is.

        The first request tells too little: it is slow at many a server, and where others want the processor any may be.

        Args:
            small: The requests.
            many: Whether there are so many that one alone costs little even on a long way. Otherwise none is sent
                there.
        """
        least = self._round_trip
        if least is None or (least >= FAR and not many):
            return
        shortest = float("inf")
        for request in islice(small, ALONE):
            with RoundTrip(self._io.clock, alone=False) as trip:
                await request
            if trip.seconds is None:
                return
            self._round_trip = shortest = min(shortest, trip.seconds)
            if shortest < HERE or shortest > max(NEAR, least / 2):
                return
            least = shortest

    def _url(self, base: str, path: str) -> str:
        """Join the base address with a generated path. A service whose base already holds part of it overrides this."""
        return base + path

    async def _answer(self, endpoint: Endpoint[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call an operation and return what its answer says.

        Raises:
            InvalidArgument: An argument is something that a request cannot carry; nothing was sent.
            UnexpectedReply: The answer is not what the document promises.
        """
        return generated.value_of(endpoint, await self._exchange(await self._built(endpoint, *args, **kwargs)))

    async def _built(self, endpoint: Endpoint[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> Request:
        """Build the request of an operation, to be changed before it is sent or sent in another way.

        An operation that the document puts on a server of another origin than the login's gets no proof of identity,
        and none of the headers, cookies and parameters that the login or an `http_client` of the caller's brings:
        secrets go to where the login says, nowhere else. A client certificate is still shown, if the server asks.
        """
        call = generated.call_of(endpoint, *args, **kwargs)
        base, deadline = await self._base()
        if call.server is None:
            request = generated.request_of(self._http, self._url(base, call.path), call, self._headers)
        else:
            # An operation of another server: one on this host, or the whole address of it.
            server = str(httpx.URL(base).join(call.server)).rstrip("/")
            request = generated.request_of(self._http, server + call.path, call, self._headers)
            if not same_origin(request.url, base):
                keep_secrets(request, call, self._headers, self._login.headers)
        if deadline is not None:
            request.extensions["imageapis_deadline"] = deadline
        return request

    async def _base(self) -> tuple[str, Deadline | None]:
        """Return the base address, and the deadline that began to run if logging in told it: the request's as well."""
        if self._login.endpoint:
            return self._login.endpoint, None
        deadline = self._io.new_deadline()
        before = current.set(deadline)
        try:
            return await self._login.base(self._io), deadline
        finally:
            current.reset(before)

    async def _exchange(
        self,
        request: Request,
        *,
        accept: Container[int] = (),
        retry: bool = True,
        read_timeout: float | None = None,
        stream: bool = False,
    ) -> Response:
        """Send a request with login and hooks and return its answer.

        Args:
            request: The request.
            accept: Statuses of 400 or more that are returned instead of raised.
            retry: Whether failures that may pass are tried again here.
            read_timeout: Seconds to wait for the answer, if longer than the client's; a deadline that the caller named
                stays.
            stream: Leave the body unread; `self._io.close(response)` is then the caller's duty.

        Raises:
            StatusError: The answer is a refusal.
            ConnectionFailed: There is no whole answer.
            LoginError: There is no proof of identity to be had.
            UnexpectedReply: The answer is a redirect: no service of ours redirects.
        """
        if not retry:
            request.extensions["retry"] = self._retry_policies.none
        if read_timeout is not None:
            self._wait_longer(request, read_timeout)
        before = current.set(self._io.deadline_of(request))
        try:
            response = await self._send_with_login(request, stream)
        finally:
            current.reset(before)
        status = response.status_code
        if status < 300 or status in accept:
            return response
        if status < 400:
            raise unexpected(response, "a redirect, which is never followed")
        raise self._status_error(response)

    async def _send_with_login(self, request: Request, stream: bool) -> Response:
        auth = NOBODY if is_foreign(request) else self._login.auth
        proof = await auth.apply(self._io, request)
        response = await self._transfer(request, stream)
        if response.status_code == 401 and await auth.refused(self._io, proof, response):
            if stream:
                await self._io.close(response)
            await auth.apply(self._io, request)
            response = await self._transfer(request, stream)
        if stream and response.status_code >= 300:
            await self._io.read(response)
        return response

    async def _transfer(self, request: Request, stream: bool) -> Response:
        began = self._io.now()
        for hook in self._hooks["request"]:
            await maybe_await(hook(request))
        try:
            response = await self._io.send(request, stream=stream)
        except ImageApiError as failure:
            for hook in self._hooks["failure"]:
                await maybe_await(hook(request, failure))
            raise
        self.last_request_id = self._service.request_id(response)
        if logger.isEnabledFor(DEBUG):
            log_answer(request, response, self._io.now() - began, self.last_request_id)
        for hook in self._hooks["response"]:
            await maybe_await(hook(response))
        return response

    def _wait_longer(self, request: Request, seconds: float) -> None:
        timeouts = request.extensions.get("timeout", {})
        read = timeouts.get("read")
        if read is not None and read < seconds:
            request.extensions["timeout"] = {**timeouts, "read": seconds}
        self._io.deadline_of(request, at_least=seconds if self._told_deadline is None else 0.0)

    def _status_error(self, response: Response) -> StatusError:
        """Return the error for an answer of 400 or more."""
        from imageapis.core.status_errors import status_error

        return status_error(self._service, response, self._retry_policies.none)

    @asynccontextmanager
    async def _stream(self, request: Request, **options: Any) -> AsyncIterator[Response]:
        """Send a request and leave the answer's body unread: iterate `self._io.body(response)`."""
        response = await self._exchange(request, stream=True, **options)
        try:
            yield response
        finally:
            await self._io.close(response)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._login.endpoint or 'of the catalog'}>"
