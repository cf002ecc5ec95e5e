# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of LUSID Scheduler images that are one call and no more, a method each.

A client inherits from the class and writes what needs more over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .._faces import Caller, operation
from . import endpoints as _endpoints

if TYPE_CHECKING:
    from .values import (
        Image,
        ResourceListOfImageSummary,
        ResourceListOfRepository,
        UploadImageInstructions,
        UploadImageRequest,
    )


class LusidOperations(Caller):
    """The plain operations, before they have a face."""

    @operation
    async def upload_image(self, body: UploadImageRequest) -> UploadImageInstructions:
        """Announce an image to push.

        Returns the commands, with short-lived registry credentials, that push the image. No
        image bytes travel in this call.

        Args:
            body: The image to announce.

        Returns:
            Commands to log in, build, tag and push.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `POST /api/images`.
        """
        return await self._answer(_endpoints.upload_image, body)

    @operation
    async def list_repositories(
        self,
        *,
        page: str | None = None,
        sort_by: Sequence[str] | None = None,
        start: int | None = None,
        limit: int | None = None,
        filter: str | None = None,
    ) -> ResourceListOfRepository:
        """List image repositories.

        Returns the repositories of the domain, page by page.

        Args:
            page: Token of the page to return, from nextPage of the page before. Sorting and
                filter must stay the same, and start must not be sent.
            sort_by: Fields to sort by, in order; a leading minus sorts downwards.
            start: Number of entries to skip. Deeper walks need page tokens.
            limit: Most entries on one page.
            filter: Expression that entries must match: field, operator, value.

        Returns:
            One page of repositories.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /api/images/repository`.
        """
        return await self._answer(
            _endpoints.list_repositories,
            page=page,
            sort_by=sort_by,
            start=start,
            limit=limit,
            filter=filter,
        )

    @operation
    async def list_images(
        self,
        name: str,
        *,
        page: str | None = None,
        sort_by: Sequence[str] | None = None,
        start: int | None = None,
        limit: int | None = None,
        filter: str | None = None,
    ) -> ResourceListOfImageSummary:
        """List the images of a repository.

        Returns the images of one repository, page by page, each with its tags and a summary of
        its scan.

        Args:
            name: Name of the repository.
            page: Token of the page to return, from nextPage of the page before. Sorting and
                filter must stay the same, and start must not be sent.
            sort_by: Fields to sort by, in order; a leading minus sorts downwards.
            start: Number of entries to skip. Deeper walks need page tokens.
            limit: Most entries on one page.
            filter: Expression that entries must match: field, operator, value.

        Returns:
            One page of images.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /api/images/repository/{name}`.
        """
        return await self._answer(
            _endpoints.list_images,
            name,
            page=page,
            sort_by=sort_by,
            start=start,
            limit=limit,
            filter=filter,
        )

    @operation
    async def get_image(self, name: str) -> Image:
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

    @operation
    async def delete_image(self, name: str) -> str:
        """Delete an image.

        Deletes one image. The service withdrew this call in API build 0.0.1069 (2025-08-28); it
        may answer 404 or 405.

        .. deprecated:: The document marks it so.

        Args:
            name: Repository and tag, joined by a colon.

        Returns:
            A confirmation in words.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `DELETE /api/images/{name}`.
        """
        return await self._answer(_endpoints.delete_image, name)

    @operation
    async def download_image(self, name: str) -> bytes:
        """Download an image.

        Returns the bytes of one image. The service withdrew this call in API build 0.0.1069
        (2025-08-28); it may answer 404 or 405.

        .. deprecated:: The document marks it so.

        Args:
            name: Repository and tag, joined by a colon.

        Returns:
            The image as bytes.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /api/images/{name}/contents`.
        """
        return await self._answer(_endpoints.download_image, name)
