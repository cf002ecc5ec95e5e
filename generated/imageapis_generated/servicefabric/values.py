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
        path: Its path from the root, with `/`; "" is the root.
        file_count: Files at all depths below it, marks included. The store counts modulo
            65,536.
    """

    path: str
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
            made.path = it if it.__class__ is str else text(it)
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
class FolderSize:
    """Bytes below one folder.

    Attributes:
        path: Its path from the root, with `/`; "" is the root.
        size: Bytes of all files below it.
    """

    path: str
    size: int

    @staticmethod
    def from_json(data: Any, /) -> FolderSize:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _FolderSizeTwin()
        at = ""
        try:
            get = data.get
            at = "StoreRelativePath"
            it = data[at]
            made.path = it if it.__class__ is str else text(it)
            at = "FolderSize"
            it = data[at]
            made.size = whole(it)
        except PROBLEMS as problem:
            error = unreadable("FolderSize", at, problem)
        else:
            made.__class__ = FolderSize
            value: FolderSize = made
            return value
        raise error


_FolderSizeTwin = twin(FolderSize)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageStoreContent:
    """One page of a listing.

    Attributes:
        store_files: Files directly below the path.
        store_folders: Folders directly below the path.
        continuation_token: Token of the next page; empty on the last one.
    """

    store_files: tuple[StoreFile, ...] = ()
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
            made.store_files = () if it is None else array(it, StoreFile.from_json)
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
class StoreFile:
    """One stored file.

    Attributes:
        size: Bytes of the whole file.
        version: Version the store gave to a file.
        modified: When the file was stored, UTC.
        path: Its path from the root, with `/` whatever the cluster runs on, in the spelling of
            its first upload.
    """

    size: int
    version: FileVersion | None = None
    modified: dt.datetime | None = None
    path: str

    @staticmethod
    def from_json(data: Any, /) -> StoreFile:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _StoreFileTwin()
        at = ""
        try:
            get = data.get
            at = "FileSize"
            it = data[at]
            made.size = whole(it)
            at = "FileVersion"
            it = get(at)
            made.version = None if it is None else FileVersion.from_json(it)
            at = "ModifiedDate"
            it = get(at)
            made.modified = moment_or_none(it)
            at = "StoreRelativePath"
            it = data[at]
            made.path = it if it.__class__ is str else text(it)
        except PROBLEMS as problem:
            error = unreadable("StoreFile", at, problem)
        else:
            made.__class__ = StoreFile
            value: StoreFile = made
            return value
        raise error


_StoreFileTwin = twin(StoreFile)


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadChunkRange:
    """A range of bytes.

    Attributes:
        start: The first byte.
        end: The last byte, as in `Content-Range`.
    """

    start: int
    end: int

    @staticmethod
    def from_json(data: Any, /) -> UploadChunkRange:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _UploadChunkRangeTwin()
        at = ""
        try:
            get = data.get
            at = "StartPosition"
            it = data[at]
            made.start = whole(it)
            at = "EndPosition"
            it = data[at]
            made.end = whole(it)
        except PROBLEMS as problem:
            error = unreadable("UploadChunkRange", at, problem)
        else:
            made.__class__ = UploadChunkRange
            value: UploadChunkRange = made
            return value
        raise error


_UploadChunkRangeTwin = twin(UploadChunkRange)


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadSessionInfo:
    """State of one upload session.

    Attributes:
        path: Where the file will be, with `/`, spelled as the chunks spelled it.
        id: Id that the client chose.
        modified: When its latest chunk was stored, UTC. A session ends half an hour after that.
        size: Bytes of the whole file.
        missing: What has not arrived yet, in order. It stays one range for a file without
            bytes: such a file cannot be committed through a session. A committed session stays
            for a while, with nothing missing.
    """

    path: str
    id: str
    modified: dt.datetime | None = None
    size: int
    missing: tuple[UploadChunkRange, ...] = ()

    @staticmethod
    def from_json(data: Any, /) -> UploadSessionInfo:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _UploadSessionInfoTwin()
        at = ""
        try:
            get = data.get
            at = "StoreRelativePath"
            it = data[at]
            made.path = it if it.__class__ is str else text(it)
            at = "SessionId"
            it = data[at]
            made.id = it if it.__class__ is str else text(it)
            at = "ModifiedDate"
            it = get(at)
            made.modified = moment_or_none(it)
            at = "FileSize"
            it = data[at]
            made.size = whole(it)
            at = "ExpectedRanges"
            it = get(at)
            made.missing = () if it is None else array(it, UploadChunkRange.from_json)
        except PROBLEMS as problem:
            error = unreadable("UploadSessionInfo", at, problem)
        else:
            made.__class__ = UploadSessionInfo
            value: UploadSessionInfo = made
            return value
        raise error


_UploadSessionInfoTwin = twin(UploadSessionInfo)


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadSessions:
    """Upload sessions.

    Attributes:
        sessions: The sessions found.
    """

    sessions: tuple[UploadSessionInfo, ...] = ()

    @staticmethod
    def from_json(data: Any, /) -> UploadSessions:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _UploadSessionsTwin()
        at = ""
        try:
            get = data.get
            at = "UploadSessions"
            it = get(at)
            made.sessions = () if it is None else array(it, UploadSessionInfo.from_json)
        except PROBLEMS as problem:
            error = unreadable("UploadSessions", at, problem)
        else:
            made.__class__ = UploadSessions
            value: UploadSessions = made
            return value
        raise error


_UploadSessionsTwin = twin(UploadSessions)


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
