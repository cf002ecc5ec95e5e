"""`Io`: all that an operation may ask of the outside world. `work` and `transport` are the two that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
    from concurrent.futures import Future

    from imageapis.core.clock import Clock
    from imageapis.core.concurrency import Limit
    from imageapis.core.deadline import Deadline
    from imageapis.core.http import Request, Response
    from imageapis.core.opening import Opening

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Pending(Protocol[T_co]):
    """Work that was started and whose outcome is wanted later."""

    async def result(self) -> T_co:
        """Wait for the work and return its result, or raise what it raised."""
        ...

    def cancel(self) -> None:
        """Give the work up; its outcome is forgotten."""
        ...


class Io(Protocol):
    """Everything that an operation may ask of the outside world."""

    clock: Clock
    #: Whether waiting lets other work of this thread go on.
    suspends: bool

    @property
    def client(self) -> Any:
        """The httpx client that requests are built and sent with."""
        ...

    async def send(self, request: Request, *, stream: bool = False) -> Response:
        """Send a request, with the retries of its policy, and return the answer whatever its status.

        With `stream=True` the body is left unread: iterate `body(response)` and `close(response)` at the end.
        """
        ...

    def new_deadline(self) -> Deadline | None:
        """Return a deadline that begins to run now, or `None` for no end."""
        ...

    def deadline_of(self, request: Request, at_least: float = 0.0) -> Deadline | None:
        """Return the deadline of a request, or `None` for no end. Asked first, it begins to run.

        Args:
            request: The request.
            at_least: Seconds that it has, if those of the client are fewer.
        """
        ...

    async def read(self, response: Response) -> None:
        """Read the body of a streamed answer, within the client's bound, and give the connection back.

        Raises:
            ResponseTooLarge: It is longer than that. Of a refusal, only the beginning is read.
        """
        ...

    def body(self, response: Response) -> AsyncGenerator[bytes, None]:
        """Return an async iterator over the blocks of a streamed answer.

        The deadline holds for each mebibyte of it.
        """
        ...

    async def close(self, response: Response) -> None:
        """Give the connection of a streamed answer back."""
        ...

    async def shut(self) -> None:
        """Close all connections; what is sent after that is an error."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait. A job of `gather` that does so leaves its place to another one meanwhile, if its limit finds itself."""
        ...

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Run a function that blocks, in a thread if the event loop would wait for it."""
        ...

    async def open(self, opening: Opening[T]) -> T:
        """Run what opens something; a cancelled task waits only shortly for that, and the opening is closed then."""
        ...

    async def wait(self, future: Future[T], seconds: float | None = None) -> T:
        """Wait for a future that any thread or event loop may fulfil.

        Raises:
            TimeoutError: It took more than so many seconds.
            TimedOut: The call's deadline has passed.
        """
        ...

    async def gather(self, jobs: Iterable[Coroutine[Any, Any, None]], limit: Limit) -> None:
        """Run jobs, as many at a time as the limit says, drawing each only when its turn comes.

        The limit hears of answers that ask for less (429, 503); what each job moved the job tells it.
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
