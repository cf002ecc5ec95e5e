"""One operation, two faces: `operation`, and the `Io` through which an operation reaches the outside world.

An operation is one `async def` over an `Io`. The async face awaits it. The blocking face runs the same coroutine
over a `BlockingIo`, whose methods block and so never suspend: one `send(None)` takes it to its end. What HTTP needs
beyond this is in `transport`.
"""

from __future__ import annotations

import functools
import inspect
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, cast, overload

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Coroutine, Iterable
    from concurrent.futures import Future

    from imageapis.core.transport import Request, Response

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

#: Set while the blocking `gather` that this thread works for is stopping.
stopping: ContextVar[threading.Event | None] = ContextVar("imageapis_stopping", default=None)


class Stopped(BaseException):
    """Ends a job of a blocking `gather` whose sibling failed; never leaves `gather`."""


def checkpoint() -> None:
    """End this job if its blocking `gather` is stopping; call it between blocks of long work in a thread."""
    stop = stopping.get()
    if stop is not None and stop.is_set():
        raise Stopped


class Pending(Protocol[T_co]):
    """Work that was started and whose outcome is wanted later."""

    async def result(self) -> T_co:
        """Wait for the work and return its result, or raise what it raised."""
        ...

    def cancel(self) -> None:
        """Give the work up; its outcome is forgotten."""
        ...


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
        ...

    def body(self, response: Response, size: int | None = None) -> Any:
        """Return an async iterator over the blocks of a streamed answer."""
        ...

    async def close(self, response: Response) -> None:
        """Give the connection of a streamed answer back."""
        ...

    async def shut(self) -> None:
        """Close all connections."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Run a function that blocks, in a thread if the event loop would wait for it."""
        ...

    async def wait(self, future: Future[T]) -> T:
        """Wait for a future that any thread or event loop may fulfil."""
        ...

    async def gather(self, jobs: Iterable[Coroutine[Any, Any, None]], limit: int) -> None:
        """Run jobs, at most `limit` at a time, drawing each only when its turn comes.

        The first failure stops the rest and is raised as itself.
        """
        ...

    def start(self, work: Coroutine[Any, Any, T]) -> Pending[T]:
        """Begin work in the background."""
        ...

    def now(self) -> float:
        """Return seconds on a clock that never goes back."""
        ...

    def use_clock(self, clock: Clock) -> None:
        """Take all times, waits and deadlines from another clock."""
        ...


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


async def settle(value: Any) -> Any:
    """Return a value, or what it comes to if it has to be awaited."""
    return await value if inspect.isawaitable(value) else value
