"""`ComputeImages` and `AsyncComputeImages`: Nova's ten calls on images and their metadata, written once for both.

The plain calls are generated. By hand are those on images that need more: a pager over both lists, ids that would be
read as another address, deletions whose answer got lost. Those on metadata are in `metadata_calls`, what a list's
filters mean is in `filters`, how it is walked in `listing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.core.arguments import flag, text, whole_number
from imageapis.core.client import AsyncClient, BlockingClient
from imageapis.core.faces import operation
from imageapis.core.pages import MOST_EMPTY, Walk
from imageapis.core.paging import paged
from imageapis.errors import BadRequest
from imageapis.openstack.calls import named
from imageapis.openstack.filters import filters
from imageapis.openstack.listing import LARGEST_PAGE, MarkerWalk, answer
from imageapis.openstack.metadata_calls import MetadataCalls
from imageapis_generated.openstack import endpoints

if TYPE_CHECKING:
    from datetime import datetime

    from imageapis.openstack.listing import Answer
    from imageapis_generated.openstack.values import Image

#: Pages in a row that may be empty where images are left out here, which Nova sent.
SPARSE = 100_000


class _Operations(MetadataCalls):
    @paged
    def list(
        self,
        *,
        detail: bool = False,
        name: str | None = None,
        status: str | None = None,
        server: str | None = None,
        type: str | None = None,  # noqa: A002 - the API's own name
        min_disk: int | None = None,
        min_ram: int | None = None,
        changes_since: datetime | str | None = None,
        page_size: int | None = None,
        marker: str | None = None,
        prefetch: int = 0,
    ) -> Walk[Image]:
        """List the images that the project can see, newest first: `GET /images` or `GET /images/detail`.

        The walk goes from id to id: an image that is there all the time is listed exactly once, also when others come
        and go meanwhile, also when the one at which a page ended is deleted. Hidden images and other projects'
        community images are in no list; `image()` shows them.

        Args:
            detail: All fields of each image; `id` and `name` only by default. `status="UNKNOWN"`, `min_disk` and
                `min_ram` need all fields and fetch them.
            name: Images with exactly this name, colons included.
            status: Images in this state, by the names in `Image.status`.
            server: Images made from this server: its id, or its URL.
            type: Images whose property `image_type` is this, such as `snapshot` or `backup`.
            min_disk: Images that ask for at least so many GiB of disk. (Nova's own filter is an equality, so all
                images are fetched and sorted out here.)
            min_ram: Images that ask for at least so many MiB of memory. (As `min_disk`.)
            changes_since: Images changed at or after this time: an aware datetime, or ISO 8601 text with an offset.
                Deleted images are never listed, whatever Nova's reference says.
            page_size: Images on a page; 1000 by default and at most.
            marker: The id of the image after which to begin.
            prefetch: 1 to fetch the next page while you use this one.

        Returns:
            A pager. Its page tokens are ids of images.

        Raises:
            InvalidArgument: A filter that can match nothing, or a time without an offset.
            ImageApiError: A page could not be fetched (when iterating); `page_token` tells where to go on.
        """
        if page_size is not None:
            page_size = whole_number("page_size", page_size, 1)
        if marker is not None:
            text("marker", marker)
        size = min(page_size or LARGEST_PAGE, LARGEST_PAGE)
        wanted = filters(
            name=name,
            status=status,
            server=server,
            type_=type,
            min_disk=min_disk,
            min_ram=min_ram,
            changes_since=changes_since,
        )
        endpoint = endpoints.list_images_detail if flag("detail", detail) or wanted.detail else endpoints.list_images
        query = wanted.query

        async def ask(after: str | None) -> Answer:
            try:
                return answer(await self._answer(endpoint, limit=size, marker=after, **query))
            except BadRequest as refusal:
                if "operator" not in (refusal.reason or "") or not query.pop("name", None):
                    raise
            # An image service that does not know the operator `eq:`: names are sorted out here alone.
            return answer(await self._answer(endpoint, limit=size, marker=after, **query))

        most_empty = SPARSE if wanted.keep else MOST_EMPTY
        return Walk(lambda: MarkerWalk(ask, size, marker, wanted.keep).page, prefetch, most_empty)

    @operation
    async def image(self, image_id: str) -> Image:
        """Return one image with all its fields: `GET /images/{id}`.

        Args:
            image_id: Its id.

        Raises:
            NotFound: There is none with this id, or the project may not see it.
        """
        return await super().image(named(image_id))

    @operation
    async def delete(self, image_id: str) -> None:
        """Delete an image: `DELETE /images/{id}`.

        Args:
            image_id: Its id.

        Raises:
            NotFound: There is none with this id, or the project may not see it.
            Forbidden: It is protected, or belongs to another project, or the login may only read.
        """
        await self._deleted(endpoints.delete_image, named(image_id))


class ComputeImages(BlockingClient, _Operations):
    """Nova's images, blocking. Takes a login from `imageapis.openstack.auth`; see `BlockingClient` for the rest."""


class AsyncComputeImages(AsyncClient, _Operations):
    """Nova's images, for asyncio and trio; see `ComputeImages`."""
