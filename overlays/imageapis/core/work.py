"""The two kinds of `Io` without their HTTP: waiting and background work; `transport` adds the requests.

Many jobs at a time are in `thread_pool`, with threads, and in `task_pool`, on event loops.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from imageapis.core.cancellation import checkpoint
from imageapis.core.concurrency import FixedLimit
from imageapis.core.deadline import cut
from imageapis.core.faces import run_blocking
from imageapis.core.task_pool import TaskPool, pool_of_task
from imageapis.core.thread_pool import GRACE, ThreadPool, in_thread, pool_of_thread
from imageapis.errors import TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from concurrent.futures import Future

    from imageapis.core.clock import Clock
    from imageapis.core.concurrency import Limit
    from imageapis.core.io import Pending
    from imageapis.core.opening import Opening

T = TypeVar("T")


class _Done(Generic[T]):
    """The outcome of background work of the blocking face."""

    def __init__(self, future: Future[T], work: Coroutine[Any, Any, T]) -> None:
        self._future = future
        self._work = work

    async def result(self) -> T:
        return self._future.result()

    def cancel(self) -> None:
        if self._future.cancel():  # its thread has not begun, and never will
            self._work.close()


class BlockingWork:
    """The part of a blocking `Io` that has nothing to do with HTTP."""

    clock: Clock
    suspends = False

    async def sleep(self, seconds: float) -> None:
        """Block this thread."""
        if (pool := pool_of_thread.get()) is None:
            self.clock.sleep(seconds)
        else:
            pool.without_slot(lambda: self.clock.sleep(seconds))
        checkpoint()

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return self.clock.now()

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Call the function here and now."""
        return work(*args)

    async def open(self, opening: Opening[T]) -> T:
        """Open it here and now."""
        return opening()

    async def wait(self, future: Future[T], seconds: float | None = None) -> T:
        """Block until the future is fulfilled; see `Io.wait`."""
        left = _time_left()
        try:
            return future.result(_sooner(seconds, left))
        except TimeoutError:
            if future.done() or (seconds is not None and (left is None or seconds < left)):
                raise
        raise _waited_in_vain()

    def start(self, work: Coroutine[Any, Any, T]) -> Pending[T]:
        """Begin work in a thread of its own."""
        context = copy_context()
        return _Done(in_thread(lambda: context.run(run_blocking, work)), work)

    async def gather(self, jobs: Iterable[Coroutine[Any, Any, None]], limit: Limit) -> None:
        """Run jobs in as many threads as the limit says; see `Io.gather`."""
        if isinstance(limit, FixedLimit) and limit.current < 2:
            for job in jobs:
                run_blocking(job)
            return
        limit.begins()
        ThreadPool(iter(jobs), limit).run()


class _Task(Generic[T]):
    """Background work of the async face: an asyncio task, or a system task of trio."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        import anyio

        self._work = work
        self._scope = anyio.CancelScope()
        self._ended = anyio.Event()
        self._value: Any = None
        self._failure: BaseException | None = None
        self._spawn()

    def _spawn(self) -> None:
        if not _on_trio():
            import asyncio

            # The loop holds tasks weakly; the attribute keeps this one alive.
            self._task = asyncio.get_running_loop().create_task(self._run())
        else:
            import trio

            trio.lowlevel.spawn_system_task(self._run)

    async def _run(self) -> None:
        try:
            with self._scope:
                self._value = await self._work
        except Exception as failure:
            self._failure = failure
        finally:
            self._ended.set()

    async def result(self) -> T:
        await self._ended.wait()
        if self._failure is not None:
            raise self._failure
        return cast("T", self._value)

    def cancel(self) -> None:
        self._scope.cancel()


def _time_left() -> float | None:
    """Return the seconds that the call has left, or `None` for no end."""
    try:
        return cut(None)
    except TimeoutError:
        return 0.0


def _sooner(one: float | None, other: float | None) -> float | None:
    return min((seconds for seconds in (one, other) if seconds is not None), default=None)


def _waited_in_vain() -> TimedOut:
    return TimedOut(
        "Another call, whose login or turn this one waited for, had no answer in time. Give `deadline=` more seconds, "
        "or look whether the login service is up.",
        sent=False,
    )


def current_loop() -> Any:
    """Return what stands for the event loop that runs here."""
    if _on_trio():
        import trio

        return trio.lowlevel.current_trio_token()
    import asyncio

    return asyncio.get_running_loop()


def _on_trio() -> bool:
    trio = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_run())


class AsyncWork:
    """The part of an async `Io` that has nothing to do with HTTP. Runs under asyncio and trio."""

    clock: Clock
    suspends = True

    async def sleep(self, seconds: float) -> None:
        """Suspend this task."""
        asleep = self.clock.asleep(seconds)
        await (asleep if (pool := pool_of_task.get()) is None else pool.without_slot(asleep))

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return self.clock.now()

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Call the function in a worker thread."""
        from anyio import to_thread

        return await to_thread.run_sync(work, *args)

    async def open(self, opening: Opening[T]) -> T:
        """Open it in a worker thread; see `Io.open`."""
        from anyio import CancelScope, to_thread

        try:
            return await to_thread.run_sync(opening, abandon_on_cancel=True)
        except BaseException:
            opening.close()
            if opening.busy:
                with CancelScope(shield=True), suppress(TimeoutError):
                    await self.wait(opening.ended, GRACE)
            raise

    async def wait(self, future: Future[T], seconds: float | None = None) -> T:
        """Suspend until the future is fulfilled by whatever thread; see `Io.wait`."""
        left = _time_left()
        if (longest := _sooner(seconds, left)) is None:
            return await self._wait(future)
        import anyio

        with anyio.move_on_after(longest):
            return await self._wait(future)
        if longest == seconds:
            raise TimeoutError
        raise _waited_in_vain()

    async def _wait(self, future: Future[T]) -> T:
        if not _on_trio():
            import asyncio

            return await asyncio.wrap_future(future)
        import trio

        landed, token = trio.Event(), trio.lowlevel.current_trio_token()

        def wake(_: Future[T]) -> None:
            with suppress(trio.RunFinishedError):  # nobody waits any more
                token.run_sync_soon(landed.set)

        future.add_done_callback(wake)
        await landed.wait()
        return future.result()

    def start(self, work: Coroutine[Any, Any, T]) -> Pending[T]:
        """Begin work in a task of its own."""
        return _Task(work)

    async def gather(self, jobs: Iterable[Coroutine[Any, Any, None]], limit: Limit) -> None:
        """Run jobs in as many tasks as the limit says; see `Io.gather`."""
        limit.begins()
        await TaskPool(iter(jobs), limit).run()
