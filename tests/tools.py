"""Other people's clients that tests and benchmarks run ours against, each in an environment of its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest


def tools_folder() -> Path:
    """Return where the environments lie: `IMAGEAPIS_TOOLS`, or a folder in the user's cache."""
    given = os.environ.get("IMAGEAPIS_TOOLS")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "imageapis-tools"


class Unavailable(Exception):
    """The environment could not be made, most likely for want of a network."""


def build(name: str, *requirements: str) -> Path:
    """Return the folder of executables of an environment with `requirements`, making it if need be.

    Raises:
        Unavailable: pip could not install them.
    """
    key = hashlib.sha256(repr((requirements, sys.version_info[:2])).encode()).hexdigest()[:10]
    folder = tools_folder() / f"{name}-{key}"
    done = folder / "complete"
    executables = folder / "bin"
    if done.exists():
        return executables
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(executables / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    outcome = subprocess.run([*pip, *requirements], capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise Unavailable(f"pip could not install {' '.join(requirements)}: {outcome.stderr.strip()[-500:]}")
    done.touch()
    return executables


def environment(name: str, *requirements: str) -> Path:
    """As `build`, for tests: without a network the test is skipped, but fails where `CI` is set."""
    try:
        return build(name, *requirements)
    except Unavailable as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(reason))
