"""A local LUSID scheduler with its OAuth endpoint: `LusidServer`, and the `Trouble` that it can make."""

from imageapis.testing import extra  # noqa: F401 - says what to install where it is not
from imageapis.testing.lusid.server import LusidServer, Trouble

__all__ = ["LusidServer", "Trouble"]
