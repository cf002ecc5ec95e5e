"""What a detailed walk of 1,150 images costs the client: ours, openstacksdk's, and a bare httpx loop's CPU.

`nox -s bench -- openstack`, against the real stack, which it builds and starts if it is not there. To reach: at most
1.3 times the bare loop; at most 40 ms of import above httpx.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from typing import Any

from scripts.openstack_stack.stack import Stack, default_folder
from tests.benchmarks._openstack_walks import RIVAL, ROUNDS, WALKS
from tests.benchmarks._ratios import Figures, quotients, table
from tests.tools import Unavailable, build

IMAGES = 1150
FIGURES = Figures()
#: How many fresh processes import it.
IMPORTS = 9


def in_process(python: str, size: int, *names: str) -> dict[str, dict[str, Any]]:
    """Run walks in turns in a process of their own."""
    seed = str(default_folder() / "seed.json")
    command = [python, "-m", "tests.benchmarks._openstack_walks", str(size), seed, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=_environment())
    result: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return result


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OS_")}


def seed_of(stack: Stack) -> dict[str, Any]:
    """Return what the stack was filled with."""
    seed: dict[str, Any] = json.loads((stack.folder / "seed.json").read_text("utf-8"))
    return seed


def ready(stack: Stack) -> bool:
    """Say whether the stack runs and holds enough images."""
    try:
        return None not in stack.status().values() and stack.settings.images >= IMAGES and bool(seed_of(stack))
    except Exception:
        return False


def main() -> None:
    """Measure all and print."""
    stack = Stack(default_folder())
    running = ready(stack)
    if not running:
        print("building and filling the stack ...", flush=True)
        stack.install()
        stack.setup(max_limit=1000, token_life=3600, images=IMAGES)
        stack.start()
        stack.seed()
    try:
        _walks()
        _imports()
    finally:
        if not running:
            stack.stop()


def _walks() -> None:
    rival: dict[str, str] = {}
    try:
        # It needs this project's benchmark to run, and so what that imports.
        tools = build(
            "openstacksdk-bench", "openstacksdk==4.22.0", "httpx>=0.28.1,<0.29", "attrs", "httpx-retries", "anyio"
        )
        rival[RIVAL] = str(tools / "python")
    except Unavailable as reason:
        print(reason)
    for size, rounds in ROUNDS.items():
        found = in_process(sys.executable, size, *(name for name in WALKS if name != RIVAL))
        for name, python in rival.items():
            found |= in_process(python, size, name)
        rows = []
        for name, one in found.items():
            ratios = []
            for bare in ("bare httpx", "bare httpx, async"):
                times = quotients(one["cpu"], found[bare]["cpu"])
                ratios.append(FIGURES.ratio(f"openstack/walk in pages of {size}, CPU/{name} to {bare}", times))
            cpu, wall = (1000 * statistics.median(one[kind]) for kind in ("cpu", "wall"))
            rows.append((name, one["images"], f"{cpu:.1f}", *ratios, f"{wall:.0f}"))
        table(
            f"A detailed walk, page size {size}, median of {rounds}",
            ("client", "images", "CPU ms", "times bare", "times bare, async", "wall ms"),
            rows,
        )


def _imports() -> None:
    # CPU and not wall time: what else the machine does is not ours.
    code = (
        "import time; a = time.process_time(); import httpx; b = time.process_time(); import imageapis.openstack; "
        "print(b - a, time.process_time() - b)"
    )
    found = []
    for _ in range(IMPORTS):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        found.append([1000 * float(seconds) for seconds in done.stdout.split()])
    base, above = (min(costs) for costs in zip(*found, strict=True))
    rows = [("httpx", f"{base:.1f}"), ("imageapis.openstack, above it", f"{above:.1f}")]
    table(f"Import, CPU, best of {IMPORTS} fresh processes", ("import", "ms"), rows)


if __name__ == "__main__":
    main()
