"""Finds parameters and fields of forms that nothing spells: objects and arrays inside others, and parts of XML.

No style but deepObject goes deeper than one level, and that one leaves open how an array of objects is spelled.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from scripts.pipeline import references
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.holes import Hole, mend
from scripts.pipeline.structure import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.references import Node
    from scripts.pipeline.structure import Place

_DEEPEST = 12  # schemas in one another; one that leads back to itself has no end
_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"
_STYLED = {"style", "explode"}  # keys of an encoding by which its field is spelled as in a query
# What says how a schema is spelled, and may not stand beside `content`.
_OF_SCHEMAS = ("schema", "style", "explode", "allowReserved", "example", "examples")


def unserializable(document: Document) -> Iterator[Hole]:
    """Every parameter and every field of a form that can hold what its style does not spell."""
    if "swagger" in document:  # whose parameters are single values and arrays of them
        yield from _unspelled_lists(document)
        return
    for place, kind, node in walk("document", document):
        if kind == "media" and isinstance(node.get("encoding"), dict) and str(place[-1]).startswith((_FORM, _PARTS)):
            if str(place[-1]).startswith(_FORM) or not str(document.get("openapi")).startswith("3.0"):
                yield from _unspelled_fields(document, place, node)
            yield from _unspelled_parts(document, place, node)
        if kind == "parameter" and "in" in node and isinstance(node.get("content"), dict):
            yield from _unspelled_content(document, place, node)
        if kind != "parameter" or "in" not in node or not isinstance(node.get("schema"), dict):
            continue
        deep = _is_deep(document, node, node["schema"])
        if any(_is_nested(document, inner, deep=deep) for inner in _inner(document, node["schema"])):
            held = f"the {node['in']} parameter {node.get('name')!r}"
            problem = f"is {held}, which holds objects or arrays inside others: OpenAPI has no spelling for that"
            yield Hole(place, problem, proposal=_as_json(place, node))


def _unspelled_lists(document: Document) -> Iterator[Hole]:
    """Every list of Swagger 2.0 that is joined in a way that OpenAPI 3 has not."""
    for place, kind, node in walk("document", document):
        if kind not in ("parameter", "header") or node.get("type") != "array":
            continue
        joined, items = node.get("collectionFormat", "csv"), node.get("items")
        nested = isinstance(items, dict) and items.get("type") == "array"
        if joined in ("csv", "multi") and not nested:
            continue
        if joined in ("ssv", "pipes") and not nested and node.get("in") == "query":
            continue
        named = f"is the {node['in']} parameter {node.get('name')!r}" if "in" in node else "is a header of answers"
        problem = f"{named}, {'a list of lists' if nested else f'a list joined as {joined}'}"
        why = "OpenAPI 3 has no spelling of this list: it is one text here, which the caller joins."
        removed = [mend((*place, key), why, remove=True) for key in ("items", "collectionFormat") if key in node]
        proposal = [*removed, mend(place, why, update={"type": "string"})]
        yield Hole(place, f"{problem}: OpenAPI 3 has no spelling for that", proposal=proposal)


def _is_deep(document: Document, said: Node, schema: Any) -> bool:
    """Whether a value is spelled with its names in brackets, which only an object is."""
    return said.get("style") == "deepObject" and isinstance(schema, dict) and _kind(document, schema) == "object"


def _unspelled_fields(document: Document, place: Place, media: Node) -> Iterator[Hole]:
    """Every field of a form that its encoding's style does not spell."""
    fields = _flat(document, media.get("schema") or {}).get("properties") or {}
    for name, said in media["encoding"].items():
        if not isinstance(said, dict) or not said.keys() & _STYLED or name not in fields:
            continue
        deep = _is_deep(document, said, fields[name])
        if any(_is_nested(document, inner, deep=deep) for inner in _inner(document, fields[name])):
            why = f"TODO: OpenAPI does not say how {name} is spelled; say how the service reads it, or leave it at JSON"
            problem = "is of a field that holds objects or arrays inside others: OpenAPI has no spelling for that"
            yield Hole(
                (*place, "encoding", name), problem, proposal=[mend((*place, "encoding", name), why, remove=True)]
            )


def _unspelled_parts(document: Document, place: Place, media: Node) -> Iterator[Hole]:
    """Every object or array of objects in a form that its encoding wants in anything but JSON."""
    fields = _flat(document, media.get("schema") or {}).get("properties") or {}
    for name, said in media["encoding"].items():
        wanted = said.get("contentType") if isinstance(said, dict) else None
        if not isinstance(wanted, str) or _may_be_json(wanted) or name not in fields or said.keys() & _STYLED:
            continue
        inner = list(_inner(document, fields[name]))
        if _kind(document, fields[name]) == "array":
            inner = [one for item in inner for one in _inner(document, item)]
        if inner:
            why = f"TODO: nothing here writes {name} as {wanted}: say that the service reads JSON, or make it a text"
            problem = f"wants {wanted} of a field that holds an object, which is written as JSON only"
            at = (*place, "encoding", name)
            yield Hole(at, problem, proposal=[mend(at, why, update={"contentType": "application/json"})])


def _unspelled_content(document: Document, place: Place, node: Node) -> Iterator[Hole]:
    """An object or array in a parameter whose media type is not JSON."""
    for wanted, media in node["content"].items():
        schema = media.get("schema") if isinstance(media, dict) else None
        if (_may_be_json(wanted) and "*" not in wanted) or not list(_inner(document, schema)):
            continue
        held = f"the {node['in']} parameter {node.get('name')!r}"
        problem = f"is {held}, an object or array as {wanted}, and only JSON is written there"
        why = f"TODO: nothing here writes {wanted} into a parameter; say that the service reads JSON, or make it a text"
        removed = mend((*place, "content", wanted), why, remove=True)
        yield Hole(place, problem, proposal=[removed, mend(place, why, update=_json_content(schema))])


def _json_content(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _may_be_json(wanted: str) -> bool:
    allowed = [one.partition(";")[0].strip().lower() for one in wanted.split(",")]
    return any(one.endswith(("/json", "+json")) or fnmatchcase("application/json", one) for one in allowed)


def _is_nested(document: Document, schema: Any, *, deep: bool, depth: int = 0) -> bool:
    """Whether what stands inside a parameter's value is no single value, or with deepObject no object of such."""
    inner = list(_inner(document, schema))
    if not inner or depth > _DEEPEST:
        return bool(inner)
    if not deep:
        return True
    if _kind(document, schema) == "array":
        return any(list(_inner(document, one)) for one in inner)
    return any(_is_nested(document, one, deep=deep, depth=depth + 1) for one in inner)


def _inner(document: Document, schema: Any, depth: int = 0) -> Iterator[Any]:
    """The schemas of what an array or object holds, in any of its forms; nothing for a single value."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    whole = _flat(document, schema)
    for choice in (*(whole.get("oneOf") or ()), *(whole.get("anyOf") or ())):
        yield from _inner(document, choice, depth + 1)
    yield from (whole.get("properties") or {}).values()
    for key in ("items", "additionalProperties"):
        if isinstance(whole.get(key), dict):
            yield whole[key]


def _kind(document: Document, schema: Node) -> str:
    return "array" if "items" in _flat(document, schema) else "object"


def _flat(document: Document, schema: Node) -> Node:
    try:
        return references.flat(document, schema)
    except PipelineError:  # a reference that leads nowhere, which is told where it stands
        return {}


def _as_json(place: Place, node: Node) -> list[dict[str, Any]]:
    """Actions that send the value as one JSON text, which most services that take such values read."""
    why = "TODO: OpenAPI does not say how this is spelled; say how the service reads it, or leave it at one JSON text"
    removed = [mend((*place, key), why, remove=True) for key in _OF_SCHEMAS if key in node]
    return [*removed, mend(place, why, update=_json_content(node["schema"]))]
