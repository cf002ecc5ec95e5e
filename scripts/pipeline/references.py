"""Follows `$ref` inside a document and writes `allOf` out: schemas as they are meant, still as the document's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document

Node = dict[str, Any]

#: Keys that say nothing of what a value is made of.
REMARKS = {
    *("description", "title", "example", "examples", "default", "deprecated", "externalDocs", "nullable", "xml"),
    *("readOnly", "writeOnly", "$comment", "$schema", "$id", "discriminator"),
}


def target(document: Document, reference: str) -> Any:
    """What a reference leads to.

    Raises:
        PipelineError: it leads nowhere, or out of the document.
    """
    if not reference.startswith("#"):
        raise PipelineError(f"The reference {reference} leaves the document: bundle it into one file first.")
    node: Any = document
    for part in reference[1:].split("/")[1:]:
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(key)] if isinstance(node, list) else node[key]
        except (KeyError, IndexError, ValueError, TypeError):
            raise PipelineError(f"The reference {reference} leads nowhere.") from None
    return node


def resolved(document: Document, node: Any) -> Node:
    """A parameter, body, response or path item behind however many references; what stands beside them wins."""
    beside: Node = {}
    for _ in range(100):
        if not isinstance(node, dict):
            return beside
        if not isinstance(node.get("$ref"), str):
            return {**node, **beside}
        beside = {**{key: value for key, value in node.items() if key != "$ref"}, **beside}
        node = target(document, node["$ref"])
    raise PipelineError(f"The reference {node['$ref']} leads back to itself.")


def structure(schema: Node) -> set[str]:
    """The keys of a schema that say what a value is made of."""
    return {key for key in schema if key not in REMARKS and not key.startswith("x-")}


def flat(document: Document, schema: Node, seen: tuple[str, ...] = ()) -> Node:
    """A schema with its references followed and its `allOf` merged; a part that leads back to itself adds nothing.

    Properties that it has under some condition only (`then`, `else`, `dependentSchemas`) are among its own.
    """
    made = _flat(document, schema, seen)
    known = made.get("properties") or {}
    more = {name: said for name, said in _conditional(document, schema, seen) if name not in known}
    return {**made, "properties": {**known, **more}} if more else made


def _conditional(document: Document, schema: Node, seen: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The properties that a schema or a part of it has under some condition, or asks for in one."""
    if isinstance(schema.get("$ref"), str) and schema["$ref"] not in seen:
        found = target(document, schema["$ref"])
        if isinstance(found, dict):
            yield from _conditional(document, found, (*seen, schema["$ref"]))
    for part in schema.get("allOf") or ():
        if isinstance(part, dict):
            yield from _conditional(document, part, seen)
    dependent = schema.get("dependentSchemas")
    parts = [schema.get("then"), schema.get("else"), *(dependent.values() if isinstance(dependent, dict) else ())]
    for part in [*parts, schema.get("if")]:
        if isinstance(part, dict):
            yield from (flat(document, part, seen).get("properties") or {}).items()


def _flat(document: Document, schema: Node, seen: tuple[str, ...]) -> Node:
    """A schema with its references followed and its `allOf` merged, without what depends on a condition."""
    if isinstance(schema.get("$ref"), str):
        reference = schema["$ref"]
        if reference in seen:
            return {}
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        found = target(document, reference)
        behind = _flat(document, found, (*seen, reference)) if isinstance(found, dict) else {}
        return _merged(behind, _flat(document, beside, seen)) if structure(beside) else {**behind, **beside}
    parts = [part for part in schema.get("allOf") or () if isinstance(part, dict)]
    made: Node = {}
    for part in parts:
        made = _merged(made, {k: v for k, v in _flat(document, part, seen).items() if k not in _OF_A_PART})
    return _merged(made, {key: value for key, value in schema.items() if key != "allOf"})


# What a part says of itself, not of the whole.
_OF_A_PART = {"title", "discriminator", "deprecated", "readOnly", "writeOnly", "example", "examples"}


def _merged(first: Node, second: Node) -> Node:
    made = {**first, **second}
    if "properties" in first and "properties" in second:
        made["properties"] = dict(first["properties"])
        for name, said in second["properties"].items():
            before = made["properties"].get(name)
            both = isinstance(before, dict) and isinstance(said, dict) and structure(before) and not structure(said)
            made["properties"][name] = {**before, **said} if both else said
    if "required" in first and "required" in second:
        made["required"] = [*first["required"], *second["required"]]
    for key in ("oneOf", "anyOf"):
        if key in first and key in second and first[key] != second[key]:
            made[key] = [{"allOf": [one, two]} for one in first[key] for two in second[key]]
    return made
