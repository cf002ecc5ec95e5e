"""Tokens, and `TokenAuth`, which keeps one for any number of threads and tasks: fetched once, renewed, replaced.

How a token is fetched is the service's business (`<service>/tokens.py` and the like). Here: what is a token, and the
single flight of fetches.
"""

from __future__ import annotations

import copy
import math
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import attrs

from imageapis.core.deadline import current
from imageapis.core.fork_safety import PerProcess
from imageapis.core.secrets import fingerprint, header_text
from imageapis.errors import ImageApiError, LoginError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from imageapis.core.http import Request, Response
    from imageapis.core.io import Io

#: Seconds after which those who wait for another's fetch do it themselves: its event loop may stand still.
PATIENCE = 15.0
#: Seconds of the longest life that is believed.
LONGEST_LIFE = 100 * 365 * 86_400.0


def lifetime(value: object, default: float) -> float:
    """Return the seconds of `expires_in`, a number or its text; the default for whatever else a server says."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return default
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return default
    return min(max(seconds, 0.0), LONGEST_LIFE) if math.isfinite(seconds) else default


def _finite(moment: float | None) -> float | None:
    return moment if moment is not None and math.isfinite(moment) else None


@attrs.frozen
class Token:
    """A token with the end of its life.

    Attributes:
        value: What proves who asks: printable ASCII, without white space around it.
        expires: Seconds since the epoch, or `None` if it is not known.
        details: What else the login service said, for the kind of login that fetched it.

    Raises:
        LoginError: The value cannot stand in a header.
    """

    value: str = attrs.field(repr=lambda value: f"<{fingerprint(value)}>", converter=header_text)
    expires: float | None = attrs.field(default=None, converter=_finite)
    details: Any = attrs.field(default=None, repr=False, eq=False)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise LoginError("Tokens are left out of pickles. Make the login where it is used, in the other process.")


class _Flight(Future["Token | None"]):
    """One fetch under way; `None` as its result means that it was given up: cancelled, or out of its caller's time."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.get_ident()
        self.set_running_or_notify_cancel()  # so that a cancelled waiter cannot cancel it for the rest


class _Kept:
    """What one process knows of the token."""

    def __init__(self) -> None:
        self.lock = threading.Lock()  # never held across an await
        self.token: Token | None = None
        self.renew_at = math.inf
        self.flight: _Flight | None = None


class TokenAuth:
    """Proof by a token that is fetched, kept, renewed before its end, and renewed once when it is refused.

    One fetch serves all threads and tasks that wait for it, also those of another client and of another event loop.
    A failed fetch is raised to each that waited for it, and the next call tries anew: nothing stays locked. A forked
    child logs in for itself. Subclasses say how a token is fetched (`fetch`) and how it is shown (`header`, `scheme`).

    Args:
        leeway: A token is renewed so many seconds before its end (at most a tenth of its life).
        clock: Seconds since the epoch.
        patience: Seconds to wait for another's fetch before one of those who wait does it.
    """

    header: ClassVar[str] = "Authorization"
    scheme: ClassVar[str] = "Bearer "

    def __init__(
        self, *, leeway: float = 60.0, clock: Callable[[], float] = time.time, patience: float = PATIENCE
    ) -> None:
        self._leeway = leeway
        self._clock = clock
        self._patience = patience
        self._here = PerProcess(_Kept)

    @property
    def current(self) -> Token | None:
        """The token that was fetched last, if any; it may be over."""
        return self._here.get().token

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
        kept = self._here.get()
        with kept.lock:
            if kept.token is token:
                kept.renew_at = -math.inf

    async def token(self, io: Io) -> Token:
        """Return a token that is valid now, fetching one if need be.

        Raises:
            LoginError: The login service refused.
            ConnectionFailed: The login service could not be reached.
        """
        kept = self._here.get()
        while True:
            with kept.lock:
                token = kept.token
                if token is not None and self._clock() < kept.renew_at:
                    return token
                flight = kept.flight
                leads = flight is None
                if flight is None:
                    flight = kept.flight = _Flight()
            # A blocking client called on an event loop's own thread must not wait for a task of that loop.
            if leads or (not io.suspends and flight.thread == threading.get_ident()):
                return await self._lead(io, kept, flight if leads else _Flight(), token)
            fetched = await self._join(io, kept, flight)
            if fetched is not None:
                return fetched
            # Its leader gave it up, or stands still: whoever comes first leads the next.

    async def _join(self, io: Io, kept: _Kept, flight: _Flight) -> Token | None:
        """Wait for another's fetch; `None` if nothing is to be had from it."""
        try:
            return await io.wait(flight, self._patience)
        except TimeoutError:
            with kept.lock:
                if kept.flight is flight:
                    kept.flight = None
            return None
        except ImageApiError as failure:
            # A copy for each: one object raised by all of them would carry the tracebacks of all.
            again = copy.copy(failure)
        raise again

    async def _lead(self, io: Io, kept: _Kept, flight: _Flight, previous: Token | None) -> Token:
        try:
            token = await self.fetch(io, previous)
        except Exception as failure:
            self._land(kept, flight)
            deadline = current.get()
            if deadline is not None and deadline.left() <= 0:
                # It was this call that had no more time; those who wait may have.
                flight.set_result(None)
            else:
                flight.set_exception(failure)
                flight.exception()
            raise
        except BaseException:
            self._land(kept, flight)
            flight.set_result(None)
            raise
        self._land(kept, flight, token)
        flight.set_result(token)
        return token

    def _land(self, kept: _Kept, flight: _Flight, token: Token | None = None) -> None:
        with kept.lock:
            if kept.flight is flight:
                kept.flight = None
            if token is not None:
                kept.token = token
                kept.renew_at = self._renewal(token)

    def _renewal(self, token: Token) -> float:
        if token.expires is None:
            return math.inf
        left = token.expires - self._clock()
        # A token that has just come and is over already tells of two clocks that differ: the service will judge it.
        return token.expires - min(self._leeway, left / 10) if left > 0 else math.inf

    def __repr__(self) -> str:
        return f"<{type(self).__name__} token={self.current!r}>"

    def __str__(self) -> str:
        return "with a token"


class FixedToken(TokenAuth):
    """Proof by a token that somebody else got; there is no other when it is refused.

    Raises:
        LoginError: It cannot stand in a header.
    """

    def __init__(self, value: str) -> None:
        super().__init__()
        self._fixed = Token(value)

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Return the token that was given."""
        return self._fixed

    async def refused(self, io: Io, proof: Token, response: Response) -> bool:
        """Another try would be the same one."""
        return False

    def __str__(self) -> str:
        return "with a token that somebody else got"
