"""Where work in threads ends when it is no longer wanted: `checkpoint`, which stands between its blocks."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

#: Set while the blocking `gather` that this thread works for is stopping.
stopping: ContextVar[threading.Event | None] = ContextVar("imageapis_stopping", default=None)


class Stopped(BaseException):
    """Ends a job of a blocking `gather` whose sibling failed; never leaves `gather`."""


def checkpoint() -> None:
    """End this job if its blocking `gather` is stopping; call it between blocks of long work in a thread."""
    stop = stopping.get()
    if stop is not None and stop.is_set():
        raise Stopped
