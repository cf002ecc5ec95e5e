"""What the local image store is made of: bytes, files and upload sessions as the gateway shows them, and refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from pathlib import Path


class Refusal(Exception):
    """An answer of 400 or more: status, code (`None`: no body at all) and message."""

    def __init__(self, status: int, code: str | None = None, message: str = "Null") -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code = code
        self.message = message


def invalid(message: str = "Invalid argument") -> Refusal:
    """Return the refusal that the gateway uses for nearly everything."""
    return Refusal(400, "E_INVALIDARG", message)


@attrs.frozen(eq=False)
class Blob:
    """Bytes on the server's disk. A server that keeps no content has the length only."""

    size: int
    file: Path | None

    def read(self) -> bytes:
        """Return the bytes."""
        return b"" if self.file is None else self.file.read_bytes()


@attrs.frozen
class Stored:
    """A file in the store."""

    path: str
    parts: tuple[Blob, ...]
    modified: float
    version: int

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(part.size for part in self.parts)

    def json(self) -> dict[str, Any]:
        """Return the file as a listing shows it: every number is text."""
        return {
            "FileSize": str(self.size),
            "FileVersion": {
                "VersionNumber": str(self.version),
                "EpochDataLossNumber": "131861800000000000",
                "EpochConfigurationNumber": "8589934592",
            },
            "ModifiedDate": timestamp(self.modified),
            "StoreRelativePath": self.path,
        }


@attrs.define
class Session:
    """An upload session: the chunks that arrived, by position."""

    path: str
    id: str
    total: int
    modified: float
    chunks: list[tuple[int, int, Blob]] = attrs.field(factory=list)

    def missing(self) -> list[tuple[int, int]]:
        """Return the inclusive ranges that have not arrived; of an empty file always one."""
        if self.total == 0:
            return [(0, 0)]
        gaps, position = [], 0
        for start, end, _ in sorted(self.chunks, key=lambda chunk: chunk[:2]):
            if start > position:
                gaps.append((position, start - 1))
            position = max(position, end + 1)
        if position < self.total:
            gaps.append((position, self.total - 1))
        return gaps

    def json(self) -> dict[str, Any]:
        """Return the session as the gateway shows it."""
        return {
            "StoreRelativePath": self.path,
            "SessionId": self.id,
            "ModifiedDate": timestamp(self.modified),
            "FileSize": str(self.total),
            "ExpectedRanges": [{"StartPosition": str(start), "EndPosition": str(end)} for start, end in self.missing()],
        }


def timestamp(moment: float) -> str:
    """Return a time as the gateway writes it: UTC, milliseconds."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
