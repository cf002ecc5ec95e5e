"""The six calls on an image's metadata. What Nova would do to it unsaid, and who writes when, is in `metadata`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imageapis.core.faces import operation
from imageapis.errors import NotFound, VerificationFailed
from imageapis.openstack import metadata as rules
from imageapis.openstack.calls import Calls, named
from imageapis_generated.openstack import models as wire
from imageapis_generated.openstack.api import images as endpoints

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager

_turns = rules.Turns()


class MetadataCalls(Calls):
    """The calls on metadata."""

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
        return await self._fetch(_items, endpoints.list_image_metadata, named(image_id))

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
            return await self._fetch(_items, endpoints.replace_image_metadata, named(image_id), body=body)

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
            request = await self._request(endpoints.update_image_metadata, named(image_id), body=body)
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
                lambda body: body["meta"][key], endpoints.get_image_metadata_item, named(image_id), key
            )
        items = await self._fetch(_items, endpoints.list_image_metadata, named(image_id))
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
                stored = await self._fetch(_items, endpoints.update_image_metadata, named(image_id), body=body)
            return str(stored[key])
        item = wire.ImageMetaKeyPutReq.from_dict({"meta": sent})
        async with await self._turn(image_id):
            return await self._fetch(
                lambda answer: str(answer["meta"][key]),
                endpoints.set_image_metadata_item,
                named(image_id),
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
                await self._delete(await self._request(endpoints.delete_image_metadata_item, named(image_id), key))
                return
            items = await self._fetch(_items, endpoints.list_image_metadata, named(image_id))
            if key not in items:
                raise _no_item("DELETE", image_id, key)
            body = wire.ImageMetadataPutReq.from_dict({"metadata": rules.writable(items, key)})
            await self._exchange(await self._request(endpoints.replace_image_metadata, image_id, body=body))

    async def _turn(self, image_id: str) -> AbstractAsyncContextManager[None]:
        """Return the turn of a writer of this image."""
        return _turns.of(self._io, (await self._login.base(self._io), image_id))


def _items(body: dict[str, Any]) -> dict[str, Any]:
    return dict(body["metadata"])


def _no_item(method: str, image_id: str, key: str) -> NotFound:
    said = f"there is no item {key!r}"
    return NotFound(404, "itemNotFound", said, method=method, path=f"/images/{image_id}/metadata")
