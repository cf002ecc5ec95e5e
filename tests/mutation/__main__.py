"""Mutation testing of what could lose data: one small change at a time in a module, and do its tests notice?

`python -m tests.mutation [--only NAME] [--seed N] [--count N] [--jobs N]` changes a copy of the packages, never the
checkout, and prints each mutant that survived with the line and the change. A runner of our own, because what there is
runs the whole suite for each mutant or changes the installed packages in place; here each module has the tests that
are about it. They run once without a change, under coverage; for a mutant those that reach its line come first, the
quickest before the others, so that only survivors take all of them. A sample is drawn by number. A survivor that
stands in `reviewed.txt` is printed with the reason why it loses nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import sys

from tests.mutation.mutants import mutants
from tests.mutation.runs import PACKAGES, REVIEWED, reached, survivors, warm

POOLS = ["tests/unit/test_connection_pool.py", "tests/unit/test_fast_path.py"]
UPLOADS = [f"tests/servicefabric/test_{name}.py" for name in ("upload", "journal", "lies")]
PACKAGES_SENT = ["tests/servicefabric/test_package.py", "tests/servicefabric/test_listings.py"]
PUSHES = [f"tests/lusid/test_{name}.py" for name in ("push", "push_faults", "registry_answers")]
#: The modules, by what they are for, with the tests that are about them.
TARGETS: dict[str, tuple[str, list[str]]] = {
    "pages": ("core/pages.py", ["tests/unit/test_paging.py"]),
    "paging": ("core/paging.py", ["tests/unit/test_paging.py"]),
    "retry": ("core/retry.py", ["tests/unit/test_retries.py"]),
    "token refresh": (
        "core/tokens.py",
        [
            "tests/unit/test_logins.py",
            "tests/lusid/test_auth.py::test_a_token_file_is_read_again_when_it_changes",
            "tests/cli/test_login.py",
        ],
    ),
    "journal": ("servicefabric/journal.py", ["tests/servicefabric/test_journal.py"]),
    "upload engine": ("servicefabric/transfer.py", UPLOADS),
    "chunks": ("servicefabric/chunks.py", UPLOADS),
    "packages": ("servicefabric/package_transfer.py", PACKAGES_SENT),
    "package marks": ("servicefabric/package_marks.py", PACKAGES_SENT),
    "plain answers": ("core/fast_path.py", ["tests/unit/test_fast_path.py"]),
    "connections": ("core/pool_base.py", POOLS),
    "pools": ("core/connection_pool.py", POOLS),
    "write locks": ("openstack/write_locks.py", ["tests/openstack/test_metadata.py"]),
    "push": ("lusid/push.py", PUSHES),
    "registry": ("lusid/registry.py", PUSHES),
}


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="mutation", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=TARGETS, help="one module; all by default")
    parser.add_argument("--seed", type=int, default=1, help="the number by which the sample is drawn")
    parser.add_argument("--count", type=int, default=40, help="mutants of each module; 0 for all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    options = parser.parse_args()
    warm()
    total = left = new = 0
    for name in [options.only] if options.only else TARGETS:
        path, tests = TARGETS[name]
        text = (PACKAGES / path).read_text("utf-8")
        known = reached(path, text, tests)
        drawn = mutants(text)
        there = len(drawn)
        if options.count and options.count < there:
            drawn = random.Random(options.seed).sample(drawn, options.count)
        alive = survivors(path, drawn, tests, known, options.jobs)
        total, left = total + len(drawn), left + len(alive)
        new += sum((path, mutant.where, mutant.what) not in REVIEWED for mutant in alive)
        print(f"{name}: {len(drawn)} of {there} mutants, {len(alive)} survived", flush=True)
    print(f"{total} mutants, {left} survived, {new} of them not reviewed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
