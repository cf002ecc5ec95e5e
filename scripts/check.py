"""`nox -s check`: regenerates into a temporary folder and compares with what is committed, byte for byte.

And says what of the documents does not reach the user, because hand-written code stands before it (`api_coverage`).
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from pathlib import Path

from scripts.pipeline import api_coverage, build, documents, extensions, inputs
from scripts.pipeline.command import run
from scripts.pipeline.lock import Lock, read_lock, to_toml
from scripts.pipeline.project import Project
from scripts.pipeline.read_operations import read_api


def check(project: Project) -> list[str]:
    """Every file that is not what the specs give, and all that does not reach the user; the project is only read."""
    with tempfile.TemporaryDirectory(prefix="imageapis-check-") as folder:
        made = _of_known_inputs(build.build(project, Path(folder)), read_lock(project))
        return [*build.differences(project, made), *unreached(project, made)]


def _of_known_inputs(made: build.Build, known: Lock) -> build.Build:
    """The build with the digests of inputs that the project has: an old one is no difference in what is generated."""
    records = {}
    for name, record in made.lock.services.items():
        hashes = {key: value for key, value in record.hashes.items() if key != inputs.INPUTS}
        digests = {key: value for key, value in known.service(name).hashes.items() if key == inputs.INPUTS}
        records[name] = dataclasses.replace(record, hashes={**hashes, **digests})
    lock = dataclasses.replace(made.lock, services=records)
    made.lock_file.write_text(to_toml(lock), encoding="utf-8", newline="\n")
    return dataclasses.replace(made, lock=lock)


def unreached(project: Project, made: build.Build) -> list[str]:
    """A line for each parameter and field that stays behind, and for each that is gone and still used."""
    lines: list[str] = []
    for service in made.services:
        package = project.root / "overlays" / "imageapis" / service.name
        if not package.is_dir():
            continue
        written = api_coverage.read(package, project.root)
        settings = build.settings(service)
        after = read_api(service.name, documents.read(made.derived(service)), settings)
        lines += [f"{service.name}: {line}" for line in api_coverage.withheld(after, written)]
        if service.derived.is_file():
            before = read_api(service.name, documents.read(service.derived), settings)
            lines += [f"{service.name}: {line}" for line in api_coverage.gone(before, after, written)]
    return lines


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="nox -s check --", description=__doc__)
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="the checkout (default: here)")
    options = parser.parse_args(arguments)
    project = Project(options.project.resolve())

    def command() -> int:
        different = check(project)
        if not different:
            print("generated/, openapi.json and lock.toml are what specs/ gives, and all of it reaches the user.")
            return 0
        print("\n".join(different))
        print(
            f"{len(different)} findings. Files that are not what specs/ gives: run nox -s regenerate. "
            f"What does not reach the user: hand it on, or say why not ({extensions.WITHHELD} in the overlay)."
        )
        return 1

    return run(project, command)


if __name__ == "__main__":
    raise SystemExit(main())
