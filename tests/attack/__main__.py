"""The attack's command: `python -m tests.attack [--seed N] [--count N] [--workers N]`.

Starts the attacking processes, watches that none of them stops, and prints one table of counts and then each kind of
failure once, with the number that repeats it. Ends with 1 if there was any failure.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import selectors
import subprocess
import sys
import time
from typing import Any

#: Seconds without a line after which an attacking process is taken for dead and started anew behind its trial.
SILENCE = 300
#: Trials that come to a little more than 20,000 replies.
SHARE = 9000


class Table:
    """Counts by part: trials, replies, outcomes, and failures by the check that found them."""

    def __init__(self) -> None:
        self.rows: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
        self.kinds: collections.Counter[str] = collections.Counter()
        self.failures: dict[tuple[str, str], list[Any]] = {}

    def add(self, told: dict[str, Any]) -> None:
        """Count one trial."""
        row = self.rows[told["part"]]
        row["trials"] += 1
        row["replies"] += len(told["kinds"])
        row["values" if told["outcome"] == "value" else "errors"] += 1
        self.kinds.update(told["kinds"])
        for check, how in told["wrong"]:
            row[check] += 1
            known = self.failures.setdefault((check, how.splitlines()[-1][:160] if how else ""), [told["seed"], 0, how])
            known[1] += 1
            known[2] = known[2] or told["operation"]

    def print(self) -> None:
        """Print the table, and each kind of failure with the number of a trial that shows it."""
        checks = sorted({check for check, _ in self.failures})
        columns = ["trials", "replies", "values", "errors", *checks]
        total = sum(self.rows.values(), collections.Counter())
        wide = max([len(part) for part in self.rows] + [5])
        print("".join([" " * wide, *(f" {name:>{max(8, len(name))}}" for name in columns)]))
        for part, row in [*sorted(self.rows.items()), ("total", total)]:
            print("".join([f"{part:{wide}}", *(f" {row[name]:>{max(8, len(name))}}" for name in columns)]))
        print("replies by what was done to them:", ", ".join(f"{kind} {n}" for kind, n in self.kinds.most_common()))
        for (check, _), (seed, times, how) in sorted(self.failures.items(), key=lambda it: (it[0][0], -it[1][1])):
            print(f"\n{check} (x{times}), repeat with --seed {seed} --count 1:\n  {how[-1200:]}")


class Worker:
    """One attacking process; its trials are `first`, `first + step`, ... up to `end`."""

    def __init__(self, first: int, step: int, end: int) -> None:
        self.next, self.step, self.end = first, step, end
        self.heard = time.monotonic()
        self.gave_up = False
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> bool:
        """Start with the next trial; say whether there is any."""
        count = len(range(self.next, self.end, self.step))
        if not count:
            return False
        command = [sys.executable, "-m", "tests.attack.worker", str(self.next), str(self.step), str(count)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.heard = time.monotonic()
        return True

    def died(self) -> dict[str, Any]:
        """Return what is to be told of the trial at which the process stopped, and go on behind it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        seed, self.next = self.next, self.next + self.step
        how = f"the process ended or stood still for {SILENCE} s"
        return {"seed": seed, "part": "died", "operation": "", "kinds": [], "outcome": "", "wrong": [("died", how)]}


def attack(table: Table, first: int, count: int, workers: int) -> None:
    """Run the trials and count them in the table."""
    crew = [Worker(first + number, workers, first + count) for number in range(workers)]
    with selectors.DefaultSelector() as selector:

        def watch(worker: Worker) -> None:
            if worker.start():
                assert worker.process is not None
                assert worker.process.stdout is not None
                selector.register(worker.process.stdout, selectors.EVENT_READ, worker)

        for worker in crew:
            watch(worker)
        while selector.get_map():
            for key, _ in selector.select(timeout=1):
                worker = key.data
                line = key.fileobj.readline()  # type: ignore[union-attr]
                worker.heard = time.monotonic()
                if line:
                    told = json.loads(line)
                    if "seed" in told:
                        table.add(told)
                        worker.next = told["seed"] + worker.step
                        worker.gave_up = told["outcome"] == "Hung"
                    continue
                selector.unregister(key.fileobj)
                if worker.next < worker.end:
                    # One in which a trial hung says so and ends of its own accord.
                    if not worker.gave_up:
                        table.add(worker.died())
                    watch(worker)
            for key in list(selector.get_map().values()):
                if time.monotonic() - key.data.heard > SILENCE:
                    selector.unregister(key.fileobj)
                    table.add(key.data.died())
                    watch(key.data)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="attack", description="Attack every public operation of the library.")
    parser.add_argument("--seed", type=int, default=1, help="the number of the first trial")
    parser.add_argument("--count", type=int, default=SHARE, help=f"how many trials, by default {SHARE}")
    parser.add_argument("--workers", type=int, default=min(4, 2 * (os.cpu_count() or 1)), help="processes at a time")
    options = parser.parse_args()
    began = time.monotonic()
    table = Table()
    try:
        attack(table, options.seed, options.count, min(options.workers, options.count))
    except KeyboardInterrupt:
        print("interrupted; what was done so far:")
    table.print()
    print(f"\nTrials from {options.seed} on, in {time.monotonic() - began:.0f} s")
    return 1 if table.failures else 0


if __name__ == "__main__":
    sys.exit(main())
