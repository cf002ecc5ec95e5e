"""The values of the image store: those of its document, and what by hand is added to them.

Paths are read with `/`, where clusters on Windows show backslashes. A folder says that it has no size, a range what it
has; and what an interrupted upload needs to go on is nothing that the document knows of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from imageapis_generated.servicefabric.values import (
    DiskInfo,
    FileVersion,
    FolderInfo,
    FolderSize,
    ImageStoreInfo,
    StoreFile,
    UploadChunkRange,
    UploadSessionInfo,
    Usage,
)

if TYPE_CHECKING:
    from imageapis_generated.servicefabric.values import UploadSessions

__all__ = [
    "ByteRange",
    "DiskInfo",
    "FileVersion",
    "FolderSize",
    "ImageStoreInfo",
    "Record",
    "Resume",
    "StoreFile",
    "StoreFolder",
    "UploadSession",
    "Usage",
]

A = TypeVar("A", bound=attrs.AttrsInstance)
Placed = TypeVar("Placed", StoreFile, FolderSize)


@attrs.frozen(kw_only=True, weakref_slot=False)
class StoreFolder(FolderInfo):  # noqa: D101 - what the document says
    __doc__ = FolderInfo.__doc__

    @property
    def size(self) -> None:
        """Folders are listed without a size; `folder_size(path)` asks for it."""
        return


@attrs.frozen(kw_only=True, weakref_slot=False)
class ByteRange(UploadChunkRange):  # noqa: D101 - what the document says
    __doc__ = UploadChunkRange.__doc__

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.end - self.start + 1


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadSession(UploadSessionInfo):  # noqa: D101 - what the document says
    __doc__ = UploadSessionInfo.__doc__

    missing: tuple[ByteRange, ...] = ()


#: What is known of one path in the store: `size`, `identity`, and either `session`, `chunks`, `before`, or `pruning`.
Record = dict[str, Any]


@attrs.frozen
class Resume:
    """What an interrupted upload needs to go on: pass it as `resume=`, also after pickling it.

    Attributes:
        endpoint: The gateway's address.
        records: What is known of each path; the engine's own business.
    """

    endpoint: str
    records: dict[str, Record] = attrs.field(repr=False)

    @property
    def session_ids(self) -> tuple[str, ...]:
        """The upload sessions that are open, for `delete_upload_session`."""
        return tuple(record["session"] for record in self.records.values() if record.get("session"))


def placed(found: Placed) -> Placed:
    """Return what a listing shows, its path with `/`."""
    return attrs.evolve(found, path=slashed(found.path)) if "\\" in found.path else found


def store_folder(found: FolderInfo) -> StoreFolder:
    """Return a folder of a listing."""
    return _as(StoreFolder, found, path=slashed(found.path))


def upload_sessions(found: UploadSessions | None) -> list[UploadSession]:
    """Return the sessions of an answer; 204 means none."""
    return [] if found is None else [_upload_session(one) for one in found.sessions]


def _upload_session(found: UploadSessionInfo) -> UploadSession:
    missing = tuple(_as(ByteRange, one) for one in found.missing)
    return _as(UploadSession, found, path=slashed(found.path), missing=missing)


def _as(kind: type[A], found: attrs.AttrsInstance, **changed: Any) -> A:
    """Return a value as one of a class that adds to its own, with all its fields."""
    return kind(**attrs.asdict(found, recurse=False) | changed)


def slashed(path: str) -> str:
    """Return a store path with `/`; clusters on Windows show backslashes."""
    return path.replace("\\", "/")
