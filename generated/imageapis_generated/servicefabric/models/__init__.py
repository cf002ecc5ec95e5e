# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The models of the service, each imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .aad_metadata import AadMetadata as AadMetadata
    from .aad_metadata_object import AadMetadataObject as AadMetadataObject
    from .disk_info import DiskInfo as DiskInfo
    from .fabric_error import FabricError as FabricError
    from .fabric_error_error import FabricErrorError as FabricErrorError
    from .file_info import FileInfo as FileInfo
    from .file_version import FileVersion as FileVersion
    from .folder_info import FolderInfo as FolderInfo
    from .folder_size_info import FolderSizeInfo as FolderSizeInfo
    from .image_store_content import ImageStoreContent as ImageStoreContent
    from .image_store_copy_description import (
        ImageStoreCopyDescription as ImageStoreCopyDescription,
    )
    from .image_store_info import ImageStoreInfo as ImageStoreInfo
    from .upload_chunk_range import UploadChunkRange as UploadChunkRange
    from .upload_session import UploadSession as UploadSession
    from .upload_session_info import UploadSessionInfo as UploadSessionInfo
    from .usage_info import UsageInfo as UsageInfo

__all__ = (
    "AadMetadata",
    "AadMetadataObject",
    "DiskInfo",
    "FabricError",
    "FabricErrorError",
    "FileInfo",
    "FileVersion",
    "FolderInfo",
    "FolderSizeInfo",
    "ImageStoreContent",
    "ImageStoreCopyDescription",
    "ImageStoreInfo",
    "UploadChunkRange",
    "UploadSession",
    "UploadSessionInfo",
    "UsageInfo",
)

if not TYPE_CHECKING:
    _HOMES = {
        "AadMetadata": "aad_metadata",
        "AadMetadataObject": "aad_metadata_object",
        "DiskInfo": "disk_info",
        "FabricError": "fabric_error",
        "FabricErrorError": "fabric_error_error",
        "FileInfo": "file_info",
        "FileVersion": "file_version",
        "FolderInfo": "folder_info",
        "FolderSizeInfo": "folder_size_info",
        "ImageStoreContent": "image_store_content",
        "ImageStoreCopyDescription": "image_store_copy_description",
        "ImageStoreInfo": "image_store_info",
        "UploadChunkRange": "upload_chunk_range",
        "UploadSession": "upload_session",
        "UploadSessionInfo": "upload_session_info",
        "UsageInfo": "usage_info",
    }

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
            return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
