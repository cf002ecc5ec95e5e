"""State that a forked child must not share with its parent: locks that a lost thread holds, work that nobody does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class PerProcess(Generic[T]):
    """One object for each process: a forked child begins with a new one.

    Args:
        make: Makes the object.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[int, T] = {}

    def get(self) -> T:
        """Return this process's object."""
        process = os.getpid()
        made = self._made.get(process)
        if made is None:
            # No lock: one that is held while the process forks would never be given back in the child.
            made = self._made.setdefault(process, self._make())
            for other in [number for number in list(self._made) if number != process]:
                self._made.pop(other, None)
        return made
