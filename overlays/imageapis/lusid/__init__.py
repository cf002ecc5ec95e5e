"""LUSID's scheduler images: `SchedulerImages` and `AsyncSchedulerImages`, what they return, and `auth` to log in."""

from imageapis.core.progress import Progress
from imageapis.lusid import auth
from imageapis.lusid.client import AsyncSchedulerImages, SchedulerImages
from imageapis.lusid.faults import OperationRetired
from imageapis.lusid.instructions import UploadInstructions
from imageapis.lusid.models import (
    Image,
    ImageSummary,
    Link,
    Repository,
    ScanReport,
    ScanSummary,
    Tag,
    Vulnerability,
)
from imageapis.lusid.names import InvalidName, InvalidQuery

__all__ = [
    "AsyncSchedulerImages",
    "Image",
    "ImageSummary",
    "InvalidName",
    "InvalidQuery",
    "Link",
    "OperationRetired",
    "Progress",
    "Repository",
    "ScanReport",
    "ScanSummary",
    "SchedulerImages",
    "Tag",
    "UploadInstructions",
    "Vulnerability",
    "auth",
]
