"""`nox -s add_service`: the folders of a new service, from a document to a client whose operations run.

Made are specs/<name>, its generated package, overlays/imageapis/<name> and tests/<name>, all or none; nothing else
changes but specs/lock.toml. The overlay starts with the mends to which there is no alternative, and they are printed.
Where a person must decide, everything open is told at once, and the service stays a draft until `--resume`.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import keyword
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.pipeline import (
    auth_source,
    build,
    client_source,
    documents,
    draft,
    exclusions,
    holes,
    package_source,
    select,
    tools,
    validate,
    verification,
)
from scripts.pipeline.ambiguous import ambiguous
from scripts.pipeline.command import run
from scripts.pipeline.errors import PipelineError, one_line
from scripts.pipeline.lock import ServiceLock, read_lock, to_toml
from scripts.pipeline.project import DRAFT, Project, Service
from scripts.pipeline.project_lock import staging_folder
from scripts.pipeline.read_operations import read_api
from scripts.pipeline.smoke_source import smoke_source
from scripts.pipeline.swap import Replacement, swap

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.holes import Hole
    from scripts.pipeline.ir import Api

# Modules that pytest or our tests look for by name, and what cannot be a folder on Windows.
RESERVED = {"conftest", "demo", "test", "tests", "con", "prn", "aux", "nul"}
RESERVED |= {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}


@dataclasses.dataclass(frozen=True)
class Added:
    """A new service: how many operations it has, its document's mends, what checks said of it, what may be mended."""

    operations: int
    mends: list[dict[str, Any]]
    outcome: verification.Outcome
    notices: list[Hole]


def add_service(project: Project, name: str, source: str, rules: tuple[str, ...], today: dt.date) -> Added:
    """Make a new service of a document.

    Args:
        project: the checkout.
        name: the package's name.
        source: the document, a file or an http(s) URL; files that it refers to are read too.
        rules: path prefixes, or single operations ("GET /path"), to take from it.
        today: for lock.toml.

    Raises:
        PipelineError: with the reason. The project is as it was, or has a draft besides, which `resume` takes on.
    """
    refuse_name(project, name)
    build.refuse_hand_edits(project)
    document = select.select(documents.fetch(source), rules, source, documents.neighbours(source))
    validate.version(document, source)
    record = ServiceLock(build.origin(source, document), today.isoformat(), rules)
    with staging_folder(project) as staging:
        shadow = build.copy_specs(project, staging / "shadow")
        draft.begin(shadow.specs / name, name, document, record)
        return _finish(project, shadow, name, record, staging)


def resume(project: Project, name: str) -> Added:
    """Make a service of a draft that a person has mended; see `add_service`."""
    build.refuse_hand_edits(project)
    record = draft.read(project.specs / name)
    with staging_folder(project) as staging:
        return _finish(project, build.copy_specs(project, staging / "shadow"), name, record, staging)


def _finish(project: Project, shadow: Project, name: str, record: ServiceLock, staging: Path) -> Added:
    """Mend, generate and publish the draft in the shadow; where that is refused, keep it as a draft of the project."""
    folder = shadow.specs / name
    try:
        mends = draft.mend(Service(name, folder), record.select)
        (folder / DRAFT).rename(staging / DRAFT)
        lock = read_lock(shadow)
        services = {**lock.services, name: record}
        shadow.lock.write_text(to_toml(dataclasses.replace(lock, services=services)), encoding="utf-8", newline="\n")
        made = build.build(shadow, staging / "build", only=name, published=project)
        derived = documents.read(made.derived(shadow.service(name)))
        api = read_api(name, derived, build.settings(shadow.service(name)))
        _write_package(api, derived, staging)
        outcome = verification.verify(project, made, [name], staging, added=True)
        notices = ambiguous(derived, api)
        # Where an answer may be refused for being of two kinds, that is mended first.
        outcome.refuse(_told_notices(notices, name) or exclusions.way_out(api, outcome.found))
    except PipelineError as refusal:
        if (staging / DRAFT).exists():
            (staging / DRAFT).rename(folder / DRAFT)
        swap([Replacement(project.specs / name, folder)], staging)
        raise PipelineError(
            f"{refusal}\n{name!r} is kept as a draft: mend specs/{name}/overlay.yaml, then run "
            f"nox -s add_service -- {name} --resume (or delete specs/{name})."
        ) from refusal
    extra = [
        Replacement(project.specs / name, folder),
        Replacement(project.root / "overlays" / "imageapis" / name, staging / "overlays" / "imageapis" / name),
        Replacement(project.root / "tests" / name, staging / "tests" / name),
    ]
    build.publish(project, made, staging, extra)
    return Added(len(api.operations), mends, outcome, notices)


def refuse_name(project: Project, name: str) -> None:
    """Raise `PipelineError` for a name that cannot be a package's, or that something has already."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise PipelineError(f"{name!r} cannot be a package's name: use lower-case letters, digits and underscores.")
    if name in RESERVED or name.startswith("test_"):
        raise PipelineError(f"{name!r} means something to pytest or to an operating system: choose another name.")
    if (project.specs / name / DRAFT).exists():
        raise PipelineError(
            f"{name!r} is a draft: go on with nox -s add_service -- {name} --resume, or delete specs/{name}."
        )
    folders = (project.specs, project.generated, project.root / "overlays" / "imageapis", project.root / "tests")
    for home in (folder / form for folder in folders for form in (name, f"{name}.py")):
        if home.exists():
            raise PipelineError(f"{name!r} is taken: {home.relative_to(project.root).as_posix()} exists already.")


def _write_package(api: Api, document: Document, staging: Path) -> None:
    """Write overlays/imageapis/<name> and tests/<name> into the staging folder."""
    name = api.service
    title = str(document["info"]["title"])
    package_folder, tests_folder = f"overlays/imageapis/{name}", f"tests/{name}"
    sources = {
        "overlays/imageapis/__init__.py": "",  # so that imports sort as they will in place
        "tests/__init__.py": "",
        f"{package_folder}/__init__.py": package_source.package_source(name, title),
        f"{package_folder}/auth.py": auth_source.auth_source(name, document),
        f"{package_folder}/client.py": client_source.client_source(api),
        f"{tests_folder}/__init__.py": f'"""Tests of imageapis.{name}."""\n',
        f"{tests_folder}/test_smoke.py": smoke_source(api),
    }
    for path, text in sources.items():
        (staging / path).parent.mkdir(parents=True, exist_ok=True)
        (staging / path).write_text(text, encoding="utf-8", newline="\n")
    _tidy([staging / "overlays", staging / "tests"])
    _allow_long_lines(staging / tests_folder / "test_smoke.py")


def _allow_long_lines(path: Path) -> None:
    """Say in a test that its lines may be long, where the document's values make them so."""
    # Not by their length alone: one that cannot be broken is none that ruff would tell, nor may it be allowed.
    options = ["--no-cache", "--quiet", "--config", str(tools.PYPROJECT), "--select", "E501"]
    if subprocess.run([tools.formatter(), "check", *options, str(path)], capture_output=True, check=False).returncode:
        head, body = path.read_text(encoding="utf-8").split("\n", 1)
        path.write_text(
            f"{head}\n\n# ruff: noqa: E501 - values as the document has them\n{body}", encoding="utf-8", newline="\n"
        )


def _tidy(folders: list[Path]) -> None:
    """Sort imports, drop unused ones and format, as the project's own code is."""
    ruff, targets = tools.formatter(), [str(folder) for folder in folders]
    options = ["--no-cache", "--quiet", "--config", str(tools.PYPROJECT)]
    for command in (
        [ruff, "format", *options, *targets],
        [ruff, "check", *options, "--select", "F401,I,TC", "--fix-only", "--unsafe-fixes", *targets],
        [ruff, "format", *options, *targets],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PipelineError(f"The client for the new service came out unreadable: {one_line(done.stderr)}.")


def told(mends: list[dict[str, Any]], name: str) -> list[str]:
    """The mends as they are printed: places by reason, in the overlay's order."""
    if not mends:
        return ["The document needed no mend."]
    places: dict[str, list[str]] = {}
    for action in mends:
        places.setdefault(action["description"], []).append(action["target"])
    lines = [f"{len(mends)} mends were made in specs/{name}/overlay.yaml:"]
    for why, targets in places.items():
        lines += [f"- {why}", *(f"    {target}" for target in targets)]
    return lines


def _told_notices(notices: list[Hole], name: str) -> list[str]:
    """What may be mended, as it is printed; nothing when there is nothing."""
    head = f"To be known, and perhaps to be mended in specs/{name}/overlay.yaml:"
    return [head, *holes.listed(notices)] if notices else []


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="nox -s add_service --", description=__doc__)
    parser.add_argument("name", help="the new package: imageapis.<name>")
    parser.add_argument("source", nargs="?", help="its API document: a file, or an http(s) URL")
    parser.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="RULE",
        help='a path prefix, or one operation ("GET /path"); may be given more than once',
    )
    parser.add_argument("--resume", action="store_true", help="go on with a draft whose overlay.yaml was mended")
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="the checkout (default: here)")
    options = parser.parse_args(arguments)
    if options.resume == bool(options.source) or bool(options.select) != bool(options.source):
        parser.error("give a source and --select, or --resume alone")
    project = Project(options.project.resolve())

    def command() -> int:
        if options.resume:
            added = resume(project, options.name)
        else:
            today = dt.datetime.now(dt.UTC).date()
            added = add_service(project, options.name, options.source, tuple(options.select), today)
        name = client_source.class_name(options.name)
        print("\n".join(told(added.mends, options.name)))
        print("\n".join([*_told_notices(added.notices, options.name), str(added.outcome)]))
        print(f"{options.name}: {added.operations} operations as imageapis.{options.name}.{name} and Async{name}.")
        for made in ("specs", "generated/imageapis_generated", "overlays/imageapis", "tests"):
            print(f"  {made}/{options.name}/")
        print(f"Try it: python -m pytest tests/{options.name}")
        return 0

    return run(project, command)


if __name__ == "__main__":
    raise SystemExit(main())
