"""The plain upload calls: the whole-file PUT and the five calls of an upload session. `upload` is the engine on top."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from imageapis.core.arguments import shown, text, whole_number
from imageapis.core.faces import operation
from imageapis.core.opening import opened
from imageapis.errors import BadRequest, InvalidArgument, VerificationFailed
from imageapis.servicefabric.content import ContentOperations
from imageapis.servicefabric.faults import INVALID
from imageapis.servicefabric.paths import file_path
from imageapis_generated.servicefabric import endpoints

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from imageapis.core.body import Body
    from imageapis.core.sources import Source
    from imageapis.core.uploadable import Uploadable
    from imageapis.servicefabric.models import Resume, StoreFile, UploadSession


class SessionOperations(ContentOperations):
    """Uploading by single requests."""

    _sessions_known: bool | None = None

    @operation
    async def put_file(self, source: Uploadable, path: str, *, timeout: float | None = None) -> StoreFile:
        """Upload a file by one whole-file PUT, and look whether all of it arrived.

        For anything but small files take `upload_file`, which sends a lost part again instead of the whole.

        Args:
            source: A path, a binary file object (from where it stands) or bytes. A stream that cannot seek is first
                written to a temporary file.
            path: Where it goes, from the root, with `/`. A file that is there is replaced.
            timeout: Seconds that the server may take once it has the body.

        Returns:
            The file as the store lists it.

        Raises:
            VerificationFailed: The store shows another size than was sent; gateways on Linux store a body that was cut
                off as if it were all.
            SourceChanged: The file changed meanwhile.
            UnusableFile: The source is a device that never comes to an end, as /dev/zero.
            UnsafePath: The gateway would read the path as another one.

        REST: `UploadFile`, then `GetImageStoreContent`.
        """
        path = file_path(path)
        async with self._opened(source) as found:
            await self._put(path, found.body(), timeout)
        return await self._verified(path, found.size)

    def _opened(self, source: Uploadable) -> AbstractAsyncContextManager[Source]:
        from imageapis.core.uploadable import open_source

        return opened(self._io, partial(open_source, source))

    async def _put(self, path: str, body: Body, timeout: float | None = None, *, retry: bool = True) -> None:
        """Send a whole file. It may be sent twice: the second replaces the first."""
        await self._done(endpoints.upload_file, path, body=body, seconds=timeout, retry=retry)

    async def _verified(self, path: str, size: int) -> StoreFile:
        """Return a file as the store lists it.

        Raises:
            VerificationFailed: It is not there, or its size is not what was sent.
        """
        found = await self._file(path)
        if found is None or found.size != size:
            shows = "nothing" if found is None else f"{found.size} bytes"
            raise VerificationFailed(
                f"The store shows {shows} at {path!r} where {size} bytes were sent and accepted. Upload it again."
            )
        return found

    @operation
    async def upload_session(self, session_id: str) -> UploadSession | None:
        """Ask what an upload session is missing.

        Args:
            session_id: The session's GUID.

        Returns:
            The session, or `None` if the server does not know it: before its first chunk, after it was deleted or has
            expired, or after another replica of the store took over.

        Raises:
            BadRequest: The id is not a GUID, or the gateway has no upload sessions (Linux, runtime 6.4).

        REST: `GetImageStoreUploadSessionById`.
        """
        return await self._session(session_id)

    async def _session(self, session_id: str) -> UploadSession | None:
        from imageapis.servicefabric import models

        found = await self._answer(endpoints.get_image_store_upload_session_by_id, session_id=session_id)
        sessions = models.upload_sessions(found)
        return sessions[0] if sessions else None

    async def _has_sessions(self) -> bool:
        """Say whether the gateway has upload sessions; those of Linux clusters had none in runtime 6.4."""
        if self._sessions_known is None:
            try:
                await self._timed(self._session(str(uuid.uuid4())))
            except BadRequest as refusal:
                # A gateway with sessions answers 204 to an id that it has never seen.
                if refusal.code != INVALID:
                    raise
                self._sessions_known = False
            else:
                self._sessions_known = True
        return self._sessions_known

    @operation
    async def upload_sessions(self, path: str) -> list[UploadSession]:
        """Ask for all upload sessions of one path.

        Args:
            path: The path that the chunks were sent to; the server compares it letter by letter.

        Raises:
            BadRequest: The gateway has no upload sessions (Linux, runtime 6.4).
            UnsafePath: The gateway would read the path as another one.

        REST: `GetImageStoreUploadSessionByPath`.
        """
        from imageapis.servicefabric import models

        return models.upload_sessions(
            await self._answer(endpoints.get_image_store_upload_session_by_path, file_path(path))
        )

    @operation
    async def upload_chunk(
        self,
        path: str,
        data: Uploadable,
        *,
        session_id: str,
        start: int,
        total: int,
        timeout: float | None = None,
    ) -> None:
        """Send one chunk of a file; the first chunk of an unknown session opens it.

        The request is sent once: sent again, a chunk that had arrived is refused.

        Args:
            path: Where the file goes, spelled alike for all chunks of a session.
            data: The chunk: bytes, a path or a binary file object (from where it stands).
            session_id: A GUID of your choice, fresh for each file.
            start: The position of the chunk's first byte in the file.
            total: Bytes of the whole file.
            timeout: Seconds that the server may take once it has the chunk.

        Raises:
            BadRequest: The range has arrived already, the session has another total, or the gateway has no upload
                sessions (Linux, runtime 6.4).
            Conflict: The session was opened for another path.
            InvalidArgument: The chunk is empty, or does not lie within the file.
            UnsafePath: The gateway would read the path as another one.

        REST: `UploadFileChunk`.
        """
        path = file_path(path)
        start, total = whole_number("start", start), whole_number("total", total)
        async with self._opened(data) as chunk:
            if not chunk.size or not 0 <= start <= total - chunk.size:
                # The gateway takes such ranges and can then never commit the session.
                raise InvalidArgument(
                    f"a chunk of {chunk.size} bytes at {shown(start)} is not within a file of {shown(total)} bytes"
                )
            await self._send_chunk(path, chunk.body(), session_id=session_id, start=start, total=total, timeout=timeout)

    async def _send_chunk(
        self, path: str, body: Body, *, session_id: str, start: int, total: int, timeout: float | None = None
    ) -> None:
        await self._done(
            endpoints.upload_file_chunk,
            path,
            body=body,
            session_id=session_id,
            content_range=f"bytes {start}-{start + body.size - 1}/{total}",
            seconds=timeout,
            retry=False,
        )

    @operation
    async def commit_upload_session(self, session_id: str, *, timeout: float | None = None) -> None:
        """Make the file of a session's chunks. Committing once more while the session lives changes nothing.

        Args:
            session_id: The session's GUID.
            timeout: Seconds that the server may take; joining the chunks of a file of many GB takes minutes.

        Raises:
            BadRequest: The session is unknown, or not complete, or its chunks do not come to the size of the file: the
                server says the same of all three. Ask `upload_session` which.
            ServerError: 504 does not mean that it failed: look at the file.

        REST: `CommitImageStoreUploadSession`.
        """
        await self._commit(session_id, timeout)

    async def _commit(self, session_id: str, timeout: float | None) -> None:
        await self._done(endpoints.commit_image_store_upload_session, session_id=session_id, seconds=timeout)

    @operation
    async def delete_upload_session(self, session_id: str | Resume) -> None:
        """Delete a session with its chunks. It is no error if the server does not know it.

        Args:
            session_id: The session's GUID, or the `resume` of an interrupted upload that is not to go on.

        Raises:
            BadRequest: The id is not a GUID, or the gateway has no upload sessions (Linux, runtime 6.4).

        REST: `DeleteImageStoreUploadSession`.
        """
        from imageapis.servicefabric.models import Resume

        ids = session_id.session_ids if isinstance(session_id, Resume) else (text("session_id", session_id),)
        for each in ids:
            await self._delete_session(each)

    async def _delete_session(self, session_id: str) -> None:
        await self._done(endpoints.delete_image_store_upload_session, session_id=session_id, accept=(404,))
