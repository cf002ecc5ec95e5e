"""The upload of one package: what is to be sent, the files, a look at all of them, then the marks, the root's last.

`package` starts it; each large file is a `transfer` of its own, the marks are `package_marks`.
"""

# ruff: noqa: SLF001 - the engine is a part of the client

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.uploadable import open_source
from imageapis.errors import ImageApiError, NotFound, SourceChanged, UnsafePath, UploadInterrupted, VerificationFailed
from imageapis.servicefabric.backoff import Backoff, is_transient
from imageapis.servicefabric.faults import NO_STORE
from imageapis.servicefabric.journal_records import is_later, same_content, stored_note, version_key
from imageapis.servicefabric.package_marks import Marks
from imageapis.servicefabric.pruning import Listing, stale
from imageapis.servicefabric.small_files import SmallFiles
from imageapis.servicefabric.transfer import Transfer
from imageapis.servicefabric.walking import FolderWalk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from imageapis.core.concurrency import Limit
    from imageapis.core.progress import Meter
    from imageapis.core.sources import Source
    from imageapis.servicefabric.folder import LocalFile, LocalPackage
    from imageapis.servicefabric.journal import Journal
    from imageapis.servicefabric.options import Options
    from imageapis.servicefabric.sessions import SessionOperations

#: How often files that are stored otherwise than they were sent are sent again.
ROUNDS = 4
#: How many files are compared with the journal before an event loop hears of it.
TOGETHER = 64


@attrs.define
class Counts:
    """What an upload of a package has done so far."""

    sent: int = 0
    skipped: int = 0
    pruned: int = 0
    unpruned: tuple[str, ...] = ()
    bytes: int = 0
    resumed: bool = False


class PackageTransfer:
    """One package on its way.

    Args:
        store: The client.
        package: The package.
        path: Where it goes.
        options: How files are sent.
        meter: What counts acknowledged bytes.
        journal: What remembers.
        prune: Whether what the package does not hold is deleted from the store.
    """

    def __init__(
        self,
        store: SessionOperations,
        package: LocalPackage,
        path: str,
        options: Options,
        meter: Meter,
        journal: Journal,
        *,
        prune: bool,
    ) -> None:
        self._store = store
        self._io = store._io
        self._tree = package.tree
        self._read = package.read
        self._path = path
        self._options = options
        self._meter = meter
        self._journal = journal
        self._prune = prune
        self._limit: Limit | None = None
        self._remote = Listing(())
        #: What was sent and is stored for all we know.
        self._done: set[LocalFile] = set()
        self._marks = Marks(store, self._tree, path, options)
        self.counts = Counts()

    async def run(self) -> Counts:
        """Upload the package.

        Raises:
            UploadInterrupted: It stopped and can go on.
            SourceChanged: A file is not what it was when this began.
            VerificationFailed: What is stored is not what was sent, also after further tries.
            ImageApiError: The server refuses it for good, and nothing was sent yet.
        """
        self._meter.add(0, self._path)
        try:
            return await self._run()
        except (SourceChanged, UnsafePath):
            raise
        except VerificationFailed as failure:
            failure.resume = self._journal.snapshot()
            raise
        except ImageApiError as failure:
            if not (is_transient(failure) or isinstance(failure, UploadInterrupted) or self._done):
                raise
            raise self._interrupted(failure) from failure

    async def _run(self) -> Counts:
        if (clash := self._tree.clash()) is not None and await self._store._has_sessions():
            raise UnsafePath(
                f"{clash[0]!r} and {clash[1]!r} are one name on a Windows cluster. Nothing was sent; rename one."
            )
        self._remote = await self._stored()
        todo = await self._changed()
        sending = frozenset(todo)
        unchanged = [file for file in self._tree.files if file not in sending]
        if unchanged:
            self._meter.add(sum(file.size for file in unchanged), unchanged[-1].name, fresh=False)
        stale = self._stale() if self._prune else []
        lacking = [folder for folder in self._tree.folders if self._remote.find(self._marks.path(folder)) is None]
        if not (todo or stale or lacking):
            return self._count()
        if self._remote.find(self._marks.path("")) is not None:
            # Without its mark a package counts as not there, so that nobody takes a half-changed one.
            await self._store._delete(self._marks.path(""))
        for path in stale:
            await self._store._delete(path)
        await self._send(todo)
        await self._marks.send(lacking)
        return self._count()

    # What is there

    async def _stored(self) -> Listing:
        """Return all files at the destination."""
        try:
            walk = FolderWalk(lambda *place: self._store._timed(self._store._page(*place)), self._path)
            return Listing(*await walk.everything(self._io, self._options.limit(0)))
        except NotFound as missing:
            if missing.code == NO_STORE:
                raise
            return Listing(())

    def _destination(self, name: str) -> str:
        return f"{self._path}/{name}" if name else self._path

    async def _changed(self) -> list[LocalFile]:
        """Return the files that are not stored as they are now, for all we know."""
        files = self._tree.files
        if not self._remote.exact:
            return list(files)
        found: list[LocalFile] = []
        for start in range(0, len(files), TOGETHER):
            some = files[start : start + TOGETHER]
            found += await self._io.run(lambda some=some: [file for file in some if not self._unchanged(file)])
        return found

    def _unchanged(self, file: LocalFile) -> bool:
        """Say whether the journal and the store agree that this very file is stored."""
        path = self._destination(file.name)
        record, present = self._journal.get(path), self._remote.find(path)
        if not record or present is None or present.size != file.size or record.get("size") != file.size:
            return False
        if "stored" in record:
            if record["stored"] != version_key(present):
                return False
        elif not is_later(present, record.get("sent_over", version_key(present))):
            return False  # accepted once, and yet what was there before is there still
        source = open_source(file.path)
        try:
            return same_content(record, source)
        finally:
            source.close()

    def _count(self) -> Counts:
        self.counts.sent, self.counts.skipped = len(self._done), len(self._tree.files) - len(self._done)
        self.counts.bytes = sum(file.size for file in self._done)
        return self.counts

    def _stale(self) -> list[str]:
        """Return what is to be deleted, and count it and what cannot be."""
        found = stale(self._remote, self._tree, self._path)
        self.counts.pruned, self.counts.unpruned = found.files, found.left
        return found.deletions

    # What is sent

    async def _send(self, todo: list[LocalFile]) -> None:
        for round_ in range(ROUNDS):
            small = [file for file in todo if self._options.whole(file.size)]
            for file in todo:
                if not self._options.whole(file.size):
                    await self._send_large(file)
            await SmallFiles(
                self._store,
                small,
                self._options,
                self._destination,
                self._sent,
                read=self._read,
                hashed=self._journal.kept,
            ).run()
            todo = await self._lost(small)
            if not todo:
                return
            await Backoff(self._io, ROUNDS).wait(_not_stored(todo, round_))
        raise _not_stored(todo, ROUNDS)

    async def _lost(self, sent: list[LocalFile]) -> list[LocalFile]:
        """Return the files that are not stored as they should be, with those that nobody meant to touch.

        Args:
            sent: What was sent just now without a look at each.
        """
        present, fresh = await self._stored(), frozenset(sent)
        lost = [file for file in self._tree.files if not self._is_stored(file, present, fresh=file in fresh)]
        for file in lost:
            self._done.discard(file)
            self._meter.add(-file.size, file.name)
        await self._jot(partial(self._note_stored, fresh.difference(lost), present))
        return lost

    def _note_stored(self, files: Iterable[LocalFile], present: Listing) -> None:
        for file in files:
            path = self._destination(file.name)
            self._journal.note(path, stored=self._key(path, present))

    def _is_stored(self, file: LocalFile, present: Listing, *, fresh: bool) -> bool:
        path = self._destination(file.name)
        found = present.find(path)
        return (
            found is not None
            and found.size == file.size
            and (not fresh or is_later(found, self._key(path, self._remote)))
        )

    async def _send_large(self, file: LocalFile) -> None:
        async with self._store._opened(file.path) as source:
            source.name = file.name
            transfer = Transfer(
                self._store,
                source,
                self._destination(file.name),
                self._options,
                self._meter,
                self._journal,
                self._limit,
            )
            stored = await transfer.run()
            self._limit = transfer.limit
            if not self._journal.kept:  # a note that outlives this process was made by the transfer
                await self._remember(source, self._destination(file.name), [], stored=version_key(stored))
        self._done.add(file)
        self.counts.resumed |= transfer.resumed

    async def _sent(self, file: LocalFile, source: Source, digest: str | None) -> None:
        path = self._destination(file.name)
        chunks = [] if digest is None else [[0, file.size, digest]]
        await self._remember(source, path, chunks, sent_over=self._key(path, self._remote))
        self._done.add(file)
        self._meter.add(file.size, file.name)

    async def _remember(self, source: Source, path: str, chunks: list[Any], **fields: Any) -> None:
        """Note that a file was sent, for the call that goes on if this one is interrupted."""
        await self._jot(lambda: self._journal.begin(path, **stored_note(source, chunks), **fields))

    async def _jot(self, note: Callable[[], None]) -> None:
        """Make a note: in memory at once, in a file where waiting for the disk stops nobody."""
        if self._journal.kept:
            await self._io.run(note)
        else:
            note()

    @staticmethod
    def _key(path: str, listing: Listing) -> list[Any]:
        found = listing.find(path)
        return [] if found is None else version_key(found)

    def _interrupted(self, failure: ImageApiError) -> UploadInterrupted:
        total = self._meter.total or 0
        return UploadInterrupted(
            f"The upload of the package {self._path!r} stopped with {self._meter.acknowledged} of {total} bytes "
            f"acknowledged: {failure} Call it again with resume=<this error>.resume or the same journal to go on.",
            resume=self._journal.snapshot(),
            sent=self._meter.acknowledged,
            total=total,
        )


def _not_stored(files: list[LocalFile], rounds: int) -> VerificationFailed:
    return VerificationFailed(
        f"{len(files)} files were accepted and are not stored as they were sent, {rounds + 1} times; the first is "
        f"{files[0].name!r}. Look for another writer of the package, then call it again with "
        "resume=<this error>.resume or the same journal."
    )
