"""What a journal keeps of a file: its form, its making, and the comparison of a local file with it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.core.sources import Source
    from imageapis.servicefabric.models import Record, StoreFile

#: Nanoseconds within which two writes of a file may bear the same time.
UNCERTAIN = 2_000_000_000

_SESSION = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _number(value: Any) -> bool:
    return type(value) is int and value >= 0


def _chunk(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and _number(value[0])
        and _number(value[1])
        and isinstance(value[2], str)
    )


def _version(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 4 and all(type(part) in (int, str, type(None)) for part in value)


#: The fields of a note, and what they may hold.
_FIELDS: dict[str, Callable[[Any], bool]] = {
    "size": _number,
    "identity": lambda value: value is None or isinstance(value, str),
    "noted": _number,
    "chunks": lambda value: isinstance(value, list) and all(map(_chunk, value)),
    "session": lambda value: isinstance(value, str) and _SESSION.fullmatch(value) is not None,
    "before": _version,
    "stored": _version,
    "sent_over": _version,
    "vouched": lambda value: value is True,
}


def flaw(record: Any) -> str | None:
    """Return what is wrong with a note that comes from outside, or `None` if it is one of ours."""
    if not isinstance(record, dict):
        return "a note is not an object"
    for name, value in record.items():
        if name not in _FIELDS:
            return f"a note has a field {str(name)[:40]!r}"
        if not _FIELDS[name](value):
            return f"{name!r} of a note is {str(value)[:40]!r}"
    return None


def version_key(file: StoreFile) -> list[Any]:
    """Return what tells one write of a path from another, as JSON keeps it."""
    version = file.version
    numbers = [] if version is None else [version.number, version.data_loss_epoch, version.configuration_epoch]
    return [*numbers, None if file.modified is None else file.modified.isoformat()]


def is_later(file: StoreFile, before: list[Any] | None) -> bool:
    """Say whether a file is a later write of its path than that of an earlier `version_key`, `[]` if there was none.

    Another write need not be a later one: a replica that lags, or whose data were restored, shows what was there once.
    The numbers of one epoch rise, and so do the epochs, data loss before configuration.
    """
    now = version_key(file)
    if before is None or len(now) != len(before):
        return True
    if len(now) == 4 and all(type(number) is int for number in (*now[:3], *before[:3])):
        return (now[1], now[2], now[0]) > (before[1], before[2], before[0])
    return now != before


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
    return all(
        start + size <= source.size and source.digest(start, size) == digest
        for start, size, digest in record.get("chunks", ())
    )
