"""Where things stand: the folders of a project and the files of one service.

Services are found by listing specs/; no other module knows a service by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT_NAMES = ("swagger.json", "swagger.yaml", "openapi.yaml")
PACKAGE = "imageapis_generated"
DRAFT = "draft.toml"  # in a folder of specs/ that is no service yet


@dataclass(frozen=True)
class Service:
    """The files of one service under specs/<name>/."""

    name: str
    folder: Path

    @property
    def document(self) -> Path:
        """The API document as published: exactly one of the names in `DOCUMENT_NAMES`."""
        found = [self.folder / name for name in DOCUMENT_NAMES if (self.folder / name).is_file()]
        if len(found) != 1:
            names = ", ".join(path.name for path in found) or "none"
            raise PipelineError(
                f"specs/{self.name} must hold exactly one API document ({' or '.join(DOCUMENT_NAMES)}), found {names}."
            )
        return found[0]

    @property
    def overlay(self) -> Path:
        """What the document gets wrong or omits."""
        return self._present("overlay.yaml")

    @property
    def config(self) -> Path:
        """Settings of the generator."""
        return self._present("generator.yaml")

    @property
    def derived(self) -> Path:
        """The document that the generator reads; written by the pipeline."""
        return self.folder / "openapi.json"

    def label(self, path: Path) -> str:
        """The path as messages name it, relative to the project."""
        return f"specs/{self.name}/{path.name}"

    def _present(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise PipelineError(f"specs/{self.name}/{name} is missing: every service has one, even if it says nothing.")
        return path


@dataclass(frozen=True)
class Project:
    """A checkout (or a scratch copy of one): the folders that the pipeline reads and writes."""

    root: Path

    @property
    def specs(self) -> Path:
        """One folder a service, and lock.toml."""
        return self.root / "specs"

    @property
    def generated(self) -> Path:
        """The package of generated packages."""
        return self.root / "generated" / PACKAGE

    @property
    def lock(self) -> Path:
        """Sources, hashes and tool versions."""
        return self.specs / "lock.toml"

    def services(self) -> list[Service]:
        """Every service that has a folder in specs/, by name; drafts are none yet."""
        if not self.specs.is_dir():
            raise PipelineError(f"{self.root} has no specs/ folder: run this in a checkout of the project.")
        folders = sorted(path for path in self.specs.iterdir() if path.is_dir() and not path.name.startswith("."))
        folders = [folder for folder in folders if not (folder / DRAFT).exists()]
        for folder in folders:
            if not folder.name.isidentifier():
                raise PipelineError(f"specs/{folder.name} cannot become a Python package: rename the folder.")
        return [Service(folder.name, folder) for folder in folders]

    def service(self, name: str) -> Service:
        """The service of that name; a name without a folder is refused with the names that exist."""
        services = {service.name: service for service in self.services()}
        if name not in services:
            raise PipelineError(f"There is no service {name!r} in specs/: it has {', '.join(services) or 'none'}.")
        return services[name]
