# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of OpenStack compute images that are one call and no more, a method each.

A client inherits from the class and writes what needs more over it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from .._faces import Caller, operation
from . import endpoints as _endpoints

if TYPE_CHECKING:
    from .values import (
        ImageDetailList,
        ImageList,
        ImageMetadataPostReq,
        ImageMetadataPutReq,
        ImageMetaKeyPutReq,
        ImageShow,
        MetaAnswer,
        MetadataAnswer,
    )


class OpenstackOperations(Caller):
    """The plain operations, before they have a face."""

    @operation
    async def list_images(
        self,
        *,
        changes_since: dt.datetime | None = None,
        server: str | None = None,
        name: str | None = None,
        status: str | None = None,
        min_disk: int | None = None,
        min_ram: int | None = None,
        type: str | None = None,
        limit: int | None = None,
        marker: str | None = None,
    ) -> ImageList:
        """List images.

        Returns id, name and links of each image that the project can see, newest first. Without
        a limit everything comes in one answer.

        .. deprecated:: The document marks it so.

        Args:
            changes_since: Only images changed at or after this time; send it with an offset.
            server: Only images made from this server: its id, or its URL.
            name: Only images with this name. A colon in it is read as an operator.
            status: Only images in this status, as the image service names it.
            min_disk: Only images whose minimum disk, in GiB, equals this.
            min_ram: Only images whose minimum memory, in MiB, equals this.
            type: Only images of this type, such as snapshot or backup.
            limit: Images on one page. Above the server's own ceiling the link to the next page
                is missing.
            marker: Id of the last image of the page before.

        Returns:
            Done.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /v2.1/images`.
        """
        return await self._answer(
            _endpoints.list_images,
            changes_since=changes_since,
            server=server,
            name=name,
            status=status,
            min_disk=min_disk,
            min_ram=min_ram,
            type=type,
            limit=limit,
            marker=marker,
        )

    @operation
    async def list_images_detail(
        self,
        *,
        changes_since: dt.datetime | None = None,
        server: str | None = None,
        name: str | None = None,
        status: str | None = None,
        min_disk: int | None = None,
        min_ram: int | None = None,
        type: str | None = None,
        limit: int | None = None,
        marker: str | None = None,
    ) -> ImageDetailList:
        """List images with details.

        Returns every field of each image that the project can see, newest first. Without a
        limit everything comes in one answer.

        .. deprecated:: The document marks it so.

        Args:
            changes_since: Only images changed at or after this time; send it with an offset.
            server: Only images made from this server: its id, or its URL.
            name: Only images with this name. A colon in it is read as an operator.
            status: Only images in this status, as the image service names it.
            min_disk: Only images whose minimum disk, in GiB, equals this.
            min_ram: Only images whose minimum memory, in MiB, equals this.
            type: Only images of this type, such as snapshot or backup.
            limit: Images on one page. Above the server's own ceiling the link to the next page
                is missing.
            marker: Id of the last image of the page before.

        Returns:
            Done.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /v2.1/images/detail`.
        """
        return await self._answer(
            _endpoints.list_images_detail,
            changes_since=changes_since,
            server=server,
            name=name,
            status=status,
            min_disk=min_disk,
            min_ram=min_ram,
            type=type,
            limit=limit,
            marker=marker,
        )

    @operation
    async def get_image(self, image_id: str) -> ImageShow:
        """Show an image.

        Returns every field of one image.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.

        Returns:
            Done.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /v2.1/images/{image_id}`.
        """
        return await self._answer(_endpoints.get_image, image_id)

    @operation
    async def delete_image(self, image_id: str) -> None:
        """Delete an image.

        Deletes one image. A protected image is refused.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `DELETE /v2.1/images/{image_id}`.
        """
        await self._answer(_endpoints.delete_image, image_id)

    @operation
    async def list_image_metadata(self, image_id: str) -> MetadataAnswer:
        """Read all metadata of an image.

        Returns every metadata item. A query string on this path makes the server fail.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.

        Returns:
            Done.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /v2.1/images/{image_id}/metadata`.
        """
        return await self._answer(_endpoints.list_image_metadata, image_id)

    @operation
    async def replace_image_metadata(
        self, image_id: str, body: ImageMetadataPutReq
    ) -> MetadataAnswer:
        """Replace all metadata of an image.

        Stores exactly the items sent and removes the others; the answer repeats the request.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.
            body: All items the image shall have.

        Returns:
            Done.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `PUT /v2.1/images/{image_id}/metadata`.
        """
        return await self._answer(_endpoints.replace_image_metadata, image_id, body)

    @operation
    async def update_image_metadata(
        self, image_id: str, body: ImageMetadataPostReq
    ) -> MetadataAnswer:
        """Merge metadata into an image.

        Adds or changes the items sent and keeps the others; the answer is what is stored
        afterwards.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.
            body: Items to add or change.

        Returns:
            Done.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `POST /v2.1/images/{image_id}/metadata`.
        """
        return await self._answer(_endpoints.update_image_metadata, image_id, body)

    @operation
    async def get_image_metadata_item(self, image_id: str, key: str) -> MetaAnswer:
        """Read one metadata item.

        Returns one metadata item by its name.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.
            key: Name of the metadata item, at most 255 characters.

        Returns:
            Done.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /v2.1/images/{image_id}/metadata/{key}`.
        """
        return await self._answer(_endpoints.get_image_metadata_item, image_id, key)

    @operation
    async def set_image_metadata_item(
        self, image_id: str, key: str, body: ImageMetaKeyPutReq
    ) -> MetaAnswer:
        """Set one metadata item.

        Adds or changes one item; its name stands in the path and in the body. The answer
        repeats the request, also for names that the server drops.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.
            key: Name of the metadata item, at most 255 characters.
            body: The item, alone under its name.

        Returns:
            Done.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `PUT /v2.1/images/{image_id}/metadata/{key}`.
        """
        return await self._answer(_endpoints.set_image_metadata_item, image_id, key, body)

    @operation
    async def delete_image_metadata_item(self, image_id: str, key: str) -> None:
        """Delete one metadata item.

        Removes one item and keeps the others.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.
            key: Name of the metadata item, at most 255 characters.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `DELETE /v2.1/images/{image_id}/metadata/{key}`.
        """
        await self._answer(_endpoints.delete_image_metadata_item, image_id, key)
