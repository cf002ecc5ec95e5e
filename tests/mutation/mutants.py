"""Mutants: a module's text with one small change each, of a kind that a slip of the pen makes."""

from __future__ import annotations

import ast
import copy
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

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
#: What lies outside of all functions and classes.
MODULE = "<module>"


class Mutant(NamedTuple):
    """A module with one change."""

    line: int
    #: The last line of what is changed.
    end: int
    #: The function that it is in, with its class.
    where: str
    what: str
    text: str


def mutants(text: str) -> list[Mutant]:
    """Return all mutants of a module's text."""
    tree = ast.parse(text)
    found = []
    places = _places(tree)
    typing = {id(node) for block in ast.walk(tree) if _never_runs(block) for node in ast.walk(block)}
    for at, node in enumerate(ast.walk(tree)):
        for number in range(0 if id(node) in typing else len(_changes(node))):
            changed = copy.deepcopy(tree)
            place = next(other for index, other in enumerate(ast.walk(changed)) if index == at)
            change = _changes(place)[number]
            spot = place.body[change.args[1]] if isinstance(change, partial) else place  # type: ignore[attr-defined]
            line, end = getattr(spot, "lineno", 0), getattr(spot, "end_lineno", 0)
            if isinstance(spot, (ast.If, ast.While)):
                end = line
            what = change()
            if what:
                found.append(Mutant(line, end, places[id(node)], what, ast.unparse(ast.fix_missing_locations(changed))))
    return found


def _places(tree: ast.Module) -> dict[int, str]:
    """Return in which function each node is."""
    places: dict[int, str] = {}

    def visit(node: ast.AST, name: str) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = node.name if name == MODULE else f"{name}.{node.name}"
        places[id(node)] = name
        for child in ast.iter_child_nodes(node):
            visit(child, name)

    visit(tree, MODULE)
    return places


def functions(tree: ast.Module) -> set[str]:
    """Return the names of a module's functions and classes, as mutants tell them."""
    return set(_places(tree).values())


def _never_runs(node: ast.AST) -> bool:
    """Say whether a statement is for type checkers only."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


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
