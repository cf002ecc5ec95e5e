"""Pages: a list as a service describes it, and the walk through it page by page, with its guards and prefetching.

How a page is fetched is the service's. What users iterate over is in `paging`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from imageapis.core.arguments import one_of, text
from imageapis.errors import ImageApiError, PageLoop, UnexpectedReply

if TYPE_CHECKING:
    from typing import Self

    from imageapis.core.io import Io, Pending

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
        one_of("prefetch", prefetch, (0, 1))
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
        self._token = start if start is None else text("start", start)
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


class Items(Generic[T]):
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
        """Give up what is on its way; there is no further item."""
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
