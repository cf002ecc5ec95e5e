"""What the benchmarks share: repeat, take the best, print a table of ratios."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def best(
    work: Callable[[], object], *, rounds: int, calls: int = 1, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the seconds of one call in the fastest of `rounds` rounds of `calls` calls."""
    fastest = float("inf")
    for _ in range(rounds):
        began = clock()
        for _ in range(calls):
            work()
        fastest = min(fastest, (clock() - began) / calls)
    return fastest


def interleaved(works: Sequence[Callable[[], object]], *, rounds: int, calls: int) -> list[float]:
    """Return the best seconds of one call of each work, taking turns so that a noisy moment hits all alike."""
    fastest = [float("inf")] * len(works)
    for _ in range(rounds):
        for index, work in enumerate(works):
            fastest[index] = min(fastest[index], best(work, rounds=1, calls=calls))
    return fastest


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(columns), *cells]) for i in range(len(columns))]
    print(f"\n{title}")
    for row in [list(columns), *cells]:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
