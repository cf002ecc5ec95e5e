"""`nox -s check`: regenerates into a temporary folder and compares with what is committed, byte for byte."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from scripts.pipeline import build
from scripts.pipeline.command import run
from scripts.pipeline.project import Project


def check(project: Project) -> list[str]:
    """Every file that is not what the specs give; the project is only read."""
    with tempfile.TemporaryDirectory(prefix="imageapis-check-") as folder:
        return build.differences(project, build.build(project, Path(folder)))


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="nox -s check --", description=__doc__)
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="the checkout (default: here)")
    options = parser.parse_args(arguments)
    project = Project(options.project.resolve())

    def command() -> int:
        different = check(project)
        if not different:
            print("generated/, openapi.json and lock.toml are what specs/ gives.")
            return 0
        print("\n".join(different))
        print(f"{len(different)} files are not what specs/ gives: run nox -s regenerate.")
        return 1

    return run(project, command)


if __name__ == "__main__":
    raise SystemExit(main())
