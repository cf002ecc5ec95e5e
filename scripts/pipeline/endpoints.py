"""Reads generated modules as text: each operation's arguments, result and imports, for a client to be written over it.

What a reply of success is comes from a second generation in which the document declares nothing else: in the first
one every error model is part of the result type.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts.pipeline import select
from scripts.pipeline.compare import resolve

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.pipeline.documents import Document


@dataclass(frozen=True)
class Argument:
    """An argument of a generated operation: its name, the parts of its union type, its default as source."""

    name: str
    parts: tuple[str, ...]
    default: str | None
    keyword: bool

    @property
    def optional(self) -> bool:
        """Whether it may be left out of the request."""
        return "Unset" in self.parts


@dataclass(frozen=True)
class Endpoint:
    """A generated module and the operation of the document that it was made of."""

    tag: str
    module: str
    verb: str
    path: str
    node: dict[str, Any]
    arguments: tuple[Argument, ...]
    result: tuple[str, ...]  # what a successful reply parses to
    everything: tuple[str, ...]  # that and the error models
    imports: dict[str, str]  # name -> the module that it comes from


def success_only(document: Document) -> Document:
    """The document with nothing but the replies of success."""
    paths = {path: dict(item) for path, item in document["paths"].items()}
    for method, path, operation in select.operations(document):
        replies = {status: reply for status, reply in operation.get("responses", {}).items() if status.startswith("2")}
        paths[path][method] = {**operation, "responses": replies}
    return {**document, "paths": paths}


def endpoints(name: str, document: Document, package: Path, successes: Path) -> list[Endpoint]:
    """Every operation of a generated package, in the document's order.

    Args:
        name: the service.
        document: what the package was made of.
        package: the generated package.
        successes: the package made of `success_only(document)`.
    """
    order = {(method, shape(path)): (path, node) for method, path, node in select.operations(document)}
    found: dict[tuple[str, str], Endpoint] = {}
    for module in sorted(package.glob("api/*/*.py")):
        text = module.read_text(encoding="utf-8")
        verb, url = re.search(r'"method": "(\w+)"', text), re.search(r'"url": "([^"]*)"', text)
        if verb is None or url is None:
            continue
        key = (verb.group(1), shape(url.group(1)))
        path, node = order[key]
        functions = _functions(text)
        twin = _functions((successes / module.relative_to(package)).read_text(encoding="utf-8"))
        found[key] = Endpoint(
            tag=module.parent.name,
            module=module.stem,
            verb=key[0],
            path=path,
            node=_with_references(document, path, node),
            arguments=tuple(_arguments(functions["_get_kwargs"])),
            result=_parts(twin["_parse_response"].returns),
            everything=_parts(functions["_parse_response"].returns),
            imports=_imports(text, f"imageapis_generated.{name}"),
        )
    return [found[key] for key in order]


def shape(path: str) -> str:
    """The path with its parameters' names left out."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _with_references(document: Document, path: str, node: dict[str, Any]) -> dict[str, Any]:
    """The operation with its parameters, body and replies written out."""
    listed = [*document["paths"][path].get("parameters", ()), *node.get("parameters", ())]
    return {
        **node,
        "parameters": [resolve(document, entry) for entry in listed],
        "requestBody": resolve(document, node.get("requestBody", {})),
        "responses": {status: resolve(document, reply) for status, reply in node.get("responses", {}).items()},
    }


def _functions(text: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


def _arguments(function: ast.FunctionDef) -> list[Argument]:
    given = function.args
    found = []
    positional = [None] * (len(given.args) - len(given.defaults)) + list(given.defaults)
    for keyword, arguments, defaults in ((False, given.args, positional), (True, given.kwonlyargs, given.kw_defaults)):
        for argument, default in zip(arguments, defaults, strict=True):
            source = None if default is None else ast.unparse(default)
            found.append(Argument(argument.arg, _parts(argument.annotation), source, keyword))
    return found


def _parts(annotation: ast.expr | None) -> tuple[str, ...]:
    """The members of a union, as source; the module datetime is `dt`, as everywhere in this project."""
    if isinstance(annotation, ast.BinOp):
        return (*_parts(annotation.left), *_parts(annotation.right))
    return () if annotation is None else (re.sub(r"\bdatetime\.(?=date)", "dt.", ast.unparse(annotation)),)


def _imports(text: str, package: str) -> dict[str, str]:
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom):
            module = f"{package}.{node.module}" if node.level else str(node.module)
            found.update({alias.asname or alias.name: module for alias in node.names})
        elif isinstance(node, ast.Import):
            found.update({"dt" if alias.name == "datetime" else alias.name: "" for alias in node.names})
    return found
