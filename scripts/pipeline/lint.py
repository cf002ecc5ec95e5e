"""Finds the places where openapi-python-client would generate code that fails, lies or drops something.

The rules are known holes of the pinned version, each with its reason. Where the mend is mechanical, the finding
carries the overlay actions (or the generator's setting) that make it: `add_service` starts a new service with them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from scripts.pipeline import schemas
from scripts.pipeline.holes import Hole, mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.schemas import Found, Place

_OPERATION_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_REQUEST_TYPES = re.compile(r"application/(([\w.-]+\+)?json|x-www-form-urlencoded|octet-stream)|multipart/form-data")
_RESPONSE_TYPES = re.compile(r"application/(([\w.-]+\+)?json|octet-stream)|text/(?!json).+")


def lint(document: Document, config: dict[str, Any]) -> list[Hole]:
    """Every hole of a valid OpenAPI 3 document, in the document's order rule by rule."""
    overrides = config.get("content_type_overrides") or {}
    rules: list[Iterator[Hole]] = [
        _operation_ids(document),
        _request_media_types(document, overrides),
        _response_media_types(document, overrides),
        _default_responses(document),
        _content_parameters(document),
        _one_value_enums(document),
        _response_enums(document),
        _closed_responses(document),
        _pattern_properties(document),
        _binary_strings(document),
        _models_named_like_a_property(document, config.get("class_overrides") or {}),
    ]
    return [hole for rule in rules for hole in rule]


def _operation_ids(document: Document) -> Iterator[Hole]:
    for place, operation in schemas.operations(document):
        said = operation.get("operationId")
        if not isinstance(said, str) or not _OPERATION_ID.fullmatch(said):
            words = re.findall(r"[A-Za-z0-9]+", said or f"{place[2]} {place[1]}")
            readable = "".join(word[0].upper() + word[1:] for word in words)
            readable = readable if readable[:1].isalpha() else f"Op{readable}"
            why = "The operation id becomes a module name, and this one is missing or unreadable as such."
            problem = f"has the operationId {said!r}, which does not make a readable module name (letters, digits, _)"
            yield Hole(place, problem, [mend(place, why, update={"operationId": readable})])


def _request_media_types(document: Document, overrides: dict[str, str]) -> Iterator[Hole]:
    for place, body in schemas.request_bodies(document):
        yield from _one_media_type(place, body, _REQUEST_TYPES, "a request body", overrides)


def _response_media_types(document: Document, overrides: dict[str, str]) -> Iterator[Hole]:
    for place, response in schemas.responses(document):
        yield from _one_media_type(place, response, _RESPONSE_TYPES, "a response", overrides)


def _one_media_type(
    place: Place, holder: dict[str, Any], known: re.Pattern[str], what: str, overrides: dict[str, str]
) -> Iterator[Hole]:
    content = holder.get("content", {})
    readable = [name for name in content if known.fullmatch(_bare(overrides.get(name, name)))]
    best = next((name for name in readable if "json" in name), readable[0] if readable else None)
    others = [name for name in content if name != best]
    mends = [
        mend((*place, "content", name), f"The generator handles one media type in {what}; {best} stays.", remove=True)
        for name in others
        if best is not None
    ]
    if len(content) > 1:
        names = ", ".join(content)
        yield Hole(place, f"has {len(content)} media types ({names}); the generator handles one in {what}", mends)
    elif others:
        yield Hole(place, f"has the media type {others[0]}, which the generator cannot handle in {what}", mends)


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _default_responses(document: Document) -> Iterator[Hole]:
    for place, response in schemas.operations(document):
        default = response.get("responses", {}).get("default")
        if default is None:
            continue
        at = (*place, "responses")
        why = "Under `default` the generator parses every undocumented status as this error; 4XX and 5XX are meant."
        problem = "has a `default` response: every undocumented status would be parsed as it; say 4XX and 5XX"
        errors = {status: default for status in ("4XX", "5XX") if status not in response["responses"]}
        mends = [mend(at, why, update=errors)] if errors else []
        yield Hole(at, problem, [*mends, mend((*at, "default"), why, remove=True)])


def _content_parameters(document: Document) -> Iterator[Hole]:
    for place, parameter in schemas.parameters(document):
        if "schema" not in parameter:
            yield Hole(place, "describes its value by `content`, which the generator leaves out: give a schema")


def _one_value_enums(document: Document) -> Iterator[Hole]:
    for place, parameter in schemas.parameters(document):
        schema = parameter.get("schema", {})
        if len(schema.get("enum", ())) == 1:
            why = "An enum of one value becomes a class of one member in each operation; servers accept more."
            mends = [mend((*place, "schema", "enum"), why, remove=True)]
            yield Hole(place, f"allows one value only ({schema['enum'][0]}): drop the enum, keep the default", mends)


def _response_enums(document: Document) -> Iterator[Hole]:
    for place, schema in _once(schemas.response_schemas(document)):
        if "enum" in schema:
            why = "A value that a later server adds would fail to parse; the field stays an open text."
            problem = "is an enum in a response: a value that the server adds later would not parse"
            yield Hole(place, problem, [mend((*place, "enum"), why, remove=True)])


def _closed_responses(document: Document) -> Iterator[Hole]:
    for place, schema in _once(schemas.response_schemas(document)):
        if schema.get("additionalProperties") is False and "patternProperties" not in schema:
            why = "A closed response model drops the fields that a later server adds."
            problem = "forbids additional properties in a response: fields that the server adds later would be lost"
            yield Hole(place, problem, [mend((*place, "additionalProperties"), why, remove=True)])


def _pattern_properties(document: Document) -> Iterator[Hole]:
    for place, schema in schemas.all_schemas(document):
        patterns = schema.get("patternProperties")
        if not isinstance(patterns, dict):
            continue
        why = (
            "The generator ignores patternProperties and would make an empty class; additionalProperties says the same."
        )
        problem = "uses patternProperties, which the generator ignores: say additionalProperties"
        mends = [mend((*place, "patternProperties"), why, remove=True)]
        if len(patterns) == 1:
            if "additionalProperties" in schema and not isinstance(schema["additionalProperties"], dict):
                mends.append(mend((*place, "additionalProperties"), why, remove=True))
            (value,) = patterns.values()
            mends.append(mend(place, why, update={"additionalProperties": value}))
        yield Hole(place, problem, mends)


def _binary_strings(document: Document) -> Iterator[Hole]:
    holders = [*schemas.request_bodies(document), *schemas.responses(document)]
    for place, holder in holders:
        for root, whole in schemas.content_schemas(place, holder):
            media_type = str(root[-2])
            in_form = _bare(media_type) == "multipart/form-data"
            found = schemas.reachable(document, iter([(root, whole)])) if in_form else iter([(root, whole)])
            for at, schema in _once(found):
                if schema.get("format") == "binary" or not _carries_bytes(media_type, schema):
                    continue
                why = "The generator makes text of this; `format: binary` makes it bytes."
                problem = "carries bytes but says no `format: binary`: the generator would make it text"
                yield Hole(at, problem, [mend(at, why, update={"type": "string", "format": "binary"})])


def _carries_bytes(media_type: str, schema: dict[str, Any]) -> bool:
    inner = schema.get("contentMediaType")
    binary = isinstance(inner, str) and not inner.startswith("text/") and "json" not in inner
    return binary or (_bare(media_type) == "application/octet-stream" and schema.get("type", "string") == "string")


def _models_named_like_a_property(document: Document, overrides: dict[str, Any]) -> Iterator[Hole]:
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        override = overrides.get(_pascal(name)) or {}
        module = override.get("module_name") or _snake(override.get("class_name") or name)
        twin = next((key for key in schema.get("properties", {}) if _snake(key) == module), None)
        if twin is not None:
            problem = (
                f"has a property {twin!r} that is named like the model itself, which does not type-check: "
                f"rename the class {_pascal(name)} under class_overrides in generator.yaml"
            )
            renamed = {_pascal(name): {"class_name": f"{_pascal(name)}Model", "module_name": f"{_snake(name)}_model"}}
            yield Hole(("components", "schemas", name), problem, class_override=renamed)


def _snake(name: str) -> str:
    return "_".join(word.lower() for word in _words(name))


def _pascal(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in _words(name))


def _words(name: str) -> list[str]:
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", r"\1\3 \2", name)
    return re.findall(r"[A-Za-z0-9]+", spaced)


def _once(found: Iterator[Found]) -> Iterator[Found]:
    """Each place once: a component is reached by many ways."""
    seen = set()
    for place, schema in found:
        key = json.dumps(place)
        if key not in seen:
            seen.add(key)
            yield place, schema
