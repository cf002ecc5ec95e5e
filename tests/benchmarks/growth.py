"""How time and memory grow: lists from a thousand to a million items, files from 64 MiB to 8 GiB.

`nox -s bench -- growth`. To reach: time for an item, and for a MiB, as at the smallest size; memory that stays.
`IMAGEAPIS_BENCH_MIB` bounds the largest file (8192).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks._ratios import Figures, table
from tests.benchmarks.lusid import client, pages
from tests.benchmarks.upload import helper
from tests.servicefabric.memory_probe import peak

ITEMS = (1_000, 10_000, 100_000, 1_000_000)
PAGE = 1_000
MIBS = tuple(mib for mib in (64, 256, 1024, 4096, 8192) if mib <= int(os.environ.get("IMAGEAPIS_BENCH_MIB", "8192")))


def walk(url: str) -> int:
    """Walk over all images and return how many there are."""
    with client(url) as images:
        return sum(1 for _ in images.images("my-job", limit=PAGE))


def upload(url: str, path: str) -> int:
    """Upload a file and return its size."""
    from imageapis.servicefabric import ImageStore, auth

    with ImageStore(auth.unsecured(url)) as store:
        return int(store.upload_file(path, "growing").size)


def probe(what: str, *arguments: str) -> tuple[float, float, int]:
    """Do something in a process of its own; return its seconds, the MiB of memory it took, and what it returned."""
    command = [sys.executable, "-m", "tests.benchmarks.growth", what, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, memory, count = json.loads(done.stdout)
    return seconds, memory, count


def measure(what: str, *arguments: str) -> None:
    """Be that process."""
    before, began = peak(), time.perf_counter()
    count = walk(*arguments) if what == "walk" else upload(*arguments)
    print(json.dumps([time.perf_counter() - began, (peak() - before) / 2**20, count]))


def lists(figures: Figures) -> None:
    """Measure lists."""
    rows, times, memories = [], [], []
    for count in ITEMS:
        with pages(count, PAGE) as url:
            seconds, memory, found = probe("walk", url)
        assert found == count
        times.append((count, seconds / count * 1e6))
        memories.append((count, memory))
        rows.append([f"{count:,}", f"{times[-1][1]:.1f}", f"{memory:.1f}"])
    table("A walk over LUSID images", ["images", "µs an image", "MiB"], rows)
    figures.series("growth/walk, time", x="images", y="µs an image", points=times)
    figures.series("growth/walk, memory", x="images", y="MiB", points=memories)
    figures.ratio("growth/time for an image, the longest list to one of 10,000", [times[-1][1] / times[1][1]])
    figures.ratio("growth/memory, the longest list to one of 10,000", [memories[-1][1] / memories[1][1]])


def files(figures: Figures) -> None:
    """Measure files; sparse ones, so that no disk is what is measured."""
    rows, times, memories = [], [], []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imageapis-bench-")))
        url = f"http://127.0.0.1:{helper(stack, '_upload_sink')}"
        for mib in MIBS:
            file = folder / "sparse"
            with file.open("wb") as opened:
                opened.truncate(mib << 20)
            seconds, memory, size = probe("upload", url, str(file))
            assert size == mib << 20
            times.append((mib, seconds / mib * 1e3))
            memories.append((mib, memory))
            rows.append([f"{mib:,}", f"{times[-1][1]:.2f}", f"{memory:.1f}"])
    table("An upload of one file", ["MiB", "ms a MiB", "MiB of memory"], rows)
    figures.series("growth/upload, time", x="MiB", y="ms a MiB", points=times)
    figures.series("growth/upload, memory", x="MiB", y="MiB of memory", points=memories)
    figures.ratio("growth/memory, the largest file to the smallest", [memories[-1][1] / memories[0][1]])


def main() -> None:
    """Measure both."""
    figures = Figures()
    lists(figures)
    files(figures)


if __name__ == "__main__":
    measure(*sys.argv[1:]) if sys.argv[1:] else main()
