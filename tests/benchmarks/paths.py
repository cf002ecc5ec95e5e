"""Uploads over paths of many kinds: the number of requests that a transfer finds itself, against the best fixed one.

`nox -s bench -- paths`. To reach: at most 1.2 times the seconds of the best of 1, 4, 16 and 32 requests at a time, for
one large file and for many small ones, on both faces; also where other processes want both processors all the time, as
`--busy` asks for on any path. `IMAGEAPIS_BENCH_ROUNDS` is the number of rounds (3). A fixed number that takes longer
than another one by more than the measurements differ is cut off: it is not the best one, and would take most of the
hour.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from tests.benchmarks._ratios import Figures, table
from tests.benchmarks.upload import Cost, helper, python, random_file

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = int(os.environ.get("IMAGEAPIS_BENCH_ROUNDS", "3"))
FIXED = (1, 4, 16, 32)
#: The fixed numbers in the order in which they are tried: the sooner the best one, the sooner others are cut off.
LIKELY_FIRST = (16, 32, 4, 1)
FACES = ("blocking", "async")
#: How many times as many rounds where nothing but processors bounds an upload: there one may take twice as long as the
#: next one.
MORE_ROUNDS = 5
#: What keeps a processor busy.
ENDLESS = "while True: pass"


@attrs.frozen
class Kind:
    """A path and how much goes over it.

    Attributes:
        name: For people.
        large: MiB of the large file.
        small: How many small files.
        ways: Arguments of the relay; none for loopback itself.
        at_a_time: Uploads that the server takes at a time.
        one_of: Of how many uploads it refuses one, however few come at a time; none if 0.
        busy: Whether as many other processes as there are processors want them all the time.
    """

    name: str
    large: int
    small: int
    ways: tuple[str, ...] = ()
    at_a_time: int = 1_000
    one_of: int = 0
    busy: bool = False


KINDS = (
    Kind("loopback", 1024, 2000),
    Kind("1 ms, 110 MiB/s", 256, 2000, ("1,10000,110",)),
    Kind("40 ms, 20 MiB/s each, 150 in all", 512, 1000, ("40,20,150",)),
    Kind("40 ms, 20 MiB/s each", 512, 1000, ("40,20,10000",)),
    Kind("150 ms, 4 MiB/s each, 60 in all", 256, 400, ("150,4,60",)),
    Kind("40 ms, at most 8 at a time", 256, 1000, ("40,10,200",), 8),
    Kind("40 ms, 1 of 20 refused", 256, 1000, ("40,10,200",), one_of=20),
    Kind("1 ms that become 80 ms", 512, 1000, ("1,60,110", "2", "80,5,80")),
    Kind("busy loopback", 1024, 2000, busy=True),
)


def seconds(face: str, url: str, path: Path, count: int | None, most: float | None = None) -> float:
    """Return the seconds of one upload by a process of its own, or `most` where it was cut off."""
    name = f"{face}{'' if count is None else f', {count}'}{', package' if path.is_dir() else ''}"
    try:
        cost: Cost = python(name, url, path, most=most)
    except subprocess.TimeoutExpired as cut:
        return cut.timeout
    return cost.seconds


def measure(face: str, url: str, path: Path, rounds: int) -> tuple[list[float], dict[int, float]]:
    """Return the seconds of its own choice, one a round, and the medians of the fixed numbers."""
    own: list[float] = []
    fixed: dict[int, list[float]] = {count: [] for count in FIXED}
    for _ in range(rounds):
        own.append(seconds(face, url, path, None))
        best = 2 * own[-1]
        for count in LIKELY_FIRST:
            # The start of the process is in the bound, so that on a short upload nothing else decides.
            fixed[count].append(seconds(face, url, path, count, 1.5 * best + 2))
            best = min(best, fixed[count][-1])
    medians = {count: statistics.median(found) for count, found in fixed.items()}
    return own, medians


def endless(stack: ExitStack) -> None:
    """Keep a processor busy until the stack ends."""
    process = stack.enter_context(subprocess.Popen([sys.executable, "-c", ENDLESS]))
    stack.callback(process.kill)


def chosen(words: Sequence[str]) -> list[Kind]:
    """Return all kinds, or those whose names hold the word that is no option, on a busy machine if `--busy` is one."""
    names, busy = [word for word in words if word != "--busy"], "--busy" in words
    kinds = [kind for kind in KINDS if not names or names[0] in kind.name]
    if not busy:
        return kinds
    return [attrs.evolve(kind, name=f"busy {kind.name}", busy=True) for kind in kinds if not kind.busy]


def main() -> None:
    """Measure the kinds that the arguments name."""
    figures, rows = Figures(), []
    with tempfile.TemporaryDirectory(prefix="imageapis-bench-") as temporary:
        for kind in chosen(sys.argv[1:]):
            rounds = ROUNDS * MORE_ROUNDS if kind.busy or not kind.ways else ROUNDS
            folder = Path(temporary) / "small"
            for number in range(kind.small):
                path = folder / f"part-{number % 20}" / f"{number}.dll"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(os.urandom(2048))
            large = random_file(Path(temporary) / "large", kind.large)
            for what, path in ((f"{kind.large} MiB", large), (f"{kind.small} files", folder)):
                for face in FACES:
                    with ExitStack() as stack:
                        port = helper(stack, "_upload_sink", kind.at_a_time, kind.one_of)
                        port = helper(stack, "_upload_proxy", port, *kind.ways) if kind.ways else port
                        for _ in range((os.cpu_count() or 1) if kind.busy else 0):
                            endless(stack)
                        own, fixed = measure(face, f"http://127.0.0.1:{port}", path, rounds)
                    best = min(fixed.values())
                    ratio = figures.ratio(f"paths/{kind.name}/{what}/{face}", [found / best for found in own])
                    rows.append(
                        [kind.name, what, face, f"{statistics.median(own):.2f}"]
                        + [f"{fixed[count]:.2f}" for count in FIXED]
                        + [ratio]
                    )
                    print(*rows[-1], sep="  ", file=sys.stderr, flush=True)
    columns = ("path", "what", "face", "own s", *map(str, FIXED), "of the best")
    table(
        f"seconds by requests at a time, medians of {ROUNDS} rounds, on loopback and if busy of {MORE_ROUNDS * ROUNDS}",
        columns,
        rows,
    )


if __name__ == "__main__":
    main()
