"""LUSID's scheduler images: `SchedulerImages` and `AsyncSchedulerImages`, what they return, and `auth` to log in."""

from typing import TYPE_CHECKING

from imageapis.core.lazy_imports import lazy_imports
from imageapis.lusid import auth
from imageapis.lusid.client import AsyncSchedulerImages, SchedulerImages
from imageapis.lusid.errors import (
    InvalidImage,
    InvalidName,
    InvalidQuery,
    OperationRetired,
    PlatformWarning,
    ScanFailed,
)

if TYPE_CHECKING:
    from imageapis.core.progress import Progress
    from imageapis.lusid.instructions import UploadInstructions
    from imageapis.lusid.models import PushedImage
    from imageapis_generated.lusid.values import (
        Image,
        ImageSummary,
        Link,
        Repository,
        ScanReport,
        ScanSummary,
        Tag,
        Vulnerability,
    )

__all__ = [
    "AsyncSchedulerImages",
    "Image",
    "ImageSummary",
    "InvalidImage",
    "InvalidName",
    "InvalidQuery",
    "Link",
    "OperationRetired",
    "PlatformWarning",
    "Progress",
    "PushedImage",
    "Repository",
    "ScanFailed",
    "ScanReport",
    "ScanSummary",
    "SchedulerImages",
    "Tag",
    "UploadInstructions",
    "Vulnerability",
    "auth",
]

__getattr__, __dir__ = lazy_imports(
    __name__,
    {
        "imageapis.core.progress": ("Progress",),
        "imageapis.lusid.instructions": ("UploadInstructions",),
        "imageapis.lusid.models": ("PushedImage",),
        "imageapis_generated.lusid.values": (
            "Image",
            "ImageSummary",
            "Link",
            "Repository",
            "ScanReport",
            "ScanSummary",
            "Tag",
            "Vulnerability",
        ),
    },
)
