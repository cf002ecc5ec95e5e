# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of Service Fabric image store that are one call and no more, a method each.

A client inherits from the class and writes what needs more over it.

Written by hand:
    list: It is a pager, and one for the root as well.
    put_file: It reads its source in blocks, and looks at what arrived.
    delete: Paths that the gateway would read as others are refused.
    list: It is the list of the path "".
    copy: The server deletes the destination before it looks at the source, so that both are checked.
    delete_upload_session: It takes an interrupted upload as well, and a session that is not there is no error.
    commit_upload_session: The session is its one argument, not a keyword among others.
    upload_session: Of the list there is one session, or none.
    upload_sessions: Paths that the gateway would read as others are refused.
    upload_chunk: The range is reckoned from the chunk, and ranges that the server can never commit are refused.
    folder_size: It is the size of the path "".
    folder_size: One method for the root and all else.
    get_aad_metadata: A login asks it, before there is a client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._faces import Caller, operation
from . import endpoints as _endpoints

if TYPE_CHECKING:
    from .values import ImageStoreInfo


class ServicefabricOperations(Caller):
    """The plain operations, before they have a face."""

    @operation
    async def info(self, *, api_version: str = "6.5", timeout: int | None = None) -> ImageStoreInfo:
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
