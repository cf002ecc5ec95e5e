"""The small files of a package: each goes by one PUT, without a look at each. `package_transfer` starts them.

What costs little for a large file would be most of a small one's time: it is read at once, and on an event loop a few
of them together, so that a thread is asked for once for all of these.
"""

# ruff: noqa: SLF001 - the engine is a part of the client

from __future__ import annotations

import threading
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from imageapis.core.body import bytes_body
from imageapis.core.sources import Snapshot
from imageapis.errors import ImageApiError
from imageapis.servicefabric.patience import Patience, passes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from imageapis.core.body import Body
    from imageapis.core.concurrency import Limit
    from imageapis.core.sources import Source
    from imageapis.servicefabric.folder import LocalFile
    from imageapis.servicefabric.options import Options
    from imageapis.servicefabric.sessions import SessionOperations

    #: Hears of a file that was sent, with the hash of it if that was asked for.
    Sent = Callable[[LocalFile, Source, str | None], Awaitable[None]]

#: Bytes of a file that is read at once.
SNAPSHOT = 64 << 10
#: How many files are read together for an event loop.
TOGETHER = 16


class SmallFiles:
    """Files on their way.

    Args:
        store: The client.
        files: The files.
        options: How they are sent.
        destination: Gives the path of a file by its name.
        sent: Hears of each that was sent.
        hashed: Whether it is to be told the hash.
    """

    def __init__(
        self,
        store: SessionOperations,
        files: Sequence[LocalFile],
        options: Options,
        destination: Callable[[str], str],
        sent: Sent,
        *,
        hashed: bool,
    ) -> None:
        self._store = store
        self._io = store._io
        self._options = options
        self._destination = destination
        self._sent = sent
        self._hashed = hashed
        self._files = iter(files)
        self._left = len(files)
        self._ready: deque[tuple[LocalFile, Snapshot | None, str | None]] = deque()
        self._drawing = threading.Lock()

    async def run(self) -> None:
        """Send them all."""
        limit = self._options.limit()
        # A second round only for what one job had read ahead when there was nothing more for another one to do.
        while self._left:
            await self._io.gather((self._send_next(limit) for _ in range(self._left)), limit)

    async def _send_next(self, limit: Limit) -> None:
        if (file := await self._next()) is None:
            return
        local, snapshot, digest = file
        if snapshot is not None:
            await self._put(local, lambda: bytes_body(snapshot.view), limit)
            await self._sent(local, snapshot, digest)
        else:
            digests: list[str] = []
            async with self._store._opened(local.path) as source:
                source.name = local.name
                hear = digests.append if self._hashed else None
                await self._put(local, lambda: source.body(digest=hear), limit)
                await self._sent(local, source, digests[-1] if digests else None)
        with self._drawing:
            self._left -= 1

    async def _put(self, file: LocalFile, body: Callable[[], Body], limit: Limit) -> None:
        path = self._destination(file.name)
        patience: Patience | None = None
        while True:
            try:
                await self._store._put(path, body(), self._options.timeout, retry=False)
                limit.finished(file.size)
                return
            except ImageApiError as failure:
                patience = patience or Patience(self._io, self._options.tries)
                if not passes(failure) or not await patience.wait(failure):
                    raise

    async def _next(self) -> tuple[LocalFile, Snapshot | None, str | None] | None:
        """Return a file that nobody else sends, read if it is small enough; `None` if others have all that are left."""
        with self._drawing:
            if self._ready:
                return self._ready.popleft()
            together = list(islice(self._files, TOGETHER if self._io.suspends else 1))
        if not together:
            return None
        read = await self._io.run(self._read, together)
        with self._drawing:
            self._ready.extend(read[1:])
        return read[0]

    def _read(self, files: list[LocalFile]) -> list[tuple[LocalFile, Snapshot | None, str | None]]:
        read: list[tuple[LocalFile, Snapshot | None, str | None]] = []
        for file in files:
            if file.size > SNAPSHOT:
                read.append((file, None, None))
                continue
            snapshot = Snapshot(file.path, file.name, file.size)
            read.append((file, snapshot, snapshot.digest(0, file.size) if self._hashed else None))
        return read
