"""How files are sent: what the arguments of the uploads come to."""

from __future__ import annotations

import attrs

#: Bytes a second at which a server joins chunks at worst; the wait for a commit follows from it.
JOIN_RATE = 20 << 20


@attrs.frozen
class Options:
    """How files are sent.

    Attributes:
        chunk_size: Bytes of a chunk; a file of at most so many goes by one PUT.
        concurrency: How many chunks of a file are on their way at a time.
        adapts: Whether one connection is enough where that is so fast that more of them only get in each other's way.
        timeout: Seconds that the server may take for a chunk once it has it; `None`: see `Gateway`.
        commit_timeout: Seconds that the server may take for a whole file; `None`: as its size demands.
        tries: How many failures in a row, without any advance between, end an upload.
    """

    chunk_size: int
    concurrency: int
    adapts: bool
    timeout: float | None
    commit_timeout: float | None
    tries: int

    def whole_file(self, size: int) -> float:
        """Return the seconds that the server may take for a whole file of a size."""
        return min(1800.0, 60.0 + size / JOIN_RATE) if self.commit_timeout is None else self.commit_timeout
