"""Walking pages: what is fetched when, and how a walk ends."""

from __future__ import annotations

import gc
import threading
import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import anyio
import pytest

from imageapis.core.login import Login
from imageapis.core.pages import Page, Walk, _remembered
from imageapis.core.paging import paged
from imageapis.errors import ImageApiError, PageLoop, ServerError, UnexpectedReply
from tests.unit.toy import Answer, AsyncToy, Toy, ToyServer, login

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Face


class Pages(ToyServer):
    """Three pages of two numbers; a test may break or bend them."""

    def __init__(self) -> None:
        super().__init__(answer=self._page)
        self.broken: str | None = None
        self.loops = False
        self.end: Any = None

    def _page(self, method: str, path: str, body: bytes) -> Answer:
        token = parse_qs(urlsplit(self.seen[-1].target).query).get("page", ["0"])[0]
        if token == self.broken:
            return Answer(500, {"code": "BROKEN"})
        number = int(token)
        following = str(number + 1) if number < 2 else ("1" if self.loops else self.end)
        return Answer(200, {"items": [2 * number, 2 * number + 1], "next": following})


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as made:
        yield made


@pytest.fixture
def toy(face: Face, pages: Pages) -> Any:
    return face.open(Toy, AsyncToy, login(pages))


@pytest.mark.parametrize("prefetch", [0, 1])
def test_a_walk_gives_every_item_once_in_order(face: Face, toy: Any, prefetch: int) -> None:
    assert face.items(toy.things(prefetch=prefetch)) == [0, 1, 2, 3, 4, 5]


def test_each_iteration_starts_anew(face: Face, toy: Any) -> None:
    pager = toy.things()
    assert face.items(pager) == face.items(pager)


def test_a_walk_can_start_at_a_page(face: Face, toy: Any) -> None:
    found = [page.items for page in face.each(toy.things().by_page(start="1"))]
    assert found == [[2, 3], [4, 5]]


def test_pages_carry_the_token_of_the_next(face: Face, toy: Any) -> None:
    assert [page.next for page in face.each(toy.things().by_page())] == ["1", "2", None]


def test_first_fetches_one_page(face: Face, toy: Any, pages: Pages) -> None:
    assert face.run(toy.things().first) == 0
    assert len(pages.seen) == 1


def test_take_fetches_no_page_more_than_needed(face: Face, toy: Any, pages: Pages) -> None:
    assert face.run(toy.things().take, 4) == [0, 1, 2, 3]
    assert len(pages.seen) == 2
    assert face.run(toy.things().take, 0) == []
    pages.seen.clear()
    assert face.run(toy.things().take, 1) == [0]
    assert face.run(toy.things().take, 2) == [0, 1]
    assert len(pages.seen) == 2
    assert face.run(toy.things().take, 99) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("count", [0, -1])
def test_to_take_none_or_fewer_takes_none_and_asks_nothing(face: Face, toy: Any, pages: Pages, count: int) -> None:
    assert face.run(toy.things().take, count) == []
    assert pages.seen == []


def test_nothing_is_fetched_before_the_first_item_is_wanted(toy: Any, pages: Pages) -> None:
    toy.things()
    assert pages.seen == []


@pytest.mark.parametrize("prefetch", [0, 1])
def test_a_failed_page_carries_the_token_to_go_on_from(face: Face, toy: Any, pages: Pages, prefetch: int) -> None:
    pages.broken = "2"
    items = []
    with pytest.raises(ServerError) as caught:
        for item in face.each(toy.things(prefetch=prefetch)):
            items.append(item)  # noqa: PERF402 - what came before the failure is the point
    assert items == [0, 1, 2, 3]
    pages.broken = None
    rest = [page.items for page in face.each(toy.things().by_page(start=caught.value.page_token))]
    assert rest == [[4, 5]]


def test_a_token_that_comes_twice_ends_the_walk_after_its_items(face: Face, toy: Any, pages: Pages) -> None:
    pages.loops = True
    items = []
    with pytest.raises(PageLoop):
        for item in face.each(toy.things()):
            items.append(item)  # noqa: PERF402
    assert items == [0, 1, 2, 3, 4, 5]
    assert len(pages.seen) == 3


def test_prefetch_asks_for_the_next_page_while_this_one_is_used(face: Face, toy: Any, pages: Pages) -> None:
    walk = face.each(toy.things(prefetch=1).by_page())
    next(walk)
    second = threading.Event()
    for _ in range(1000):
        if len(pages.seen) == 2:
            second.set()
            break
        # Each turn lets the event loop or the thread that prefetches go on.
        face.run(_pause if face.blocking else _pause_async)
    walk.close()
    assert second.is_set()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_who_is_cancelled_while_a_page_is_on_its_way_gives_that_up(backend: str) -> None:
    reader: list[anyio.CancelScope] = []
    outcomes: list[str] = []

    async def fetch(token: str | None) -> Page[int]:
        if token is None:
            return Page([1], "second")
        reader[0].cancel()
        try:
            await anyio.sleep_forever()
        except BaseException:
            outcomes.append("given up")
            raise
        raise AssertionError

    class Listing(AsyncToy):
        things = paged(lambda _: Walk(lambda: fetch, prefetch=1)).nonblocking()

    async def main() -> None:
        listing = Listing(Login(endpoint="http://127.0.0.1:9"))
        with anyio.CancelScope() as scope:
            reader.append(scope)
            await listing.things().take(2)
        await anyio.wait_all_tasks_blocked()
        assert outcomes == ["given up"]
        await listing.close()

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("prefetch", [0, 1])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_whoever_leaves_a_list_in_the_middle_has_nothing_to_close(backend: str, prefetch: int) -> None:
    async def fetch(token: str | None) -> Page[int]:
        return Page([1, 2], f"{token} and another")

    class Listing(AsyncToy):
        things = paged(lambda _: Walk(lambda: fetch, prefetch)).nonblocking()

    async def main() -> None:
        async with Listing(Login(endpoint="http://127.0.0.1:9")) as listing:
            async for _ in listing.things():
                break
            async for _ in listing.things().by_page():
                break
            gc.collect()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        anyio.run(main, backend=backend)
        gc.collect()
    assert [str(one.message) for one in caught] == []


@pytest.mark.parametrize("prefetch", [0, 1])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_list_that_was_closed_in_the_middle_gives_and_fetches_nothing_more(backend: str, prefetch: int) -> None:
    fetched: list[str | None] = []

    async def fetch(token: str | None) -> Page[int]:
        fetched.append(token)
        return Page([1, 2], f"{token} and another" if len(fetched) < 20 else None)

    class Listing(AsyncToy):
        things = paged(lambda _: Walk(lambda: fetch, prefetch)).nonblocking()

    async def main() -> None:
        async with Listing(Login(endpoint="http://127.0.0.1:9")) as listing:
            for walk in (aiter(listing.things()), listing.things().by_page()):
                await anext(walk)
                await anyio.wait_all_tasks_blocked()
                before = len(fetched)
                await walk.aclose()
                assert [rest async for rest in walk] == []
                assert len(fetched) == before

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_list_ends_with_its_first_failure(backend: str) -> None:
    async def fetch(token: str | None) -> Page[int]:
        raise ServerError(500)

    class Listing(AsyncToy):
        things = paged(lambda _: Walk(lambda: fetch)).nonblocking()

    async def main() -> None:
        async with Listing(Login(endpoint="http://127.0.0.1:9")) as listing:
            walk = aiter(listing.things())
            with pytest.raises(ServerError):
                await anext(walk)
            assert [rest async for rest in walk] == []

    anyio.run(main, backend=backend)


def _pause() -> None:
    threading.Event().wait(0.01)


async def _pause_async() -> None:
    await anyio.sleep(0.01)


@pytest.mark.parametrize("prefetch", [-1, 2])
def test_prefetch_takes_none_or_one(toy: Any, prefetch: int) -> None:
    with pytest.raises(ValueError, match="prefetch is one of 0, 1"):
        toy.things(prefetch=prefetch)


def test_the_token_survives_pickling() -> None:
    import pickle

    error = ImageApiError("x")
    error.page_token = "t"
    assert pickle.loads(pickle.dumps(error)).page_token == "t"


class Empty(ToyServer):
    """A page with an item, then so many empty ones, each with a fresh token, then one with an item."""

    def __init__(self, pages: int, token: Any = None, first: int = 1) -> None:
        super().__init__(answer=self._page)
        self.first = first
        self.pages = pages
        self.token = token

    def _page(self, method: str, path: str, body: bytes) -> Answer:
        number = len(self.seen)
        items = [number] if number in (self.first, self.pages + 2) else []
        following = str(number) if self.token is None else self.token
        return Answer(200, {"items": items, "next": None if number == self.pages + 2 else following})


@pytest.mark.parametrize("prefetch", [0, 1])
def test_a_list_of_nothing_but_empty_pages_ends_in_an_error_that_tells_where(face: Face, prefetch: int) -> None:
    with Empty(10_000) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        found = []
        with pytest.raises(PageLoop, match="empty page") as caught:
            for item in face.each(toy.things(prefetch=prefetch, most_empty=20)):
                found.append(item)  # noqa: PERF402 - what came before the error counts
        assert found == [1]
        assert caught.value.page_token == "22"


def test_some_empty_pages_are_part_of_a_list(face: Face) -> None:
    with Empty(20) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        assert face.items(toy.things(most_empty=20)) == [1, 22]


def test_a_list_may_begin_with_an_empty_page(face: Face) -> None:
    with Empty(3, first=0) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        assert face.items(toy.things(most_empty=5)) == [5]


@pytest.mark.parametrize("token", [7, True, ["a"], {"a": 1}, 1.5])
@pytest.mark.parametrize("prefetch", [0, 1])
def test_a_page_token_that_is_no_text_is_an_unexpected_reply(face: Face, token: Any, prefetch: int) -> None:
    with Empty(5, token) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(UnexpectedReply, match="page token"):
            face.items(toy.things(prefetch=prefetch))


class Endless(ToyServer):
    """Ever new pages, as far as a test goes."""

    def __init__(self) -> None:
        super().__init__(answer=self._page)
        self.number = 0

    def _page(self, method: str, path: str, body: bytes) -> Answer:
        self.number += 1
        more = f"{self.number}".zfill(3) if self.number < 50 else None
        return Answer(200, {"items": [self.number], "next": more})


def test_a_list_of_ever_new_pages_is_given_up(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imageapis.core.pages.MOST_PAGES", 5)
    found = []
    with Endless() as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(PageLoop, match="promises yet another") as caught:
            for item in face.each(toy.things()):
                found.append(item)  # noqa: PERF402 - what came before the error counts
    assert found == [1, 2, 3, 4, 5, 6]
    assert caught.value.page_token == "006"


def test_long_page_tokens_are_not_kept() -> None:
    tokens = {_remembered(str(number).zfill(100_000)) for number in range(100)}
    assert len(tokens) == 100
    assert max(map(len, tokens)) < 100


def test_a_long_page_token_that_comes_again_ends_the_list(face: Face) -> None:
    with ToyServer(Answer(200, {"items": [1], "next": "x" * 1000})) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(PageLoop, match="twice"):
            face.items(toy.things())
        assert len(server.seen) == 2
