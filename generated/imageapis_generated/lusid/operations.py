# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of LUSID Scheduler images that are one call and no more, a method each.

A client inherits from the class and writes what needs more over it.

Written by hand:
    start_upload: What it answers with are shell commands with a password in them; they are read and masked.
    repositories: It is a pager.
    images: It is a pager.
    delete: The service has withdrawn it, so that a refusal has two meanings.
    download: It streams into a file; and the service has withdrawn it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._faces import Caller, operation
from . import endpoints as _endpoints

if TYPE_CHECKING:
    from .values import Image


class LusidOperations(Caller):
    """The plain operations, before they have a face."""

    @operation
    async def image(self, name: str) -> Image:
        """Show an image.

        Returns one image with its tags and the full report of its scan.

        Args:
            name: Repository and tag, joined by a colon.

        Returns:
            The image.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /api/images/{name}`.
        """
        return await self._answer(_endpoints.get_image, name)
