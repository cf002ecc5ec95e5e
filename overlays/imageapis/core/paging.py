"""The two pagers over a list, and `@paged`, which gives each face its own.

A service writes a list operation once, as a function that returns a `Walk`, under `@paged`. The walk itself is in
`pages`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from imageapis.core.arguments import whole_number
from imageapis.core.faces import Blocking, NonBlocking, TwoFaced, run_blocking
from imageapis.core.pages import Items, Page, Pages, Walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from imageapis.core.io import Io

P = ParamSpec("P")
T = TypeVar("T")


class Pager(Generic[T]):
    """A list that is fetched page by page as you iterate over its items. Each iteration starts anew."""

    def __init__(self, io: Io, walk: Walk[T]) -> None:
        self._io = io
        self._walk = walk

    def by_page(self, start: str | None = None) -> Iterator[Page[T]]:
        """Iterate over pages.

        Args:
            start: Where to go on: `Page.next` of an earlier page, or `page_token` of an error.

        Raises:
            ImageApiError: A page could not be fetched; `page_token` tells where to go on.
            PageLoop: The server hands out a token again, only empty pages, or more pages than any list has (a million).
        """
        pages = Pages(self._io, self._walk, start)
        try:
            while True:
                try:
                    page = run_blocking(pages.__anext__())
                except StopAsyncIteration:
                    return
                yield page
        finally:
            pages.close()

    def __iter__(self) -> Iterator[T]:
        for page in self.by_page():
            yield from page.items

    def first(self) -> T | None:
        """Return the first item, or `None` if there is none."""
        return next(iter(self), None)

    def take(self, count: int) -> list[T]:
        """Return the first `count` items, or all if there are fewer. No page more than needed is fetched."""
        items: list[T] = []
        if whole_number("count", count) < 1:
            return items
        for page in self.by_page():
            items += page.items
            if len(items) >= count:
                break
        return items[:count]


class AsyncPager(Generic[T]):
    """A list that is fetched page by page as you iterate over its items with `async for`; see `Pager`."""

    def __init__(self, io: Io, walk: Walk[T]) -> None:
        self._io = io
        self._walk = walk

    def by_page(self, start: str | None = None) -> AsyncIterator[Page[T]]:
        """Iterate over pages; see `Pager.by_page`."""
        return Pages(self._io, self._walk, start)

    def __aiter__(self) -> AsyncIterator[T]:
        return Items(Pages(self._io, self._walk))

    async def first(self) -> T | None:
        """Return the first item, or `None` if there is none."""
        items = await self.take(1)
        return items[0] if items else None

    async def take(self, count: int) -> list[T]:
        """Return the first `count` items; see `Pager.take`."""
        items: list[T] = []
        if whole_number("count", count) < 1:
            return items
        pages = Pages(self._io, self._walk)
        try:
            async for page in pages:
                items += page.items
                if len(items) >= count:
                    break
        finally:
            pages.close()
        return items[:count]


class paged(TwoFaced, Generic[P, T]):  # noqa: N801 - it is written as a decorator
    """A list operation, written once as a function that returns a `Walk`: each face gets its kind of pager.

    Arguments are checked when the list is called, not when it is first iterated.
    """

    def __init__(self, describe: Callable[Concatenate[Any, P], Walk[T]]) -> None:
        self.describe = describe
        functools.update_wrapper(cast("Any", self), describe)

    def blocking(self) -> Callable[..., Any]:
        """Return the method of the blocking face."""
        return self._method(Pager)

    def nonblocking(self) -> Callable[..., Any]:
        """Return the method of the async face."""
        return self._method(AsyncPager)

    def _method(self, pager: Any) -> Callable[..., Any]:
        describe = self.describe

        @functools.wraps(describe)
        def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            return pager(self._io, describe(self, *args, **kwargs))

        return method

    @overload
    def __get__(self, obj: Blocking, owner: Any = None) -> Callable[P, Pager[T]]: ...
    @overload
    def __get__(self, obj: NonBlocking, owner: Any = None) -> Callable[P, AsyncPager[T]]: ...
    @overload
    def __get__(self, obj: object, owner: Any = None) -> Callable[P, Walk[T]]: ...
    def __get__(self, obj: Any, owner: Any = None) -> Any:
        # Reached only on classes that have no face: there a list is its description, for other operations to walk.
        return self if obj is None else functools.partial(self.describe, obj)
