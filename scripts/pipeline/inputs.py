"""One digest over all that decides the package of a service, so that what has not changed need not be made anew.

specs/lock.toml keeps it as the service's `inputs`. It says when to regenerate, never what is right: `check` makes
every package anew and leaves it out of what it compares.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pipeline import tools, tree

if TYPE_CHECKING:
    from scripts.pipeline.lock import ServiceLock
    from scripts.pipeline.project import Service

#: The name of the digest in lock.toml.
INPUTS = "inputs"
_SOURCES = Path(__file__).parent
_KINDS = {".py", ".jinja"}


def own_files(service: Service) -> dict[str, str]:
    """The SHA-256 of each file that people write of a service, by what it is."""
    files = {"document": service.document, "overlay": service.overlay, "config": service.config}
    return {what: tree.file_hash(path) for what, path in files.items()}


def digest(service: Service, record: ServiceLock) -> str:
    """The SHA-256 of a service's own files, its name and selection, the pinned tools and the pipeline's sources."""
    said = [service.name, own_files(service), list(record.select), tools.pinned(), pipeline_digest(_SOURCES)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def own_files_unchanged(service: Service, record: ServiceLock) -> bool:
    """Whether a service's own files are those of the last regeneration."""
    return own_files(service).items() <= record.hashes.items()


def unchanged(service: Service, record: ServiceLock) -> bool:
    """Whether all that decides the package of a service is as it was at the last regeneration."""
    return record.hashes.get(INPUTS) == digest(service, record)


@cache
def pipeline_digest(folder: Path) -> str:
    """One SHA-256 over the modules and templates below a folder, whatever their line ends are."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _KINDS:
            name, text = path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
            total.update(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n".encode())
    return total.hexdigest()
