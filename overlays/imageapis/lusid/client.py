"""The client for the images of LUSID's scheduler: its operations, each written once for both faces.

What an operation needs besides HTTP lives in the modules beside this one: values in `models`, logins in `auth`,
the push in `push`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from imageapis_generated.lusid.api.images import (
    delete_image,
    download_image,
    get_image,
    list_images,
    list_repositories,
    upload_image,
)
from imageapis_generated.lusid.types import UNSET

from imageapis.core.client import AsyncClient, BlockingClient
from imageapis.core.endpoint import unexpected
from imageapis.core.io import operation
from imageapis.core.operations import Operations, Service
from imageapis.core.paging import Page, Walk, paged
from imageapis.lusid import faults, models, names

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from os import PathLike
    from pathlib import Path

    from imageapis.lusid.instructions import UploadInstructions
    from imageapis.lusid.models import Image, ImageSummary, Repository

T = TypeVar("T")


class _Operations(Operations):
    """Every operation, before it has a face."""

    _service = Service(
        "LUSID",
        fault=faults.read_fault,
        request_ids=("scheduler-meta-requestid",),
        headers={"Accept": "application/json, application/problem+json"},
    )

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

        async def fetch(page: Any, first: Any) -> Page[Repository]:
            return await self._fetch(
                lambda data: _page(data, models.repository),
                list_repositories,
                page=page,
                start=first,
                sort_by=order,
                limit=UNSET if limit is None else limit,
                filter_=UNSET if filter is None else filter,
            )

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

        async def fetch(page: Any, first: Any) -> Page[ImageSummary]:
            return await self._fetch(
                lambda data: _page(data, models.image_summary),
                list_images,
                name,
                page=page,
                start=first,
                sort_by=order,
                limit=UNSET if limit is None else limit,
                filter_=UNSET if filter is None else filter,
            )

        name = names.repository_name(repository)
        names.bounds(limit, start, filter)
        order = _order(sort_by)
        return Walk(_begin(fetch, start), prefetch)

    @operation
    async def image(self, name: str) -> Image:
        """Return one image with its tags and the report of its scan.

        Args:
            name: Repository and tag, e.g. `my-job:1.4`.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            NotFound: There is no such image, or not yet: a pushed image takes a moment to appear.

        REST: `GET /api/images/{name}`.
        """
        return await self._fetch(models.image, get_image, names.image_name(name))

    @operation
    async def start_upload(self, name: str) -> UploadInstructions:
        """Announce an image and get what is needed to push it. `push` does this and the rest.

        Sent again only if the service certainly did not begin: each call makes new credentials.

        Args:
            name: Repository and tag, e.g. `my-job:1.4`. The service refuses a tag that is there already.

        Returns:
            The registry, the credentials (masked wherever they could show) and the references to push to, read from
            the shell commands that the service answers with. No command is ever run.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            UnexpectedReply: The commands are not of a known shape, or point elsewhere than to this image.

        REST: `POST /api/images`.
        """
        from imageapis_generated.lusid.models.upload_image_request import UploadImageRequest

        from imageapis.lusid.instructions import read_answer

        body = UploadImageRequest(image_name=names.image_name(name))
        response = await self._exchange(await self._request(upload_image, body=body))
        instructions = read_answer(name, response)
        if isinstance(instructions, str):
            raise unexpected(response, instructions)
        return instructions

    @operation
    async def delete(self, name: str) -> str | None:
        """Delete an image, where the domain still can.

        .. deprecated:: The service withdrew this operation in API build 0.0.1069 (2025-08-28).

        Args:
            name: Repository and tag, e.g. `my-job:1.4`.

        Returns:
            The service's confirmation in words.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            OperationRetired: The domain has no such operation any more.
            NotFound: There is no such image.

        REST: `DELETE /api/images/{name}`.
        """
        request = await self._request(delete_image, names.image_name(name))
        response = await self._exchange(request, accept=(404, 405))
        if response.status_code >= 400:
            raise faults.refusal("DeleteImage", response, self._status_error(response))
        return self._decode(_text, response)

    @operation
    async def download(self, name: str, destination: str | PathLike[str]) -> Path:
        """Download an image into a file, where the domain still can; memory does not grow with its size.

        The bytes go to `<destination>.part`, which takes the destination's name when all are there.

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
            ConnectionFailed: The answer ended before all bytes were there; the destination is untouched.

        REST: `GET /api/images/{name}/contents`.
        """
        from imageapis.lusid.download import save

        request = await self._request(download_image, names.image_name(name))
        request.headers["Accept"] = "*/*"
        # Unpacking on the way would hide how many bytes were meant to come.
        request.headers["Accept-Encoding"] = "identity"
        async with self._stream(request, accept=(404, 405)) as response:
            if response.status_code >= 400:
                await self._read(response)
                raise faults.refusal("DownloadImage", response, self._status_error(response))
            return await save(self._io, response, destination)


def _order(fields: Sequence[str]) -> Any:
    if isinstance(fields, str):
        raise names.InvalidQuery(f"sort_by takes a list of fields, e.g. [{fields!r}], not one text.")
    return list(fields) or UNSET


def _begin(fetch: Callable[[Any, Any], Awaitable[Page[T]]], start: int | None) -> Any:
    """Return the beginning of a walk: sorting and filter stay on every page, `start` only goes with the first."""

    async def page(token: str | None) -> Page[T]:
        if token is None:
            return await fetch(UNSET, UNSET if start is None else start)
        return await fetch(names.page_token(token), UNSET)

    return lambda: page


def _page(data: Any, entry: Callable[[Any], T]) -> Page[T]:
    # The last page has null, "" or nothing at all for a token.
    return Page([entry(it) for it in data["values"]], data.get("nextPage") or None)


def _text(data: Any) -> str | None:
    if data is None or isinstance(data, str):
        return data
    raise TypeError(f"a confirmation in words was promised, not {type(data).__name__}")


class SchedulerImages(BlockingClient, _Operations):
    """The images of LUSID's scheduler; see `imageapis.core.client.BlockingClient` for the arguments."""


class AsyncSchedulerImages(AsyncClient, _Operations):
    """The images of LUSID's scheduler for asyncio and trio; see `SchedulerImages`."""
