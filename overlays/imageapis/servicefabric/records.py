"""What a journal keeps of a file that was sent, and the comparison of a local file with such a note."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imageapis.core.sources import Source
    from imageapis.servicefabric.models import Record, StoreFile

#: Nanoseconds within which two writes of a file may bear the same time.
UNCERTAIN = 2_000_000_000


def version_key(file: StoreFile) -> list[Any]:
    """Return what tells one write of a path from another, as JSON keeps it."""
    version = file.version
    numbers = [] if version is None else [version.number, version.data_loss_epoch, version.configuration_epoch]
    return [*numbers, None if file.modified is None else file.modified.isoformat()]


def stored_note(source: Source, chunks: list[Any]) -> Record:
    """Return what a journal keeps of a file that was sent: what it is, and the hashes of its parts."""
    return {"size": source.size, "identity": source.identity(), "noted": time.time_ns(), "chunks": chunks}


def same_content(record: Record, source: Source) -> bool:
    """Say whether a source still holds what a note of `stored_note` is about. Blocks."""
    if record.get("size") != source.size:
        return False
    identity = source.identity()
    if record.get("identity") == identity:
        # A file whose time of change is so near to the note may have changed since without another time.
        kind, *parts = identity.split(":")
        if kind != "file" or int(parts[1]) + UNCERTAIN < record.get("noted", 0):
            return True
    covered = sum(size for _, size, _ in record.get("chunks", ()))
    return covered == source.size and chunks_match(record, source)


def chunks_match(record: Record, source: Source) -> bool:
    """Say whether all parts whose hashes were noted are still the same. Blocks."""
    return all(source.digest(start, size) == digest for start, size, digest in record.get("chunks", ()))
