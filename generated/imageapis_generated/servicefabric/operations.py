# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of Service Fabric image store that are one call and no more, a method each.

A client inherits from the class and writes what needs more over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._faces import Caller, operation
from . import endpoints as _endpoints

if TYPE_CHECKING:
    from .values import (
        AadMetadataObject,
        FolderSizeInfo,
        ImageStoreContent,
        ImageStoreCopyDescription,
        ImageStoreInfo,
        UploadSession,
    )


class ServicefabricOperations(Caller):
    """The plain operations, before they have a face."""

    @operation
    async def get_image_store_content(
        self,
        content_path: str,
        *,
        api_version: str = "6.2",
        timeout: int | None = None,
        continuation_token: str | None = None,
    ) -> ImageStoreContent | None:
        """List a folder, or describe a file.

        Returns the files and folders directly below a path, or the one entry of a file. Paths
        are counted from the root of the store and use the separator of the cluster's operating
        system.

        Args:
            content_path: Path of a file or folder, relative to the root of the store. No
                segment may be "$".
            api_version: REST API version; 6.2 is the first whose answer for a missing path has
                neither body nor Content-Type.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.
            continuation_token: Token of the page before; leave it out for the first page.

        Returns:
            Entries below the path.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /ImageStore/{contentPath}`.
        """
        return await self._answer(
            _endpoints.get_image_store_content,
            content_path,
            api_version=api_version,
            timeout=timeout,
            continuation_token=continuation_token,
        )

    @operation
    async def upload_file(
        self, content_path: str, body: Any, *, api_version: str = "6.0", timeout: int | None = None
    ) -> None:
        """Store a whole file.

        Writes one file in a single request and replaces what is there. An empty body makes an
        empty file, which is how the `_.dir` mark of a finished folder is written. The size
        stored should be read back by a listing: a cut connection can leave a shorter file.

        Args:
            content_path: Path of a file or folder, relative to the root of the store. No
                segment may be "$".
            body: Bytes of the file; may be empty. Bytes, or what the client streams.
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `PUT /ImageStore/{contentPath}`.
        """
        await self._answer(
            _endpoints.upload_file, content_path, body, api_version=api_version, timeout=timeout
        )

    @operation
    async def delete_image_store_content(
        self, content_path: str, *, api_version: str = "6.0", timeout: int | None = None
    ) -> None:
        """Delete a file or a folder.

        Removes a file, or a folder with all below it. Deleting a path that does not exist
        succeeds.

        Args:
            content_path: Path of a file or folder, relative to the root of the store. No
                segment may be "$".
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `DELETE /ImageStore/{contentPath}`.
        """
        await self._answer(
            _endpoints.delete_image_store_content,
            content_path,
            api_version=api_version,
            timeout=timeout,
        )

    @operation
    async def get_image_store_root_content(
        self,
        *,
        api_version: str = "6.0",
        timeout: int | None = None,
        continuation_token: str | None = None,
    ) -> ImageStoreContent | None:
        """List the root of the store.

        Returns the files and folders at the top of the store.

        Args:
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.
            continuation_token: Token of the page before; leave it out for the first page.

        Returns:
            Entries at the root.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /ImageStore`.
        """
        return await self._answer(
            _endpoints.get_image_store_root_content,
            api_version=api_version,
            timeout=timeout,
            continuation_token=continuation_token,
        )

    @operation
    async def copy_image_store_content(
        self,
        body: ImageStoreCopyDescription,
        *,
        api_version: str = "6.0",
        timeout: int | None = None,
    ) -> None:
        """Copy a file or a folder inside the store.

        Copies on the server, without sending the bytes through the client. A folder is copied
        only if it holds the `_.dir` mark, and an existing target folder is deleted first.

        Args:
            body: What to copy, and where to.
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `POST /ImageStore/$/Copy`.
        """
        await self._answer(
            _endpoints.copy_image_store_content, body, api_version=api_version, timeout=timeout
        )

    @operation
    async def delete_image_store_upload_session(
        self, *, session_id: str, api_version: str = "6.0", timeout: int | None = None
    ) -> None:
        """Give up an upload session.

        Forgets the session and deletes the chunks received so far. A file already committed
        stays.

        Args:
            session_id: GUID chosen by the client for one upload: 36 characters, no braces.
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `DELETE /ImageStore/$/DeleteUploadSession`.
        """
        await self._answer(
            _endpoints.delete_image_store_upload_session,
            session_id=session_id,
            api_version=api_version,
            timeout=timeout,
        )

    @operation
    async def commit_image_store_upload_session(
        self, *, session_id: str, api_version: str = "6.0", timeout: int | None = None
    ) -> None:
        """Turn the chunks of a session into a file.

        Joins the chunks and puts the file in place. Takes longer the larger the file is.
        Answers E_INVALIDARG alike for a session that is unknown, incomplete or of the wrong
        size.

        Args:
            session_id: GUID chosen by the client for one upload: 36 characters, no braces.
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `POST /ImageStore/$/CommitUploadSession`.
        """
        await self._answer(
            _endpoints.commit_image_store_upload_session,
            session_id=session_id,
            api_version=api_version,
            timeout=timeout,
        )

    @operation
    async def get_image_store_upload_session_by_id(
        self, *, session_id: str, api_version: str = "6.0", timeout: int | None = None
    ) -> UploadSession | None:
        """Ask what an upload session still needs.

        Returns the session with the byte ranges that have not arrived.

        Args:
            session_id: GUID chosen by the client for one upload: 36 characters, no braces.
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Returns:
            The session, in a list of one.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /ImageStore/$/GetUploadSession`.
        """
        return await self._answer(
            _endpoints.get_image_store_upload_session_by_id,
            session_id=session_id,
            api_version=api_version,
            timeout=timeout,
        )

    @operation
    async def get_image_store_upload_session_by_path(
        self, content_path: str, *, api_version: str = "6.0", timeout: int | None = None
    ) -> UploadSession | None:
        """List the upload sessions of a path.

        Returns every session whose chunks were sent to exactly this spelling of the path.

        Args:
            content_path: Path of a file or folder, relative to the root of the store. No
                segment may be "$".
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Returns:
            Sessions for the path.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /ImageStore/{contentPath}/$/GetUploadSession`.
        """
        return await self._answer(
            _endpoints.get_image_store_upload_session_by_path,
            content_path,
            api_version=api_version,
            timeout=timeout,
        )

    @operation
    async def upload_file_chunk(
        self,
        content_path: str,
        body: Any,
        *,
        session_id: str,
        content_range: str,
        api_version: str = "6.0",
        timeout: int | None = None,
    ) -> None:
        """Send one chunk of an upload session.

        Stores one byte range. The first chunk of an unknown session id opens the session;
        chunks may come in any order and in parallel. Sending a range that has already arrived
        is refused.

        Args:
            content_path: Path of a file or folder, relative to the root of the store. No
                segment may be "$".
            body: Bytes of the range that Content-Range names, no more and no fewer. Bytes, or
                what the client streams.
            session_id: GUID chosen by the client for one upload: 36 characters, no braces.
            content_range: Inclusive byte range of this chunk and the size of the whole file:
                "bytes first-last/size".
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `PUT /ImageStore/{contentPath}/$/UploadChunk`.
        """
        await self._answer(
            _endpoints.upload_file_chunk,
            content_path,
            body,
            session_id=session_id,
            content_range=content_range,
            api_version=api_version,
            timeout=timeout,
        )

    @operation
    async def get_image_store_root_folder_size(
        self, *, api_version: str = "6.5", timeout: int | None = None
    ) -> FolderSizeInfo:
        """Size of the whole store.

        Returns the bytes in use below the root.

        Args:
            api_version: REST API version; runtimes before 6.5 refuse it with E_INVALIDARG.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Returns:
            Size of the root.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /ImageStore/$/FolderSize`.
        """
        return await self._answer(
            _endpoints.get_image_store_root_folder_size, api_version=api_version, timeout=timeout
        )

    @operation
    async def get_image_store_folder_size(
        self, content_path: str, *, api_version: str = "6.5", timeout: int | None = None
    ) -> FolderSizeInfo:
        """Size of a folder.

        Returns the bytes in use below a folder.

        Args:
            content_path: Path of a file or folder, relative to the root of the store. No
                segment may be "$".
            api_version: REST API version; runtimes before 6.5 refuse it with E_INVALIDARG.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Returns:
            Size of the folder.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /ImageStore/{contentPath}/$/FolderSize`.
        """
        return await self._answer(
            _endpoints.get_image_store_folder_size,
            content_path,
            api_version=api_version,
            timeout=timeout,
        )

    @operation
    async def get_image_store_info(
        self, *, api_version: str = "6.5", timeout: int | None = None
    ) -> ImageStoreInfo:
        """Disk use of the store.

        Returns the primary replica's disk capacity and how the store uses it.

        Args:
            api_version: REST API version; runtimes before 6.5 refuse it with E_INVALIDARG.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Returns:
            Disk use by purpose.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /ImageStore/$/Info`.
        """
        return await self._answer(
            _endpoints.get_image_store_info, api_version=api_version, timeout=timeout
        )

    @operation
    async def get_aad_metadata(
        self, *, api_version: str = "6.0", timeout: int | None = None
    ) -> AadMetadataObject:
        """Where to log in with Azure Active Directory.

        Returns the directory, the tenant and the application ids that a client needs to get a
        token. Needs no login. Type and metadata are empty when the directory is not in use.

        Args:
            api_version: REST API version; any value from the one that introduced the call up to
                the runtime's own is accepted.
            timeout: Seconds the gateway may spend on the work behind the request; it does not
                cover receiving the body.

        Returns:
            Login metadata.

        Raises:
            ImageApiError: The service refused, or there is no whole answer.

        REST: `GET /$/GetAadMetadata`.
        """
        return await self._answer(
            _endpoints.get_aad_metadata, api_version=api_version, timeout=timeout
        )
