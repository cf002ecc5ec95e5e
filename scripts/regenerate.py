"""`nox -s regenerate`: from specs/ to generated/, or a sentence that says why not and an untouched tree."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pipeline import build, holes, select, verification
from scripts.pipeline.ambiguous import ambiguous
from scripts.pipeline.command import run
from scripts.pipeline.documents import read
from scripts.pipeline.project import Project
from scripts.pipeline.project_lock import staging_folder
from scripts.pipeline.read_operations import read_api
from scripts.pipeline.tree import files

if TYPE_CHECKING:
    from collections.abc import Collection

    from scripts.pipeline.project import Service


@dataclass(frozen=True)
class Regenerated:
    """What became of a project: the files that changed, the services left as they were, and what may be mended."""

    changed: list[str]
    left: frozenset[str]
    notices: list[str]


def regenerate(project: Project, *, force: bool = False) -> Regenerated:
    """Regenerate every service of which anything has changed that its package is made of.

    Args:
        project: the checkout.
        force: regenerate all services, also over generated files that were edited by hand.

    Raises:
        PipelineError: with the reason; the project is as it was.
    """
    if not force:
        build.refuse_hand_edits(project)
    with staging_folder(project) as staging:
        made = build.build(project, staging / "build", published=None if force else project)
        changed = build.differences(project, made)
        if changed:
            outcome = verification.verify(project, made, build.changed(project, made), staging)
            outcome.refuse()
            if outcome.follow:
                print("\n".join(["What is written by hand must follow:", *outcome.follow]), file=sys.stderr)
        anew = [service for service in made.services if service.name not in made.taken]
        notices = [line for service in anew for line in _notices(made, service)]
        if changed:
            build.publish(project, made, staging)
    return Regenerated(changed, made.taken, notices)


def _notices(made: build.Build, service: Service) -> list[str]:
    """What is to be known of a service's document, which is usable all the same."""
    document = read(made.derived(service))
    found = ambiguous(document, read_api(service.name, document, build.settings(service)))
    return [f"To be known of specs/{service.name}/openapi.json:", *holes.listed(found)] if found else []


def describe(project: Project, left: Collection[str] = ()) -> list[str]:
    """A line a service: how many operations and files it has, and whether it was left as it was."""
    return [
        f"{service.name}: {sum(1 for _ in select.operations(read(service.derived)))} operations, "
        f"{len(files(project.generated / service.name))} files"
        f"{', made of what it was made of before' if service.name in left else ''}"
        for service in project.services()
    ]


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="nox -s regenerate --", description=__doc__)
    parser.add_argument("--force", action="store_true", help="regenerate all, also hand-edited files")
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="the checkout (default: here)")
    options = parser.parse_args(arguments)
    project = Project(options.project.resolve())

    def command() -> int:
        done = regenerate(project, force=options.force)
        print("\n".join(describe(project, done.left)))
        changes = [f"{len(done.changed)} files changed:", *done.changed] if done.changed else ["Nothing changed."]
        print("\n".join([*done.notices, *changes]))
        return 0

    return run(project, command)


if __name__ == "__main__":
    raise SystemExit(main())
