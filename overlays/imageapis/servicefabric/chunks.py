"""The chunks of an upload session: which the server lacks, if what it says of them can be true, and sending them.

What is done when there are none left, or when the session is lost, is decided in `transfer`.
"""

# ruff: noqa: SLF001 - the engine is a part of the client

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from imageapis.errors import ImageApiError
from imageapis.servicefabric.backoff import Backoff, is_throttled, is_transient
from imageapis.servicefabric.models import ByteRange
from imageapis.servicefabric.paths import same

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Iterator, Sequence

    from imageapis.core.concurrency import Limit
    from imageapis.core.progress import Meter
    from imageapis.core.sources import Source
    from imageapis.servicefabric.journal import Journal
    from imageapis.servicefabric.models import UploadSession
    from imageapis.servicefabric.options import Options
    from imageapis.servicefabric.sessions import SessionOperations


class Chunks:
    """The chunks of one file, in whichever session they are sent.

    Args:
        store: The client.
        source: The file.
        path: Where it goes.
        options: How.
        meter: What counts acknowledged bytes.
        journal: What remembers.
        limit: How many chunks are on their way at a time, if a transfer before this one has found that out.

    Attributes:
        session_id: The session; empty before there is one.
        opened: Whether the server may know it: something was sent.
        held: Bytes that the server has acknowledged.
    """

    def __init__(
        self,
        store: SessionOperations,
        source: Source,
        path: str,
        options: Options,
        meter: Meter,
        journal: Journal,
        limit: Limit | None,
    ) -> None:
        self._store = store
        self._io = store._io
        self._source = source
        self._path = path
        self._options = options
        self._meter = meter
        self._journal = journal
        self.limit = limit
        self._counting = threading.Lock()
        self.session_id = ""
        self.opened = False
        self.held = 0

    async def missing(self, *, known: bool) -> Sequence[ByteRange] | None:
        """Ask what the session lacks; `None` if the server does not know it any more.

        Args:
            known: Whether the server has known it before, for all else that is known.
        """
        everything = (ByteRange(start=0, end=self._source.size - 1),)
        if not self.opened:
            return everything
        session = await self._store._session(self.session_id)
        if session is None:
            # Lost, or the first chunk never arrived.
            return None if known or self.held else everything
        if session.size != self._source.size or not same(session.path, self._path) or not possible(session):
            return None
        self._adopt(session)
        return session.missing

    def _adopt(self, session: UploadSession) -> None:
        """Count what the server holds, whatever was acknowledged."""
        held = session.size - sum(missing.size for missing in session.missing)
        self.count(held - self.held, fresh=False)

    async def send(self, missing: Iterable[ByteRange]) -> None:
        """Send chunks of what is missing until all are sent or one fails; those on their way are then finished."""
        trouble: list[ImageApiError] = []
        # Made only now: how long the requests before this took tells how to begin.
        most = self._options.chunk(self._source.size)
        limit = self.limit = self.limit or self._options.limit(most)

        def jobs() -> Iterator[Coroutine[Any, Any, None]]:
            for start, size in pieces(missing, most):
                if trouble:
                    return
                yield self._send_chunk(start, size, limit, trouble)

        self.opened = True
        await self._io.gather(jobs(), limit)
        if trouble:
            raise trouble[0]

    async def _send_chunk(self, start: int, size: int, limit: Limit, trouble: list[ImageApiError]) -> None:
        digests: list[str] = []
        body = self._source.body(start, size, digest=digests.append if self._journal.kept else None)
        backoff = Backoff(self._io, self._options.tries)
        while True:
            try:
                await self._store._send_chunk(
                    self._path,
                    body,
                    session_id=self.session_id,
                    start=start,
                    total=self._source.size,
                    timeout=self._options.timeout,
                )
                break
            except ImageApiError as failure:
                if not is_transient(failure):
                    raise
                # Where the server only asks for less, this chunk waits and the others go on.
                if trouble or not is_throttled(failure) or not await backoff.wait(failure):
                    trouble.append(failure)
                    return
        limit.finished(size)
        if digests:
            await self._io.run(self._journal.chunk, self._path, start, size, digests[-1])
        self.count(size)

    def count(self, size: int, *, fresh: bool = True) -> None:
        """Count bytes that the server acknowledged, or has lost."""
        with self._counting:
            self.held += size
        if size:
            self._meter.add(size, self._source.name, fresh=fresh)


def possible(session: UploadSession) -> bool:
    """Say whether what a session lacks are parts of its file, in order and apart from each other."""
    position = 0
    for missing in session.missing:
        if not position <= missing.start <= missing.end < session.size:
            return False
        position = missing.end + 1
    return True


def pieces(ranges: Iterable[ByteRange], size: int) -> Iterator[tuple[int, int]]:
    """Cut ranges into pieces of at most `size` bytes: pairs of start and length."""
    for whole in ranges:
        for start in range(whole.start, whole.end + 1, size):
            yield start, min(size, whole.end + 1 - start)
