"""Writes tests/public_api.txt: every public name with its parameters, a line each. Run by `nox -s public_api`.

A line that goes or changes breaks somebody; so the file's difference is reviewed, and `CHANGELOG.md` tells of it.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FILE = ROOT / "tests" / "public_api.txt"
PACKAGE = ROOT / "overlays" / "imageapis"
#: Modules beside the services'.
MODULES = ("errors", "otel", "rich_progress", "testing.faults")


def lines() -> list[str]:
    """Return the lines of the file."""
    services = sorted(folder.parent.name for folder in PACKAGE.glob("*/client.py") if folder.parent.name != "core")
    names = [*MODULES, *(name for service in services for name in (service, f"{service}.auth", f"testing.{service}"))]
    found: list[str] = []
    for name in sorted(names):
        module = importlib.import_module(f"imageapis.{name}")
        for public in sorted(_public(module)):
            found += _described(f"{module.__name__}.{public}", getattr(module, public))
    return [*found, *_commands()]


def _public(module: Any) -> list[str]:
    if hasattr(module, "__all__"):
        return [name for name in module.__all__ if not inspect.ismodule(getattr(module, name))]
    return [
        name
        for name, member in vars(module).items()
        if not name.startswith("_") and getattr(member, "__module__", None) == module.__name__
    ]


def _described(name: str, member: Any) -> Iterator[str]:
    if not inspect.isclass(member):
        yield f"{name}{_parameters(member)}" if callable(member) else name
        return
    bases = ", ".join(base.__name__ for base in member.__bases__ if base is not object and base.__name__[0] != "_")
    yield f"class {name}({bases})"
    if not _inherited(member, "__init__"):
        yield f"{name}.__init__{_parameters(member.__init__)}"
    for public in sorted(name for name in dir(member) if not name.startswith("_")):
        value = inspect.getattr_static(member, public)
        if _inherited(member, public):
            continue
        shown = getattr(member, public)
        yield f"{name}.{public}{_parameters(shown) if inspect.isroutine(value) or inspect.isroutine(shown) else ''}"


def _inherited(member: type, name: str) -> bool:
    """Say whether a name is another's promise: of a class that is listed itself, or of one that is not ours."""
    home = next(base for base in member.__mro__ if name in vars(base))
    if home.__module__.partition(".")[0] not in ("imageapis", "imageapis_generated"):
        return True
    return home is not member and home.__module__ == "imageapis.errors"


def _parameters(member: Any) -> str:
    try:
        signature = inspect.signature(member)
    except (TypeError, ValueError):
        return ""
    bare = [
        one.replace(annotation=one.empty, default=one.default if _plain(one.default) else "...")
        for name, one in signature.parameters.items()
        if name != "self"
    ]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))


def _plain(default: Any) -> bool:
    """Say whether a default looks the same on every Python."""
    return default is inspect.Parameter.empty or default is None or type(default) in (bool, int, float, str, tuple)


def _commands() -> Iterator[str]:
    import typer

    from imageapis.cli.app import app

    root: Any = typer.main.get_command(app)
    for group, commands in sorted(root.commands.items()):
        for name, command in sorted(commands.commands.items()):
            options = [max(one.opts, key=len) if one.opts[0][0] == "-" else one.name for one in command.params]
            yield f"imageapis {group} {name} {' '.join(option for option in options if option != '--help')}"


def main() -> None:
    """Write the file."""
    FILE.write_text("".join(f"{line}\n" for line in lines()), "utf-8")
    print(f"{FILE.relative_to(ROOT)}: if it changed, CHANGELOG.md wants a line")


if __name__ == "__main__":
    main()
