"""LUSID's scheduler images: `SchedulerImages` and `AsyncSchedulerImages`, what they return, and `auth` to log in."""

from imageapis.core.progress import Progress
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
from imageapis.lusid.instructions import UploadInstructions
from imageapis.lusid.models import (
    Image,
    ImageSummary,
    Link,
    PushedImage,
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
