"""What every registry here tells of the images in it, whichever way it finds a manifest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class Images(ABC):
    """The images of a registry, by their tags."""

    @abstractmethod
    def manifest(self, repository: str, tag: str) -> tuple[str, dict[str, Any]] | None:
        """Return digest and content of the manifest under a tag, or `None`."""

    def find(self, repository: str, tag: str) -> tuple[str, int] | None:
        """Return digest and size of the image under a tag, or `None`."""
        found = self.manifest(repository, tag)
        if found is None:
            return None
        digest, manifest = found
        return digest, sum(it["size"] for it in (manifest["config"], *manifest["layers"]))
