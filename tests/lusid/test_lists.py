"""Walking lists: tokens, what stays on every page, where a walk ends, and where it goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from imageapis.errors import BadRequest, PageLoop, ServerError, UnexpectedReply
from imageapis.lusid import InvalidQuery
from imageapis.testing.lusid import LusidServer, Trouble
from tests.lusid.conftest import open_images, token_login

if TYPE_CHECKING:
    from tests.conftest import Face


def queries(server: LusidServer) -> list[dict[str, str]]:
    """The query of each request; a repeated parameter would be lost, so it is refused."""
    found = []
    for seen in server.seen:
        pairs = parse_qsl(seen.target.partition("?")[2], keep_blank_values=True)
        assert len(dict(pairs)) == len(pairs)
        found.append(dict(pairs))
    return found


@pytest.mark.parametrize("last_page", ["null", "absent", "empty"])
@pytest.mark.parametrize("prefetch", [0, 1])
def test_a_walk_brings_every_image_once(
    face: Face, server: LusidServer, images: Any, last_page: str, prefetch: int
) -> None:
    server.fill("my-job", 23)
    server.last_page = last_page
    found = face.items(images.images("my-job", limit=5, prefetch=prefetch))
    assert [it.tags[0].name for it in found] == [str(number) for number in range(1, 24)]
    assert len(server.seen) == 5


def test_a_list_that_fits_exactly_needs_no_page_more(face: Face, server: LusidServer, images: Any) -> None:
    server.fill("my-job", 10)
    assert len(face.items(images.images("my-job", limit=5))) == 10
    assert len(server.seen) == 2


def test_an_empty_list_is_empty(face: Face, server: LusidServer, images: Any) -> None:
    assert face.items(images.repositories()) == []
    assert len(server.seen) == 1


def test_sorting_filter_and_limit_go_with_every_page_and_start_only_with_the_first(
    face: Face, server: LusidServer, images: Any
) -> None:
    server.fill("my-job", 20)
    walk = images.images("my-job", limit=6, start=3, sort_by=["-pushTime"], filter="size gt 5 and name eq 'my-job'")
    assert len(face.items(walk)) == 17
    first, *rest = queries(server)
    assert first == {"limit": "6", "start": "3", "sortBy": "-pushTime", "filter": "size gt 5 and name eq 'my-job'"}
    assert len(rest) == 2
    for query in rest:
        assert query.pop("page")
        assert query == {"limit": "6", "sortBy": "-pushTime", "filter": "size gt 5 and name eq 'my-job'"}


def test_several_fields_to_sort_by_are_several_parameters(face: Face, server: LusidServer, images: Any) -> None:
    server.fill("my-job", 3)
    face.items(images.images("my-job", sort_by=["size", "-pushTime"]))
    assert server.seen[0].target.endswith("?sortBy=size&sortBy=-pushTime")


def test_nothing_is_sent_that_was_not_asked_for(face: Face, server: LusidServer, images: Any) -> None:
    face.items(images.repositories())
    assert queries(server) == [{}]


def test_tokens_with_plus_slash_and_equals_arrive_as_they_were(face: Face, server: LusidServer, images: Any) -> None:
    handed_out: set[str] = set()
    make = server.tokens.make
    server.tokens.make = lambda *args: handed_out.add(token := make(*args)) or token  # type: ignore[method-assign,func-returns-value]
    server.fill("my-job", 120)
    assert len(face.items(images.images("my-job", limit=1))) == 120
    sent = {query["page"] for query in queries(server) if "page" in query}
    assert sent == handed_out
    assert all(any(character in token for token in sent) for character in "+/=")


def test_a_walk_goes_on_from_a_pages_token(face: Face, server: LusidServer, images: Any) -> None:
    server.fill("my-job", 12)
    walk = images.images("my-job", limit=5, start=1)
    first = next(face.each(walk.by_page()))
    rest = [page.items for page in face.each(walk.by_page(start=first.next))]
    assert [it.tags[0].name for page in [first.items, *rest] for it in page] == [str(n) for n in range(2, 13)]


def test_a_walk_goes_on_from_the_token_of_an_error(face: Face, server: LusidServer, images: Any) -> None:
    server.fill("my-job", 12)
    walk = images.images("my-job", limit=5)
    found = []
    with pytest.raises(ServerError) as caught:
        for image in face.each(walk):
            found.append(image)
            if len(found) == 5:
                server.troubles.append(Trouble(500))
    for page in face.each(walk.by_page(start=caught.value.page_token)):
        found += page.items
    assert [it.tags[0].name for it in found] == [str(number) for number in range(1, 13)]


def test_a_token_that_comes_again_ends_the_walk(face: Face, server: LusidServer, images: Any) -> None:
    page = b'{"values":[{"name":"a"}],"nextPage":"abcd"}'
    server.troubles.append(Trouble(200, times=9, body=page))
    pages = face.each(images.repositories().by_page())
    assert [len(next(pages).items), len(next(pages).items)] == [1, 1]
    with pytest.raises(PageLoop):
        next(pages)
    assert len(server.seen) == 2


@pytest.mark.parametrize("token", ["with space", "x" * 501, "a=b", "ü"])
def test_a_token_that_the_document_does_not_allow_is_the_services_fault(
    face: Face, server: LusidServer, images: Any, token: str
) -> None:
    body = json.dumps({"values": [{"name": "a"}], "nextPage": token}).encode()
    server.troubles.append(Trouble(200, body=body))
    with pytest.raises(UnexpectedReply, match="next page"):
        face.items(images.repositories())
    assert len(server.seen) == 1


def test_a_token_of_another_filter_is_refused_by_the_service(face: Face, server: LusidServer, images: Any) -> None:
    server.fill("my-job", 12)
    page = next(face.each(images.images("my-job", limit=5, filter="size gt 1").by_page()))
    with pytest.raises(BadRequest, match="anew") as caught:
        next(face.each(images.images("my-job", limit=5).by_page(start=page.next)))
    assert caught.value.code == "689"


def test_no_page_is_fetched_that_is_not_needed(face: Face, server: LusidServer, images: Any) -> None:
    server.fill("my-job", 12)
    walk = images.images("my-job", limit=5)
    assert len(face.run(walk.take, 5)) == 5
    assert face.run(walk.first).tags[0].name == "1"
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        {"limit": 0},
        {"limit": 5001},
        {"start": -1},
        {"start": 5001},
        {"filter": "x" * 1025},
        {"sort_by": "name"},
    ],
    ids=str,
)
def test_bounds_that_the_service_would_refuse_are_refused_here(
    server: LusidServer, images: Any, arguments: dict[str, Any]
) -> None:
    for make in (images.repositories, lambda **more: images.images("a", **more)):
        with pytest.raises(InvalidQuery):
            make(**arguments)
    assert server.seen == []


@pytest.mark.parametrize("token", ["", "a b", "a-b", "x" * 501, "===="])
def test_a_token_that_the_service_cannot_have_made_is_refused_here(
    face: Face, server: LusidServer, images: Any, token: str
) -> None:
    with pytest.raises(InvalidQuery):
        next(face.each(images.repositories().by_page(start=token)))
    assert server.seen == []


def test_the_service_refuses_what_our_checks_would_have_refused(face: Face) -> None:
    with LusidServer(strict=False) as server:
        server.fill("my-job", 3)
        images = open_images(face, token_login(server))
        from imageapis_generated.lusid.endpoints import list_images as endpoint

        for wrong in ({"limit": 5001}, {"page": "no token!"}, {"page": "abcd", "start": 1}):
            with pytest.raises(BadRequest) as caught:
                images.call(endpoint, "my-job", **wrong)
            assert caught.value.code in ("157", "151")
