# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The values of Service Fabric image store: what its answers hold and its requests send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import attrs

from .._values import (
    ABSENT,
    PROBLEMS,
    array,
    moment_or_none,
    text,
    twin,
    unreadable,
    whole,
    whole_or_none,
)
from .._writing import each, given, present


@attrs.frozen(kw_only=True, weakref_slot=False)
class AadMetadata:
    """Directory and application ids.

    Attributes:
        authority: Address of the authority.
        client: Id of the client application.
        cluster: Id of the cluster application, the audience of the token.
        login: Address of the login service.
        redirect: Redirect address of the client application.
        tenant: Id of the tenant.
    """

    authority: str | None = None
    client: str | None = None
    cluster: str | None = None
    login: str | None = None
    redirect: str | None = None
    tenant: str | None = None

    @staticmethod
    def from_json(data: Any, /) -> AadMetadata:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _AadMetadataTwin()
        at = ""
        try:
            get = data.get
            at = "authority"
            it = get(at)
            made.authority = it if it.__class__ is str or it is None else text(it)
            at = "client"
            it = get(at)
            made.client = it if it.__class__ is str or it is None else text(it)
            at = "cluster"
            it = get(at)
            made.cluster = it if it.__class__ is str or it is None else text(it)
            at = "login"
            it = get(at)
            made.login = it if it.__class__ is str or it is None else text(it)
            at = "redirect"
            it = get(at)
            made.redirect = it if it.__class__ is str or it is None else text(it)
            at = "tenant"
            it = get(at)
            made.tenant = it if it.__class__ is str or it is None else text(it)
        except PROBLEMS as problem:
            error = unreadable("AadMetadata", at, problem)
        else:
            made.__class__ = AadMetadata
            value: AadMetadata = made
            return value
        raise error


_AadMetadataTwin = twin(AadMetadata)


@attrs.frozen(kw_only=True, weakref_slot=False)
class AadMetadataObject:
    """How clients log in.

    Attributes:
        type: Kind of login, "aad" or empty.
        metadata: Directory and application ids.
    """

    type: str | None = None
    metadata: AadMetadata | None = None

    @staticmethod
    def from_json(data: Any, /) -> AadMetadataObject:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _AadMetadataObjectTwin()
        at = ""
        try:
            get = data.get
            at = "type"
            it = get(at)
            made.type = it if it.__class__ is str or it is None else text(it)
            at = "metadata"
            it = get(at)
            made.metadata = None if it is None else AadMetadata.from_json(it)
        except PROBLEMS as problem:
            error = unreadable("AadMetadataObject", at, problem)
        else:
            made.__class__ = AadMetadataObject
            value: AadMetadataObject = made
            return value
        raise error


_AadMetadataObjectTwin = twin(AadMetadataObject)


@attrs.frozen(kw_only=True, weakref_slot=False)
class DiskInfo:
    """Disk of the primary replica.

    Attributes:
        capacity: Size of the disk in bytes, in decimal.
        available_space: Free bytes, in decimal.
    """

    capacity: int | None = None
    available_space: int | None = None

    @staticmethod
    def from_json(data: Any, /) -> DiskInfo:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _DiskInfoTwin()
        at = ""
        try:
            get = data.get
            at = "Capacity"
            it = get(at)
            made.capacity = whole_or_none(it)
            at = "AvailableSpace"
            it = get(at)
            made.available_space = whole_or_none(it)
        except PROBLEMS as problem:
            error = unreadable("DiskInfo", at, problem)
        else:
            made.__class__ = DiskInfo
            value: DiskInfo = made
            return value
        raise error


_DiskInfoTwin = twin(DiskInfo)


@attrs.frozen(kw_only=True, weakref_slot=False)
class FileInfo:
    """One stored file.

    Attributes:
        file_size: Size in bytes, in decimal.
        file_version: Version the store gave to a file.
        modified_date: When the file was stored, UTC.
        store_relative_path: Path from the root of the store.
    """

    file_size: int
    file_version: FileVersion | None = None
    modified_date: dt.datetime | None = None
    store_relative_path: str

    @staticmethod
    def from_json(data: Any, /) -> FileInfo:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _FileInfoTwin()
        at = ""
        try:
            get = data.get
            at = "FileSize"
            it = data[at]
            made.file_size = whole(it)
            at = "FileVersion"
            it = get(at)
            made.file_version = None if it is None else FileVersion.from_json(it)
            at = "ModifiedDate"
            it = get(at)
            made.modified_date = moment_or_none(it)
            at = "StoreRelativePath"
            it = data[at]
            made.store_relative_path = it if it.__class__ is str else text(it)
        except PROBLEMS as problem:
            error = unreadable("FileInfo", at, problem)
        else:
            made.__class__ = FileInfo
            value: FileInfo = made
            return value
        raise error


_FileInfoTwin = twin(FileInfo)


@attrs.frozen(kw_only=True, weakref_slot=False)
class FileVersion:
    """Version the store gave to a file.

    Attributes:
        number: Number of the version, in decimal.
        data_loss_epoch: Data-loss part of the replica epoch, in decimal.
        configuration_epoch: Configuration part of the replica epoch, in decimal.
    """

    number: int | None = None
    data_loss_epoch: int | None = None
    configuration_epoch: int | None = None

    @staticmethod
    def from_json(data: Any, /) -> FileVersion:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _FileVersionTwin()
        at = ""
        try:
            get = data.get
            at = "VersionNumber"
            it = get(at)
            made.number = whole_or_none(it)
            at = "EpochDataLossNumber"
            it = get(at)
            made.data_loss_epoch = whole_or_none(it)
            at = "EpochConfigurationNumber"
            it = get(at)
            made.configuration_epoch = whole_or_none(it)
        except PROBLEMS as problem:
            error = unreadable("FileVersion", at, problem)
        else:
            made.__class__ = FileVersion
            value: FileVersion = made
            return value
        raise error


_FileVersionTwin = twin(FileVersion)


@attrs.frozen(kw_only=True, weakref_slot=False)
class FolderInfo:
    """One folder.

    Attributes:
        store_relative_path: Path from the root of the store.
        file_count: Files at all depths below it, `_.dir` marks included, in decimal.
    """

    store_relative_path: str
    file_count: int | None = None

    @staticmethod
    def from_json(data: Any, /) -> FolderInfo:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _FolderInfoTwin()
        at = ""
        try:
            get = data.get
            at = "StoreRelativePath"
            it = data[at]
            made.store_relative_path = it if it.__class__ is str else text(it)
            at = "FileCount"
            it = get(at)
            made.file_count = whole_or_none(it)
        except PROBLEMS as problem:
            error = unreadable("FolderInfo", at, problem)
        else:
            made.__class__ = FolderInfo
            value: FolderInfo = made
            return value
        raise error


_FolderInfoTwin = twin(FolderInfo)


@attrs.frozen(kw_only=True, weakref_slot=False)
class FolderSizeInfo:
    """Bytes below one folder.

    Attributes:
        store_relative_path: Path from the root of the store.
        folder_size: Sum of the file sizes in bytes, in decimal.
    """

    store_relative_path: str
    folder_size: int

    @staticmethod
    def from_json(data: Any, /) -> FolderSizeInfo:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _FolderSizeInfoTwin()
        at = ""
        try:
            get = data.get
            at = "StoreRelativePath"
            it = data[at]
            made.store_relative_path = it if it.__class__ is str else text(it)
            at = "FolderSize"
            it = data[at]
            made.folder_size = whole(it)
        except PROBLEMS as problem:
            error = unreadable("FolderSizeInfo", at, problem)
        else:
            made.__class__ = FolderSizeInfo
            value: FolderSizeInfo = made
            return value
        raise error


_FolderSizeInfoTwin = twin(FolderSizeInfo)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageStoreContent:
    """One page of a listing.

    Attributes:
        store_files: Files directly below the path.
        store_folders: Folders directly below the path.
        continuation_token: Token of the next page; empty on the last one.
    """

    store_files: tuple[FileInfo, ...] = ()
    store_folders: tuple[FolderInfo, ...] = ()
    continuation_token: str | None = None

    @staticmethod
    def from_json(data: Any, /) -> ImageStoreContent:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ImageStoreContentTwin()
        at = ""
        try:
            get = data.get
            at = "StoreFiles"
            it = get(at)
            made.store_files = () if it is None else array(it, FileInfo.from_json)
            at = "StoreFolders"
            it = get(at)
            made.store_folders = () if it is None else array(it, FolderInfo.from_json)
            at = "ContinuationToken"
            it = get(at)
            made.continuation_token = it if it.__class__ is str or it is None else text(it)
        except PROBLEMS as problem:
            error = unreadable("ImageStoreContent", at, problem)
        else:
            made.__class__ = ImageStoreContent
            value: ImageStoreContent = made
            return value
        raise error


_ImageStoreContentTwin = twin(ImageStoreContent)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageStoreCopyDescription:
    """A copy inside the store.

    Attributes:
        remote_source: Path to copy from; Windows clusters want backslashes in it.
        remote_destination: Path to copy to.
        skip_files: Bare file names to leave out, at any depth.
        check_mark_file: Ask for the `_.dir` mark to be checked during the copy.
    """

    remote_source: str
    remote_destination: str
    skip_files: Sequence[str] | None = None
    check_mark_file: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object; what is absent is left out."""
        return present(
            {
                "RemoteSource": self.remote_source,
                "RemoteDestination": self.remote_destination,
                "SkipFiles": ABSENT if self.skip_files is None else each(self.skip_files),
                "CheckMarkFile": given(self.check_mark_file),
            }
        )


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageStoreInfo:
    """How the store uses its disk.

    Attributes:
        disk_info: Disk of the primary replica.
        used_by_metadata: Share of the store used for one purpose.
        used_by_staging: Share of the store used for one purpose.
        used_by_copy: Share of the store used for one purpose.
        used_by_register: Share of the store used for one purpose.
    """

    disk_info: DiskInfo | None = None
    used_by_metadata: Usage | None = None
    used_by_staging: Usage | None = None
    used_by_copy: Usage | None = None
    used_by_register: Usage | None = None

    @staticmethod
    def from_json(data: Any, /) -> ImageStoreInfo:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ImageStoreInfoTwin()
        at = ""
        try:
            get = data.get
            at = "DiskInfo"
            it = get(at)
            made.disk_info = None if it is None else DiskInfo.from_json(it)
            at = "UsedByMetadata"
            it = get(at)
            made.used_by_metadata = None if it is None else Usage.from_json(it)
            at = "UsedByStaging"
            it = get(at)
            made.used_by_staging = None if it is None else Usage.from_json(it)
            at = "UsedByCopy"
            it = get(at)
            made.used_by_copy = None if it is None else Usage.from_json(it)
            at = "UsedByRegister"
            it = get(at)
            made.used_by_register = None if it is None else Usage.from_json(it)
        except PROBLEMS as problem:
            error = unreadable("ImageStoreInfo", at, problem)
        else:
            made.__class__ = ImageStoreInfo
            value: ImageStoreInfo = made
            return value
        raise error


_ImageStoreInfoTwin = twin(ImageStoreInfo)


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadChunkRange:
    """Inclusive byte range that has not arrived yet.

    Attributes:
        start_position: First missing byte, in decimal.
        end_position: Last missing byte, in decimal.
    """

    start_position: int
    end_position: int

    @staticmethod
    def from_json(data: Any, /) -> UploadChunkRange:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _UploadChunkRangeTwin()
        at = ""
        try:
            get = data.get
            at = "StartPosition"
            it = data[at]
            made.start_position = whole(it)
            at = "EndPosition"
            it = data[at]
            made.end_position = whole(it)
        except PROBLEMS as problem:
            error = unreadable("UploadChunkRange", at, problem)
        else:
            made.__class__ = UploadChunkRange
            value: UploadChunkRange = made
            return value
        raise error


_UploadChunkRangeTwin = twin(UploadChunkRange)


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadSession:
    """Upload sessions.

    Attributes:
        upload_sessions: The sessions found.
    """

    upload_sessions: tuple[UploadSessionInfo, ...] = ()

    @staticmethod
    def from_json(data: Any, /) -> UploadSession:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _UploadSessionTwin()
        at = ""
        try:
            get = data.get
            at = "UploadSessions"
            it = get(at)
            made.upload_sessions = () if it is None else array(it, UploadSessionInfo.from_json)
        except PROBLEMS as problem:
            error = unreadable("UploadSession", at, problem)
        else:
            made.__class__ = UploadSession
            value: UploadSession = made
            return value
        raise error


_UploadSessionTwin = twin(UploadSession)


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadSessionInfo:
    """State of one upload session.

    Attributes:
        store_relative_path: Destination, spelled as the chunks spelled it.
        session_id: Id that the client chose.
        modified_date: When the last chunk was stored, UTC.
        file_size: Size of the whole file in bytes, in decimal.
        expected_ranges: Ranges still missing, ascending; empty when the session can be
            committed.
    """

    store_relative_path: str
    session_id: str
    modified_date: dt.datetime | None = None
    file_size: int
    expected_ranges: tuple[UploadChunkRange, ...] = ()

    @staticmethod
    def from_json(data: Any, /) -> UploadSessionInfo:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _UploadSessionInfoTwin()
        at = ""
        try:
            get = data.get
            at = "StoreRelativePath"
            it = data[at]
            made.store_relative_path = it if it.__class__ is str else text(it)
            at = "SessionId"
            it = data[at]
            made.session_id = it if it.__class__ is str else text(it)
            at = "ModifiedDate"
            it = get(at)
            made.modified_date = moment_or_none(it)
            at = "FileSize"
            it = data[at]
            made.file_size = whole(it)
            at = "ExpectedRanges"
            it = get(at)
            made.expected_ranges = () if it is None else array(it, UploadChunkRange.from_json)
        except PROBLEMS as problem:
            error = unreadable("UploadSessionInfo", at, problem)
        else:
            made.__class__ = UploadSessionInfo
            value: UploadSessionInfo = made
            return value
        raise error


_UploadSessionInfoTwin = twin(UploadSessionInfo)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Usage:
    """Share of the store used for one purpose.

    Attributes:
        used_space: Bytes in use, in decimal.
        file_count: Number of files, in decimal.
    """

    used_space: int | None = None
    file_count: int | None = None

    @staticmethod
    def from_json(data: Any, /) -> Usage:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _UsageTwin()
        at = ""
        try:
            get = data.get
            at = "UsedSpace"
            it = get(at)
            made.used_space = whole_or_none(it)
            at = "FileCount"
            it = get(at)
            made.file_count = whole_or_none(it)
        except PROBLEMS as problem:
            error = unreadable("Usage", at, problem)
        else:
            made.__class__ = Usage
            value: Usage = made
            return value
        raise error


_UsageTwin = twin(Usage)
