"""What mutation testing knows of modules by their names is still so: a renamed one would not be tested, or judged."""

from __future__ import annotations

import ast

import pytest

from tests.mutation.__main__ import TARGETS
from tests.mutation.mutants import MODULE, functions
from tests.mutation.runs import PACKAGES, REVIEWED, ROOT


@pytest.mark.parametrize("name", TARGETS)
def test_the_module_and_the_tests_of_a_group_are_there(name: str) -> None:
    path, tests = TARGETS[name]
    assert [
        place for place in (PACKAGES / path, *(ROOT / test.partition("::")[0] for test in tests)) if not place.exists()
    ] == []


@pytest.mark.parametrize("path", sorted({path for path, _, _ in REVIEWED}))
def test_every_survivor_that_was_looked_at_is_in_a_function_of_its_module(path: str) -> None:
    there = {MODULE, *functions(ast.parse((PACKAGES / path).read_text("utf-8")))}
    assert {where for of, where, _ in REVIEWED if of == path} - there == set()


def test_only_modules_of_a_group_have_survivors_that_were_looked_at() -> None:
    assert {path for path, _, _ in REVIEWED} - {path for path, _ in TARGETS.values()} == set()
