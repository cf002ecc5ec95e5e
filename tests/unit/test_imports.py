"""How our modules lean on each other: no two of them import each other, however long the way round."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import imageapis

ROOT = Path(imageapis.__file__).parent


def test_no_module_imports_itself_by_a_detour_not_even_for_its_types() -> None:
    assert _circle({name: _imports(name, path) for name, path in _modules().items()}) is None


def test_a_circle_would_be_found() -> None:
    assert _circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) is not None


def _circle(graph: dict[str, set[str]]) -> list[str] | None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as failure:
        return list(failure.args[1])
    return None


def _modules() -> dict[str, Path]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(name: str, path: Path) -> set[str]:
    """The modules of ours that a module names anywhere, also within functions and `if TYPE_CHECKING`."""
    modules = _modules()
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            # `from package import module` names the module, not only its package.
            names = [
                inner if (inner := f"{node.module}.{alias.name}") in modules else node.module for alias in node.names
            ]
        else:
            continue
        found.update(imported for imported in names if imported in modules)
    return found - {name}
