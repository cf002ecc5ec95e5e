"""`nox -s upstream`: what a service's published document says now, against the one in specs/.

Without --write nothing changes. With --write our document becomes the selected upstream one and everything is
regenerated. Overlay actions that no longer apply are printed, and moved under `x-retired-actions` in overlay.yaml,
where nothing reads them: what is left must still apply strictly, and the retirement reviews as a diff.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from scripts.pipeline import build, documents, overlay, select, validate, verification
from scripts.pipeline.command import run
from scripts.pipeline.compare import compare
from scripts.pipeline.compare_python import compare_python
from scripts.pipeline.errors import PipelineError, one_line
from scripts.pipeline.lock import read_lock, to_toml
from scripts.pipeline.project import DOCUMENT_NAMES, Project, Service
from scripts.pipeline.project_lock import staging_folder
from scripts.pipeline.read_operations import read_api
from scripts.pipeline.swap import Replacement
from scripts.regenerate import describe

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.holes import Hole
    from scripts.pipeline.report import Report

RETIRED = "x-retired-actions"


@dataclasses.dataclass(frozen=True)
class Upstream:
    """A service's published document beside ours: what differs, and what that does to the overlay."""

    service: Service
    source: str
    document: Document  # selected, in its own version
    ours: str  # title and version
    report: Report
    python: Report
    actions: int
    stale: list[overlay.Stale]
    holes: list[Hole]

    @property
    def title(self) -> str:
        """The document's name and version."""
        return build.title(self.document)

    def lines(self) -> list[str]:
        """The printed form."""
        lines = [f"{self.service.name}: ours is {self.ours}; upstream is {self.title}"]
        lines += ["On the wire:", *self.report.lines(), "For callers in Python:", *self.python.lines()]
        lines.append(f"Overlay: {self.actions - len(self.stale)} of {self.actions} actions apply to it.")
        lines += [f"  {stale.action} {stale.reason}" for stale in self.stale]
        if self.holes:
            lines.append(f"Then {len(self.holes)} places would need a mend before generation:")
            lines += [f"  {hole}" for hole in self.holes]
        return lines


def upstream(project: Project, name: str, source: str) -> Upstream:
    """Read a published document (a file or an http(s) URL) and compare what the service's rules select of it."""
    service = project.service(name)
    record = read_lock(project).service(name)
    theirs = documents.fetch(source)
    selected = select.select(theirs, record.select, source, documents.neighbours(source))
    label = service.label(service.document)
    mine = documents.read(service.document, label)
    overlay_label = service.label(service.overlay)
    mends = documents.read(service.overlay, overlay_label)
    actions = overlay.actions(mends, overlay_label)
    ours3 = build.openapi3(mine, record.select, mends, (label, overlay_label))
    theirs3 = build.openapi3(selected, record.select, mends, (source, overlay_label))
    mended, stale = overlay.apply_where_possible(theirs3, mends, overlay_label)
    ours_mended = overlay.apply(ours3, mends, overlay_label)
    return Upstream(
        service=service,
        source=source,
        document=selected,
        ours=build.title(mine),
        report=compare(ours3, theirs3),
        python=compare_python(read_api(name, ours_mended), read_api(name, mended)),
        actions=len(actions),
        stale=stale,
        holes=validate.problems(mended, source),
    )


def write(project: Project, found: Upstream, today: dt.date, *, force: bool = False) -> None:
    """Replace our document by the upstream one, retire the actions that no longer apply, and regenerate.

    Raises:
        PipelineError: with the reason; the project is as it was.
    """
    if not force:
        build.refuse_hand_edits(project)
    with staging_folder(project) as staging:
        shadow = build.copy_specs(project, staging / "shadow")
        folder = shadow.specs / found.service.name
        name, text = _file_form(found.document, found.service)
        for other in DOCUMENT_NAMES:
            (folder / other).unlink(missing_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        if found.stale:
            retired = retire(found.service.overlay.read_text(encoding="utf-8"), found.stale, found.title)
            (folder / "overlay.yaml").write_text(retired, encoding="utf-8", newline="\n")
        lock = read_lock(shadow)
        record = dataclasses.replace(
            lock.service(found.service.name),
            source=build.origin(found.source, found.document),
            retrieved=today.isoformat(),
        )
        services = {**lock.services, found.service.name: record}
        shadow.lock.write_text(to_toml(dataclasses.replace(lock, services=services)), encoding="utf-8", newline="\n")
        published = None if force else project  # what was edited by hand is made anew too
        made = build.build(shadow, staging / "build", only=found.service.name, published=published)
        outcome = verification.verify(project, made, build.changed(project, made), staging)
        outcome.wrong += outcome.follow  # what is published must go with what is written by hand
        outcome.refuse()
        ours = found.service.folder
        extra = [Replacement(ours / other, None) for other in DOCUMENT_NAMES if other != name]
        extra += [Replacement(ours / changed, folder / changed) for changed in (name, "overlay.yaml")]
        build.publish(project, made, staging, extra)


def _file_form(document: Document, service: Service) -> tuple[str, str]:
    """The file name and text under which a document is kept: as ours is written, as far as its version allows."""
    if "swagger" in document:
        as_yaml = service.document.name == "swagger.yaml"
        return (
            ("swagger.yaml", documents.to_yaml(document)) if as_yaml else ("swagger.json", documents.to_json(document))
        )
    return "openapi.yaml", documents.to_yaml(document)


def retire(text: str, stale: list[overlay.Stale], because: str) -> str:
    """An overlay file with the stale actions moved under `x-retired-actions`, comments and order kept."""
    yaml = YAML()
    yaml.width = 10_000  # lines stay where their author broke them
    yaml.indent(mapping=2, sequence=4, offset=2)
    loaded: Any = yaml.load(text)
    reasons = {entry.action.number: entry.reason for entry in stale}
    actions = loaded["actions"]
    moved: list[Any] = []
    for number in sorted(reasons, reverse=True):
        entry = actions.pop(number - 1)
        entry["x-retired"] = f"{reasons[number]} in {one_line(because, limit=80)}"
        moved.insert(0, entry)
    loaded[RETIRED] = [*loaded.get(RETIRED, ()), *moved]
    out = io.StringIO()
    yaml.dump(loaded, out)
    return out.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="nox -s upstream --", description=__doc__)
    parser.add_argument("service", help="a folder of specs/")
    parser.add_argument("source", help="a file, or an http(s) URL")
    parser.add_argument("--write", action="store_true", help="replace our document and regenerate")
    parser.add_argument("--force", action="store_true", help="with --write: overwrite hand-edited generated files")
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="the checkout (default: here)")
    options = parser.parse_args(arguments)
    project = Project(options.project.resolve())

    def command() -> int:
        found = upstream(project, options.service, options.source)
        print("\n".join(found.lines()))
        if options.write:
            try:
                write(project, found, dt.datetime.now(dt.UTC).date(), force=options.force)
            except PipelineError as refusal:
                raise PipelineError(f"Nothing was written: {refusal}") from refusal
            print("Written and regenerated:")
            print("\n".join(describe(project)))
            if found.stale:
                print(f"{len(found.stale)} actions moved to {RETIRED} in specs/{options.service}/overlay.yaml.")
        return 0

    return run(project, command)


if __name__ == "__main__":
    raise SystemExit(main())
