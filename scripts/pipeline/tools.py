"""The tools that decide the bytes of generated/: their pinned versions, and the refusal to run with others.

pyproject.toml pins openapi-python-client and ruff exactly (dependency group `generate`); the npm lock file pins the
Swagger converter. specs/lock.toml records all three.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sysconfig
import tomllib
from functools import cache
from pathlib import Path

from scripts.pipeline import node
from scripts.pipeline.errors import PipelineError, one_line

GENERATOR = "openapi-python-client"
FORMATTER = "ruff"
PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


@cache
def pinned() -> dict[str, str]:
    """The exact version of each tool, by its name."""
    groups = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["dependency-groups"]
    exact = dict(
        requirement.split("==", 1)
        for requirement in groups["generate"]
        if isinstance(requirement, str) and "==" in requirement
    )
    return {
        GENERATOR: exact[GENERATOR],
        FORMATTER: exact[FORMATTER],
        node.CONVERTER: node.converter_version(),
    }


def check_tools() -> None:
    """Raise `PipelineError` when a tool that will run, or the ruff on PATH, is not the pinned one."""
    _check_generator()
    ours = formatter()
    _check_formatter(ours, "of this environment")
    found = shutil.which(FORMATTER)
    if found and Path(found).resolve() != Path(ours).resolve():
        _check_formatter(found, "on PATH")


def formatter() -> str:
    """The ruff that belongs to the running Python's environment; never another one from PATH."""
    suffix = sysconfig.get_config_var("EXE") or ""
    candidate = Path(sysconfig.get_path("scripts")) / f"{FORMATTER}{suffix}"
    if not candidate.is_file():
        raise PipelineError(
            f"{FORMATTER} {pinned()[FORMATTER]} is not installed beside {sysconfig.get_path('scripts')}: "
            "install the dependency group `generate`."
        )
    return str(candidate)


def _check_generator() -> None:
    wanted = pinned()[GENERATOR]
    try:
        installed = importlib.metadata.version(GENERATOR)
    except importlib.metadata.PackageNotFoundError:
        installed = "absent"
    if installed != wanted:
        raise PipelineError(
            f"{GENERATOR} is {installed}, but {wanted} wrote what is committed: install the group `generate`."
        )


def _check_formatter(program: str, which: str) -> None:
    wanted = pinned()[FORMATTER]
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired) as failure:
        said = one_line(failure)
    match = re.search(r"\d+\.\d+\.\d+\S*", said)
    version = match.group() if match else f"unreadable ({one_line(said, limit=60)!r})"
    if version != wanted:
        raise PipelineError(
            f"The {FORMATTER} {which} ({program}) is {version}, but {wanted} decides how generated code looks: "
            "install the dependency group `generate` and put it first on PATH."
        )
