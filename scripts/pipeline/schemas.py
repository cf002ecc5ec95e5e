"""Walks the parts of an OpenAPI 3 document: media types of requests and responses, schemas and what they hold.

Every walker yields a place, the list of keys that leads to the value, beside the value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scripts.pipeline.structure import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document

Place = tuple[Any, ...]
Found = tuple[Place, dict[str, Any]]

_ONE = ("additionalProperties", "items", "not", "if", "then", "else", "contains", "propertyNames")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs", "dependentSchemas")


def jsonpath(place: Place) -> str:
    """The place as a normalised RFC 9535 path, as an overlay targets it."""
    return "$" + "".join(f".{part}" if _plain(part) else f"[{_quoted(part)}]" for part in place)


def _plain(part: object) -> bool:
    return isinstance(part, str) and part.isidentifier() and part.isascii()


def _quoted(part: object) -> str:
    if isinstance(part, int):
        return str(part)
    text = json.dumps(part)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{text}'"


def operations(document: Document) -> Iterator[Found]:
    """Each operation at paths/<path>/<method>."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield ("paths", path, method), item[method]


def request_bodies(document: Document) -> Iterator[Found]:
    """Each request body that stands written out, in operations and in components."""
    for place, operation in operations(document):
        if "content" in operation.get("requestBody", {}):
            yield (*place, "requestBody"), operation["requestBody"]
    yield from _components(document, "requestBodies")


def responses(document: Document) -> Iterator[Found]:
    """Each response that stands written out, in operations and in components."""
    for place, operation in operations(document):
        for status, response in operation.get("responses", {}).items():
            if isinstance(response, dict) and "$ref" not in response:
                yield (*place, "responses", status), response
    yield from _components(document, "responses")


def parameters(document: Document) -> Iterator[Found]:
    """Each parameter that stands written out, in path items, operations and components."""
    holders: list[Found] = [
        (("paths", path), item) for path, item in document.get("paths", {}).items() if isinstance(item, dict)
    ]
    for place, holder in [*holders, *operations(document)]:
        for index, parameter in enumerate(holder.get("parameters", ())):
            if "$ref" not in parameter:
                yield (*place, "parameters", index), parameter
    yield from _components(document, "parameters")


def _components(document: Document, kind: str) -> Iterator[Found]:
    for name, entry in document.get("components", {}).get(kind, {}).items():
        if isinstance(entry, dict) and "$ref" not in entry:
            yield ("components", kind, name), entry


def content_schemas(place: Place, holder: dict[str, Any]) -> Iterator[Found]:
    """The schema of each media type of a request body or response, and of a response's headers."""
    for media_type, media in holder.get("content", {}).items():
        if isinstance(media, dict) and isinstance(media.get("schema"), dict):
            yield (*place, "content", media_type, "schema"), media["schema"]
    for name, header in holder.get("headers", {}).items():
        if isinstance(header, dict) and isinstance(header.get("schema"), dict):
            yield (*place, "headers", name, "schema"), header["schema"]


def subschemas(place: Place, schema: object) -> Iterator[Found]:
    """The schema and every schema written inside it; references are not followed."""
    if not isinstance(schema, dict):
        return
    yield place, schema
    for key in _ONE:
        yield from subschemas((*place, key), schema.get(key))
    for key in _MANY:
        for index, inner in enumerate(schema.get(key, ())):
            yield from subschemas((*place, key, index), inner)
    for key in _NAMED:
        entries = schema.get(key)
        if isinstance(entries, dict):
            for name, inner in entries.items():
                yield from subschemas((*place, key, name), inner)


def reachable(document: Document, roots: Iterator[Found]) -> Iterator[Found]:
    """Every schema that the roots hold or refer to, each component once."""
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        place, schema = waiting.pop(0)
        for inner_place, inner in subschemas(place, schema):
            yield inner_place, inner
            name = component_name(inner)
            if name is not None and name not in seen:
                seen.add(name)
                target = document.get("components", {}).get("schemas", {}).get(name)
                if isinstance(target, dict):
                    waiting.append((("components", "schemas", name), target))


def response_schemas(document: Document) -> Iterator[Found]:
    """Every schema that a response can lead to."""
    roots = (found for place, response in responses(document) for found in content_schemas(place, response))
    return reachable(document, roots)


def request_schemas(document: Document) -> Iterator[Found]:
    """Every schema that a request body can lead to."""
    roots = (found for place, body in request_bodies(document) for found in content_schemas(place, body))
    return reachable(document, roots)


def all_schemas(document: Document) -> Iterator[Found]:
    """Every schema of requests, responses, parameters and components, each place once."""
    roots = [found for place, holder in request_bodies(document) for found in content_schemas(place, holder)]
    roots += [found for place, holder in responses(document) for found in content_schemas(place, holder)]
    roots += [
        ((*place, "schema"), parameter["schema"])
        for place, parameter in parameters(document)
        if isinstance(parameter.get("schema"), dict)
    ]
    roots += list(_components(document, "schemas"))
    for place, schema in roots:
        yield from subschemas(place, schema)


def component_name(schema: dict[str, Any]) -> str | None:
    """The component that a schema refers to, if it is a reference to one."""
    reference = schema.get("$ref")
    prefix = "#/components/schemas/"
    return reference[len(prefix) :] if isinstance(reference, str) and reference.startswith(prefix) else None
