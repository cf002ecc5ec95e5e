"""LUSID's scheduler images: `SchedulerImages` and `AsyncSchedulerImages`, what they return, and `auth` to log in."""

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from imageapis.lusid.instructions import UploadInstructions

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


def __getattr__(name: str) -> Any:
    # Imported when it is first asked for, like all that only an upload needs.
    if name == "UploadInstructions":
        from imageapis.lusid.instructions import UploadInstructions

        return UploadInstructions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
