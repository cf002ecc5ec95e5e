"""The turns of the writers of one image's metadata; imported with the first of them."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from imageapis.core.fork_safety import PerProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from imageapis.core.io import Io


class Turns:
    """One writer at a time for each image, whatever thread, event loop or client it comes from.

    Nova reads all metadata, changes it and writes it all back: of two writers at once, one loses, and both get a 200.
    Other processes are out of reach.
    """

    def __init__(self) -> None:
        self._here = PerProcess(_Lines)

    @asynccontextmanager
    async def of(self, io: Io, image: Any) -> AsyncIterator[None]:
        """Wait for this writer's turn, and hold it as long as the context lasts."""
        turn = _Turn(io)
        lines = self._here.get()
        waits = lines.join(image, turn)
        try:
            if waits:
                await io.wait(turn)
            yield
        finally:
            lines.leave(image, turn)


class _Lines:
    """The writers of each image in one process. A forked child begins without its parent's, who never leave there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # never held across an await
        self._lines: dict[Any, deque[_Turn]] = {}

    def join(self, image: Any, turn: _Turn) -> bool:
        """Say whether a writer has to wait for another."""
        with self._lock:
            line = self._lines.setdefault(image, deque())
            # A blocking client called on an event loop's own thread must not wait for a task of that loop.
            stuck = not turn.suspends and any(other.in_loop_of(turn) for other in line)
            waits = bool(line) and not stuck
            line.append(turn)
        return waits

    def leave(self, image: Any, turn: _Turn) -> None:
        """Let the next one write."""
        with self._lock:
            line = self._lines[image]
            was_first = line[0] is turn
            line.remove(turn)
            following = line[0] if line and was_first else None
            if not line:
                del self._lines[image]
        if following is not None and not following.done():
            following.set_result(None)


class _Turn(Future[None]):
    def __init__(self, io: Io) -> None:
        super().__init__()
        self.suspends = io.suspends
        self.thread = threading.get_ident()
        self.set_running_or_notify_cancel()  # so that a cancelled waiter cannot cancel what another has to set

    def in_loop_of(self, other: _Turn) -> bool:
        return self.suspends and self.thread == other.thread


#: All writers of this process, of whatever client.
WRITERS = Turns()
