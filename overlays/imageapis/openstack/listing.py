"""A walk through a list by the ids of its images: no image lost or doubled, whatever happens to the list meanwhile.

Nova's links are not followed. They are missing when the page size is above a ceiling that cannot be found out, and
they name the host that the request's `Host` header named. All that is taken from one is its marker.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from imageapis.core.pages import Page
from imageapis.errors import BadRequest, Forbidden, NotFound, PageLoop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from imageapis_generated.openstack.values import Image, ImageList

    Answer = tuple[Sequence[Image], str | None]
    #: Asks for the page after an image: its images, and the marker in the link to the next page.
    Ask = Callable[[str | None], Awaitable[Answer]]

#: Images on a page at most; Nova's own default ceiling.
LARGEST_PAGE = 1000

#: How often one page may lead to the same image: each time but the first, a deletion has to have made a step back.
PATIENCE = 10

#: What Nova says of a marker that is gone, and of one that this project may not see any more.
_GONE = (BadRequest, Forbidden, NotFound)


def answer(page: ImageList) -> Answer:
    """Return the images of a page, and the marker in its link to the next one."""
    marker = None
    for link in page.images_links:
        if link.rel == "next":
            # There is a next page, also where its address cannot be read: it begins behind this one's last image.
            marker = _marker(link.href) or (page.images[-1].id if page.images else None)
    return page.images, marker


def _marker(href: str) -> str | None:
    try:
        query = urlsplit(href).query
    except ValueError:
        return None  # it is no address
    return parse_qs(query).get("marker", [None])[-1]


class MarkerWalk:
    """One walk.

    Args:
        ask: Asks for a page.
        size: How many images it asks for.
        marker: The id of the image after which the walk begins.
        keep: Tests that an image must pass.
    """

    def __init__(self, ask: Ask, size: int, marker: str | None, keep: tuple[Callable[[Image], bool], ...]) -> None:
        self._ask = ask
        self._size = size
        self._marker = marker
        self._keep = keep
        self._order: list[str] = []
        self._seen: set[str] = set()

    async def page(self, token: str | None) -> Page[Image]:
        """Return the page after the image whose id is `token`."""
        images, following = await self._next(token or self._marker)
        fresh: list[Image] = []
        passed: Counter[str] = Counter()
        while True:
            new = following not in self._seen
            fresh += self._new(images)
            # A token that the walk had before would be taken for a loop; after a step back it is none.
            if following is None or new:
                break
            passed[following] += 1
            if passed[following] > PATIENCE:
                raise PageLoop(
                    f"The list leads back to image {following} again and again, so it would never end. "
                    "What was read so far stands; report it to the service's operator."
                )
            images, following = await self._next(following)
        if self._keep:
            fresh = [image for image in fresh if all(test(image) for test in self._keep)]
        return Page(fresh, following)

    async def _next(self, marker: str | None) -> Answer:
        """Ask for the page after an image; if that is gone, after an earlier one of this walk."""
        try:
            return await self._after(marker)
        except _GONE:
            if marker is None or marker not in self._seen:
                raise
        step, position = 1, self._order.index(marker)
        while True:
            # In growing steps, to the list's begin in the end: many may be gone. The caller drops what was seen.
            position -= step
            step *= 2
            earlier = self._order[position] if position >= 0 else None
            try:
                return await self._after(earlier)
            except _GONE:
                if earlier is None:
                    raise

    async def _after(self, marker: str | None) -> Answer:
        images, linked = await self._ask(marker)
        if not images:
            return [], None
        # A full page may be the last one; Nova's link, or its absence, does not tell.
        return images, linked or (images[-1].id if len(images) >= self._size else None)

    def _new(self, images: Sequence[Image]) -> list[Image]:
        fresh = []
        for image in images:
            if image.id not in self._seen:
                self._seen.add(image.id)
                self._order.append(image.id)
                fresh.append(image)
        return fresh
