"""An image as it can be pushed: its manifest and its blobs, as ranges of what lies on disk."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from imageapis.lusid.archive import Files, Part

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@attrs.frozen
class Blob:
    """A config or a layer.

    Attributes:
        digest: Its digest, `sha256:…`.
        size: Bytes.
        media_type: What it is.
        part: Where its bytes are.
    """

    digest: str
    size: int
    media_type: str
    part: Part

    @property
    def descriptor(self) -> dict[str, Any]:
        """What a manifest says of it."""
        return {"mediaType": self.media_type, "size": self.size, "digest": self.digest}


@attrs.frozen
class LocalImage:
    """An image that can be pushed; `close()` it at the end.

    Attributes:
        manifest: The manifest, byte by byte as it will be in the registry.
        media_type: Its type.
        blobs: The config and the layers, each once.
        platform: What it runs on, e.g. `linux/amd64`; `None` if it does not say.
        files: Where it lies.
    """

    manifest: bytes
    media_type: str
    blobs: tuple[Blob, ...]
    platform: str | None
    files: Files = attrs.field(repr=False)

    @property
    def digest(self) -> str:
        """The digest of the manifest: the image's own."""
        return digest_of(self.manifest)

    @property
    def size(self) -> int:
        """Bytes of all blobs."""
        return sum(blob.size for blob in self.blobs)

    def close(self) -> None:
        """Let go of the files."""
        self.files.close()


def digest_of(content: bytes) -> str:
    """Return the digest of some bytes as registries write it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def unique(blobs: list[Blob]) -> tuple[Blob, ...]:
    """Return the blobs, each once."""
    # Empty layers in particular occur more than once.
    return tuple({blob.digest: blob for blob in blobs}.values())
