"""The smallest values that a schema allows: what a new service's smoke test sends and is answered with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document

_TEXTS = {
    "date-time": "2024-01-02T03:04:05+00:00",
    "date": "2024-01-02",
    "uuid": "00000000-0000-0000-0000-000000000001",
    "uri": "http://localhost/x",
    "email": "a@localhost",
}
_DEEPEST = 12


def specimen(document: Document, schema: Any, depth: int = 0) -> Any:
    """A small value that the schema allows: required properties only, the first of each choice."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return None
    if isinstance(schema.get("$ref"), str):
        target: Any = document
        for part in schema["$ref"].split("/")[1:]:
            target = target[part.replace("~1", "/").replace("~0", "~")]
        return specimen(document, target, depth + 1)
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("oneOf", "anyOf"):
        if schema.get(key):
            return specimen(document, schema[key][0], depth + 1)
    return _by_type(document, schema, depth)


def _by_type(document: Document, schema: dict[str, Any], depth: int) -> Any:
    said = schema.get("type")
    types = [said] if isinstance(said, str) else [name for name in said or () if name != "null"]
    kind = types[0] if types else "object" if schema.keys() & {"properties", "allOf"} else None
    if kind == "object":
        return _object(document, schema, depth)
    if kind == "array":
        return [specimen(document, schema.get("items"), depth + 1) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        if schema.get("format") == "binary":
            return b"x"
        text: str = _TEXTS.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
        return text
    if kind == "boolean":
        return True
    if kind in ("integer", "number"):
        least = schema.get("minimum", 1)
        return least if kind == "number" else int(least)
    return None


def _object(document: Document, schema: dict[str, Any], depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in schema.get("allOf", ()):
        inner = specimen(document, part, depth + 1)
        made.update(inner if isinstance(inner, dict) else {})
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in made or name in properties:
            made[name] = specimen(document, properties.get(name, {"type": "string"}), depth + 1)
    return made
