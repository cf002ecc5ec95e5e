"""The chunks that an upload session lacks, if what the server says of them can be true. `transfer` sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from imageapis.servicefabric.models import ByteRange, UploadSession


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
