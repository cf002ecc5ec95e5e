"""`nox -s regenerate`: from specs/ to generated/, or a sentence that says why not and an untouched tree."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.pipeline import build, select, trial
from scripts.pipeline.command import run
from scripts.pipeline.documents import read
from scripts.pipeline.exclusive import staging_folder
from scripts.pipeline.project import Project
from scripts.pipeline.tree import files


def regenerate(project: Project, *, force: bool = False) -> list[str]:
    """Regenerate every service; the changed files.

    Args:
        project: the checkout.
        force: overwrite generated files that were edited by hand.

    Raises:
        PipelineError: with the reason; the project is as it was.
    """
    if not force:
        build.refuse_hand_edits(project)
    with staging_folder(project) as staging:
        made = build.build(project, staging / "build")
        changed = build.differences(project, made)
        if changed:
            outcome = trial.trial(project, made, build.changed(project, made), staging)
            outcome.refuse()
            if outcome.follow:
                print("\n".join(["What is written by hand must follow:", *outcome.follow]), file=sys.stderr)
            build.publish(project, made, staging)
    return changed


def describe(project: Project) -> list[str]:
    """A line a service: how many operations and files it has."""
    return [
        f"{service.name}: {sum(1 for _ in select.operations(read(service.derived)))} operations, "
        f"{len(files(project.generated / service.name))} files"
        for service in project.services()
    ]


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="nox -s regenerate --", description=__doc__)
    parser.add_argument("--force", action="store_true", help="overwrite hand-edited generated files")
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="the checkout (default: here)")
    options = parser.parse_args(arguments)
    project = Project(options.project.resolve())

    def command() -> int:
        changed = regenerate(project, force=options.force)
        print("\n".join(describe(project)))
        print("\n".join([f"{len(changed)} files changed:", *changed]) if changed else "Nothing changed.")
        return 0

    return run(project, command)


if __name__ == "__main__":
    raise SystemExit(main())
