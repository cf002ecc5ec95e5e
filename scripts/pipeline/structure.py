"""Which object of an API document may stand where: the one table by which the pipeline walks documents.

It tells a reference from a property or an example that happens to be named `$ref`, and a schema from a parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[Any, ...]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# For each kind of object: its keys that lead on, whether to one object, a list or a mapping of them, and of what kind.
_ONE, _LIST, _MAP = "one", "list", "map"
_Shape = dict[str, tuple[str, str]]
_MEDIA: _Shape = {"content": (_MAP, "media")}
_VALUE: _Shape = {"schema": (_ONE, "schema"), "examples": (_MAP, "example"), **_MEDIA}
_COMPONENTS: _Shape = {
    "schemas": (_MAP, "schema"),
    "responses": (_MAP, "response"),
    "parameters": (_MAP, "parameter"),
    "examples": (_MAP, "example"),
    "requestBodies": (_MAP, "body"),
    "headers": (_MAP, "header"),
    "securitySchemes": (_MAP, "login"),
    "links": (_MAP, "link"),
    "callbacks": (_MAP, "callback"),
    "pathItems": (_MAP, "path"),
}
_SCHEMA: _Shape = {
    **dict.fromkeys(("additionalProperties", "not", "if", "then", "else", "contains"), (_ONE, "schema")),
    **dict.fromkeys(("propertyNames", "unevaluatedItems", "unevaluatedProperties"), (_ONE, "schema")),
    **dict.fromkeys(("additionalItems", "contentSchema"), (_ONE, "schema")),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), (_LIST, "schema")),
    **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), (_MAP, "schema")),
    "items": (_ONE, "schema"),  # or a list, in old drafts of JSON Schema
}
SHAPES: dict[str, _Shape] = {
    "document": {
        "paths": (_MAP, "path"),
        "components": (_ONE, "components"),
        "definitions": (_MAP, "schema"),
        "parameters": (_MAP, "parameter"),
        "responses": (_MAP, "response"),
        "securityDefinitions": (_MAP, "login"),
    },
    "components": _COMPONENTS,
    "path": {**dict.fromkeys(METHODS, (_ONE, "operation")), "parameters": (_LIST, "parameter")},
    "operation": {
        "parameters": (_LIST, "parameter"),
        "requestBody": (_ONE, "body"),
        "responses": (_MAP, "response"),
    },
    "parameter": _VALUE,
    "header": _VALUE,
    "body": _MEDIA,
    "response": {
        **_MEDIA,
        "schema": (_ONE, "schema"),  # Swagger 2.0
        "headers": (_MAP, "header"),
        "links": (_MAP, "link"),
    },
    "media": {"schema": (_ONE, "schema"), "examples": (_MAP, "example"), "encoding": (_MAP, "encoding")},
    "encoding": {"headers": (_MAP, "header")},
    "schema": _SCHEMA,
    "callback": {},
    "example": {},
    "link": {},
    "login": {},
}
# Where a document keeps objects of each kind for others to refer to.
STORES: dict[str, dict[str, tuple[str, ...]]] = {
    "openapi": {kind: ("components", name) for name, (_, kind) in _COMPONENTS.items()},
    "swagger": {"schema": ("definitions",), "parameter": ("parameters",), "response": ("responses",)},
}


def inner(kind: str, node: dict[str, Any]) -> Iterator[tuple[Place, str, Any]]:
    """What an object holds: the keys that lead to each part, the part's kind, and the part."""
    for key, (form, part) in SHAPES[kind].items():
        value = node.get(key)
        if isinstance(value, dict) and form == _MAP:
            yield from (((key, name), part, entry) for name, entry in value.items() if not _extension(part, name))
        elif isinstance(value, list) and (form == _LIST or key == "items"):
            yield from (((key, index), part, entry) for index, entry in enumerate(value))
        elif isinstance(value, dict) and form == _ONE:
            yield (key,), part, value


def _extension(kind: str, name: object) -> bool:
    """Whether an entry is an extension: paths and responses may hold some, named parts like properties may not."""
    return kind in ("path", "response") and str(name).startswith("x-")


def walk(kind: str, node: Any, place: Place = ()) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """Every object below an object of a kind, with its place and its kind; references are not followed."""
    if not isinstance(node, dict):
        return
    yield place, kind, node
    if "$ref" not in node or kind in ("document", "components", "schema"):
        for keys, part, entry in inner(kind, node):
            yield from walk(part, entry, (*place, *keys))


def at(node: Any, place: Place) -> Any:
    """What stands at a place below a node; None when nothing does."""
    for key in place:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return None
    return node
