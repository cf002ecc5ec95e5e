"""Puts the steps in order: from the specs of a project to everything that is derived from them, in a staging folder.

Nothing here writes into the project: `publish` does that at the end, all or nothing.
"""

from __future__ import annotations

import dataclasses
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pipeline import (
    client_generator,
    documents,
    generate,
    holes,
    inputs,
    overlay,
    printing,
    select,
    tools,
    tree,
    validate,
)
from scripts.pipeline.convert import convert
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.lock import Lock, ServiceLock, read_lock, to_toml
from scripts.pipeline.project import PACKAGE, Project, Service
from scripts.pipeline.swap import Replacement, swap

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import Settings


@dataclass(frozen=True)
class Build:
    """What the specs give: a staged package, a derived document a service, and the lock that describes them."""

    services: list[Service]
    staging: Path
    lock: Lock
    taken: frozenset[str] = frozenset()  # the services that were not made anew

    @property
    def generated(self) -> Path:
        """The staged package of packages."""
        return self.staging / PACKAGE

    def derived(self, service: Service) -> Path:
        """The staged openapi.json of a service."""
        return self.staging / f"{service.name}.json"

    @property
    def lock_file(self) -> Path:
        """The staged lock.toml."""
        return self.staging / "lock.toml"


def openapi3(document: Document, rules: tuple[str, ...], mends: Document, labels: tuple[str, str]) -> Document:
    """The selected operations of a document, as OpenAPI 3, before the overlay's actions on that form.

    Args:
        document: The document, which must stand alone.
        rules: What to select.
        mends: The overlay, whose actions on Swagger 2.0 are applied.
        labels: How messages name the document and the overlay.
    """
    validate.version(document, labels[0])
    selected = select.select(document, rules, labels[0])
    if "swagger" not in selected:
        lost = next((action for action in overlay.actions(mends, labels[1]) if action.early), None)
        if lost is not None:
            raise PipelineError(f"{labels[1]}: {lost} says {overlay.BEFORE_CONVERSION}, but nothing is converted here.")
        return selected
    early = overlay.apply(selected, mends, labels[1], early=True)
    holes.refuse(_before_conversion(early, labels[0]), labels[0])
    return convert(early, labels[0])


def _before_conversion(document: Document, label: str) -> list[holes.Hole]:
    """What Swagger 2.0 does not allow, with mends that say for which form they are."""
    early = {overlay.BEFORE_CONVERSION: True}
    return [
        dataclasses.replace(
            hole,
            mends=[{**action, **early} for action in hole.mends],
            proposal=[{**action, **early} for action in hole.proposal],
        )
        for hole in validate.problems(document, label)
    ]


def open_holes(
    document: Document, rules: tuple[str, ...], mends: Document, labels: tuple[str, str]
) -> list[holes.Hole]:
    """Every hole that a document has with its overlay: in Swagger 2.0, else in OpenAPI 3."""
    if "swagger" in document:
        early = overlay.apply(select.select(document, rules, labels[0]), mends, labels[1], early=True)
        if found := _before_conversion(early, labels[0]):
            return found
    mended = overlay.apply(openapi3(document, rules, mends, labels), mends, labels[1])
    return validate.problems(mended, labels[0])


def settings(service: Service) -> Settings:
    """The checked settings of generator.yaml; a file that holds only comments means the defaults."""
    label = service.label(service.config)
    config = documents.read(service.config, label) if says_something(service.config) else {}
    return client_generator.check_config(config, label)


def derive(service: Service, record: ServiceLock) -> tuple[Document, Settings]:
    """What the generator shall read for a service, and its settings."""
    config = settings(service)
    label = service.label(service.document)
    overlay_label = service.label(service.overlay)
    mends = documents.read(service.overlay, overlay_label)
    converted = openapi3(documents.read(service.document, label), record.select, mends, (label, overlay_label))
    mended = overlay.apply(converted, mends, overlay_label)
    derived_label = f"{label} after its overlay"
    holes.refuse(validate.problems(mended, derived_label), derived_label)
    return mended, config


def says_something(config: Path) -> bool:
    """Whether a settings file has a line that is not a comment: an empty one is the defaults."""
    lines = config.read_text(encoding="utf-8", errors="replace").splitlines()
    return any(line.strip() and not line.lstrip().startswith("#") for line in lines)


def build(project: Project, staging: Path, *, only: str | None = None, published: Project | None = None) -> Build:
    """Derive, generate and format the services of a project into an empty folder.

    Args:
        project: whose specs are read.
        staging: the folder.
        only: the one service that is made anew whatever has changed; of the others, what people write decides alone.
        published: a project without edits by hand, from which unchanged services are taken as they are; by default
            all are made anew.
    """
    tools.check_tools()
    services = project.services()
    if not services:
        raise PipelineError("specs/ holds no service yet: add one with nox -s add_service.")
    before = read_lock(project)
    unknown = sorted(before.services.keys() - {service.name for service in services})
    if unknown:
        raise PipelineError(
            f"specs/lock.toml records {unknown[0]!r}, which has no folder in specs/: delete its tables."
        )
    made = Build(services, staging, Lock())
    made.generated.mkdir(parents=True)
    taken: set[str] = set()
    for service in services:
        record = before.service(service.name)
        same = inputs.own_files_unchanged if only else inputs.unchanged
        source = published if service.name != only and same(service, record) else None
        if source is not None and _take(service, source, made):
            taken.add(service.name)
            continue
        document, config = derive(service, record)
        made.derived(service).write_text(documents.to_json(document), encoding="utf-8", newline="\n")
        target = made.generated / service.name
        generate.generate(service.name, document, config, target)
    generate.write_package_files(made.generated)
    generate.format_package(made.generated, leaving=taken)
    return _with_lock(dataclasses.replace(made, taken=frozenset(taken)), before)


def _take(service: Service, published: Project, made: Build) -> bool:
    """Take over a published package; whether there is one."""
    package, derived = published.generated / service.name, published.specs / service.name / "openapi.json"
    if not package.is_dir() or not derived.is_file():
        return False
    shutil.copytree(package, made.generated / service.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(derived, made.derived(service))
    return True


def _with_lock(made: Build, before: Lock) -> Build:
    records = {}
    for service in made.services:
        record = before.service(service.name)
        if service.name not in made.taken:
            hashes = {
                **inputs.own_files(service),
                "openapi": tree.file_hash(made.derived(service)),
                "generated": tree.tree_hash(made.generated / service.name),
                inputs.INPUTS: inputs.digest(service, record),
            }
            record = dataclasses.replace(record, hashes=hashes)
        records[service.name] = record
    lock = Lock(tools.pinned(), tree.tree_hash(made.generated), records)
    made.lock_file.write_text(to_toml(lock), encoding="utf-8", newline="\n")
    return dataclasses.replace(made, lock=lock)


def refuse_hand_edits(project: Project) -> None:
    """Raise `PipelineError` when a generated file is not what the last regeneration wrote."""
    lock = read_lock(project)
    for name, record in lock.services.items():
        package, derived = project.generated / name, project.specs / name / "openapi.json"
        if "generated" in record.hashes and package.is_dir() and tree.tree_hash(package) != record.hashes["generated"]:
            raise _edited(f"generated/{PACKAGE}/{name}")
        if "openapi" in record.hashes and derived.is_file() and tree.file_hash(derived) != record.hashes["openapi"]:
            raise _edited(f"specs/{name}/openapi.json")
    if lock.tree and project.generated.is_dir():
        strangers = {path.name for path in project.generated.iterdir()} - _known_entries(lock)
        if strangers:
            raise _edited(f"generated/{PACKAGE}/{min(strangers)}")
        whole = all((project.generated / name).is_dir() for name in lock.services)
        if whole and tree.tree_hash(project.generated) != lock.tree:
            raise _edited(f"generated/{PACKAGE}/__init__.py")


def _known_entries(lock: Lock) -> set[str]:
    shared = {"__init__.py", "py.typed", *printing.shared_sources()}
    return {*lock.services, *shared, "__pycache__", ".ruff_cache", ".mypy_cache"}


def _edited(where: str) -> PipelineError:
    return PipelineError(
        f"{where} was edited by hand since the last regeneration (its hash is not the one in specs/lock.toml): move "
        "the change into the spec or its overlay, or pass --force to overwrite it."
    )


def differences(project: Project, made: Build) -> list[str]:
    """Every file of the project that is not what its specs give, by its path in the project."""
    lines = [f"generated/{PACKAGE}/{line}" for line in tree.differences(project.generated, made.generated)]
    for service in made.services:
        lines += _file_difference(project.specs / service.name / "openapi.json", made.derived(service), project)
    lines += _file_difference(project.lock, made.lock_file, project)
    return lines


def _file_difference(old: Path, new: Path, project: Project) -> list[str]:
    name = old.relative_to(project.root).as_posix()
    if not old.is_file():
        return [f"{name} (new)"]
    return [] if old.read_bytes() == new.read_bytes() else [f"{name} (differs)"]


def changed(project: Project, made: Build) -> list[str]:
    """The services whose generated package is not what the project has; all of them, if what they share is not."""
    names = [service.name for service in made.services]
    for shared in printing.shared_sources():
        old, new = project.generated / shared, made.generated / shared
        if not old.is_file() or old.read_bytes() != new.read_bytes():
            return names
    return [name for name in names if tree.tree_hash(project.generated / name) != tree.tree_hash(made.generated / name)]


def publish(project: Project, made: Build, staging: Path, extra: list[Replacement] | None = None) -> None:
    """Put a build in the place of what the project has, all of it or nothing.

    Args:
        project: the tree to change.
        made: what to put there.
        staging: the command's staging folder, which holds `made` and takes the journal.
        extra: more replacements of the same transaction (a new document, a new service's folders).
    """
    replacements = list(extra or [])
    for service in made.services:
        package = Replacement(project.generated / service.name, made.generated / service.name)
        if tree.tree_hash(package.target) != tree.tree_hash(made.generated / service.name):
            replacements.append(package)
        replacements.append(Replacement(project.specs / service.name / "openapi.json", made.derived(service)))
    present = project.generated.iterdir() if project.generated.is_dir() else iter(())
    stale = {path.name for path in present if path.is_dir()} - _known_entries(made.lock)
    replacements += [Replacement(project.generated / name, None) for name in sorted(stale)]
    for name in ("__init__.py", "py.typed", *printing.shared_sources()):
        replacements.append(Replacement(project.generated / name, made.generated / name))
    replacements.append(Replacement(project.lock, made.lock_file))
    swap(replacements, staging)


def title(document: Document) -> str:
    """A document's name and version."""
    said = document.get("info")
    info = said if isinstance(said, dict) else {}
    return f"{info.get('title', 'untitled')} {info.get('version', '')}".strip()


def origin(source: str, document: Document) -> str:
    """Where a document came from, for lock.toml: without a path of this machine and without secrets."""
    place = documents.without_secrets(source) if documents.is_address(source) else Path(source).name
    return f"{place} ({title(document)}), selected, its own prose"


def copy_specs(project: Project, target: Path) -> Project:
    """A shadow of a project that holds only its specs: to try a change before anything is changed."""
    shutil.copytree(project.specs, target / "specs")
    return Project(target)
