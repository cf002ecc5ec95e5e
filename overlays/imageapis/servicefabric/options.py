"""How files are sent: what the arguments of the uploads come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from imageapis.servicefabric.gateway import SERVER_LONGEST

if TYPE_CHECKING:
    from imageapis.core.concurrency import LimitMaker

#: Bytes of a chunk: few enough that a file has many to send at a time, and enough that a request is worth its while. A
#: commit loads one chunk at a time into the server's memory.
LEAST_CHUNK, MOST_CHUNK = 2 << 20, 16 << 20
#: Chunks that a file has at least if they need not be smaller than that for it: twice what goes at a time.
CHUNKS = 64
#: Bytes a second at which a server joins chunks at worst; the wait for a commit follows from it.
JOIN_RATE = 20 << 20


@attrs.frozen
class Options:
    """How files are sent.

    Attributes:
        chunk_size: Bytes of a chunk; `None`: by the size of the file.
        limit: Makes what says how many requests are on their way at a time.
        timeout: Seconds that the server may take for a chunk once it has it; `None`: see `Gateway`.
        commit_timeout: Seconds that the server may take for a whole file; `None`: as its size demands.
        tries: How many failures in a row, without any advance between, end an upload.
        left: Seconds that a deadline which the caller named leaves the server; `None` if none was named.
    """

    chunk_size: int | None
    limit: LimitMaker
    timeout: float | None
    commit_timeout: float | None
    tries: int
    left: float | None = None

    def whole(self, size: int) -> bool:
        """Say whether a file of a size goes by one PUT."""
        return size <= (self.chunk_size or MOST_CHUNK)

    def chunk(self, size: int) -> int:
        """Return the bytes of a chunk of a file of a size."""
        return self.chunk_size or min(MOST_CHUNK, max(LEAST_CHUNK, -(-size // CHUNKS)))

    def whole_file(self, size: int) -> float | None:
        """Return the seconds that the server may take for a whole file of a size; `None`: what the deadline leaves.

        Seconds that are named put a deadline off, and none are to do so of which the caller said nothing.
        """
        if self.commit_timeout is not None:
            return self.commit_timeout
        demanded = 60.0 + size / JOIN_RATE
        return None if self.left is not None and self.left < demanded else min(SERVER_LONGEST, demanded)
