"""Tries staged code before it is published: the judge, mypy --strict, ruff and the smoke tests, side by side.

The staged packages stand in a tree of links to the rest of the project, so that they are tried in the company in which
they will live, and nothing of the project is written to.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pipeline import node, tools
from scripts.pipeline.errors import PipelineError, one_line
from scripts.pipeline.project import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.pipeline.build import Build
    from scripts.pipeline.project import Project

CHECKOUT = Path(__file__).resolve().parents[2]
_SHOWN = 12  # lines of what a check found
# Seconds, for what never ends: a check of 1,200 operations takes a processor half a minute, and a busy machine long.
_TIMEOUT = 3600


@dataclass
class Outcome:
    """What the checks found.

    Attributes:
        requests: How many made-up calls were read back.
        answers: How many made-up answers were decoded.
        wrong: What must not be published, each check's findings in some lines.
        found: All lines of these findings.
        follow: What hand-written code must follow.
    """

    requests: int = 0
    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    follow: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def refuse(self, way_out: Sequence[str] = ()) -> None:
        """Raise `PipelineError` when there is anything that must not be published.

        Args:
            way_out: lines that say how to go on.
        """
        if self.wrong:
            raise PipelineError("\n".join(["What was generated is not what it should be:", *self.wrong, *way_out]))

    def __str__(self) -> str:
        """As commands print it."""
        return f"Judged by the document: {self.requests} requests and {self.answers} answers, none of them wrong."


def verify(project: Project, made: Build, names: Sequence[str], staging: Path, *, added: bool = False) -> Outcome:
    """Try the staged packages of some services.

    Args:
        project: what they will become part of.
        made: the staged packages.
        names: the services to try.
        staging: the command's folder; with `added` it holds the rest of a new service under overlays/ and tests/.
        added: the services are new: all of their code is ours, not only what is generated.
    """
    if not names:
        return Outcome()
    root = staging / "verification"
    _link(project, made, names, staging if added else None, root)
    runs = {
        **{f"judge {name}": _judge(made, root, name) for name in names},
        "mypy": _start(root, "mypy", *_mypy_options(), *_packages(names, root)),
    }
    ours = [f"{folder}/{name}" for folder in ("overlays/imageapis", "tests") for name in names]
    ours = [folder for folder in ours if (root / folder).is_dir()]
    smoke = [f"tests/{name}/test_smoke.py" for name in names if (root / "tests" / name / "test_smoke.py").is_file()]
    if added:
        runs["ruff"] = _start(root, "ruff", "check", "--no-cache", "--output-format", "concise", *ours)
        runs["ruff format"] = _start(root, "ruff", "format", "--no-cache", "--check", *ours)
    if smoke:
        runs["smoke"] = _start(root, "pytest", "-q", "-p", "no:cacheprovider", "--no-header", *smoke)
    outcome = Outcome()
    for check, running in runs.items():
        _gather(check, running, outcome)
    if added:
        outcome.wrong += outcome.follow
    return outcome


def _gather(check: str, running: subprocess.Popen[str], outcome: Outcome) -> None:
    try:
        said, complaint = running.communicate(timeout=_TIMEOUT)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        outcome.wrong.append(f"{check}: it did not end within {_TIMEOUT} seconds; try again on a less busy machine.")
        return
    if check.startswith("judge") and not running.returncode:
        verdict = json.loads(said)
        outcome.requests += verdict["requests"]
        outcome.answers += verdict["answers"]
        outcome.wrong += [f"{check}: {one_line(problem, limit=500)}" for problem in verdict["wrong"]]
        outcome.found += [f"{check}: {problem}" for problem in verdict["wrong"]]
    elif running.returncode:
        lines = [line for line in (said + complaint).splitlines() if line.strip()]
        outcome.found += lines
        by_hand = [line for line in lines if check == "mypy" and line.startswith("overlays")]
        outcome.follow += [f"{check}: {line}" for line in by_hand[:_SHOWN]]
        outcome.wrong += [f"{check}: {line}" for line in lines if line not in by_hand][-_SHOWN:]


def _judge(made: Build, root: Path, name: str) -> subprocess.Popen[str]:
    derived = next(made.derived(service) for service in made.services if service.name == name)
    return _start(root, "scripts.pipeline.judge", str(derived), name)


def _mypy_options() -> list[str]:
    cache = node.cache_root() / "mypy"
    return ["--config-file", "pyproject.toml", "--cache-dir", str(cache), "--no-error-summary", "--no-pretty"]


def _packages(names: Sequence[str], root: Path) -> list[str]:
    written = [f"imageapis.{name}" for name in names if (root / "overlays" / "imageapis" / name).is_dir()]
    return [part for package in [*(f"{PACKAGE}.{name}" for name in names), *written] for part in ("-p", package)]


def _start(root: Path, module: str, *arguments: str) -> subprocess.Popen[str]:
    command = [tools.formatter()] if module == tools.FORMATTER else [sys.executable, "-m", module]
    paths = [root / "overlays", root / "generated", root, CHECKOUT]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(path) for path in paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Plugins of whoever runs this, our own among them, want what the tree of links does not have.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    return subprocess.Popen(
        [*command, *arguments],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _link(project: Project, made: Build, names: Sequence[str], new: Path | None, root: Path) -> None:
    """Make the tree of links: the project's own code, or where it has none this checkout's, and what is staged."""
    home = project.root if (project.root / "overlays" / "imageapis" / "core").is_dir() else CHECKOUT
    for folder in ("generated", "overlays/imageapis", "tests"):
        (root / folder).mkdir(parents=True)
    (root / "generated" / PACKAGE).symlink_to(made.generated, target_is_directory=True)
    (root / "pyproject.toml").symlink_to(
        home / "pyproject.toml" if (home / "pyproject.toml").is_file() else tools.PYPROJECT
    )
    for source in sorted((home / "overlays" / "imageapis").iterdir()):
        if source.is_file() or source.name in ("core", *names):  # what all share, and the services that are tried
            (root / "overlays" / "imageapis" / source.name).symlink_to(source)
    tests = home / "tests" if (home / "tests" / "conftest.py").is_file() else CHECKOUT / "tests"
    for source in sorted(tests.iterdir()):
        if source.suffix == ".py" or (source.name in names and home == project.root):
            (root / "tests" / source.name).symlink_to(source)
    if new is not None:
        for name in names:
            for folder in ("overlays/imageapis", "tests"):
                (root / folder / name).symlink_to(new / folder / name, target_is_directory=True)
