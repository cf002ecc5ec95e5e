"""The upload of one file: ask what is missing, send that, until nothing is; commit; look at what is stored.

Retry within a run, resuming in another process and an acknowledgement that got lost are one path here. `upload` and
`package` start transfers, `chunks` sends what is missing, `backoff` tells which failures are transient.
"""

# ruff: noqa: SLF001 - the engine is a part of the client

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from imageapis.errors import ImageApiError, SourceChanged, UploadInterrupted, VerificationFailed
from imageapis.servicefabric.backoff import Backoff, is_ambiguous, is_transient
from imageapis.servicefabric.chunks import Chunks, pieces
from imageapis.servicefabric.journal_records import chunks_match, is_later, same_content, stored_note, version_key
from imageapis.servicefabric.models import StoreFile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from typing import TypeGuard

    from imageapis.core.concurrency import Limit
    from imageapis.core.progress import Meter
    from imageapis.core.sources import Source
    from imageapis.servicefabric.journal import Journal
    from imageapis.servicefabric.models import ByteRange, Record, Resume
    from imageapis.servicefabric.options import Options
    from imageapis.servicefabric.sessions import SessionOperations

    #: What a step comes to: the stored file, or the step to go on with (`None`: the same).
    Outcome = StoreFile | Callable[[], Awaitable[Any]] | None

#: How often a file is begun anew with another session: after a lost session, or one that can never be committed.
RESTARTS = 8


class Transfer:
    """One file on its way.

    Args:
        store: The client.
        source: The file.
        path: Where it goes.
        options: How.
        meter: What counts acknowledged bytes.
        journal: What remembers.
        limit: How many chunks are on their way at a time, if a transfer before this one has found that out.
    """

    def __init__(
        self,
        store: SessionOperations,
        source: Source,
        path: str,
        options: Options,
        meter: Meter,
        journal: Journal,
        limit: Limit | None = None,
    ) -> None:
        self._store = store
        self._io = store._io
        self._source = source
        self._path = path
        self._options = options
        self._meter = meter
        self._journal = journal
        self._chunks = Chunks(store, source, path, options, meter, journal, limit)
        self._backoff = Backoff(self._io, options.tries)
        self._restarts = 0
        #: How few chunks the server lacked at best in this session; by that it is judged whether there is an advance.
        self._least: int | None = None
        self._vain = 0
        #: What was at the path before the commit: `None` if that is not known.
        self._before: Any = None
        #: Whether the caller gave a session that may have been committed already.
        self._vouched = False
        self.resumed = False

    @property
    def limit(self) -> Limit | None:
        """How many chunks are on their way at a time, if that was found out."""
        return self._chunks.limit

    async def run(self) -> StoreFile:
        """Upload the file and return it as the store lists it.

        Raises:
            UploadInterrupted: It stopped and can go on.
            SourceChanged: The file is not what it was when this began.
            VerificationFailed: What is stored is not what was sent, also after further tries.
            ImageApiError: The server refuses it for good.
        """
        self._meter.add(0, self._source.name)
        step: Callable[[], Awaitable[Outcome]] = self._begin
        while True:
            try:
                found = await step()
                if isinstance(found, StoreFile):
                    return found
                step = found or step
            except ImageApiError as failure:
                await self._judge(failure)

    async def _begin(self) -> Outcome:
        """Choose the way for this file: nothing to do, whole, or in chunks."""
        if (stored := await self._stored_before()) is not None:
            return stored
        if self._options.whole(self._source.size) or not await self._store._has_sessions():
            self._before = await self._present()
            return self._send_whole
        await self._find_session()
        return self._advance

    async def _stored_before(self) -> StoreFile | None:
        """Return the file if the journal says that it is stored and the store still holds that very write of it."""
        record = self._journal.get(self._path)
        if not record or "stored" not in record or not await self._io.run(same_content, record, self._source):
            return None
        present = await self._store._file(self._path)
        if present is None or version_key(present) != record["stored"]:
            return None
        self._meter.add(self._source.size, self._source.name, fresh=False)
        self.resumed = True
        return present

    # By one PUT

    async def _send_whole(self) -> Outcome:
        size = self._source.size
        digests: list[str] = []
        body = self._source.body(digest=digests.append if self._journal.kept else None)
        await self._store._put(self._path, body, self._options.whole_file(size), retry=False)
        present = await self._store._file(self._path)
        if not self._is_ours(present):
            raise self._not_stored(present)
        self._chunks.count(size)
        return await self._done(present, [[0, size, digest] for digest in digests[-1:]])

    # In chunks

    async def _find_session(self) -> None:
        """Take up the session that the journal knows, if it is of this very content; open none otherwise."""
        record = self._journal.get(self._path)
        if record and record.get("session") and record.get("size") == self._source.size:
            if await self._same_content(record):
                self._vouched = bool(record.get("vouched"))
                self._chunks.session_id = record["session"]
                self._chunks.opened = self.resumed = True
                self._before = record.get("before")
                return
            await self._discard(record["session"])
        await self._open_session()

    async def _same_content(self, record: Record) -> bool:
        if record.get("vouched"):
            return True
        if record.get("identity") != await self._io.run(self._source.identity):
            return False
        return await self._io.run(chunks_match, record, self._source)

    async def _open_session(self) -> None:
        self._chunks.session_id = str(uuid.uuid4())
        self._chunks.opened = False
        self._least = None
        self._before = None
        self._vouched = False
        # In memory it is not needed before the upload is interrupted, and may cost a read of the whole source.
        identity = await self._io.run(self._source.identity) if self._journal.kept else None
        await self._note("begin", size=self._source.size, session=self._chunks.session_id, identity=identity)

    async def _advance(self) -> Outcome:
        """Send what is missing, or commit if nothing is."""
        missing = await self._missing()
        if missing is None:
            if self._before is not None and self._is_ours(present := await self._store._file(self._path)):
                return await self._done(present)
            await self._restart("the server does not know its session any more")
            return None
        if not missing:
            return await self._commit()
        await self._expect_advance(missing)
        await self._chunks.send(missing)
        return None

    async def _expect_advance(self, missing: Iterable[ByteRange]) -> None:
        """Be patient anew if the server lacks fewer chunks than it ever did; what it acknowledged counts for nothing.

        Raises:
            UploadInterrupted: It did not for too many times in a row, whatever was sent.
        """
        lacking = sum(1 for _ in pieces(missing, self._options.chunk(self._source.size)))
        if self._least is None or lacking < self._least:
            self._least, self._vain = lacking, 0
            self._backoff.advanced()
        elif self._vain < self._options.tries:
            self._vain += 1
        else:
            raise await self._interrupted(f"the server lacks {lacking} chunks of it, however often they are sent")

    async def _missing(self) -> Sequence[ByteRange] | None:
        return await self._chunks.missing(known=self._before is not None or self.resumed)

    async def _commit(self) -> Outcome:
        await self._io.run(self._source.check)
        if self._before is None:
            self._before = await self._present()
            await self._note("note", before=self._before)
        try:
            await self._store._commit(self._chunks.session_id, self._options.whole_file(self._source.size))
        except ImageApiError as failure:
            return await self._after_failed_commit(failure)
        present = await self._store._file(self._path)
        if self._is_ours(present) or (self._vouched and present is not None and present.size == self._source.size):
            return await self._done(present)
        await self._restart("its commit was accepted and another file is there")
        raise self._not_stored(present)

    async def _after_failed_commit(self, failure: ImageApiError) -> Outcome:
        """Find out what a commit without a good answer has done: the file may be there, or be on its way."""
        if not is_transient(failure):
            raise failure
        if self._is_ours(present := await self._store._file(self._path)):
            return await self._done(present)
        if is_ambiguous(failure):
            session = await self._store._session(self._chunks.session_id)
            if session is not None and not session.missing:
                await self._restart("its chunks are complete and do not come to the file")
        raise failure

    # What is common

    async def _present(self) -> list[Any]:
        """Return what tells the write that is at the path now from the next one."""
        present = await self._store._file(self._path)
        return [] if present is None else version_key(present)

    def _is_ours(self, present: StoreFile | None) -> TypeGuard[StoreFile]:
        """Say whether what is stored has our size and is a later write than what was there before."""
        return present is not None and present.size == self._source.size and is_later(present, self._before)

    async def _done(self, stored: StoreFile, chunks: list[Any] | None = None) -> StoreFile:
        if self._journal.kept:
            if chunks is None:
                chunks = (self._journal.get(self._path) or {}).get("chunks", [])
            note = await self._io.run(stored_note, self._source, chunks)
            await self._note("begin", **note, stored=version_key(stored))
        return stored

    async def _note(self, kind: str, **fields: Any) -> None:
        await self._io.run(partial(getattr(self._journal, kind), self._path, **fields))

    def _not_stored(self, present: StoreFile | None) -> VerificationFailed:
        shows = "nothing" if present is None else f"{present.size} bytes"
        return VerificationFailed(
            f"The store accepted {self._source.size} bytes for {self._path!r} and shows {shows} that are not this "
            "upload. Look for another writer of the path, then call it again with resume=<this error>.resume or the "
            "same journal."
        )

    async def _restart(self, why: str) -> None:
        """Begin anew with another session."""
        self._restarts += 1
        if self._restarts > RESTARTS:
            raise await self._interrupted(f"it was begun anew {RESTARTS} times, the last time because {why}")
        await self._discard(self._chunks.session_id)
        self._chunks.count(-self._chunks.held)
        await self._open_session()

    async def _discard(self, session_id: str) -> None:
        try:
            await self._store._delete_session(session_id)
        except ImageApiError:
            return  # it ends by itself in half an hour

    async def _judge(self, failure: ImageApiError) -> None:
        """Wait if a failure may pass; otherwise say how the upload can go on, if it can."""
        if isinstance(failure, UploadInterrupted):
            raise failure
        if isinstance(failure, SourceChanged):
            if self._chunks.session_id:
                await self._discard(self._chunks.session_id)
            await self._note("forget")
            raise failure
        hopeful = is_transient(failure) or isinstance(failure, VerificationFailed)
        if hopeful and await self._backoff.wait(failure):
            return
        if isinstance(failure, VerificationFailed):
            failure.resume = await self._handle()
            raise failure
        if not (hopeful or self._chunks.held):
            raise failure
        raise await self._interrupted(str(failure)) from failure

    async def _handle(self) -> Resume:
        """Return what another call needs to go on."""
        if not self._journal.kept:
            await self._note("note", identity=await self._io.run(self._source.identity))
        return self._journal.snapshot()

    async def _interrupted(self, why: str) -> UploadInterrupted:
        name, size = self._source.name, self._source.size
        return UploadInterrupted(
            f"The upload of {name} to {self._path!r} stopped with {self._chunks.held} of {size} bytes acknowledged: "
            f"{why.rstrip('.')}. To go on, call it again with resume=<this error>.resume or the same journal; the "
            "server keeps the session for half an hour.",
            resume=await self._handle(),
            sent=self._chunks.held,
            total=size,
        )
