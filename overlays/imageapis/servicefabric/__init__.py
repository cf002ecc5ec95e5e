"""The image store of a Service Fabric cluster: list, copy, delete, and uploads that go on where they stopped.

`ImageStore` blocks, `AsyncImageStore` is awaited; both take a login from `auth`.
`ImageStores` and `AsyncImageStores` send a package to several of them.
"""

from imageapis.servicefabric import auth
from imageapis.servicefabric.client import AsyncImageStore, ImageStore
from imageapis.servicefabric.fleet import AsyncImageStores, Delivery, FleetReport, ImageStores
from imageapis.servicefabric.models import (
    ByteRange,
    DiskInfo,
    FileVersion,
    FolderSize,
    ImageStoreInfo,
    Resume,
    StoreFile,
    StoreFolder,
    UploadSession,
    Usage,
)
from imageapis.servicefabric.package import PackageReport

__all__ = [
    "AsyncImageStore",
    "AsyncImageStores",
    "ByteRange",
    "Delivery",
    "DiskInfo",
    "FileVersion",
    "FleetReport",
    "FolderSize",
    "ImageStore",
    "ImageStoreInfo",
    "ImageStores",
    "PackageReport",
    "Resume",
    "StoreFile",
    "StoreFolder",
    "UploadSession",
    "Usage",
    "auth",
]
