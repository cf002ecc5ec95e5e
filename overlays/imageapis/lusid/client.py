"""The client for the images of LUSID's scheduler: its operations, each written once for both faces.

The operations around an upload are in `uploads`; values, logins and the push have modules of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from imageapis.core.arguments import texts
from imageapis.core.client import AsyncClient, BlockingClient
from imageapis.core.endpoint import value_of
from imageapis.core.faces import operation
from imageapis.core.pages import Page, Walk
from imageapis.core.paging import paged
from imageapis.errors import UnexpectedReply
from imageapis.lusid import faults, names
from imageapis.lusid.errors import InvalidQuery
from imageapis.lusid.uploads import Uploads
from imageapis_generated.lusid import endpoints

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from os import PathLike
    from pathlib import Path

    from imageapis.core.pages import Fetch
    from imageapis_generated.lusid.values import (
        ImageSummary,
        Repository,
        ResourceListOfImageSummary,
        ResourceListOfRepository,
    )

T = TypeVar("T")


class _Operations(Uploads):
    """Every operation, before it has a face."""

    @paged
    def repositories(
        self,
        *,
        limit: int | None = None,
        start: int | None = None,
        sort_by: Sequence[str] = (),
        filter: str | None = None,  # noqa: A002 - the API's own name
        prefetch: int = 0,
    ) -> Walk[Repository]:
        """List the image repositories of the domain.

        Args:
            limit: Entries a page, 1 to 5000; the service's own default is 2000.
            start: Entries to skip before the first page, 0 to 5000.
            sort_by: Fields to sort by, in order, as the API spells them; a leading `-` sorts downwards.
            filter: An expression that entries must match, e.g. `name startswith 'risk'`.
            prefetch: 1 fetches the next page while you use this one.

        Returns:
            A pager over `Repository`. `by_page(start=token)` goes on from `Page.next`, or from an error's `page_token`,
            if sorting and filter are the same.

        Raises:
            InvalidQuery: A bound is out of range; nothing was sent.
            ImageApiError: While iterating: a page could not be had.

        REST: `GET /api/images/repository`.
        """

        async def fetch(page: str | None, first: int | None) -> Page[Repository]:
            answer = await self._answer(
                endpoints.list_repositories, page=page, start=first, sort_by=order, limit=limit, filter=filter
            )
            return Page(list(answer.values), _following(answer))

        names.bounds(limit, start, filter)
        order = _order(sort_by)
        return Walk(_begin(fetch, start), prefetch)

    @paged
    def images(
        self,
        repository: str,
        *,
        limit: int | None = None,
        start: int | None = None,
        sort_by: Sequence[str] = (),
        filter: str | None = None,  # noqa: A002 - the API's own name
        prefetch: int = 0,
    ) -> Walk[ImageSummary]:
        """List the images of a repository, each with its tags and a summary of its scan.

        Args:
            repository: Its name: the part of an image's name before the colon.
            limit: Entries a page, 1 to 5000; the service's own default is 2000.
            start: Entries to skip before the first page, 0 to 5000.
            sort_by: Fields to sort by, in order, as the API spells them; a leading `-` sorts downwards.
            filter: An expression that entries must match, e.g. `size gt 1000000`.
            prefetch: 1 fetches the next page while you use this one.

        Returns:
            A pager over `ImageSummary`; see `repositories`.

        Raises:
            InvalidName: The name cannot stand in an address; nothing was sent.
            InvalidQuery: A bound is out of range; nothing was sent.
            ImageApiError: While iterating: a page could not be had; `NotFound` if there is no such repository.

        REST: `GET /api/images/repository/{name}`.
        """

        async def fetch(page: str | None, first: int | None) -> Page[ImageSummary]:
            answer = await self._answer(
                endpoints.list_images, name, page=page, start=first, sort_by=order, limit=limit, filter=filter
            )
            return Page(list(answer.values), _following(answer))

        name = names.repository_name(repository)
        names.bounds(limit, start, filter)
        order = _order(sort_by)
        return Walk(_begin(fetch, start), prefetch)

    @operation
    async def delete(self, name: str) -> str | None:
        """Delete an image, where the domain still can.

        .. deprecated:: The service withdrew this operation in API build 0.0.1069 (2025-08-28).

        Args:
            name: Repository and tag, e.g. `my-job:1.4`.

        Returns:
            The service's confirmation in words; `None` if it got lost on the way and a second try found nothing.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            OperationRetired: The domain has no such operation any more.
            NotFound: There is no such image.

        REST: `DELETE /api/images/{name}`.
        """
        request = await self._built(endpoints.delete_image, names.image_name(name))
        response = await self._exchange(request, accept=(404, 405))
        if response.status_code >= 400:
            if response.status_code == 404 and request.extensions["imageapis_tries"] > 1:
                return None  # the first try deleted it, and its answer got lost
            raise faults.refusal("DeleteImage", response, self._status_error(response))
        return value_of(endpoints.delete_image, response)

    @operation
    async def download(self, name: str, destination: str | PathLike[str]) -> Path:
        """Download an image into a file, where the domain still can; memory does not grow with its size.

        The bytes go to a file of their own beside it, which takes the destination's name when all are there.

        .. deprecated:: The service withdrew this operation in API build 0.0.1069 (2025-08-28).

        Args:
            name: Repository and tag, e.g. `my-job:1.4`.
            destination: The file to write; one that is there is replaced at the end.

        Returns:
            The file. What format its bytes have is not documented.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            OperationRetired: The domain has no such operation any more.
            NotFound: There is no such image.
            UnusableFile: There is something else than a regular file at the destination, a link for example.
            ConnectionFailed: The answer ended before all bytes were there; the destination is untouched.
            UnexpectedReply: The answer does not say where it ends, so that a part could pass for all; likewise.

        REST: `GET /api/images/{name}/contents`.
        """
        from imageapis.lusid.download import save

        request = await self._built(endpoints.download_image, names.image_name(name))
        request.headers["Accept"] = "*/*"
        # Unpacking on the way would hide how many bytes were meant to come.
        request.headers["Accept-Encoding"] = "identity"
        async with self._stream(request, accept=(404, 405)) as response:
            if response.status_code >= 400:
                raise faults.refusal("DownloadImage", response, self._status_error(response))
            return await save(self._io, response, destination)


def _order(fields: Sequence[str]) -> list[str] | None:
    if isinstance(fields, str):
        raise InvalidQuery(f"sort_by takes a list of fields, e.g. [{fields!r}], not one text.")
    return texts("sort_by", fields) or None


def _begin(
    fetch: Callable[[str | None, int | None], Coroutine[Any, Any, Page[T]]], start: int | None
) -> Callable[[], Fetch[T]]:
    """Return the beginning of a walk: sorting and filter stay on every page, `start` only goes with the first."""

    async def page(token: str | None) -> Page[T]:
        if token is None:
            return await fetch(None, start)
        return await fetch(names.page_token(token), None)

    return lambda: page


def _following(answer: ResourceListOfImageSummary | ResourceListOfRepository) -> str | None:
    """Return the token of the next page; the last page has null, "" or nothing at all for one."""
    token = answer.next_page or None
    if token is not None and not names.is_page_token(token):
        raise UnexpectedReply(
            f"LUSID named {token[:100]!r} as the token of the next page, which its document does not allow. Walk anew."
        )
    return token


class SchedulerImages(BlockingClient, _Operations):
    """The images of LUSID's scheduler; see `imageapis.core.client.BlockingClient` for the arguments."""


class AsyncSchedulerImages(AsyncClient, _Operations):
    """The images of LUSID's scheduler for asyncio and trio; see `SchedulerImages`."""
