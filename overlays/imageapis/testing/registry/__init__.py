"""Registries for the push: one in this process, Debian's own, and `facade` with the quirks of others before either."""

from imageapis.testing.registry.docker import PASSWORD, PROGRAM, USERNAME, DockerRegistry, available
from imageapis.testing.registry.embedded import EmbeddedRegistry

__all__ = ["PASSWORD", "PROGRAM", "USERNAME", "DockerRegistry", "EmbeddedRegistry", "available"]
