# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of OpenStack compute images that are one call and no more, a method each.

A client inherits from the class and writes what needs more over it.

Written by hand:
    list: One pager for both lists, walked from id to id; the filters do not mean what they are called.
    list: See list_images.
    replace_metadata: Writers take turns, and items are checked before.
    update_metadata: Writers take turns, items are checked before, and what was stored is compared after.
    metadata_item: A key that no path can name is looked up in the whole list.
    set_metadata_item: Writers take turns, and items are checked before.
    delete_metadata_item: A key that no path can name is deleted by writing back all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._faces import Caller, operation
from . import endpoints as _endpoints

if TYPE_CHECKING:
    from .values import Image


class OpenstackOperations(Caller):
    """The plain operations, before they have a face."""

    @operation
    async def image(self, image_id: str) -> Image:
        """Show an image.

        Returns every field of one image.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.

        Returns:
            The image.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /v2.1/images/{image_id}`.
        """
        answer = await self._answer(_endpoints.get_image, image_id)
        return answer.image

    @operation
    async def delete(self, image_id: str) -> None:
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
    async def metadata(self, image_id: str) -> Mapping[str, Any]:
        """Read all metadata of an image.

        Values are text, except that mappings and block_device_mapping are turned into lists.
        What the image service stores may break the rules for writing: keys beyond ASCII, long
        values.

        .. deprecated:: The document marks it so.

        Args:
            image_id: Id of the image.

        Returns:
            All metadata items.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /v2.1/images/{image_id}/metadata`.
        """
        answer = await self._answer(_endpoints.list_image_metadata, image_id)
        return answer.metadata
