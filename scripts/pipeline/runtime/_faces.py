"""One operation, two faces: written once as `async def`, it blocks on one class and is awaited on the other.

The async face awaits the coroutine. The blocking face runs the same coroutine over an `Io` whose methods block and so
never suspend: one `send(None)` takes it to its end.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ._requests import Endpoint

P = ParamSpec("P")
T = TypeVar("T")


class Caller:
    """What generated operations need of the client that they are mixed into."""

    async def _answer(self, endpoint: Endpoint[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call an operation and return what its answer says."""
        raise NotImplementedError(f"{type(self).__name__} has no way to send {endpoint}: mix in a client")


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


class TwoFaced:
    """A member that is written once and becomes a method of another kind on each face."""

    def blocking(self) -> Callable[..., Any]:
        """Return the method of the blocking face."""
        raise NotImplementedError

    def nonblocking(self) -> Callable[..., Any]:
        """Return the method of the async face."""
        raise NotImplementedError


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


def _bind(cls: type, face: Callable[[TwoFaced], Callable[..., Any]]) -> None:
    # What stands first in the order counts. `inspect.getattr_static` would look through all of it for each name.
    members: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        members.update(vars(base))
    for name, member in members.items():
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
