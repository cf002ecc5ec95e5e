"""What the store holds: list, walk, stat, sizes, copy, delete. Uploads are in `sessions`, `upload` and `package`."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from imageapis.core.arguments import flag, texts
from imageapis.core.endpoint import value_of
from imageapis.core.faces import operation
from imageapis.core.pages import Page, Pages, Walk
from imageapis.core.paging import paged
from imageapis.core.response_body import unexpected
from imageapis.errors import InvalidArgument, NotFound
from imageapis.servicefabric.faults import NO_NAME, NO_STORE
from imageapis.servicefabric.gateway import Gateway
from imageapis.servicefabric.paths import file_path, normal, parent, same, within
from imageapis.servicefabric.walking import FolderWalk, placed
from imageapis_generated.servicefabric import endpoints

if TYPE_CHECKING:
    from collections.abc import Iterable

    from imageapis.servicefabric.models import FolderSize, StoreFile, StoreFolder
    from imageapis_generated.servicefabric.values import ImageStoreContent

    Entry = StoreFile | StoreFolder


class ContentOperations(Gateway):
    """Operations on what is stored."""

    @paged
    def list(self, path: str = "", *, prefetch: int = 0) -> Walk[StoreFile | StoreFolder]:
        """List what lies directly in a folder: its files, marks (`_.dir`) included, and its folders.

        Folders of more than about 3 MiB of names come in several pages; Microsoft's own clients drop the rest.

        Args:
            path: The folder from the root, with `/`; the root by default. A file's path lists that file.
            prefetch: 1 fetches the next page while this one is used.

        Returns:
            A pager over `StoreFile` and `StoreFolder`.

        Raises:
            NotFound: There is nothing at this path.
            UnsafePath: The gateway would read the path as another one.

        REST: `GetImageStoreContent`, `GetImageStoreRootContent`.
        """
        return self._listed(normal(path), prefetch)

    def _listed(self, folder: str, prefetch: int = 0) -> Walk[Entry]:
        return Walk(lambda: partial(self._page, folder), prefetch)

    @paged
    def walk(self, path: str = "", *, prefetch: int = 0) -> Walk[StoreFile]:
        """List all files at any depth below a folder, marks (`_.dir`) included, folder by folder.

        A page's `next` holds all that is still to visit, so that a walk can go on in another process.

        Args:
            path: The folder from the root, with `/`; the root by default.
            prefetch: 1 fetches the next page while this one is used.

        Returns:
            A pager over `StoreFile`.

        Raises:
            NotFound: There is nothing at this path.
            UnsafePath: The gateway would read the path as another one, or such a folder lies below it; that is raised
                when all other files have been listed.
            UnexpectedReply: A listing names something that does not lie in the folder.
            PageLoop: The server shows folders in a circle or without end: more pages or names than a store can have (a
                million pages, half a GiB of names that the walk has to keep in mind).

        REST: `GetImageStoreContent` for each folder.
        """
        top = normal(path)
        return Walk(lambda: FolderWalk(self._page, top).fetch, prefetch)

    async def _page(self, folder: str, token: str | None) -> Page[Entry]:
        """Fetch one page of a folder's listing."""
        endpoint = endpoints.get_image_store_content if folder else endpoints.get_image_store_root_content
        path = (folder,) if folder else ()
        response = await self._call(endpoint, *path, continuation_token=token, accept=(404,))
        if response.status_code == 404:
            error = self._status_error(response)
            # An empty store has no root; as a list it is as good as any.
            if folder or error.code != NO_NAME:
                raise error
            return Page([])
        # Of both endpoints the answer is the same.
        listing = _listing(value_of(endpoints.get_image_store_content, response))
        try:
            return placed(listing, folder)
        except ValueError as lie:
            raise unexpected(response, str(lie)) from None

    @operation
    async def stat(self, path: str) -> StoreFile | StoreFolder:
        """Look at one file or folder.

        Args:
            path: Its path from the root, with `/`.

        Returns:
            `StoreFile` or `StoreFolder`. A folder's `file_count` is `None` for the root, which no listing counts.

        Raises:
            NotFound: There is nothing at this path.
            UnsafePath: The gateway would read the path as another one.

        REST: `GetImageStoreContent`; for a folder also on the one above it, which tells its `file_count`.
        """
        from imageapis.servicefabric.models import StoreFolder

        path = normal(path)
        page = await self._page(path, None)
        if (found := _own_entry(page, path)) is not None or not path:
            return found or StoreFolder(path="")
        async with aclosing(Pages(self._io, self._listed(parent(path)))) as above:
            async for listing in above:
                for entry in listing.items:
                    if isinstance(entry, StoreFolder) and same(entry.path, path):
                        return entry
        return StoreFolder(path=path)

    async def _file(self, path: str) -> StoreFile | None:
        """Return the file at a normal path, or `None` if there is no file."""
        try:
            page = await self._page(path, None)
        except NotFound as missing:
            if missing.code not in (
                None,
                NO_NAME,
                "FABRIC_E_FILE_NOT_FOUND",
                "FABRIC_E_DIRECTORY_NOT_FOUND",
                "NotFound",
            ):
                raise
            return None
        return _own_entry(page, path)

    @operation
    async def exists(self, path: str) -> bool:
        """Say whether there is a file or folder at a path.

        Args:
            path: Its path from the root, with `/`.

        Raises:
            UnsafePath: The gateway would read the path as another one.
            NotFound: The cluster has no image store service at all.

        REST: `GetImageStoreContent`.
        """
        try:
            await self._page(normal(path), None)
        except NotFound as missing:
            if missing.code == NO_STORE:
                raise
            return False
        return True

    @operation
    async def folder_size(self, path: str = "") -> FolderSize:
        """Ask what a folder takes. Needs a cluster of runtime 6.5 or later.

        Args:
            path: The folder from the root, with `/`; the root by default.

        Returns:
            Its path as the server shows it, and the bytes of all files below it.

        Raises:
            NotFound: There is nothing at this path.
            UnsafePath: The gateway would read the path as another one.

        REST: `GetImageStoreFolderSize`, `GetImageStoreRootFolderSize`.
        """
        from imageapis.servicefabric import models

        folder = normal(path)
        if not folder:
            return models.placed(await self._answer(endpoints.get_image_store_root_folder_size))
        return models.placed(await self._answer(endpoints.get_image_store_folder_size, folder))

    @operation
    async def copy(
        self,
        source: str,
        destination: str,
        *,
        skip_files: Iterable[str] = (),
        check_mark_file: bool = False,
        timeout: float | None = None,
    ) -> None:
        """Copy a file or a folder inside the store.

        A folder can be copied only if its upload was finished with the mark `_.dir`. A destination folder that exists
        is deleted first, with all that is in it.

        Args:
            source: The path from the root, with `/`; it is sent with the backslashes that clusters on Windows want.
            destination: The path of the copy.
            skip_files: Bare names of files to leave out, at any depth.
            check_mark_file: Asks the server to heed the mark; servers of runtime 6.4 ignore it.
            timeout: Seconds that the server may take.

        Raises:
            NotFound: There is no such file, or no such folder with a mark.
            InvalidArgument: One path lies within the other: the server would delete what it is to copy.
            UnsafePath: A path is one that could mean another.

        REST: `CopyImageStoreContent`.
        """
        source, destination = file_path(source), file_path(destination)
        if within(source, destination) or within(destination, source):
            raise InvalidArgument(
                f"cannot copy {source!r} to {destination!r}: the server deletes the destination before it copies, and "
                "one lies within the other"
            )
        names = texts("skip_files", skip_files)
        from imageapis_generated.servicefabric.values import ImageStoreCopyDescription

        description = ImageStoreCopyDescription(
            remote_source=source.replace("/", "\\"),
            remote_destination=destination.replace("/", "\\"),
            skip_files=names or None,
            check_mark_file=flag("check_mark_file", check_mark_file) or None,
        )
        await self._done(endpoints.copy_image_store_content, body=description, seconds=timeout)

    @operation
    async def delete(self, path: str, *, timeout: float | None = None) -> None:
        """Delete a file, or a folder with all that is in it. It is no error if there is nothing.

        Args:
            path: The path from the root, with `/`.
            timeout: Seconds that the server may take.

        Raises:
            BadRequest: `Store` and `WindowsFabricStore` belong to the cluster.
            UnsafePath: It is the root, or the gateway would read the path as another one.

        REST: `DeleteImageStoreContent`.
        """
        await self._delete(file_path(path), timeout)

    async def _delete(self, path: str, timeout: float | None = None) -> None:
        await self._done(endpoints.delete_image_store_content, path, seconds=timeout)


def _listing(content: ImageStoreContent | None) -> Page[Entry]:
    """Return a page of a listing; 204 is an empty folder."""
    if content is None:
        return Page([])
    from imageapis.servicefabric import models

    entries: list[Entry] = [models.placed(file) for file in content.store_files]
    entries += [models.store_folder(folder) for folder in content.store_folders]
    return Page(entries, content.continuation_token or None)


def _own_entry(page: Page[Entry], path: str) -> StoreFile | None:
    """Return the file whose path was listed, if it is a file."""
    from imageapis.servicefabric.models import StoreFile

    if len(page.items) == 1:
        entry = page.items[0]
        if isinstance(entry, StoreFile) and same(entry.path, path):
            return entry
    return None
