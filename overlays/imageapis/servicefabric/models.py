"""The values of the image store, and how they are read from the gateway's JSON, where every number is text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.values import moment, whole

if TYPE_CHECKING:
    from datetime import datetime


@attrs.frozen
class FileVersion:
    """Which write of a file this is. Each write of a path gives it another version.

    Attributes:
        number: Goes up with each write.
        data_loss_epoch: Changes when the store has lost data.
        configuration_epoch: Changes when the store's replicas do.
    """

    number: int | None
    data_loss_epoch: int | None = None
    configuration_epoch: int | None = None


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
class Usage:
    """What one purpose takes of the store's disk.

    Attributes:
        used_space: Bytes.
        file_count: Files.
    """

    used_space: int | None
    file_count: int | None


@attrs.frozen
class ImageStoreInfo:
    """How the store uses its disk.

    Attributes:
        capacity: Bytes that the disk holds.
        available: Bytes of it that are free.
        used_by_metadata: The store's own records.
        used_by_staging: Chunks of uploads that are not committed.
        used_by_copy: Copies under way.
        used_by_register: Registered application types.
    """

    capacity: int | None
    available: int | None
    used_by_metadata: Usage | None = None
    used_by_staging: Usage | None = None
    used_by_copy: Usage | None = None
    used_by_register: Usage | None = None


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


def store_file(value: dict[str, Any]) -> StoreFile:
    """Read a file of a listing."""
    version = value.get("FileVersion")
    return StoreFile(
        slashed(value["StoreRelativePath"]),
        int(value["FileSize"]),
        moment(value.get("ModifiedDate")),
        None
        if version is None
        else FileVersion(
            whole(version.get("VersionNumber")),
            whole(version.get("EpochDataLossNumber")),
            whole(version.get("EpochConfigurationNumber")),
        ),
    )


def store_folder(value: dict[str, Any]) -> StoreFolder:
    """Read a folder of a listing."""
    return StoreFolder(slashed(value["StoreRelativePath"]), whole(value.get("FileCount")))


def folder_size(value: dict[str, Any]) -> FolderSize:
    """Read a folder's size."""
    return FolderSize(slashed(value["StoreRelativePath"]), int(value["FolderSize"]))


def image_store_info(value: dict[str, Any]) -> ImageStoreInfo:
    """Read how the store uses its disk."""
    disk = value.get("DiskInfo") or {}
    return ImageStoreInfo(
        whole(disk.get("Capacity")),
        whole(disk.get("AvailableSpace")),
        *(_usage(value.get(name)) for name in ("UsedByMetadata", "UsedByStaging", "UsedByCopy", "UsedByRegister")),
    )


def _usage(value: dict[str, Any] | None) -> Usage | None:
    return None if value is None else Usage(whole(value.get("UsedSpace")), whole(value.get("FileCount")))


def upload_sessions(value: dict[str, Any] | None) -> list[UploadSession]:
    """Read the sessions of an answer; 204 means none."""
    if value is None:
        return []
    return [_upload_session(session) for session in value.get("UploadSessions") or []]


def _upload_session(value: dict[str, Any]) -> UploadSession:
    return UploadSession(
        value["SessionId"],
        slashed(value["StoreRelativePath"]),
        int(value["FileSize"]),
        moment(value.get("ModifiedDate")),
        tuple(
            ByteRange(int(missing["StartPosition"]), int(missing["EndPosition"]))
            for missing in value.get("ExpectedRanges") or []
        ),
    )


def slashed(path: str) -> str:
    """Return a store path with `/`; clusters on Windows show backslashes."""
    return path.replace("\\", "/")
