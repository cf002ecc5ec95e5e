"""What an operation costs above the bare call: counted in calls of functions, which no load on the machine changes.

`nox -s bench -- overhead` measures the same in time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.overhead import OPERATIONS, pair

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
#: How many times the function calls of a bare httpx call an operation may make.
BAR = 1.1


def function_calls(work: Callable[[], object]) -> int:
    """Return how many functions, of Python and of C, are called; after a first time, which sets things up."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    work()
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.fixture(scope="module")
def counted() -> dict[str, list[int]]:
    """The calls of each operation and of the bare call, in a process where nothing else has turned logs or hooks on."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.test_call_cost"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found: dict[str, list[int]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_calls_hardly_more_functions_than_the_bare_call(name: str, counted: dict[str, list[int]]) -> None:
    ours, raw = counted[name]
    assert ours <= BAR * raw


def main() -> None:
    """Count and print."""
    found = {}
    for name, parts in OPERATIONS.items():
        with pair(*parts) as (bare, operation):
            found[name] = [function_calls(operation), function_calls(bare)]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
