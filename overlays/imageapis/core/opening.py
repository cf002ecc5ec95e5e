"""`Opening`: what a thread opens belongs to whoever asked for it, or is closed if nobody is there to take it."""

from __future__ import annotations

import operator
import threading
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from imageapis.core.cancellation import Cancelled, cancel_event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

T = TypeVar("T")


class Opening(Generic[T]):
    """Something that is opened in a thread, by `await io.open(opening)`, and closed by `opening.close()` in any case.

    A task that is cancelled does not wait for its thread for long, while that still opens; what it comes to would stay
    open. Between the blocks of long work `cancellation` ends it.

    Args:
        open_it: Opens it. Blocks.
        close_it: Closes it; by its method `close` otherwise.

    Attributes:
        ended: Fulfilled when there is nothing to wait for any more.
    """

    def __init__(self, open_it: Callable[[], T], close_it: Callable[[T], object] | None = None) -> None:
        self._open = open_it
        self._close: Callable[[Any], object] = close_it or operator.methodcaller("close")
        self._state = threading.Lock()
        self._opened: T | None = None
        self._over = threading.Event()
        self.ended: Future[None] = Future()

    def __call__(self) -> T:
        """Open it.

        Raises:
            Cancelled: It was closed before that.
        """
        with self._state:
            if self._over.is_set():
                raise Cancelled
            self.ended.set_running_or_notify_cancel()
        within = cancel_event.set(cancel_event.get() or self._over)
        try:
            opened = self._open()
            with self._state:
                self._opened = opened
            if self._over.is_set():
                self.close()
            return opened
        finally:
            cancel_event.reset(within)
            self.ended.set_result(None)

    def close(self) -> None:
        """Close what was opened, or will be; doing it again changes nothing."""
        with self._state:
            self._over.set()
            opened, self._opened = self._opened, None
        if opened is not None:
            self._close(opened)

    @property
    def busy(self) -> bool:
        """Whether a thread is at it."""
        return self.ended.running()


class Opener(Protocol):
    """An `Io`, as far as it is needed here."""

    async def open(self, opening: Opening[T]) -> T:
        """Run what opens something; see `Io.open`."""
        ...


@asynccontextmanager
async def opened(
    io: Opener, open_it: Callable[[], T], close_it: Callable[[T], object] | None = None
) -> AsyncIterator[T]:
    """Open something in a thread, and close it at the end of the context, or as soon as it is open if that comes first.

    Args:
        io: What gives the thread.
        open_it: Opens it. Blocks.
        close_it: Closes it; by its method `close` otherwise.
    """
    opening = Opening(open_it, close_it)
    try:
        yield await io.open(opening)
    finally:
        opening.close()
