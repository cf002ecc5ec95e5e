"""The image store of a Service Fabric cluster: list, copy, delete, and uploads that go on where they stopped.

`ImageStore` blocks, `AsyncImageStore` is awaited; both take a login from `auth`.
`ImageStores` and `AsyncImageStores` send a package to several of them.
"""

from typing import TYPE_CHECKING

from imageapis.core.lazy_imports import lazy_imports
from imageapis.servicefabric import auth
from imageapis.servicefabric.client import AsyncImageStore, ImageStore
from imageapis.servicefabric.package import PackageReport

if TYPE_CHECKING:
    from imageapis.servicefabric.fleet import AsyncImageStores, Delivery, FleetReport, ImageStores
    from imageapis.servicefabric.models import ByteRange, Resume, StoreFolder, UploadSession
    from imageapis_generated.servicefabric.values import (
        DiskInfo,
        FileVersion,
        FolderSize,
        ImageStoreInfo,
        StoreFile,
        Usage,
    )

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

__getattr__, __dir__ = lazy_imports(
    __name__,
    {
        "imageapis.servicefabric.fleet": ("AsyncImageStores", "Delivery", "FleetReport", "ImageStores"),
        "imageapis.servicefabric.models": ("ByteRange", "Resume", "StoreFolder", "UploadSession"),
        "imageapis_generated.servicefabric.values": (
            "DiskInfo",
            "FileVersion",
            "FolderSize",
            "ImageStoreInfo",
            "StoreFile",
            "Usage",
        ),
    },
)
