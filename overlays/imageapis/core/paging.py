"""Pages and the two pagers over them. How a page is fetched is the service's; walking, guards and prefetching are here.

A service writes a list operation once, as a function that returns a `Walk`, under `@paged`.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

import attrs

from imageapis.core.faces import Blocking, NonBlocking, TwoFaced, run_blocking
from imageapis.errors import ImageApiError, PageLoop, UnexpectedReply

if TYPE_CHECKING:
    from typing import Self

    from imageapis.core.io import Io, Pending

P = ParamSpec("P")
T = TypeVar("T")


#: Pages in a row that may be empty: some services leave out what the caller may not see.
MOST_EMPTY = 1000
#: Pages of one list, after which a server is taken for one that makes them up as it goes.
MOST_PAGES = 1_000_000
#: Characters of the longest page token that is remembered as it is; of a longer one the hash is.
SHORT = 64


@attrs.frozen
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: What is on it.
        next: Where the next one starts (`by_page(start=...)`), or `None` on the last.
    """

    items: list[T]
    next: str | None = None


Fetch = Callable[[str | None], Coroutine[Any, Any, Page[T]]]


class Walk(Generic[T]):
    """A list as a service describes it, before it has a face.

    Args:
        begin: Starts a walk: returns the function that fetches the page at a token (`None`: the first). It is called
            once for each iteration, so that a walk may keep what it has seen.
        prefetch: Whether the next page is fetched while this one is used: 0 or 1.
        most_empty: How many pages in a row may be empty before the walk is given up. Where items are left out here,
            after the server sent them, it should be many.
    """

    __slots__ = ("begin", "most_empty", "prefetch")

    def __init__(self, begin: Callable[[], Fetch[T]], prefetch: int = 0, most_empty: int = MOST_EMPTY) -> None:
        if prefetch not in (0, 1):
            raise ValueError(f"prefetch is 0 or 1, not {prefetch}")
        self.begin = begin
        self.prefetch = prefetch
        self.most_empty = most_empty


class Pages(Generic[T]):
    """The pages of a walk, one after the other: for both pagers, and for operations that need a whole list.

    No generator: of those an event loop wants to see the end, and trio warns who leaves one in the middle. Here nothing
    is left behind but a page that was prefetched, which comes and is forgotten; `aclose` gives that up too.

    Args:
        io: What prefetches.
        walk: The list.
        start: Where to begin: a page token, or `None` for the first page.
    """

    def __init__(self, io: Io, walk: Walk[T], start: str | None = None) -> None:
        self._io = io
        self._walk = walk
        self._token = start
        self._seen = set() if start is None else {_remembered(start)}
        self._empty = 0
        self._fetch: Fetch[T] | None = None
        self._prefetched: Pending[Page[T]] | None = None
        #: What is raised in place of the next page.
        self._end: Exception | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Page[T]:
        if self._end is not None:
            end, self._end = self._end, StopAsyncIteration()
            raise end
        try:
            page = await self._next()
        except BaseException as failure:
            self.close()
            if isinstance(failure, ImageApiError):
                failure.page_token = self._token
            raise
        return self._noted(page)

    async def _next(self) -> Page[T]:
        if self._fetch is None:
            self._fetch = self._walk.begin()
        page = await (self._fetch(self._token) if self._prefetched is None else self._prefetched.result())
        self._prefetched = None
        return page

    def _noted(self, page: Page[T]) -> Page[T]:
        """Return a page that was fetched, and make ready for the next, if there is to be one."""
        self._token = token = page.next
        if token is None:
            self._end = StopAsyncIteration()
            return page
        self._empty = 0 if page.items else self._empty + 1
        self._end = _endless(token, self._seen, self._empty > self._walk.most_empty)
        if self._end is not None:
            return Page(page.items, None)
        self._seen.add(_remembered(token))
        if self._walk.prefetch:
            assert self._fetch is not None
            self._prefetched = self._io.start(self._fetch(token))
        return page

    def close(self) -> None:
        """Give up what is on its way; there is no further page."""
        self._end = StopAsyncIteration()
        if self._prefetched is not None:
            self._prefetched.cancel()
            self._prefetched = None

    async def aclose(self) -> None:
        """Do what `close` does, where an async iterator is closed."""
        self.close()


class _Items(Generic[T]):
    """The items of pages."""

    def __init__(self, pages: Pages[T]) -> None:
        self._pages = pages
        self._rest: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._rest:
                return item
            self._rest = iter((await self._pages.__anext__()).items)

    async def aclose(self) -> None:
        self._rest = iter(())
        self._pages.close()


def _remembered(token: str) -> str | bytes:
    """Return what tells a page token from others, and is small however long the token is."""
    if len(token) <= SHORT:
        return token
    from hashlib import blake2b

    return blake2b(token.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _endless(token: Any, seen: Collection[str | bytes], fruitless: bool) -> ImageApiError | None:
    """Return the error for a list that would not end at this page token, or whose token is none."""
    if not isinstance(token, str):
        return UnexpectedReply(
            f"The server handed out a page token that is no text but {type(token).__name__}. What was read so far "
            "stands; is this address the service's?"
        )
    if _remembered(token) in seen:
        why = "handed out the same page token twice"
    elif fruitless:
        why = "sent one empty page after the other"
    elif len(seen) >= MOST_PAGES:
        why = f"sent {MOST_PAGES:,} pages and promises yet another one"
    else:
        return None
    loop = PageLoop(
        f"The server {why}, so the list would never end. What was read so far stands; report it to the service's "
        "operator."
    )
    loop.page_token = token
    return loop


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
        if count < 1:
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
        return _Items(Pages(self._io, self._walk))

    async def first(self) -> T | None:
        """Return the first item, or `None` if there is none."""
        items = await self.take(1)
        return items[0] if items else None

    async def take(self, count: int) -> list[T]:
        """Return the first `count` items; see `Pager.take`."""
        items: list[T] = []
        if count < 1:
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
