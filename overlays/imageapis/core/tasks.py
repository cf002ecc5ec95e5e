"""The tasks of the async face that do many jobs at a time. Its counterpart of threads is in `crew`."""

from __future__ import annotations

from collections import deque
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from imageapis.core.concurrency import FEW, heard_by

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine, Iterator

    import anyio

    from imageapis.core.concurrency import Limit


class Tasks:
    """The tasks of one async `gather`: they draw jobs from one iterator until it ends or one of them fails.

    A job that only waits leaves its place to another one meanwhile, and takes up the next one that is free after that.
    """

    def __init__(self, jobs: Iterator[Coroutine[Any, Any, None]], limit: Limit) -> None:
        self._jobs = jobs
        self._limit = limit
        # The first counts where jobs never suspend: cancellation would come too late to stop the drawing.
        self._failed = self._drawn_out = False
        #: Jobs that have a place, those that wait without one, and those of them that want one again.
        self._working = self._resting = 0
        self._returning: deque[anyio.Event] = deque()

    async def run(self) -> None:
        """Do the jobs, and raise what the first failure was."""
        import anyio

        try:
            async with anyio.create_task_group() as self._group:
                self._hire()
        except BaseExceptionGroup as failures:
            failure = first_failure(failures)
            raise failure from failure.__cause__  # without the group, and with the cause that it came with

    async def rest(self, sleep: Awaitable[None]) -> None:
        """Sleep within a job, without its place."""
        import anyio

        self._working -= 1
        self._resting += 1
        self._let_return()
        if self._resting <= FEW:  # otherwise the next job begins when one has ended, which shows that any can
            self._hire()
        turn: anyio.Event | None = None
        try:
            await sleep
            if self._working >= self._limit.current:
                turn = anyio.Event()
                self._returning.append(turn)
                await turn.wait()
        finally:
            self._resting -= 1
            if turn is None or turn in self._returning:  # nobody handed it a place
                self._working += 1
                if turn is not None:
                    self._returning.remove(turn)

    def _let_return(self) -> None:
        while self._returning and self._working < self._limit.current:
            self._working += 1
            self._returning.popleft().set()

    def _hire(self) -> None:
        self._let_return()
        while (
            self._working < self._limit.current
            and self._working + self._resting < self._limit.most
            and not self._drawn_out
        ):
            self._working += 1
            self._group.start_soon(self._work)

    async def _work(self) -> None:
        heard_by.set(self._limit)
        tasks_of.set(self)
        try:
            while not self._failed and self._working + len(self._returning) <= self._limit.current:
                self._hire()
                if (job := next(self._jobs, None)) is None:
                    self._drawn_out = True
                    return
                await job
        except BaseException:
            self._failed = True
            raise
        finally:
            self._working -= 1
            self._let_return()


def first_failure(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first exception in a group that is not itself a group."""
    failure: BaseException = group
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure


#: The tasks of one `gather`, to which this one belongs.
tasks_of: ContextVar[Tasks | None] = ContextVar("imageapis_tasks", default=None)
