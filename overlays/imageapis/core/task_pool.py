"""The pool of tasks that does many jobs at a time on the async face. Its counterpart of threads is in `thread_pool`."""

from __future__ import annotations

from collections import deque
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from imageapis.core.concurrency import FEW, current_limit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine, Iterator

    import anyio

    from imageapis.core.concurrency import Limit


class TaskPool:
    """The tasks of one async `gather`: they draw jobs from one iterator until it ends or one of them fails.

    A job that only waits leaves its slot to another one meanwhile, and takes up the next one that is free after that.
    """

    def __init__(self, jobs: Iterator[Coroutine[Any, Any, None]], limit: Limit) -> None:
        self._jobs = jobs
        self._limit = limit
        # The first counts where jobs never suspend: cancellation would come too late to stop the drawing.
        self._failed = self._exhausted = False
        #: Jobs that have a slot, those that wait without one, and those of them that want one again.
        self._running = self._sleeping = 0
        self._waking: deque[anyio.Event] = deque()

    async def run(self) -> None:
        """Do the jobs, and raise what the first failure was."""
        import anyio

        try:
            async with anyio.create_task_group() as self._group:
                self._start_workers()
        except BaseExceptionGroup as failures:
            failure = first_failure(failures)
            raise failure from failure.__cause__  # without the group, and with the cause that it came with

    async def without_slot(self, sleep: Awaitable[None]) -> None:
        """Sleep within a job that leaves its slot to another meanwhile."""
        import anyio

        self._running -= 1
        self._sleeping += 1
        self._wake()
        if self._sleeping <= FEW:  # otherwise the next job begins when one has ended, which shows that any can
            self._start_workers()
        slot: anyio.Event | None = None
        try:
            await sleep
            if self._running >= self._limit.current:
                slot = anyio.Event()
                self._waking.append(slot)
                await slot.wait()
        finally:
            self._sleeping -= 1
            if slot is None or slot in self._waking:  # nobody handed it a slot
                self._running += 1
                if slot is not None:
                    self._waking.remove(slot)

    def _wake(self) -> None:
        while self._waking and self._running < self._limit.current:
            self._running += 1
            self._waking.popleft().set()

    def _start_workers(self) -> None:
        self._wake()
        while (
            self._running < self._limit.current
            and self._running + self._sleeping < self._limit.most
            and not self._exhausted
        ):
            self._running += 1
            self._group.start_soon(self._work)

    async def _work(self) -> None:
        current_limit.set(self._limit)
        pool_of_task.set(self)
        try:
            while not self._failed and self._running + len(self._waking) <= self._limit.current:
                self._start_workers()
                if (job := next(self._jobs, None)) is None:
                    self._exhausted = True
                    return
                await job
        except BaseException:
            self._failed = True
            raise
        finally:
            self._running -= 1
            self._wake()


def first_failure(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first exception in a group that is not itself a group."""
    failure: BaseException = group
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure


#: The pool to which this task belongs.
pool_of_task: ContextVar[TaskPool | None] = ContextVar("imageapis_pool", default=None)
