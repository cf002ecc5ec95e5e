"""Our policy on top of `httpx-retries`: which failures are tried again, how long to wait, when to stop.

Imported when the first client is built, not before: the library behind it costs as much to import as the rest.
"""

from __future__ import annotations

import re
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx
from httpx_retries import Retry

from imageapis.core.deadline import current

if TYPE_CHECKING:
    from collections.abc import Iterable

    from imageapis.core.clock import Clock

#: Answers that say "not now": the same request may succeed in a moment.
BUSY = (429, 502, 503, 504)
#: Methods that may be carried out twice with the effect of once (RFC 9110, section 9.2.2).
IDEMPOTENT = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS")
#: Seconds that a `Retry-After` may ask for and be taken as meant: a year.
LONGEST = 366 * 86400.0
#: Failures after which the server has certainly seen nothing.
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class DeadlinePassed(httpx.TimeoutException):
    """The time for a request and all its retries is used up. Never tried again."""


class Policy(Retry):
    """Exponential back-off with jitter; waits go through a clock; `Retry-After` in seconds, fractions or as a date."""

    clock: Clock

    def sleep(self, response: httpx.Response | Exception) -> None:
        """Wait before the next try."""
        self.clock.sleep(self._next_wait(response))

    async def asleep(self, response: httpx.Response | Exception) -> None:
        """Wait before the next try."""
        await self.clock.asleep(self._next_wait(response))

    def _next_wait(self, response: httpx.Response | Exception) -> float:
        seconds = self._calculate_sleep(response.headers if isinstance(response, httpx.Response) else {})
        deadline = current.get()
        if deadline is not None:
            seconds = max(0.0, min(seconds, deadline.left_for_retries()))
        self.elapsed_sleep += seconds
        return seconds

    def parse_retry_after(self, retry_after: str) -> float:
        """Read `Retry-After`; beyond what the standard allows, fractions of seconds are taken as meant.

        Raises:
            ValueError: It is neither seconds nor a date, or more seconds than a year has.
        """
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{0,12})?", retry_after, re.ASCII):
            seconds = float(retry_after)
        else:
            try:
                moment = parsedate_to_datetime(retry_after[:100])
                seconds = (
                    moment.timestamp() if moment.tzinfo else moment.replace(tzinfo=UTC).timestamp()
                ) - time.time()
            except (TypeError, LookupError, OverflowError) as failure:
                raise ValueError("no date") from failure
        if seconds > LONGEST:
            raise ValueError("no time to wait")
        return max(0.0, seconds)

    def is_retryable_exception(self, exception: Exception) -> bool:
        """Say whether a failure may pass with another try."""
        return not isinstance(exception, DeadlinePassed) and super().is_retryable_exception(exception)

    def increment(self) -> Policy:
        """Return the policy after one more try, on the same clock."""
        next_one = super().increment()
        assert isinstance(next_one, Policy)
        next_one.clock = self.clock
        return next_one


class Policies:
    """The two policies of a client, and none.

    Args:
        retries: How often a request is sent again at most.
        longest_wait: Seconds that one wait takes at most, whatever `Retry-After` says.
        total_wait: Seconds that all waits for one request take at most.
        clock: What the waits go through.
    """

    def __init__(self, retries: int, *, longest_wait: float, total_wait: float, clock: Clock) -> None:
        def policy(total: int, statuses: Iterable[int], exceptions: tuple[type[Exception], ...] | None) -> Policy:
            made = Policy(
                total=total,
                allowed_methods=(*IDEMPOTENT, "POST", "PATCH"),
                status_forcelist=statuses,
                retry_on_exceptions=exceptions,
                backoff_factor=0.25,
                max_backoff_wait=longest_wait,
                total_timeout=total_wait,
            )
            made.clock = clock
            return made

        self.idempotent = policy(retries, BUSY, None)
        #: For methods whose effect must not come twice: only what the server has not begun, or says it refused.
        self.once = policy(retries, (429,), UNSENT)
        self.none = policy(0, BUSY, None)

    def use_clock(self, clock: Clock) -> None:
        """Let all waits go through another clock."""
        for policy in (self.idempotent, self.once, self.none):
            policy.clock = clock

    def of(self, method: str) -> Policy:
        """Return the policy for a method."""
        return self.idempotent if method in IDEMPOTENT else self.once


def retry_after(headers: httpx.Headers, policy: Policy) -> float | None:
    """Return the seconds that an answer asks to wait, or `None`."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        return policy.parse_retry_after(text)
    except ValueError:
        return None
