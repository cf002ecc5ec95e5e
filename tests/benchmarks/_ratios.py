"""What the benchmarks share: repeat in turns, keep ratios with their spread, print tables.

Figures are kept under a key, e.g. `upload/loopback/blocking/throughput`. When `IMAGEAPIS_BENCH_JSON` names a file they
are written there at the end, beside what other benchmarks left in it; `_page` makes a page of that.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: Names the file for figures.
VARIABLE = "IMAGEAPIS_BENCH_JSON"


def best(
    work: Callable[[], object], *, rounds: int, calls: int = 1, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the seconds of one call in the fastest of `rounds` rounds of `calls` calls.

    Before each round the collector takes what is left of others: otherwise it would do so in the midst of somebody's
    turn, whoever's that is. What it does because of the work itself counts.
    """
    fastest = float("inf")
    for _ in range(rounds):
        gc.collect()
        began = clock()
        for _ in range(calls):
            work()
        fastest = min(fastest, (clock() - began) / calls)
    return fastest


def interleaved(
    works: Sequence[Callable[[], object]],
    *,
    rounds: int,
    calls: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> list[list[float]]:
    """Return for each work the seconds of a call in each round, taking turns so that a noisy moment hits all alike."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for index, work in enumerate(works):
            found[index].append(best(work, rounds=1, calls=calls, clock=clock))
    return found


def quotients(above: Iterable[float], below: Iterable[float]) -> list[float]:
    """Return what each round gives for the one by what it gives for the other."""
    return [one / other for one, other in zip(above, below, strict=True)]


class Figures:
    """The figures of one benchmark."""

    def __init__(self) -> None:
        self._figures: dict[str, dict[str, float]] = {}
        self._series: dict[str, dict[str, Any]] = {}

    def ratio(self, key: str, ratios: Sequence[float]) -> str:
        """Keep a ratio, one value a round, and return its median and spread for a table."""
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        self._figures[key] = {"ratio": round(middle, 3), "low": round(low, 3), "high": round(high, 3)}
        self._write()
        return f"{middle:.2f} ({low:.2f}-{high:.2f})"

    def series(self, key: str, *, x: str, y: str, points: Sequence[tuple[float, float]]) -> None:
        """Keep how something grows: pairs, and what they are."""
        self._series[key] = {"x": x, "y": y, "points": [[one, round(other, 6)] for one, other in points]}
        self._write()

    def _write(self) -> None:
        if not (name := os.environ.get(VARIABLE)):
            return
        path = Path(name)
        whole: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        whole["machine"] = {
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "processors": os.cpu_count(),
        }
        for part, own in (("figures", self._figures), ("series", self._series)):
            whole[part] = dict(sorted({**whole.get(part, {}), **own}.items()))
        path.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(columns), *cells]) for i in range(len(columns))]
    print(f"\n{title}")
    for row in [list(columns), *cells]:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    sys.stdout.flush()
