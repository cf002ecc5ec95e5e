"""Request bodies of blobs: streamed from where the image lies, and checked against the blob's digest on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imageapis.core.body import Body
from imageapis.lusid.errors import InvalidImage

if TYPE_CHECKING:
    from imageapis.lusid.local_image import Blob


def whole(blob: Blob) -> Body:
    """Return the body of a whole blob."""
    return blob.part.source.body(blob.part.start, blob.size, digest=lambda found: _check_digest(blob, found))


class RunningHash:
    """The digest of a blob that is sent in several bodies, each of which may be read more than once."""

    def __init__(self) -> None:
        import hashlib

        self._kept = hashlib.sha256()
        self._running = self._kept

    def body(self, blob: Blob, start: int, size: int, *, expected: Blob | None = None) -> Body:
        """Return the body of one chunk; that of the last one checks the whole blob's digest."""
        source, position = blob.part.source, blob.part.start + start

        def blocks() -> Any:
            self._running = self._kept.copy()
            held = b""
            for block in source.blocks(position, size):
                self._running.update(block)
                if held:
                    yield held
                held = block
            # Before the last block goes out: without it the request is incomplete, and so is the blob.
            if expected is not None:
                _check_digest(expected, self._running.hexdigest())
            if held:
                yield held

        return Body(size, blocks)

    def keep(self) -> None:
        """Go on from the end of the last body."""
        self._kept = self._running


def _check_digest(blob: Blob, found: str) -> None:
    """Refuse a blob whose bytes do not have its digest; it is never completed in the registry."""
    if f"sha256:{found}" != blob.digest:
        raise InvalidImage(
            f"The bytes of the blob {blob.digest} have the digest sha256:{found}: the image is damaged. Save it again."
        )
