"""Mutation testing of what could lose data: one small change at a time in a module, and do its tests notice?

`python -m tests.mutation [--only NAME] [--seed N] [--count N] [--jobs N]` changes a copy of the packages, never the
checkout, and prints each mutant that survived with the line and the change. A runner of our own, because what there is
runs the whole suite for each mutant or changes the installed packages in place; here each module has the tests that
are about it, and a sample is drawn by number.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "overlays" / "imageapis"
#: Seconds after which a mutant that does not end counts as noticed.
PATIENCE = 240
#: One face runs nearly all of an engine, which knows of none; paging, retries and tokens have parts for each.
FACES = "not asyncio and not trio"
#: The modules, by what they are for, with the tests that are about them.
TARGETS: dict[str, tuple[str, list[str]]] = {
    "paging": ("core/paging.py", ["tests/unit/test_paging.py"]),
    "retry": ("core/retry.py", ["tests/unit/test_retries.py"]),
    "token refresh": ("core/tokens.py", ["tests/unit/test_logins.py"]),
    "journal": ("servicefabric/journal.py", ["tests/servicefabric/test_journal.py"]),
    "upload engine": (
        "servicefabric/transfer.py",
        ["tests/servicefabric/test_upload.py", "tests/servicefabric/test_journal.py"],
    ),
    "package marks": (
        "servicefabric/package_transfer.py",
        ["tests/servicefabric/test_package.py", "tests/servicefabric/test_listings.py"],
    ),
}
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}


class Mutant(NamedTuple):
    """A module with one change."""

    line: int
    what: str
    text: str


def mutants(text: str) -> list[Mutant]:
    """Return all mutants of a module's text."""
    tree = ast.parse(text)
    found = []
    for at, node in enumerate(ast.walk(tree)):
        for number in range(len(_changes(node))):
            changed = copy.deepcopy(tree)
            place = next(other for index, other in enumerate(ast.walk(changed)) if index == at)
            what = _changes(place)[number]()
            if what:
                line = getattr(node, "lineno", 0)
                found.append(Mutant(line, what, ast.unparse(ast.fix_missing_locations(changed))))
    return found


def _changes(node: ast.AST) -> list[Callable[[], str]]:
    """Return what can be changed in a node: functions that do it in place and say what was done."""
    changes: list[Callable[[], str]] = []
    if isinstance(node, ast.Compare):
        changes.append(lambda: _compare(node))
    elif isinstance(node, (ast.BinOp, ast.AugAssign)):
        changes.append(lambda: _calculate(node))
    elif isinstance(node, ast.BoolOp):
        changes.append(lambda: _join(node))
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        changes.append(lambda: _negate(node))
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
        changes.append(lambda: _shift(node))
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.If, ast.For, ast.With, ast.AsyncWith, ast.Try)):
        changes += [partial(_drop, node, number) for number in range(len(node.body))]
    return changes


def _compare(node: ast.Compare) -> str:
    before = ast.unparse(node)
    node.ops[0] = _COMPARISONS[type(node.ops[0])]()
    return f"{before} -> {ast.unparse(node)}"


def _calculate(node: ast.BinOp | ast.AugAssign) -> str:
    other = _ARITHMETIC.get(type(node.op))
    if other is None:
        return ""
    before = ast.unparse(node)
    node.op = other()
    return f"{before} -> {ast.unparse(node)}"


def _join(node: ast.BoolOp) -> str:
    before = ast.unparse(node)
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return f"{before} -> {ast.unparse(node)}"


def _negate(node: ast.If | ast.While | ast.IfExp) -> str:
    if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return ""
    before = ast.unparse(node.test)
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return f"if {before} -> if not"


def _shift(node: ast.Constant) -> str:
    before = node.value
    assert isinstance(before, (int, float))
    node.value = not before if isinstance(before, bool) else before + 1
    return f"{before} -> {node.value}"


def _drop(node: ast.AST, number: int) -> str:
    body: list[ast.stmt] = node.body  # type: ignore[attr-defined]
    statement = body[number]
    plain = isinstance(statement, (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Return))
    if not plain or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        return ""
    body[number] = ast.Pass()
    return f"without {ast.unparse(statement)[:100]}"


def warm() -> None:
    """Import what tests need and mutants do not change: each mutant's process is forked from this one."""
    for name in ("pytest", "httpx", "trio", "uvicorn", "starlette.applications", "openapi_core", "hypothesis"):
        importlib.import_module(name)


def begin(path: str, text: str, tests: list[str]) -> int:
    """Run a module's tests with another text of it, in a process of their own; return its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        signal.alarm(PATIENCE)
        with tempfile.TemporaryDirectory(prefix="mutant-") as made:
            copied = Path(made) / "overlays" / "imageapis"
            shutil.copytree(PACKAGES, copied, ignore=shutil.ignore_patterns("__pycache__"))
            # The local servers read the documents beside the packages.
            (Path(made) / "specs").symlink_to(ROOT / "specs")
            (copied / path).write_text(text, "utf-8")
            code = _tested([str(copied.parent), str(ROOT / "generated")], tests)
    finally:
        os._exit(code)


def _tested(places: list[str], tests: list[str]) -> int:
    """Run tests on the packages in other places, without a word."""
    sys.path[:0] = places
    sys.dont_write_bytecode = True
    os.environ["PYTHONPATH"] = os.pathsep.join(places)
    os.chdir(ROOT)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    options = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore:Module already imported",
        "-p",
        "no:schemathesis",
        "-k",
        "not trio" if tests[0].startswith("tests/unit") else FACES,
        "-m",
        "not slow and not live",
    ]
    return int(pytest_main([*options, *tests]))


def pytest_main(arguments: list[str]) -> int:
    """Run pytest in this process."""
    import pytest

    return pytest.main(arguments)


def survivors(path: str, drawn: list[Mutant], tests: list[str], jobs: int) -> list[Mutant]:
    """Return the mutants that the tests do not notice."""
    alive: list[Mutant] = []
    running: dict[int, Mutant] = {}
    waiting = list(reversed(drawn))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            running[begin(path, mutant.text, tests)] = mutant
        child, status = os.wait()
        # One that the alarm ended did not end by itself: that is noticed as well.
        if os.waitstatus_to_exitcode(status) == 0:
            alive.append(running[child])
            print(f"  {path}:{running[child].line} {running[child].what}", flush=True)
        del running[child]
    return alive


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="mutation", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=TARGETS, help="one module; all by default")
    parser.add_argument("--seed", type=int, default=1, help="the number by which the sample is drawn")
    parser.add_argument("--count", type=int, default=40, help="mutants of each module; 0 for all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    options = parser.parse_args()
    warm()
    total = left = 0
    for name in [options.only] if options.only else TARGETS:
        path, tests = TARGETS[name]
        text = (PACKAGES / path).read_text("utf-8")
        if not survivors(path, [Mutant(0, "no change", text)], tests, 1):
            raise SystemExit(f"{name}: its tests fail without any change")
        drawn = mutants(text)
        there = len(drawn)
        if options.count and options.count < there:
            drawn = random.Random(options.seed).sample(drawn, options.count)
        alive = survivors(path, drawn, tests, options.jobs)
        total, left = total + len(drawn), left + len(alive)
        print(f"{name}: {len(drawn)} of {there} mutants, {len(alive)} survived", flush=True)
    print(f"{total} mutants, {left} survived")
    return 0


if __name__ == "__main__":
    sys.exit(main())
