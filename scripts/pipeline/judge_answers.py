"""Judges how generated code reads answers: one of each status, media type and union branch is decoded and compared."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from openapi_schema_validator import OAS30Validator, OAS31Validator

from scripts.pipeline.errors import one_line
from scripts.pipeline.example_values import ExampleValues
from scripts.pipeline.ir import Array, Map, Named, Scalar, Union
from scripts.pipeline.sample_source import chosen, fit
from scripts.pipeline.wire_reader import same

_COUNTED = ("imum", "Length", "Items", "Properties")
_LIMITS = {"pattern", "multipleOf", "format"} | {f"{end}{what}" for end in ("min", "max") for what in _COUNTED}

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import Api, Model, Operation, Reply, Use


def judge(document: Document, api: Api, operation: Operation, endpoint: Any, wrong: list[str]) -> int:
    """Decode the answers of one operation; how many there were.

    Args:
        document: What is said of the answers.
        api: The generator's account, for the names of fields.
        operation: The operation.
        endpoint: Its generated module.
        wrong: Takes each answer that reads otherwise than it was made.
    """
    import httpx

    count = 0
    for status, media_type, content, example, schema in _answers(document, operation):
        reply = next((one for one in operation.replies if one.low <= status <= one.high), None)
        if reply is None:
            wrong.append(f"{operation.method} {operation.path}: answer {status} is not read")
            continue
        if reply.media_type is not None and media_type.partition(";")[0].strip().lower() != reply.media_type:
            continue  # it is not what the request asks for
        count += 1
        answer = httpx.Response(status, headers={"Content-Type": media_type} if media_type else {}, content=content)
        try:
            value = endpoint.parse(answer)
            found = _again(value, reply, example, api.models)
            expected = None if example == b"" else example
            if not same(found, expected):
                raise ValueError(f"{one_line(found, limit=300)} was read of {one_line(expected, limit=300)}")
        except Exception as failure:  # whatever goes wrong in generated code is the finding
            if not allowed(document, schema, example):
                continue  # two branches that nothing tells apart: no such answer is one of the document
            told = f"answer {status} {media_type}: {type(failure).__name__}: {one_line(failure, limit=600)}"
            wrong.append(f"{operation.method} {operation.path}: {told}")
    return count


def _answers(document: Document, operation: Operation) -> Iterator[tuple[int, str, bytes, Any, Any]]:
    """Status, media type, body, what that says, and its schema, of each answer of success that is declared."""
    examples = ExampleValues(document)
    node = examples.resolved(document["paths"][operation.path])[operation.method.lower()]
    declared = {str(status): examples.resolved(reply) for status, reply in node.get("responses", {}).items()}
    good = {status: reply for status, reply in declared.items() if status.startswith("2")}
    if not good and "default" in declared:
        good = {"200": declared["default"]}
    for said, reply in good.items():
        # Of a range, a status that has no answer of its own.
        status = next((code for code in range(200, 300) if said[1:].upper() == "XX" and str(code) not in good), 0)
        status = status or int(said)
        content = (reply or {}).get("content") or {}
        if not content or operation.method == "HEAD":
            yield status, "", b"", b"", None
            continue
        for media_type, media in content.items():
            schema = (media or {}).get("schema", {})
            if media_type == "*" or _is_raw(media_type, examples.resolved(schema)):
                text = "a ü b"
                meant = text if media_type.startswith("text/") else text.encode()
                yield status, media_type, text.encode(), meant, None
                continue
            for value in examples.variants(schema, "reply"):
                yield status, media_type, json.dumps(value).encode(), value, schema


def _is_raw(media_type: str, schema: Any) -> bool:
    """Whether a body is not JSON: by its media type, or because its schema says that it is bytes."""
    binary = isinstance(schema, dict) and schema.get("format") == "binary"
    bare = media_type.partition(";")[0].strip().lower()
    # One value a line, as in application/x-ndjson, is not one value.
    return binary or not (bare.endswith(("json", "*")) and "ndjson" not in bare)


def allowed(document: Document, schema: Any, value: Any) -> bool:
    """Whether a made-up value is of the form that its schema gives it; limits are not asked."""
    if not isinstance(schema, dict):
        return True
    kind = OAS31Validator if str(document["openapi"]).startswith("3.1") else OAS30Validator
    whole = {**_unlimited(schema), "components": _unlimited(document.get("components", {}))}
    return bool(kind(whole).is_valid(value))


def _unlimited(node: Any) -> Any:
    if isinstance(node, list):
        return [_unlimited(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _unlimited(one)
        for key, one in node.items()
        if key not in _LIMITS or not isinstance(one, int | float | str)
    }


def _again(value: Any, reply: Reply, example: Any, models: dict[str, Model]) -> Any:
    """The decoded value as JSON would say it, as far as the example goes."""
    if reply.form == "bytes" and isinstance(example, str):
        return value.decode()
    if reply.form == "bytes" and not isinstance(example, bytes):
        return json.loads(value)
    return value if reply.form != "json" else _json(value, reply.use, example, models)


def _json(value: Any, use: Use, example: Any, models: dict[str, Model]) -> Any:
    found = use.type
    if isinstance(found, Union) and example is not None:
        found = _as_read(found, value, example, models) or chosen(found, example, models)
    if isinstance(found, Named) and isinstance(example, dict):
        return _object(value, models[found.name], example, models)
    if isinstance(found, Array) and isinstance(example, list):
        return [_json(one, found.item, part, models) for one, part in zip(value, example, strict=True)]
    if isinstance(found, Map) and isinstance(example, dict):
        return {key: _json(one, found.value, example.get(key), models) for key, one in value.items()}
    return _scalar(value, found, example)


def _as_read(union: Union, value: Any, example: Any, models: dict[str, Model]) -> Named | None:
    """The class that was made of a example, where the document allows it to be of more than one (anyOf)."""
    if not union.several or union.tag is not None:
        return None
    made = Named(_class_name(value))
    if made not in union.options or fit(made, example, models) < 0:
        return None
    words = {
        field.json: field.use.type.words for field in models[made.name].fields if isinstance(field.use.type, Scalar)
    }
    listed = all(example.get(name) in (None, *said) for name, said in words.items() if said)
    return made if listed else None


def _class_name(value: Any) -> str:
    return type(value).__name__.lstrip("_").removesuffix("Twin")


def _object(value: Any, model: Model, example: dict[str, Any], models: dict[str, Model]) -> dict[str, Any]:
    if _class_name(value) != model.name:
        raise TypeError(f"{type(value).__name__} was made where {model.name} is meant")
    made = {
        field.json: _json(getattr(value, field.name), field.use, example[field.json], models)
        for field in model.fields
        if field.json in example
    }
    known = {field.json for field in model.fields}
    if model.extra is not None and not example.keys() <= known:
        extra = "extra"
        while any(field.name == extra for field in model.fields):
            extra += "_"
        made |= {key: _json(one, model.extra, example.get(key), models) for key, one in getattr(value, extra).items()}
    elif model.extra is None:
        made |= {key: example[key] for key in example.keys() - known if key == "another name"}
    return made


def _scalar(value: Any, found: Any, example: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes) and isinstance(example, str):
        return base64.b64encode(value).decode()
    if isinstance(found, Scalar) and found.kind == "digits" and isinstance(example, str):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
