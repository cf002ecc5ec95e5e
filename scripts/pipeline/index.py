"""Makes the generator's package indexes lazy: an operation or a model is imported when it is first used.

Each model compiles its methods when it is imported, so that importing all of a service's takes as long as importing
httpx. Type checkers see plain imports and still refuse a misspelt name.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OPERATIONS = '''"""The operations of one tag, each a module that is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{imports}

__all__ = ({names},)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in __all__:
            return import_module(f"{{__name__}}.{{name}}")
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''

_CLASSES = '''"""{what}, each imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{imports}

__all__ = ({names},)

if not TYPE_CHECKING:
    _HOMES = {{{homes}}}

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            found = globals()[name] = getattr(import_module(f"{{__name__}}.{{_HOMES[name]}}"), name)
            return found
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''


def write_indexes(package: Path, header: str) -> None:
    """Rewrite the indexes of an unformatted generated package: its own, `api/<tag>/` and `models/`.

    Args:
        package: the service's generated package.
        header: what every generated file starts with.
    """
    for tag in sorted(folder for folder in (package / "api").iterdir() if folder.is_dir()):
        modules = sorted(path.stem for path in tag.glob("*.py") if path.stem != "__init__")
        if modules:
            _write(tag, header, _operations(modules))
    for folder, what in ((package, "The generator's own clients"), (package / "models", "The models of the service")):
        homes = _homes(folder / "__init__.py")
        if homes:
            _write(folder, header, _classes(what, homes))


def _write(folder: Path, header: str, text: str) -> None:
    (folder / "__init__.py").write_text(header + text, encoding="utf-8", newline="\n")


def _operations(modules: list[str]) -> str:
    imports = "\n".join(f"    from . import {name} as {name}" for name in modules)
    return _OPERATIONS.format(imports=imports, names=", ".join(f'"{name}"' for name in modules))


def _classes(what: str, homes: dict[str, str]) -> str:
    imports = "\n".join(f"    from .{home} import {name} as {name}" for name, home in homes.items())
    table = ", ".join(f'"{name}": "{home}"' for name, home in homes.items())
    return _CLASSES.format(what=what, imports=imports, names=", ".join(f'"{name}"' for name in homes), homes=table)


def _homes(index: Path) -> dict[str, str]:
    """Where each class of the generator's own index lives, by name."""
    if not index.is_file():
        return {}
    found = {
        alias.name: statement.module
        for statement in ast.parse(index.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.ImportFrom) and statement.level == 1 and statement.module
        for alias in statement.names
    }
    return dict(sorted(found.items()))
