"""State that a forked child must not share with its parent: locks that a lost thread holds, work that nobody does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from weakref import WeakSet

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

    def __reduce__(self) -> tuple[Any, ...]:
        # Whoever unpickles it is another process, or as good as one.
        return PerProcess, (self._make,)

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


class Forkable(Protocol):
    """What holds something that belongs to one process and has to be let go of at once."""

    def after_fork(self) -> None:
        """Let go of it. Called in the child before anything else runs there, and where no other threads are."""
        ...


_members: WeakSet[Forkable] = WeakSet()


def on_fork(member: Forkable) -> None:
    """Call `after_fork` of an object in each child that this process forks, as long as the object lives."""
    _members.add(member)


def _tell() -> None:
    for member in list(_members):
        member.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell)
