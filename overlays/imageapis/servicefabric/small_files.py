"""The small files of a package: each goes by one PUT, without a look at each. `package_transfer` starts them.

What costs little for a large file would be most of a small one's time: it is read at once, and on an event loop a few
of them together, so that a thread is asked for once for all of these.
"""

# ruff: noqa: SLF001 - the engine is a part of the client

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from imageapis.core.body import bytes_body
from imageapis.core.concurrency import LIGHT, FixedLimit
from imageapis.core.file_snapshot import FileSnapshot
from imageapis.errors import ImageApiError
from imageapis.servicefabric.backoff import Backoff, is_transient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from imageapis.core.body import Body
    from imageapis.core.concurrency import Limit
    from imageapis.core.sources import Source
    from imageapis.servicefabric.folder import LocalFile, Read
    from imageapis.servicefabric.options import Options
    from imageapis.servicefabric.sessions import SessionOperations

    #: Hears of a file that was sent, with the hash of it if that was asked for.
    Sent = Callable[[LocalFile, Source, str | None], Awaitable[None]]

#: Bytes of a file that is read at once.
SNAPSHOT = 64 << 10
#: How many files are read together for an event loop.
TOGETHER = 16
#: How many files are worth one more round trip before it is believed that the way is long.
MANY = 300
#: Bytes of files that are kept for other uploads of the same package.
ROOM = 32 << 20


class SmallFiles:
    """Files on their way.

    Args:
        store: The client.
        files: The files.
        options: How they are sent.
        destination: Gives the path of a file by its name.
        sent: Hears of each that was sent.
        read: Reads one of at most `SNAPSHOT` bytes, with its hash if that is asked for; blocks.
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
        read: Read,
        hashed: bool,
    ) -> None:
        self._store = store
        self._io = store._io
        self._options = options
        self._destination = destination
        self._sent = sent
        self._read = read
        self._hashed = hashed
        self._all = files
        self._files = iter(files)
        self._left = len(files)
        self._typical = sum(file.size for file in files) // max(1, len(files))
        self._ready: deque[tuple[LocalFile, FileSnapshot | None, str | None]] = deque()
        self._drawing = threading.Lock()

    async def run(self) -> None:
        """Send them all."""
        limit = self._options.limit(self._typical)
        if not isinstance(limit, FixedLimit):
            first = takewhile(lambda file: file.size < LIGHT, self._all)
            alone = (self._send_next(FixedLimit(1)) for _ in first)
            await self._store._timed_again(alone, many=self._left >= MANY)
            limit = self._options.limit(self._typical)  # by what is known of the way now
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
        backoff: Backoff | None = None
        while True:
            try:
                await self._store._put(path, body(), self._options.timeout, retry=False)
                limit.finished(file.size)
                return
            except ImageApiError as failure:
                backoff = backoff or Backoff(self._io, self._options.tries)
                if not is_transient(failure) or not await backoff.wait(failure):
                    raise

    async def _next(self) -> tuple[LocalFile, FileSnapshot | None, str | None] | None:
        """Return a file that nobody else sends, read if it is small enough; `None` if others have all that are left."""
        with self._drawing:
            if self._ready:
                return self._ready.popleft()
            together = list(islice(self._files, TOGETHER if self._io.suspends else 1))
        if not together:
            return None
        read = await self._io.run(self._read_together, together)
        with self._drawing:
            self._ready.extend(read[1:])
        return read[0]

    def _read_together(self, files: list[LocalFile]) -> list[tuple[LocalFile, FileSnapshot | None, str | None]]:
        return [
            (file, None, None) if file.size > SNAPSHOT else (file, *self._read(file, self._hashed)) for file in files
        ]


def read_small(file: LocalFile, hashed: bool) -> tuple[FileSnapshot, str | None]:
    """Read a file of at most `SNAPSHOT` bytes; see `FileSnapshot`. Blocks.

    Args:
        file: The file.
        hashed: Whether its SHA-256 is wanted as well.
    """
    snapshot = FileSnapshot(file.path, file.name, file.size)
    return snapshot, snapshot.digest(0, file.size) if hashed else None


class SharedReads:
    """Reads small files once for several uploads of a package, as long as these are not too far from each other.

    Args:
        uploads: How many there are.
        room: Bytes of files that are kept for the uploads that still need them.
    """

    def __init__(self, uploads: int, room: int = ROOM) -> None:
        self._uploads = uploads
        self._room = room
        self._kept: OrderedDict[LocalFile, tuple[FileSnapshot, str | None, int]] = OrderedDict()
        self._bytes = 0
        self._reading = threading.Lock()

    def __call__(self, file: LocalFile, hashed: bool) -> tuple[FileSnapshot, str | None]:
        """Return a file as `read_small` does. Blocks; one thread reads at a time, as all want the same files."""
        with self._reading:
            if file in self._kept:
                snapshot, digest, left = self._kept.pop(file)
                self._bytes -= file.size
            else:
                (snapshot, digest), left = read_small(file, hashed), self._uploads
            if hashed and digest is None:
                digest = snapshot.digest(0, file.size)
            if left > 1:
                self._kept[file] = snapshot, digest, left - 1
                self._bytes += file.size
            while self._bytes > self._room:
                evicted, _ = self._kept.popitem(last=False)
                self._bytes -= evicted.size
            return snapshot, digest
