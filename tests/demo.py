"""`nox -s demo`: a short story per service, told through its public API against its local server, on both faces.

Each story is `tests/<service>/story.py` with `blocking(say)` and `async nonblocking(say)`.
"""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from collections.abc import Callable


def services() -> list[str]:
    """Return the services that have a story, by the folders of `specs/`."""
    root = Path(__file__).parents[1]
    names = sorted(folder.name for folder in (root / "specs").iterdir() if folder.is_dir())
    return [name for name in names if (root / "tests" / name / "story.py").exists()]


def teller(name: str) -> Callable[[str], None]:
    """Return what prints a line of a story."""

    def say(line: str) -> None:
        print(f"  {name:>8}  {line}", flush=True)

    return say


def main() -> int:
    """Tell all stories."""
    for service in services():
        story = importlib.import_module(f"tests.{service}.story")
        began = time.perf_counter()
        print(f"{service}: {(story.__doc__ or '').splitlines()[0]}")
        story.blocking(teller("blocking"))
        anyio.run(story.nonblocking, teller("async"))
        print(f"  told in {time.perf_counter() - began:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
