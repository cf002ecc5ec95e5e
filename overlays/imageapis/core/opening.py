"""`Opening`: what a thread opens belongs to whoever asked for it, or is closed if nobody is there to take it."""

from __future__ import annotations

import operator
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable


T = TypeVar("T")


class Opening(Generic[T]):
    """Something that is opened in a thread, by `await io.run(opening)`, and closed by `opening.close()` in any case.

    A task that asyncio cancels goes on at once, while its thread still opens; what that comes to would stay open.

    Args:
        open_it: Opens it. Blocks.
        close_it: Closes it; by its method `close` otherwise.
    """

    def __init__(self, open_it: Callable[[], T], close_it: Callable[[T], object] | None = None) -> None:
        self._open = open_it
        self._close: Callable[[Any], object] = close_it or operator.methodcaller("close")
        self._state = threading.Lock()
        self._opened: T | None = None
        self._over = False

    def __call__(self) -> T:
        """Open it."""
        opened = self._open()
        with self._state:
            self._opened = opened
            late = self._over
        if late:
            self.close()
        return opened

    def close(self) -> None:
        """Close what was opened, or will be; doing it again changes nothing."""
        with self._state:
            self._over = True
            opened, self._opened = self._opened, None
        if opened is not None:
            self._close(opened)
