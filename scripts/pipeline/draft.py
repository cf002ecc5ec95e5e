"""A service that cannot be generated yet: kept in specs/<name>/ with a mark, until `add_service --resume` takes it on.

Every other command leaves drafts alone: a folder of specs/ with `draft.toml` in it is no service.
"""

from __future__ import annotations

import io
import re
import tomllib
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from scripts.pipeline import build, documents
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.lock import Lock, ServiceLock, service_table, services
from scripts.pipeline.project import DRAFT

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.pipeline.documents import Document
    from scripts.pipeline.holes import Hole
    from scripts.pipeline.project import Service

_HEAD = "# This service is a draft: mend overlay.yaml, then run nox -s add_service -- {name} --resume\n"
_EMPTY = """\
overlay: 1.0.0
info:
  title: What the document of {name} gets wrong or omits
  version: 1.0.0
actions: []
"""
_SETTINGS = """\
# Settings of the generator for this service. The pipeline formats its output, so there are no hooks here.
"""
_ROUNDS = 200  # of mending: a mend may uncover another fault


def begin(folder: Path, name: str, document: Document, record: ServiceLock) -> None:
    """Write the folder of a new draft: the document, an overlay that mends nothing yet, settings, and the mark."""
    folder.mkdir()
    if "swagger" in document:
        _write(folder / "swagger.json", documents.to_json(document))
    else:
        _write(folder / "openapi.yaml", documents.to_yaml(document))
    _write(folder / "overlay.yaml", _EMPTY.format(name=name))
    _write(folder / "generator.yaml", _SETTINGS)
    _write(folder / DRAFT, _HEAD.format(name=name) + "\n".join(service_table(name, record)) + "\n")


def read(folder: Path) -> ServiceLock:
    """What `begin` recorded of a draft."""
    label = f"specs/{folder.name}/{DRAFT}"
    try:
        loaded = tomllib.loads((folder / DRAFT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PipelineError(f"{folder.name!r} is no draft: there is no {label} to resume.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise PipelineError(f"{label} is not valid TOML: {broken}.") from broken
    return Lock(services=services(loaded, label)).service(folder.name)


def mend(service: Service, rules: tuple[str, ...]) -> list[dict[str, Any]]:
    """Add to a draft's overlay every mend that is the only sound answer; the mends made."""
    label, overlay_label = service.label(service.document), service.label(service.overlay)
    document = documents.read(service.document, label)
    made: list[dict[str, Any]] = []
    for _ in range(_ROUNDS):
        mends = documents.read(service.overlay, overlay_label)
        found = build.open_holes(document, rules, mends, (label, overlay_label))
        actions = _together(found)
        if not actions:
            break
        _append(service.overlay, actions)
        made += actions
    return made


def _together(holes: list[Hole]) -> list[dict[str, Any]]:
    """The mends that can be made in one round: none on what another removes, one removal from a list."""
    actions: list[dict[str, Any]] = []
    removed: list[str] = []
    for hole in holes:
        targets = [action["target"] for action in hole.mends]
        if any(target.startswith(tuple(removed)) for target in targets):
            continue
        actions += hole.mends
        removed += [re.sub(r"\[\d+\]$", "[", action["target"]) for action in hole.mends if action.get("remove", False)]
    return actions


def _append(path: Path, actions: list[dict[str, Any]]) -> None:
    """Add actions to an overlay, and keep the comments and the order of what a person wrote."""
    if not actions:
        return
    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    loaded: Any = yaml.load(path.read_text(encoding="utf-8"))
    listed = loaded["actions"]
    if not listed:
        loaded["actions"] = [*actions]
    else:
        listed.extend(actions)
    out = io.StringIO()
    yaml.dump(loaded, out)
    _write(path, out.getvalue())


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
