"""Locks for the writers of one image's metadata; imported with the first of them."""

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


class WriteLocks:
    """One writer at a time for each image, whatever thread, event loop or client it comes from.

    Nova reads all metadata, changes it and writes it all back: of two writers at once, one loses, and both get a 200.
    Other processes are out of reach.
    """

    def __init__(self) -> None:
        self._here = PerProcess(_Queues)

    @asynccontextmanager
    async def hold(self, io: Io, image: Any) -> AsyncIterator[None]:
        """Wait for this writer's turn, and hold the lock as long as the context lasts."""
        ticket = _Ticket(io)
        queues = self._here.get()
        waits = queues.join(image, ticket)
        try:
            if waits:
                await io.wait(ticket)
            yield
        finally:
            queues.leave(image, ticket)


class _Queues:
    """The writers of each image in one process. A forked child begins without its parent's, who never leave there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # never held across an await
        self._queues: dict[Any, deque[_Ticket]] = {}

    def join(self, image: Any, ticket: _Ticket) -> bool:
        """Say whether a writer has to wait for another."""
        with self._lock:
            queue = self._queues.setdefault(image, deque())
            # A blocking client called on an event loop's own thread must not wait for a task of that loop.
            stuck = not ticket.suspends and any(other.in_loop_of(ticket) for other in queue)
            waits = bool(queue) and not stuck
            queue.append(ticket)
        return waits

    def leave(self, image: Any, ticket: _Ticket) -> None:
        """Let the next one write."""
        with self._lock:
            queue = self._queues[image]
            was_first = queue[0] is ticket
            queue.remove(ticket)
            following = queue[0] if queue and was_first else None
            if not queue:
                del self._queues[image]
        if following is not None and not following.done():
            following.set_result(None)


class _Ticket(Future[None]):
    def __init__(self, io: Io) -> None:
        super().__init__()
        self.suspends = io.suspends
        self.thread = threading.get_ident()
        self.set_running_or_notify_cancel()  # so that a cancelled waiter cannot cancel what another has to set

    def in_loop_of(self, other: _Ticket) -> bool:
        return self.suspends and self.thread == other.thread


#: All writers of this process, of whatever client.
METADATA_LOCKS = WriteLocks()
