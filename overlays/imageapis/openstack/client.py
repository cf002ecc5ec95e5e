"""`ComputeImages` and `AsyncComputeImages`: Nova's ten calls on images and their metadata, written once for both.

What a list's filters mean is in `filters`, how it is walked in `listing`, what Nova would do to metadata in
`metadata`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imageapis.core.client import AsyncClient, BlockingClient, Operations, Service
from imageapis.core.io import operation
from imageapis.core.paging import Walk, paged
from imageapis.errors import BadRequest, NotFound, UnsafePath, VerificationFailed
from imageapis.openstack import metadata as rules
from imageapis.openstack.faults import fault
from imageapis.openstack.filters import filters
from imageapis.openstack.listing import LARGEST_PAGE, MarkerWalk, answer
from imageapis.openstack.models import Image, image
from imageapis_generated.openstack import models as wire
from imageapis_generated.openstack.api import images as endpoints

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from imageapis.core.transport import Request
    from imageapis.openstack.listing import Answer

#: The last microversion that has all ten calls: those on images end with 2.36, those on metadata with 2.39.
MICROVERSION = "2.35"

_turns = rules.Turns()


class _Operations(Operations):
    _service = Service(
        "OpenStack compute",
        fault=fault,
        request_ids=("x-compute-request-id", "x-openstack-request-id"),
        headers={"Accept": "application/json", "OpenStack-API-Version": f"compute {MICROVERSION}"},
    )

    def _url(self, base: str, path: str) -> str:
        # The catalog's address ends with the version, and may have the project's id behind it.
        return base + path.removeprefix("/v2.1")

    # --- images -----------------------------------------------------------------------------------------------------

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
            ValueError: A filter that can match nothing, or a time without an offset.
            ImageApiError: A page could not be fetched (when iterating); `page_token` tells where to go on.
        """
        if page_size is not None and page_size < 1:
            raise ValueError(f"page_size is at least 1, not {page_size}.")
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
        endpoint = endpoints.list_images_detail if detail or wanted.detail else endpoints.list_images
        query = wanted.query

        async def ask(after: str | None) -> Answer:
            marked = {} if after is None else {"marker": after}
            try:
                return await self._fetch(answer, endpoint, limit=size, **marked, **query)
            except BadRequest as refusal:
                if "operator" not in (refusal.reason or "") or not query.pop("name", None):
                    raise
            # An image service that does not know the operator `eq:`: names are sorted out here alone.
            return await self._fetch(answer, endpoint, limit=size, **marked, **query)

        return Walk(lambda: MarkerWalk(ask, size, marker, wanted.keep).page, prefetch)

    @operation
    async def image(self, image_id: str) -> Image:
        """Return one image with all its fields: `GET /images/{id}`.

        Args:
            image_id: Its id.

        Raises:
            NotFound: There is none with this id, or the project may not see it.
        """
        return await self._fetch(lambda body: image(body["image"]), endpoints.get_image, _named(image_id))

    @operation
    async def delete(self, image_id: str) -> None:
        """Delete an image: `DELETE /images/{id}`.

        Args:
            image_id: Its id.

        Raises:
            NotFound: There is none with this id, or the project may not see it.
            Forbidden: It is protected, or belongs to another project, or the login may only read.
        """
        await self._delete(await self._request(endpoints.delete_image, _named(image_id)))

    # --- metadata ---------------------------------------------------------------------------------------------------

    @operation
    async def metadata(self, image_id: str) -> dict[str, Any]:
        """Return all metadata of an image: `GET /images/{id}/metadata`.

        Values are text, except that Nova turns `mappings` and `block_device_mapping` into lists. What the image
        service stores may break Nova's own rules for writing: keys beyond ASCII, long values.

        Args:
            image_id: The image's id.

        Raises:
            NotFound: There is no such image, or the project may not see it.
        """
        return await self._fetch(_items, endpoints.list_image_metadata, _named(image_id))

    @operation
    async def replace_metadata(self, image_id: str, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Store metadata instead of all that is there: `PUT /images/{id}/metadata`. An empty mapping deletes all.

        Args:
            image_id: The image's id.
            metadata: Items by key.

        Returns:
            What was sent: Nova only repeats it.

        Raises:
            ValueError: A key or a value that Nova would refuse, drop or change; nothing was sent.
            Forbidden: The image belongs to another project, or there are more items than the quota allows.
        """
        sent = rules.checked(metadata)
        body = wire.ImageMetadataPutReq.from_dict({"metadata": sent})
        async with await self._turn(image_id):
            return await self._fetch(_items, endpoints.replace_image_metadata, _named(image_id), body=body)

    @operation
    async def update_metadata(self, image_id: str, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Add and change metadata items, and leave the others, in one call: `POST /images/{id}/metadata`.

        Nova reads all items, changes them and writes all back. Writers of one image in this process take turns; a
        writer elsewhere at the same moment can undo this one although both are told 200.

        Args:
            image_id: The image's id.
            metadata: Items by key.

        Returns:
            All items that the image has now.

        Raises:
            ValueError: A key or a value that Nova would refuse, drop or change; nothing was sent.
            VerificationFailed: Nova answered 200 but did not store some of the items; the text names them.
            Forbidden: The image belongs to another project, or there are more items than the quota allows.
        """
        sent = rules.checked(metadata)
        body = wire.ImageMetadataPostReq.from_dict({"metadata": sent})
        async with await self._turn(image_id):
            request = await self._request(endpoints.update_image_metadata, _named(image_id), body=body)
            # Merging the same items twice comes to the same, so this POST may be sent again as a PUT may.
            request.extensions["retry"] = self._retry_policies.idempotent
            stored = self._decode(_items, await self._exchange(request))
        if lost := rules.not_stored(sent, stored):
            raise VerificationFailed(
                f"POST {request.url.path} answered 200, but {', '.join(map(repr, lost))} was not stored as sent; the "
                "other items were. The key may be one of the image service's own fields, or another writer undid it."
            )
        return stored

    @operation
    async def metadata_item(self, image_id: str, key: str) -> Any:
        """Return one metadata item: `GET /images/{id}/metadata/{key}`, or the whole list if no path can name the key.

        Args:
            image_id: The image's id.
            key: The item's key.

        Returns:
            Its value: text, or a list for `mappings` and `block_device_mapping`.

        Raises:
            NotFound: There is no such image or item.
        """
        if rules.reachable(key):
            return await self._fetch(
                lambda body: body["meta"][key], endpoints.get_image_metadata_item, _named(image_id), key
            )
        items = await self._fetch(_items, endpoints.list_image_metadata, _named(image_id))
        if key not in items:
            raise _no_item("GET", image_id, key)
        return items[key]

    @operation
    async def set_metadata_item(self, image_id: str, key: str, value: str) -> str:
        """Add or change one metadata item: `PUT /images/{id}/metadata/{key}`.

        As with `update_metadata`, a writer in another process at the same moment can undo this. The keys `.` and
        `..`, which no path can name, are sent as `update_metadata` sends them.

        Args:
            image_id: The image's id.
            key: The item's key.
            value: Its value.

        Returns:
            The value: Nova repeats it.

        Raises:
            ValueError: A key or a value that Nova would refuse, drop or change; nothing was sent.
            Forbidden: The image belongs to another project, or there are more items than the quota allows.
        """
        sent = rules.checked({key: value})
        if not rules.reachable(key):
            body = wire.ImageMetadataPostReq.from_dict({"metadata": sent})
            async with await self._turn(image_id):
                stored = await self._fetch(_items, endpoints.update_image_metadata, _named(image_id), body=body)
            return str(stored[key])
        item = wire.ImageMetaKeyPutReq.from_dict({"meta": sent})
        async with await self._turn(image_id):
            return await self._fetch(
                lambda answer: str(answer["meta"][key]),
                endpoints.set_image_metadata_item,
                _named(image_id),
                key,
                body=item,
            )

    @operation
    async def delete_metadata_item(self, image_id: str, key: str) -> None:
        """Delete one metadata item: `DELETE /images/{id}/metadata/{key}`.

        A key that no path can name (a slash, letters beyond ASCII) is deleted by reading all items and writing the
        others back: whatever another process writes to the image in between is lost.

        Args:
            image_id: The image's id.
            key: The item's key.

        Raises:
            NotFound: There is no such image or item.
            Forbidden: The image belongs to another project, or the login may only read.
            ImageApiError: The others would have to be written back and cannot be; nothing was sent.
        """
        async with await self._turn(image_id):
            if rules.reachable(key):
                await self._delete(await self._request(endpoints.delete_image_metadata_item, _named(image_id), key))
                return
            items = await self._fetch(_items, endpoints.list_image_metadata, _named(image_id))
            if key not in items:
                raise _no_item("DELETE", image_id, key)
            body = wire.ImageMetadataPutReq.from_dict({"metadata": rules.writable(items, key)})
            await self._exchange(await self._request(endpoints.replace_image_metadata, image_id, body=body))

    async def _delete(self, request: Request) -> None:
        """Delete; what is gone at a second try was deleted by the first, whose answer got lost."""
        response = await self._exchange(request, accept=(404,))
        if response.status_code == 404 and request.extensions["imageapis_tries"] < 2:
            raise self._status_error(response)

    async def _turn(self, image_id: str) -> AbstractAsyncContextManager[None]:
        """Return the turn of a writer of this image."""
        return _turns.of(self._io, (await self._login.base(self._io), image_id))


def _items(body: dict[str, Any]) -> dict[str, Any]:
    return dict(body["metadata"])


def _named(image_id: str) -> str:
    """Return an id that leads to an image and not to something else."""
    if image_id in {"", ".", "..", "detail"}:
        raise UnsafePath(f"{image_id!r} is no image's id: it would be read as another address.")
    return image_id


def _no_item(method: str, image_id: str, key: str) -> NotFound:
    said = f"there is no item {key!r}"
    return NotFound(404, "itemNotFound", said, method=method, path=f"/images/{image_id}/metadata")


class ComputeImages(BlockingClient, _Operations):
    """Nova's images, blocking. Takes a login from `imageapis.openstack.auth`; see `BlockingClient` for the rest."""


class AsyncComputeImages(AsyncClient, _Operations):
    """Nova's images, for asyncio and trio; see `ComputeImages`."""
