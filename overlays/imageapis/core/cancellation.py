"""Cancellation of work in threads, which ends at the next `checkpoint` between its blocks when it is not wanted."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

#: Set while the blocking `gather` that this thread works for is stopping.
cancel_event: ContextVar[threading.Event | None] = ContextVar("imageapis_cancel", default=None)


class Cancelled(BaseException):
    """Ends a job of a blocking `gather` whose sibling failed; never leaves `gather`."""


def checkpoint() -> None:
    """End this job if its blocking `gather` is stopping; call it between blocks of long work in a thread."""
    stop = cancel_event.get()
    if stop is not None and stop.is_set():
        raise Cancelled
