"""What all tests share: the two faces of a client behind one interface, and a clock that jumps instead of waiting."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.core.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator


class FakeClock(Clock):
    """A clock that stands still until somebody sleeps; sleeping moves it on at once."""

    def __init__(self) -> None:
        self.moment = 1_000_000.0
        #: Seconds of work, which a test moves on together with the moment.
        self.work = 0.0
        #: Seconds of waits for a processor, likewise.
        self.delay = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.moment

    def worked(self) -> float:
        return self.work

    def waited(self) -> float:
        return self.delay

    def time(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


class Face:
    """One face of a service's client, with which a test calls operations without knowing which face it is.

    `open(ImageStore, AsyncImageStore, login, ...)` gives the client of this face wrapped so that each method is a plain
    call: on the async face it is run in an event loop of its own that lives as long as the test.
    """

    def __init__(self, name: str, portal: Any) -> None:
        self.name = name
        self.portal = portal
        self._open: list[Callable[[], Any]] = []

    @property
    def blocking(self) -> bool:
        return self.name == "blocking"

    def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call a function of this face and return what it comes to."""
        if self.blocking:
            return function(*args, **kwargs)

        async def call() -> Any:
            value = function(*args, **kwargs)
            return await value if inspect.isawaitable(value) else value

        return self.portal.call(call)

    def open(self, blocking: type, nonblocking: type, *args: Any, clock: Clock | None = None, **kwargs: Any) -> Any:
        """Make a client of this face; it is closed at the end of the test.

        The client's retries and waits go through `clock` if one is given.
        """
        client = self.run(blocking if self.blocking else nonblocking, *args, **kwargs)
        if clock is not None:
            set_clock(client, clock)
        self._open.append(client.close)
        return _Plain(self, client)

    def items(self, pager: Any) -> list[Any]:
        """Return all items of a pager."""
        return list(self.each(pager))

    def each(self, iterable: Any) -> Generator[Any, None, None]:
        """Iterate over whatever this face iterates over: a pager, or its pages."""
        if self.blocking:
            yield from iterable
            return
        iterator = aiter(iterable)
        try:
            while True:
                try:
                    yield self.portal.call(iterator.__anext__)
                except StopAsyncIteration:
                    return
        finally:
            self.portal.call(iterator.aclose)

    def close(self) -> None:
        for close in reversed(self._open):
            self.run(close)


def set_clock(client: Any, clock: Clock) -> None:
    """Put a clock into a client: its waits, retries and deadlines go through it."""
    client._io.use_clock(clock)


class _Plain:
    """A client whose methods are plain calls on either face; pagers and values come out as they are."""

    def __init__(self, face: Face, client: Any) -> None:
        self._face = face
        self.client = client

    def __getattr__(self, name: str) -> Any:
        member = getattr(self.client, name)
        if not inspect.isroutine(member):
            return member

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._face.run(member, *args, **kwargs)

        return call


@pytest.fixture(params=["blocking", "asyncio", "trio"])
def face(request: pytest.FixtureRequest) -> Iterator[Face]:
    """Each face in turn; the async one under both event loops that the library supports."""
    if request.param == "blocking":
        made = Face("blocking", None)
        yield made
        made.close()
        return
    from anyio.from_thread import start_blocking_portal

    with start_blocking_portal(request.param) as portal:
        made = Face(request.param, portal)
        yield made
        made.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
