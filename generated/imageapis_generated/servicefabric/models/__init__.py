# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""Contains all the data models used in inputs/outputs"""

from .aad_metadata import AadMetadata
from .aad_metadata_object import AadMetadataObject
from .disk_info import DiskInfo
from .fabric_error import FabricError
from .fabric_error_error import FabricErrorError
from .file_info import FileInfo
from .file_version import FileVersion
from .folder_info import FolderInfo
from .folder_size_info import FolderSizeInfo
from .image_store_content import ImageStoreContent
from .image_store_copy_description import ImageStoreCopyDescription
from .image_store_info import ImageStoreInfo
from .upload_chunk_range import UploadChunkRange
from .upload_session import UploadSession
from .upload_session_info import UploadSessionInfo
from .usage_info import UsageInfo

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
