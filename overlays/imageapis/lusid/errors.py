"""What only LUSID's client raises; all but the warning belong to the tree of `imageapis.errors`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.errors import ImageApiError, NotFound

if TYPE_CHECKING:
    from imageapis_generated.lusid.values import Image

#: Characters of an error's text that quotes what somebody else wrote.
LONGEST_TEXT = 2000


class InvalidName(ImageApiError, ValueError):
    """A name that the service cannot take; nothing was sent."""


class InvalidQuery(ImageApiError, ValueError):
    """A bound, filter or page token that the service cannot take; nothing was sent."""


class InvalidImage(ImageApiError, ValueError):
    """A local image that cannot be pushed: damaged, incomplete, or of no known format."""

    def __init__(self, message: str) -> None:
        # What it quotes comes out of the image, and names there may have any length.
        super().__init__(message if len(message) <= LONGEST_TEXT else message[:LONGEST_TEXT] + "…")


class OperationRetired(NotFound):
    """The service no longer has this operation; see `status` for what it answered (404 or 405)."""


class ScanFailed(ImageApiError):
    """A scan that ended without a result, or that found what is too much.

    Attributes:
        image: The image with the report of its scan.
    """

    def __init__(self, message: str, image: Image) -> None:
        super().__init__(message)
        self.image = image


class PlatformWarning(UserWarning):
    """An image is built for another platform than the one that LUSID runs images on."""
