"""`nox -s regenerate`: from specs/ to generated/, or a sentence that says why not and an untouched tree."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pipeline import build, select, trial
from scripts.pipeline.command import run
from scripts.pipeline.documents import read
from scripts.pipeline.exclusive import staging_folder
from scripts.pipeline.project import Project
from scripts.pipeline.tree import files

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Regenerated:
    """What became of a project: the files that changed, and the services that were left as they were."""

    changed: list[str]
    left: frozenset[str]


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
            outcome = trial.trial(project, made, build.changed(project, made), staging)
            outcome.refuse()
            if outcome.follow:
                print("\n".join(["What is written by hand must follow:", *outcome.follow]), file=sys.stderr)
            build.publish(project, made, staging)
    return Regenerated(changed, made.taken)


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
        print("\n".join(changes))
        return 0

    return run(project, command)


if __name__ == "__main__":
    raise SystemExit(main())
