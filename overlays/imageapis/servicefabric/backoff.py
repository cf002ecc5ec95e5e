"""Which failures of an upload may pass, and how long it is worth waiting for that. `transfer` and `package` ask."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from imageapis.core.concurrency import THROTTLING
from imageapis.errors import BadRequest, Conflict, ConnectionFailed, NotFound, StatusError, UnexpectedReply
from imageapis.servicefabric.faults import INVALID, RANGE, SESSION_CONFLICT

if TYPE_CHECKING:
    from imageapis.core.io import Io
    from imageapis.errors import ImageApiError

#: Statuses after which the same request may succeed.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
#: Seconds that one wait takes at most.
LONGEST = 30.0


def is_transient(failure: ImageApiError) -> bool:
    """Say whether asking the server again may show that all is well, or that it can be mended."""
    if isinstance(failure, (ConnectionFailed, UnexpectedReply)):
        return True
    if not isinstance(failure, StatusError):
        return False
    # "NotFound" is an inner name of the store: a staged chunk that cannot be opened.
    return (
        failure.status in PASSING
        or is_ambiguous(failure)
        or (isinstance(failure, NotFound) and failure.code == "NotFound")
    )


def is_ambiguous(failure: ImageApiError) -> bool:
    """Say whether only the session itself can tell what a refusal means: there already, incomplete, or unknown."""
    if isinstance(failure, BadRequest):
        return failure.code in (INVALID, RANGE)
    return isinstance(failure, Conflict) and failure.code == SESSION_CONFLICT


def is_throttled(failure: ImageApiError) -> bool:
    """Say whether the server has only too much to do just now."""
    return isinstance(failure, StatusError) and failure.status in THROTTLING


class Backoff:
    """Waits between tries, longer each time, until there were too many without any advance.

    Args:
        io: What to wait through.
        tries: How many waits in a row there are at most.
    """

    def __init__(self, io: Io, tries: int) -> None:
        self._io = io
        self._tries = tries
        self._used = 0

    def advanced(self) -> None:
        """Begin anew: something was achieved."""
        self._used = 0

    async def wait(self, failure: ImageApiError) -> bool:
        """Wait for a failure to pass; `False` at once if it was tried often enough."""
        if self._used >= self._tries:
            return False
        asked = failure.retry_after if isinstance(failure, StatusError) else None
        backoff = min(LONGEST, 0.25 * 2**self._used) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
        self._used += 1
        await self._io.sleep(backoff if asked is None else min(asked, LONGEST))
        return True
