"""A copy of the whole checkout to which a service can be added, and programs that run with its packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copied(target: Path) -> Path:
    """Copy what the pipeline works on into a folder, and return that."""
    for part in ("overlays", "generated", "specs", "tests"):
        shutil.copytree(ROOT / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def run(project: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the copy's packages in a process of its own."""
    paths = os.pathsep.join(str(project / part) for part in ("overlays", "generated"))
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
