"""Says what of a document does not reach the user: hidden by hand-written code, or gone and still used by it.

A generated method or class that nobody wrote over reaches the user as it is. What is written by hand is read as text:
each parameter of an operation must be one of the method that stands for it, each field of a value must be used or shown
whole, unless `x-imageapis-withheld` says why not.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scripts.pipeline.ir import Named
from scripts.pipeline.model_usage import named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.pipeline.ir import Api, Model, Operation

_DECORATORS = {"operation", "paged"}


@dataclass
class Written:
    """What is written by hand of a service.

    Attributes:
        methods: The parameters of each operation.
        attributes: Each attribute that is read, and each keyword that is passed, with the places where.
        shown: The generated classes that the package gives to its users, as they are or as the base of its own.
    """

    methods: dict[str, set[str]] = field(default_factory=dict)
    attributes: dict[str, list[str]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)


def read(package: Path, root: Path) -> Written:
    """What the modules of a hand-written package say.

    Args:
        package: overlays/imageapis/<service>.
        root: what places are named from.
    """
    written = Written()
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        where = path.relative_to(root).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _DECORATORS & _decorators(node):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                written.methods.setdefault(node.name, set()).update(one.arg for one in arguments)
            elif isinstance(node, ast.ClassDef):
                written.shown |= {base.id for base in node.bases if isinstance(base, ast.Name)}
            elif isinstance(node, ast.Attribute):
                written.attributes.setdefault(node.attr, []).append(f"{where}:{node.lineno}")
            elif isinstance(node, ast.keyword) and node.arg is not None:
                written.attributes.setdefault(node.arg, []).append(f"{where}:{node.value.lineno}")
        written.shown |= set(_exported(tree))
    return written


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)}


def _exported(tree: ast.Module) -> Iterator[str]:
    """The names of `__all__`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets):
            names = node.value.elts if isinstance(node.value, (ast.List, ast.Tuple)) else []
            yield from (str(name.value) for name in names if isinstance(name, ast.Constant))


def withheld(api: Api, written: Written) -> list[str]:
    """A line for each parameter and field that does not reach the user and is not meant to stay behind."""
    lines = [line for operation in api.operations for line in _parameters(operation, api, written)]
    whole = _whole(api, written)
    for model in api.models.values():
        if model.answers and model.name not in whole:
            lines += [
                f"{model.name}.{one.name} ({one.json} in the document) is read and used by nobody"
                for one in model.fields
                if one.name not in written.attributes and one.json not in model.withheld
            ]
    return lines


def _parameters(operation: Operation, api: Api, written: Written) -> Iterator[str]:
    method = written.methods.get(operation.method_name)
    which = f"{operation.method} {operation.path}"
    if method is None:
        if operation.by_hand is not None and operation.method_name != operation.name:
            yield f"{which} is to be written by hand as {operation.method_name}(), and is not"
        return
    for parameter in operation.parameters:
        if parameter.name not in method and parameter.json not in operation.withheld:
            yield f"{which}: the parameter {parameter.json} does not reach {operation.method_name}()"
    if operation.bodies and "body" not in method and "body" not in operation.withheld:
        for body in operation.bodies:
            models = [api.models[name] for name in named(body.use.type)]
            missing = [one.json for model in models for one in model.fields if one.name not in method]
            if missing or not models:
                what = ", ".join(missing) or "the body"
                yield f"{which}: {what} does not reach {operation.method_name}()"
                return


def _whole(api: Api, written: Written) -> set[str]:
    """The models that users hold as they are: shown by the package, or had from a generated method, and all in them."""
    waiting = [name for name in api.models if name in written.shown]
    for operation in api.operations:
        if operation.by_hand is None:
            waiting += [name for reply in operation.replies for name in named(reply.use.type)]
            if operation.unwrap is not None:
                # The envelope stays behind; what it holds does not.
                waiting += [
                    name
                    for reply in operation.replies
                    if isinstance(reply.use.type, Named)
                    for one in api.models[reply.use.type.name].fields
                    for name in named(one.use.type)
                ]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [inner for one in _uses(api.models[name]) for inner in one]
    return found


def _uses(model: Model) -> Iterator[list[str]]:
    yield from (named(one.use.type) for one in model.fields)
    if model.extra is not None:
        yield named(model.extra.type)


def gone(before: Api, after: Api, written: Written) -> list[str]:
    """A line for each name that a document took away and hand-written code still uses, with the places."""
    left = _names(after)
    lines = []
    for name, what in _names(before).items():
        if name not in left and name in written.attributes:
            lines.append(f"{what} is gone, and is used at {', '.join(written.attributes[name])}")
    return lines


def _names(api: Api) -> dict[str, str]:
    """Each name that hand-written code can use of a service, with what it is."""
    names = {operation.name: f"the operation {operation.name}" for operation in api.operations}
    for operation in api.operations:
        for parameter in operation.parameters:
            names.setdefault(parameter.name, f"the parameter {parameter.json} of {operation.method} {operation.path}")
    for model in api.models.values():
        for one in model.fields:
            names.setdefault(one.name, f"{model.name}.{one.name}")
    return names
