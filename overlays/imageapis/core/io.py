"""One operation, two faces: `operation`, and the `Io` through which an operation reaches the outside world.

An operation is one `async def` over an `Io`. The async face awaits it. The blocking face runs the same coroutine
over a `BlockingIo`, whose methods block and so never suspend: one `send(None)` takes it to its end. What HTTP needs
beyond this is in `transport`.
"""

from __future__ import annotations

import functools
import inspect
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator

    from imageapis.core.transport import Request, Response

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_stop: ContextVar[threading.Event | None] = ContextVar("imageapis_stop", default=None)


class Stopped(BaseException):
    """Ends a job of a blocking `gather` whose sibling failed; never leaves `gather`."""


def checkpoint() -> None:
    """End this job if its blocking `gather` is stopping; call it between blocks of long work in a thread."""
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise Stopped


class Pending(Protocol[T_co]):
    """Work that was started and whose outcome is wanted later."""

    async def result(self) -> T_co:
        """Wait for the work and return its result, or raise what it raised."""

    def cancel(self) -> None:
        """Give the work up; its outcome is forgotten."""


class Clock:
    """Time as operations see it; tests put in another."""

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return time.monotonic()

    def time(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Block for so many seconds."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Suspend for so many seconds."""
        import anyio

        await anyio.sleep(seconds)


class Io(Protocol):
    """Everything that an operation may ask of the outside world."""

    clock: Clock
    #: The httpx client that requests are built and sent with.
    client: Any
    #: Whether waiting lets other work of this thread go on.
    suspends: bool

    async def send(self, request: Request, *, stream: bool = False) -> Response:
        """Send a request, with the retries of its policy, and return the answer whatever its status.

        With `stream=True` the body is left unread: iterate `body(response)` and `close(response)` at the end.
        """

    def body(self, response: Response, size: int | None = None) -> Any:
        """Return an async iterator over the blocks of a streamed answer."""

    async def close(self, response: Response) -> None:
        """Give the connection of a streamed answer back."""

    async def shut(self) -> None:
        """Close all connections."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Run a function that blocks, in a thread if the event loop would wait for it."""

    async def wait(self, future: Future[T]) -> T:
        """Wait for a future that any thread or event loop may fulfil."""

    async def gather(self, jobs: Iterable[Coroutine[Any, Any, None]], limit: int) -> None:
        """Run jobs, at most `limit` at a time, drawing each only when its turn comes.

        The first failure stops the rest and is raised as itself.
        """

    def start(self, work: Coroutine[Any, Any, T]) -> Pending[T]:
        """Begin work in the background."""

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""

    def use_clock(self, clock: Clock) -> None:
        """Take all times, waits and deadlines from another clock."""


def run_blocking(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends and return its result.

    Raises:
        RuntimeError: It did suspend, which means that it awaited something else than its `Io`.
    """
    try:
        work.send(None)
    except StopIteration as stop:
        return cast("T", stop.value)
    work.close()
    raise RuntimeError(
        f"{getattr(work, '__qualname__', 'an operation')} suspended although its Io blocks: it awaited something that "
        "belongs to an event loop. Use the Async class for that."
    )


class Blocking:
    """Marks a class whose operations block; its operations become plain methods when the class is made."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _bind(cls, lambda member: member.blocking())


class NonBlocking:
    """Marks a class whose operations are awaited; its operations become coroutine methods when the class is made."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _bind(cls, lambda member: member.nonblocking())


class TwoFaced:
    """A member that is written once and becomes a method of another kind on each face."""

    def blocking(self) -> Callable[..., Any]:
        """Return the method of the blocking face."""
        raise NotImplementedError

    def nonblocking(self) -> Callable[..., Any]:
        """Return the method of the async face."""
        raise NotImplementedError


def _bind(cls: type, face: Callable[[TwoFaced], Callable[..., Any]]) -> None:
    for name in dir(cls):
        member = inspect.getattr_static(cls, name)
        if isinstance(member, TwoFaced):
            setattr(cls, name, face(member))


class operation(TwoFaced, Generic[P, T]):  # noqa: N801 - it is written as a decorator
    """A method written once as `async def`: it blocks on a `Blocking` class and is awaited on a `NonBlocking` one."""

    def __init__(self, body: Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]) -> None:
        self.body = body
        functools.update_wrapper(cast("Any", self), body)

    def blocking(self) -> Callable[..., Any]:
        """Return the method of the blocking face."""
        body = self.body

        @functools.wraps(body)
        def method(self: Any, /, *args: Any, **kwargs: Any) -> T:
            return run_blocking(body(self, *args, **kwargs))

        return method

    def nonblocking(self) -> Callable[..., Any]:
        """Return the method of the async face."""
        return self.body

    @overload
    def __get__(self, obj: Blocking, owner: Any = None) -> Callable[P, T]: ...
    @overload
    def __get__(self, obj: NonBlocking, owner: Any = None) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, obj: object, owner: Any = None) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, obj: Any, owner: Any = None) -> Any:
        # Reached only on classes that have no face (yet): there an operation is the coroutine method it is written as.
        return self if obj is None else functools.partial(self.body, obj)


class _Done(Generic[T]):
    """The outcome of background work of the blocking face."""

    def __init__(self, future: Future[T], pool: ThreadPoolExecutor) -> None:
        self._future = future
        self._pool = pool

    async def result(self) -> T:
        try:
            return self._future.result()
        finally:
            self._pool.shutdown(wait=False)

    def cancel(self) -> None:
        self._future.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)


class BlockingWork:
    """The part of a blocking `Io` that has nothing to do with HTTP."""

    clock: Clock
    suspends = False

    async def sleep(self, seconds: float) -> None:
        """Block this thread."""
        self.clock.sleep(seconds)

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return self.clock.now()

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Call the function here and now."""
        return work(*args)

    async def wait(self, future: Future[T]) -> T:
        """Block until the future is fulfilled."""
        return future.result()

    def start(self, work: Coroutine[Any, Any, T]) -> Pending[T]:
        """Begin work in a thread of its own."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="imageapis")
        return _Done(pool.submit(copy_context().run, run_blocking, work), pool)

    async def gather(self, jobs: Iterable[Coroutine[Any, Any, None]], limit: int) -> None:
        """Run jobs in at most `limit` threads; see `Io.gather`."""
        if limit < 2:
            for job in jobs:
                run_blocking(job)
            return
        _Crew(iter(jobs)).run(limit)


class _Crew:
    """The threads of one blocking `gather`: they draw jobs from one iterator until it ends or one of them fails."""

    def __init__(self, jobs: Iterator[Coroutine[Any, Any, None]]) -> None:
        self._jobs = jobs
        self._drawing = threading.Lock()
        self._stop = threading.Event()
        self._failure: BaseException | None = None

    def run(self, limit: int) -> None:
        outer = _stop.get()
        context = copy_context()
        context.run(_stop.set, self._stop)
        with ThreadPoolExecutor(limit, thread_name_prefix="imageapis") as pool:
            # A copy for each worker: one context cannot be entered by two threads.
            workers = [pool.submit(context.copy().run, self._work) for _ in range(limit)]
            try:
                for worker in workers:
                    worker.result()
            except BaseException:
                # Ctrl-C arrives here, in the caller's thread: the workers end at their next checkpoint.
                self._stop.set()
                raise
        if self._failure is not None:
            raise self._failure
        if outer is not None and outer.is_set():
            raise Stopped

    def _draw(self) -> Coroutine[Any, Any, None] | None:
        with self._drawing:
            return None if self._stop.is_set() else next(self._jobs, None)

    def _work(self) -> None:
        try:
            while (job := self._draw()) is not None:
                run_blocking(job)
        except Stopped:
            return
        except BaseException as failure:
            with self._drawing:
                if self._failure is None:
                    self._failure = failure
            self._stop.set()


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


def _on_trio() -> bool:
    trio = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_run())


class AsyncWork:
    """The part of an async `Io` that has nothing to do with HTTP. Runs under asyncio and trio."""

    clock: Clock
    suspends = True

    async def sleep(self, seconds: float) -> None:
        """Suspend this task."""
        await self.clock.asleep(seconds)

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        return self.clock.now()

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Call the function in a worker thread."""
        from anyio import to_thread

        return await to_thread.run_sync(work, *args)

    async def wait(self, future: Future[T]) -> T:
        """Suspend until the future is fulfilled by whatever thread."""
        if not _on_trio():
            import asyncio

            return await asyncio.wrap_future(future)
        from anyio import CapacityLimiter, to_thread

        # A limiter of its own: were the common one full of waiters, the work they wait for could not run.
        return await to_thread.run_sync(future.result, abandon_on_cancel=True, limiter=CapacityLimiter(1))

    def start(self, work: Coroutine[Any, Any, T]) -> Pending[T]:
        """Begin work in a task of its own."""
        return _Task(work)

    async def gather(self, jobs: Iterable[Coroutine[Any, Any, None]], limit: int) -> None:
        """Run jobs in at most `limit` tasks; see `Io.gather`."""
        import anyio

        todo = iter(jobs)
        failed = False

        async def work() -> None:
            nonlocal failed
            # The flag counts where jobs never suspend: cancellation would come too late to stop the drawing.
            while not failed and (job := next(todo, None)) is not None:
                try:
                    await job
                except BaseException:
                    failed = True
                    raise

        try:
            async with anyio.create_task_group() as group:
                for _ in range(limit):
                    group.start_soon(work)
        except BaseExceptionGroup as failures:
            raise first_failure(failures) from None


def first_failure(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first exception in a group that is not itself a group."""
    failure: BaseException = group
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure


async def settle(value: Awaitable[T] | T) -> T:
    """Return a value, or what it comes to if it has to be awaited."""
    return await value if inspect.isawaitable(value) else value
