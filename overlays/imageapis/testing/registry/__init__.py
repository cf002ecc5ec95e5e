"""Registries for the push: one in this process, Debian's own, and `facade` with the quirks of others before either."""

from imageapis.testing import extra  # noqa: F401 - says what to install where it is not
from imageapis.testing.registry.docker import PASSWORD, PROGRAM, USERNAME, DockerRegistry, available
from imageapis.testing.registry.embedded import EmbeddedRegistry

__all__ = ["PASSWORD", "PROGRAM", "USERNAME", "DockerRegistry", "EmbeddedRegistry", "available"]
