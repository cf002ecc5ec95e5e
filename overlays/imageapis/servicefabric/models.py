"""The values of the image store: those of its document, and those by hand.

By hand are files, folders and sessions, whose paths clusters on Windows show with backslashes; ranges, which are
reckoned with; and what an interrupted upload needs to go on, of which the document knows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from imageapis_generated.servicefabric.values import DiskInfo, FileVersion, ImageStoreInfo, Usage

if TYPE_CHECKING:
    from datetime import datetime

    from imageapis_generated.servicefabric import values

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


@attrs.frozen
class StoreFile:
    """A file in the store.

    Attributes:
        path: Its path from the root, with `/` whatever the cluster runs on, in the spelling of its first upload.
        size: Its size in bytes.
        modified: When it was written.
        version: Which write of it this is.
    """

    path: str
    size: int
    modified: datetime | None = None
    version: FileVersion | None = None


@attrs.frozen
class StoreFolder:
    """A folder in the store.

    Attributes:
        path: Its path from the root, with `/`; `""` is the root.
        file_count: Files at all depths below it, marks included. The store counts modulo 65,536.
    """

    path: str
    file_count: int | None = None

    @property
    def size(self) -> None:
        """Folders are listed without a size; `folder_size(path)` asks for it."""
        return


@attrs.frozen
class FolderSize:
    """What a folder takes.

    Attributes:
        path: The folder.
        size: Bytes of all files below it.
    """

    path: str
    size: int


@attrs.frozen
class ByteRange:
    """A range of bytes.

    Attributes:
        start: The first.
        end: The last, as in the gateway's answers and in `Content-Range`.
    """

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.end - self.start + 1


@attrs.frozen
class UploadSession:
    """An upload of one file in chunks, as far as the server has it.

    Attributes:
        id: The GUID that the client chose.
        path: Where the file will be, with `/`.
        size: Bytes of the whole file.
        modified: When its latest chunk was stored. A session ends half an hour after that.
        missing: What has not arrived yet, in order. It stays one range for a file without bytes: such a file cannot
            be committed through a session. A committed session stays for a while, with nothing missing.
    """

    id: str
    path: str
    size: int
    modified: datetime | None
    missing: tuple[ByteRange, ...]


#: What is known of one path in the store: `size`, `identity`, and either `session`, `chunks`, `before`, or `stored`.
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


def store_file(found: values.FileInfo) -> StoreFile:
    """Return a file of a listing."""
    return StoreFile(slashed(found.store_relative_path), found.file_size, found.modified_date, found.file_version)


def store_folder(found: values.FolderInfo) -> StoreFolder:
    """Return a folder of a listing."""
    return StoreFolder(slashed(found.store_relative_path), found.file_count)


def folder_size(found: values.FolderSizeInfo) -> FolderSize:
    """Return a folder's size."""
    return FolderSize(slashed(found.store_relative_path), found.folder_size)


def upload_sessions(found: values.UploadSession | None) -> list[UploadSession]:
    """Return the sessions of an answer; 204 means none."""
    return [] if found is None else [_upload_session(one) for one in found.upload_sessions]


def _upload_session(found: values.UploadSessionInfo) -> UploadSession:
    return UploadSession(
        found.session_id,
        slashed(found.store_relative_path),
        found.file_size,
        found.modified_date,
        tuple(ByteRange(missing.start_position, missing.end_position) for missing in found.expected_ranges),
    )


def slashed(path: str) -> str:
    """Return a store path with `/`; clusters on Windows show backslashes."""
    return path.replace("\\", "/")
