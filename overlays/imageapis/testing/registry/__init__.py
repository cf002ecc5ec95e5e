"""Registries for the push: Debian's own (`DockerRegistry`), and `facade` with the quirks of others before it."""

from imageapis.testing.registry.docker import PASSWORD, PROGRAM, USERNAME, DockerRegistry, available

__all__ = ["PASSWORD", "PROGRAM", "USERNAME", "DockerRegistry", "available"]
