"""`upload_file`: its arguments, and what it sets up and clears away. The engine itself is `transfer`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from imageapis.core.arguments import whole_number
from imageapis.core.faces import operation
from imageapis.core.opening import opened
from imageapis.errors import InvalidArgument
from imageapis.servicefabric.paths import file_path
from imageapis.servicefabric.sessions import SessionOperations

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from imageapis.core.progress import Report
    from imageapis.core.uploadable import Uploadable
    from imageapis.servicefabric.journal import Journal
    from imageapis.servicefabric.journal_store import Journaled
    from imageapis.servicefabric.models import Resume, StoreFile, UploadSession
    from imageapis.servicefabric.options import Options

#: How many failures in a row end an upload, for each retry that the client's requests have.
TRIES_PER_RETRY = 3


class UploadOperations(SessionOperations):
    """Uploading a file, whatever happens."""

    @operation
    async def upload_file(
        self,
        source: Uploadable,
        path: str,
        *,
        chunk_size: int | None = None,
        concurrency: int | None = None,
        progress: Report | None = None,
        journal: Journaled | None = None,
        resume: Resume | UploadSession | None = None,
        timeout: float | None = None,
        commit_timeout: float | None = None,
    ) -> StoreFile:
        """Upload a file in chunks that are sent again if they get lost, commit it, and look at what is stored.

        A file of at most one chunk (16 MiB unless told) goes by one PUT, and so does every file to a gateway without
        upload sessions (Linux, runtime 6.4). Memory: a few blocks of 768 KiB for each chunk on its way, whatever the
        sizes.

        Ctrl-C and cancellation come out as they are and leave the session on the server for half an hour; with a
        journal the next call goes on with it. `delete_upload_session` removes it.

        Args:
            source: A path, a binary file object (from where it stands) or bytes. A stream that cannot seek is first
                written to a temporary file, which takes disk for all of it.
            path: Where it goes, from the root, with `/`. A file that is there is replaced when the upload is complete.
            chunk_size: Bytes of a chunk; by default a 64th of the file, and from 2 to 16 MiB.
            concurrency: How many chunks are on their way at a time; by default the client's. If neither says, the
                upload finds out while it runs what is fastest, up to 32.
            progress: Called with a `Progress` for each acknowledged chunk.
            journal: A file, made if need be, that lets another process go on where this one ended, and finds a file
                that is stored already. It holds no secrets. Two uploads cannot share one at the same time. `True`
                keeps it in the user's state folder, one for each cluster, path and source.
            resume: What an `UploadInterrupted` or `VerificationFailed` carried, or a session of `upload_sessions`,
                whose content is then taken on trust.
            timeout: Seconds that the server may take for a chunk once it has it.
            commit_timeout: Seconds that the server may take to join the chunks; by default a minute and a second for
                each 20 MiB.

        Returns:
            The file as the store lists it.

        Raises:
            UploadInterrupted: It failed too often in a row; `resume` goes on with it.
            SourceChanged: The file changed meanwhile; nothing of it was committed.
            VerificationFailed: The store shows something else than what was sent, also after further tries; `resume`
                goes on with it.
            UnsafePath: The gateway would read the path as another one.
            InvalidArgument: An argument is out of range.
            JournalError: The journal or `resume` cannot be used: damaged, in use, or of another cluster.
            UnusableFile: There is something else than a regular file at the path of the journal, nothing can be written
                to the state folder, or the source is a device that never comes to an end.
            ImageApiError: The server refused, and nothing was sent yet.

        REST: `UploadFileChunk`, `GetImageStoreUploadSessionById`, `CommitImageStoreUploadSession`,
        `GetImageStoreContent`; `UploadFile` for small files.
        """
        from imageapis.core.progress import Meter
        from imageapis.servicefabric.journal_store import journal_path
        from imageapis.servicefabric.transfer import Transfer

        path = file_path(path)
        options = self._options(chunk_size, concurrency, timeout, commit_timeout)
        if journal is not None and resume is not None:
            raise InvalidArgument("give either journal= or resume=: each says where to go on")
        async with self._opened(source) as found:
            file = await self._io.run(journal_path, journal, self._login.endpoint, path, source)
            async with self._journal(file, _handle(self._login.endpoint, path, resume)) as notes:
                meter = Meter(progress, self._io.clock, found.size)
                return await Transfer(self, found, path, options, meter, notes).run()

    def _options(
        self, chunk_size: int | None, concurrency: int | None, timeout: float | None, commit_timeout: float | None
    ) -> Options:
        from imageapis.servicefabric.options import Options

        if chunk_size is not None:
            chunk_size = whole_number("chunk_size", chunk_size, 1)
        for seconds in (timeout, commit_timeout):
            if seconds is not None:
                self._granted(seconds)
        retries = int(self._retry_policies.idempotent.total)
        left = None if self._told_deadline is None else self._granted(None)
        tries = TRIES_PER_RETRY * retries
        return Options(chunk_size, self._limit(concurrency), timeout, commit_timeout, tries, left)

    def _journal(self, path: Any, resume: Resume | None) -> AbstractAsyncContextManager[Journal]:
        from imageapis.servicefabric.journal import Journal

        return opened(self._io, partial(Journal, self._login.endpoint, path, resume))


def _handle(endpoint: str, path: str, resume: Resume | UploadSession | None) -> Resume | None:
    """Return the notes to begin with; a session that the caller names is taken on trust."""
    from imageapis.servicefabric.models import Resume, UploadSession

    if not isinstance(resume, UploadSession):
        return resume
    return Resume(endpoint, {path: {"size": resume.size, "session": resume.id, "vouched": True}})
