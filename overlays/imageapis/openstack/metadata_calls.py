"""The calls on an image's metadata that are not plain; reading all of it is generated.

What Nova would do to metadata unsaid is in `metadata`, who writes when in `write_locks`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from imageapis.core.arguments import text
from imageapis.core.deadline import current
from imageapis.core.endpoint import value_of
from imageapis.core.faces import operation
from imageapis.core.response_body import unexpected
from imageapis.errors import NotFound, VerificationFailed
from imageapis.openstack import metadata as rules
from imageapis.openstack.calls import Calls, named
from imageapis_generated.openstack import endpoints

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from imageapis.core.http import Response
    from imageapis_generated._requests import Endpoint
    from imageapis_generated.openstack.values import MetaAnswer, MetadataAnswer


class MetadataCalls(Calls):
    """The calls on metadata."""

    @operation
    async def replace_metadata(self, image_id: str, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Store metadata instead of all that is there: `PUT /images/{id}/metadata`. An empty mapping deletes all.

        Args:
            image_id: The image's id.
            metadata: Items by key.

        Returns:
            What was sent: Nova only repeats it.

        Raises:
            InvalidArgument: A key or a value that Nova would refuse, drop or change; nothing was sent.
            VerificationFailed: Something else was repeated than was sent; the text names the items.
            Forbidden: The image belongs to another project, or there are more items than the quota allows.
        """
        from imageapis_generated.openstack.values import ImageMetadataPutReq

        sent = rules.checked(metadata)
        body = ImageMetadataPutReq(metadata=sent)
        async with self._turn(image_id):
            stored = dict((await self._answer(endpoints.replace_image_metadata, named(image_id), body)).metadata)
        _check_stored("PUT", image_id, sent, stored)
        return stored

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
            InvalidArgument: A key or a value that Nova would refuse, drop or change; nothing was sent.
            VerificationFailed: Nova answered 200 but did not store some of the items; the text names them.
            Forbidden: The image belongs to another project, or there are more items than the quota allows.
        """
        from imageapis_generated.openstack.values import ImageMetadataPostReq

        sent = rules.checked(metadata)
        async with self._turn(image_id):
            request = await self._built(
                endpoints.update_image_metadata, named(image_id), ImageMetadataPostReq(metadata=sent)
            )
            # Merging the same items twice comes to the same, so this POST may be sent again as a PUT may.
            request.extensions["retry"] = self._retry_policies.idempotent
            stored = dict(value_of(endpoints.update_image_metadata, await self._exchange(request)).metadata)
        _check_stored("POST", image_id, sent, stored)
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
            request = await self._built(endpoints.get_image_metadata_item, named(image_id), key)
            return _item(endpoints.get_image_metadata_item, await self._exchange(request), key)
        items = await super().metadata(named(image_id))
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
            InvalidArgument: A key or a value that Nova would refuse, drop or change; nothing was sent.
            VerificationFailed: Something else was repeated than was sent.
            Forbidden: The image belongs to another project, or there are more items than the quota allows.
        """
        from imageapis_generated.openstack.values import ImageMetadataPostReq, ImageMetaKeyPutReq

        sent = rules.checked({text("A metadata key", key): value})
        async with self._turn(image_id):
            if not rules.reachable(key):
                request = await self._built(
                    endpoints.update_image_metadata, named(image_id), ImageMetadataPostReq(metadata=sent)
                )
                stored = _item(endpoints.update_image_metadata, await self._exchange(request), key)
                _check_stored("POST", image_id, sent, {key: stored})
                return str(stored)
            request = await self._built(
                endpoints.set_image_metadata_item, named(image_id), key, ImageMetaKeyPutReq(meta=sent)
            )
            stored = _item(endpoints.set_image_metadata_item, await self._exchange(request), key)
        _check_stored("PUT", image_id, sent, {key: stored})
        return str(stored)

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
        async with self._turn(image_id):
            if rules.reachable(key):
                await self._deleted(endpoints.delete_image_metadata_item, named(image_id), key)
                return
            items = await super().metadata(named(image_id))
            if key not in items:
                raise _no_item("DELETE", image_id, key)
            from imageapis_generated.openstack.values import ImageMetadataPutReq

            await self._answer(
                endpoints.replace_image_metadata, image_id, ImageMetadataPutReq(metadata=rules.writable(items, key))
            )

    @asynccontextmanager
    async def _turn(self, image_id: str) -> AsyncIterator[None]:
        """Wait for the turn of a writer of this image and hold it; all of it has the time that one call has."""
        from imageapis.openstack.write_locks import METADATA_LOCKS

        before = current.set(self._io.new_deadline())
        try:
            base, _ = await self._base()
            async with METADATA_LOCKS.hold(self._io, (base, named(image_id))):
                yield
        finally:
            current.reset(before)


def _item(endpoint: Endpoint[Any, MetaAnswer | MetadataAnswer], response: Response, key: str) -> Any:
    """Return the one item that an answer holds."""
    from imageapis_generated.openstack.values import MetaAnswer

    answer = value_of(endpoint, response)
    items = answer.meta if isinstance(answer, MetaAnswer) else answer.metadata
    if key not in items:
        raise unexpected(response, f"there is no item {key!r} in it")
    return items[key]


def _check_stored(method: str, image_id: str, sent: Mapping[str, str], stored: Mapping[str, Any]) -> None:
    """Compare what an answer says of the items with what was sent.

    Raises:
        VerificationFailed: It is something else.
    """
    if lost := rules.not_stored(sent, stored):
        raise VerificationFailed(
            f"{method} /images/{image_id}/metadata answered 200, but {', '.join(map(repr, lost))} was not stored as "
            "sent; the other items were. The key may be one of the image service's own fields, or another writer "
            "undid it."
        )


def _no_item(method: str, image_id: str, key: str) -> NotFound:
    said = f"there is no item {key!r}"
    return NotFound(404, "itemNotFound", said, method=method, path=f"/images/{image_id}/metadata")
