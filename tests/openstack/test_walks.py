"""Walking lists: every image once, whatever the page size, the ceiling, and what happens to the list meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imageapis.core.faces import run_blocking
from imageapis.errors import BadRequest, PageLoop
from imageapis.openstack import Image
from imageapis.openstack.listing import MarkerWalk

if TYPE_CHECKING:
    from imageapis.testing.openstack import OpenStackServer
    from tests.conftest import Face


def fill(cloud: OpenStackServer, count: int) -> list[str]:
    """Store images; return their ids as a list shows them."""
    return [cloud.add(f"img-{number:03d}").id for number in range(count)][::-1]


@pytest.mark.parametrize("size", [1, 5, 6, 7, 12, 13, 1000, 5000, None])
def test_every_page_size_gives_every_image_once(
    face: Face, cloud: OpenStackServer, images: Any, size: int | None
) -> None:
    cloud.compute.max_limit = 6
    ids = fill(cloud, 13)
    assert [image.id for image in face.items(images.list(page_size=size))] == ids


def test_a_walk_ends_on_an_empty_page_when_the_last_full_one_was_exactly_full(
    face: Face, cloud: OpenStackServer, images: Any
) -> None:
    ids = fill(cloud, 6)
    pages = list(face.each(images.list(page_size=3).by_page()))
    assert [len(page.items) for page in pages] == [3, 3, 0]
    assert [page.next for page in pages] == [ids[2], ids[5], None]


def test_a_page_is_never_asked_for_more_than_a_thousand(cloud: OpenStackServer, images: Any, face: Face) -> None:
    face.items(images.list(page_size=5000))
    assert cloud.calls() == ["/v2.1/images?limit=1000"]


def test_a_page_size_below_one_is_refused(images: Any) -> None:
    with pytest.raises(ValueError, match="page_size is at least 1"):
        images.list(page_size=0)


def test_a_walk_can_begin_after_an_image(face: Face, cloud: OpenStackServer, images: Any) -> None:
    ids = fill(cloud, 5)
    assert [image.id for image in face.items(images.list(marker=ids[1], page_size=2))] == ids[2:]


def test_a_page_token_is_where_another_walk_goes_on(face: Face, cloud: OpenStackServer, images: Any) -> None:
    ids = fill(cloud, 5)
    first = next(iter(face.each(images.list(page_size=2).by_page())))
    rest = [i.id for page in face.each(images.list(page_size=2).by_page(first.next)) for i in page.items]
    assert rest == ids[2:]


def test_the_image_at_which_a_page_ended_may_be_deleted(face: Face, cloud: OpenStackServer, images: Any) -> None:
    ids = fill(cloud, 9)
    got: list[str] = []
    for page in face.each(images.list(page_size=3).by_page()):
        got += [image.id for image in page.items]
        if page.next:
            cloud.remove(page.next)
    assert got == ids


def test_all_images_of_the_pages_so_far_may_be_deleted(face: Face, cloud: OpenStackServer, images: Any) -> None:
    ids = fill(cloud, 9)
    got: list[str] = []
    for page in face.each(images.list(page_size=3).by_page()):
        got += [image.id for image in page.items]
        for image_id in got[:6]:
            cloud.remove(image_id)
    assert got == ids


def test_images_that_come_during_a_walk_double_nothing(face: Face, cloud: OpenStackServer, images: Any) -> None:
    ids = fill(cloud, 9)
    got: list[str] = []
    for page in face.each(images.list(page_size=3).by_page()):
        got += [image.id for image in page.items]
        cloud.add("new")
        if page.next:
            cloud.remove(page.next)
    assert [image_id for image_id in got if image_id in ids] == ids
    assert len(set(got)) == len(got)


def test_a_marker_that_was_never_there_is_an_error_that_says_what_to_do(images: Any, face: Face) -> None:
    with pytest.raises(BadRequest, match="begin the list anew"):
        face.items(images.list(marker="00000000-0000-4000-8000-000000000000"))


def test_prefetching_gives_the_same(face: Face, cloud: OpenStackServer, images: Any) -> None:
    ids = fill(cloud, 7)
    assert [image.id for image in face.items(images.list(page_size=2, prefetch=1))] == ids


def test_the_first_images_cost_one_page(face: Face, cloud: OpenStackServer, images: Any) -> None:
    ids = fill(cloud, 9)
    pager = images.list(page_size=3)
    assert [image.id for image in face.run(pager.take, 2)] == ids[:2]
    assert len(cloud.calls()) == 1


class Changing:
    """A list in memory that changes before each page, as a script says; asks like Nova with an honest marker."""

    def __init__(self, count: int, limit: int, script: list[list[int]]) -> None:
        self.images = list(range(count))  # newest first is highest first
        self.next = count
        self.limit = limit
        self.script = script
        self.forever = set(self.images)

    def change(self) -> None:
        for step in self.script.pop(0) if self.script else []:
            if step < 0 or not self.images:
                self.images.append(self.next)
                self.next += 1
            else:
                gone = self.images.pop(step % len(self.images))
                self.forever.discard(gone)

    async def ask(self, marker: str | None) -> tuple[list[Image], str | None]:
        self.change()
        shown = sorted(self.images, reverse=True)
        if marker is not None:
            if int(marker) not in shown:
                raise BadRequest(400, "badRequest", f"No image found with ID {marker}")
            shown = [number for number in shown if number < int(marker)]
        page = [Image(id=str(number), name=None) for number in shown[: self.limit]]
        return page, None


@given(
    count=st.integers(0, 30),
    limit=st.integers(1, 8),
    script=st.lists(st.lists(st.integers(-3, 40), max_size=6), max_size=40),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_image_that_was_there_all_the_time_is_missing_and_none_comes_twice(
    count: int, limit: int, script: list[list[int]]
) -> None:
    world = Changing(count, limit, script)
    walk = MarkerWalk(world.ask, limit, None, ())

    async def all_pages() -> list[int]:
        got: list[int] = []
        token: str | None = None
        tokens = set()
        for _ in range(1000):
            page = await walk.page(token)
            got += [int(image.id) for image in page.items]
            token = page.next
            if token is None:
                return got
            assert token not in tokens, "core would take this for a loop"
            tokens.add(token)
        raise AssertionError("the walk does not end")

    got = run_blocking(all_pages())
    assert len(set(got)) == len(got)
    assert world.forever <= set(got)


def test_a_server_that_repeats_a_page_for_ever_is_found_out(face: Face, cloud: OpenStackServer, images: Any) -> None:
    cloud.add("a")
    cloud.add("b")
    stuck = cloud.store.page

    def page(who: Any, filters: Any, limit: Any, marker: Any) -> Any:
        return stuck(who, filters, limit, None)

    cloud.store.page = page  # type: ignore[method-assign]
    walk = face.each(images.list(page_size=2))
    assert [next(walk).name, next(walk).name] == ["b", "a"]
    with pytest.raises(PageLoop, match="again and again") as caught:
        next(walk)
    assert caught.value.page_token is not None
    assert len(cloud.calls()) < 20


@pytest.mark.parametrize(
    "href", ["/v2.1/images?page=2", "javascript:1", "", "http://[::1", "?marker=", "https://elsewhere.example/images"]
)
def test_a_link_to_a_next_page_that_cannot_be_read_loses_no_image(
    face: Face, cloud: OpenStackServer, images: Any, href: str
) -> None:
    ids = fill(cloud, 7)
    real = cloud.compute.answer

    def short(call: Any) -> tuple[int, Any]:
        status, body = real(call)
        if len(body["images"]) > 3:
            body = {"images": body["images"][:3], "images_links": [{"rel": "next", "href": href}]}
        return status, body

    cloud.compute.answer = short  # type: ignore[method-assign]
    assert [image.id for image in face.items(images.list())] == ids


def test_an_image_that_stands_twice_on_a_page_comes_once(face: Face, cloud: OpenStackServer, images: Any) -> None:
    fill(cloud, 3)
    real = cloud.compute.answer

    def doubled(call: Any) -> tuple[int, Any]:
        status, body = real(call)
        return status, {**body, "images": body["images"] * 2}

    cloud.compute.answer = doubled  # type: ignore[method-assign]
    assert len(face.items(images.list())) == 3


def test_a_server_whose_markers_all_vanish_and_whose_list_begins_anew_is_found_out() -> None:
    async def ask(marker: str | None) -> tuple[list[Image], str | None]:
        if marker in {"b", "d"}:
            raise BadRequest(400, "badRequest", f"No image found with ID {marker}")
        return [Image(id="a", name=None), Image(id="b", name=None)] if marker is None else [
            Image(id="c", name=None),
            Image(id="d", name=None),
        ], None

    walk = MarkerWalk(ask, 2, None, ())

    async def pages() -> list[str]:
        got: list[str] = []
        token = None
        for _ in range(5):
            page = await walk.page(token)
            got += [image.id for image in page.items]
            token = page.next
        return got

    with pytest.raises(PageLoop, match="leads back to image d"):
        run_blocking(pages())
