"""What an operation costs above the bare call: counted in calls of functions, which no load on the machine changes.

`nox -s bench -- overhead` measures the same in time.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks.overhead import OPERATIONS, pair

if TYPE_CHECKING:
    from collections.abc import Callable

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


@pytest.mark.parametrize("parts", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_calls_hardly_more_functions_than_the_bare_call(parts: Any) -> None:
    with pair(*parts) as (bare, operation):
        assert function_calls(operation) <= BAR * function_calls(bare)
