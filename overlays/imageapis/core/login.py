"""A login is where + who + TLS in one object; `TokenAuth` keeps one token for any number of threads and tasks.

Which requests a particular kind of login sends is the service's business (`<service>/auth.py`). Here: what every
login has in common, and the single flight of token fetches.
"""

from __future__ import annotations

import hashlib
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import attrs

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from imageapis.core.http import Request, Response, Timeout
    from imageapis.core.io import Io


class Auth(Protocol):
    """Who asks: puts a proof of identity on requests and judges a refused one."""

    async def apply(self, io: Io, request: Request) -> Any:
        """Put the proof on the request and return it, for `refused`."""
        ...

    async def refused(self, io: Io, proof: Any, response: Response) -> bool:
        """Say whether a request that was answered with 401 is worth one replay.

        Raises:
            ImageApiError: The answer means something that only this kind of login can name.
        """
        ...


class NoAuth:
    """Nobody in particular asks, or TLS client certificates say who does."""

    async def apply(self, io: Io, request: Request) -> None:
        """Add nothing."""

    async def refused(self, io: Io, proof: Any, response: Response) -> bool:
        """Another try would be the same one."""
        return False


class Secret:
    """A secret text that shows itself nowhere: `reveal()` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret."""
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__


def fingerprint(secret: str) -> str:
    """Return a short hash by which two log lines can be matched without the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()[:8]


@attrs.frozen
class Token:
    """A token with the end of its life.

    Attributes:
        value: What proves who asks.
        expires: Seconds since the epoch, or `None` if it is not known.
        details: What else the login service said, for the kind of login that fetched it.
    """

    value: str = attrs.field(repr=lambda value: f"<{fingerprint(value)}>")
    expires: float | None = None
    details: Any = attrs.field(default=None, repr=False, eq=False)


class _Flight(Future["Token | None"]):
    """One fetch under way; `None` as its result means that it was cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.get_ident()
        self.set_running_or_notify_cancel()  # so that a cancelled waiter cannot cancel it for the rest


class TokenAuth:
    """Proof by a token that is fetched, kept, renewed before its end, and renewed once when it is refused.

    One fetch serves all threads and tasks that wait for it, also those of another client and of another event loop.
    A failed fetch is raised to each that waited for it, and the next call tries anew: nothing stays locked.
    Subclasses say how a token is fetched (`fetch`) and how it is shown (`header`, `scheme`).

    Args:
        leeway: A token is renewed so many seconds before its end (at most a tenth of its life).
        clock: Seconds since the epoch.
    """

    header: ClassVar[str] = "Authorization"
    scheme: ClassVar[str] = "Bearer "

    def __init__(self, *, leeway: float = 60.0, clock: Callable[[], float] = time.time) -> None:
        self._leeway = leeway
        self._clock = clock
        self._state = threading.Lock()  # never held across an await
        self._token: Token | None = None
        self._renew_at = float("inf")
        self._flight: _Flight | None = None

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Get a new token. `previous` is the one that ran out or was refused.

        Raises:
            LoginError: The login service refused.
        """
        raise NotImplementedError

    async def apply(self, io: Io, request: Request) -> Token:
        """Put a valid token on the request."""
        token = await self.token(io)
        request.headers[self.header] = self.scheme + token.value
        return token

    async def refused(self, io: Io, proof: Token, response: Response) -> bool:
        """Drop a refused token, so that the replay fetches another."""
        self.drop(proof)
        return True

    def drop(self, token: Token) -> None:
        """Forget a token, if it is still the one in use, so that the next call fetches another."""
        with self._state:
            if self._token is token:
                self._renew_at = float("-inf")

    async def token(self, io: Io) -> Token:
        """Return a token that is valid now, fetching one if need be.

        Raises:
            LoginError: The login service refused.
            ConnectionFailed: The login service could not be reached.
        """
        while True:
            with self._state:
                token = self._token
                if token is not None and self._clock() < self._renew_at:
                    return token
                flight = self._flight
                leads = flight is None
                if flight is None:
                    flight = self._flight = _Flight()
            # A blocking client called on an event loop's own thread must not wait for a task of that loop.
            if leads or (not io.suspends and flight.thread == threading.get_ident()):
                return await self._lead(io, flight if leads else _Flight(), token)
            fetched = await io.wait(flight)
            if fetched is not None:
                return fetched
            # Its leader was cancelled: whoever comes first leads the next.

    async def _lead(self, io: Io, flight: _Flight, previous: Token | None) -> Token:
        try:
            token = await self.fetch(io, previous)
        except Exception as failure:
            self._land(flight)
            # Each waiter raises a traceback of its own onto this one object; its text is what counts.
            flight.set_exception(failure)
            flight.exception()
            raise
        except BaseException:
            self._land(flight)
            flight.set_result(None)
            raise
        self._land(flight, token)
        flight.set_result(token)
        return token

    def _land(self, flight: _Flight, token: Token | None = None) -> None:
        with self._state:
            if self._flight is flight:
                self._flight = None
            if token is not None:
                self._token = token
                self._renew_at = self._renewal(token)

    def _renewal(self, token: Token) -> float:
        if token.expires is None:
            return float("inf")
        return token.expires - min(self._leeway, max(0.0, (token.expires - self._clock()) / 10))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} token={self._token!r}>"


class FixedToken(TokenAuth):
    """Proof by a token that somebody else got; there is no other when it is refused."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self._fixed = Token(value)

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Return the token that was given."""
        return self._fixed

    async def refused(self, io: Io, proof: Token, response: Response) -> bool:
        """Another try would be the same one."""
        return False


@attrs.frozen(kw_only=True, eq=False)
class Login:
    """Where + who + TLS: all that a client needs to know of one deployment of a service.

    Made by the factories of `<service>.auth`; a client class takes it as its only positional argument. One login may
    serve many clients, blocking and async: they share its token.

    Attributes:
        endpoint: The base address; `""` when only logging in tells it (`address`).
        auth: Who asks.
        verify: Makes the TLS context, or is `None` for the default one. Called once a client.
        proxy: The address of an HTTP proxy, or `None` for what the environment says.
        headers: Headers that every request of this login carries.
        timeout: Seconds or an `httpx.Timeout`, for clients that are not told otherwise.
        retries: Retries, for clients that are not told otherwise.
        deadline: Seconds for all tries of a request, for clients that are not told otherwise; `float("inf")`: no end.
        address: Finds the base address when `endpoint` is empty.
    """

    endpoint: str = ""
    auth: Auth = attrs.field(factory=NoAuth)
    verify: Callable[[], ssl.SSLContext] | None = attrs.field(default=None, repr=False)
    proxy: str | None = attrs.field(default=None, repr=lambda proxy: "None" if proxy is None else "'***'")
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    timeout: float | Timeout | None = None
    retries: int | None = None
    deadline: float | None = None
    address: Callable[[Io], Any] | None = attrs.field(default=None, repr=False)

    async def base(self, io: Io) -> str:
        """Return the base address, without a slash at its end.

        Raises:
            LoginError: The login does not tell any.
        """
        if self.endpoint or self.address is None:
            return self.endpoint.rstrip("/")
        found: str = await self.address(io)
        return found.rstrip("/")


def ca_context(ca: str | None = None) -> ssl.SSLContext:
    """Return a TLS context that trusts the given CA file, or httpx's default authorities.

    Raises:
        LoginError: The file cannot be read or holds no certificate.
    """
    import ssl

    from imageapis.errors import LoginError

    if ca is None:
        import httpx

        return httpx.create_ssl_context()
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as failure:
        raise LoginError(
            f"The CA file {ca} cannot be used ({failure}). Give a PEM file of CA certificates."
        ) from failure


def request(
    io: Io,
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    data: Mapping[str, str] | None = None,
) -> Request:
    """Build a request that carries no proof of identity, for logging in; send it with `io.send`.

    Args:
        io: What it will be sent through.
        method: The HTTP method.
        url: The whole address.
        params: Query parameters; they are percent-encoded.
        headers: Headers besides the client's.
        json: A body to send as JSON.
        data: Fields to send as a form; they are percent-encoded.

    Raises:
        LoginError: The address is none.
    """
    import httpx

    from imageapis.errors import LoginError

    try:
        built: Request = io.client.build_request(method, url, params=params, headers=headers, json=json, data=data)
    except (httpx.InvalidURL, TypeError, UnicodeError) as failure:
        raise LoginError(
            f"{url!r} is no address that can be asked ({failure}). Check the login's settings."
        ) from failure
    return built
