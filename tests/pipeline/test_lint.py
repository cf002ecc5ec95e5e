"""Each known hole of the generator is found, and a mechanical mend closes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scripts.pipeline import documents, overlay
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.holes import refuse
from scripts.pipeline.lint import lint
from scripts.pipeline.schemas import jsonpath
from scripts.pipeline.validate import validate
from tests.pipeline.samples import Document, pets

Breaking = Callable[[Document], Any]


def body(document: Document) -> Document:
    found: Document = document["paths"]["/pets"]["post"]["requestBody"]["content"]
    return found


def reply(document: Document) -> Document:
    found: Document = document["paths"]["/pets"]["get"]["responses"]["200"]["content"]
    return found


def operation(document: Document) -> Document:
    found: Document = document["paths"]["/pets"]["get"]
    return found


def schema(document: Document, name: str = "Pet") -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


FORM = {
    "schema": {
        "type": "object",
        "properties": {"file": {"type": "string", "contentMediaType": "image/png"}, "note": {"type": "string"}},
    }
}
JSON = {"schema": {"type": "object"}}
BYTES = {"schema": {"type": "string", "format": "binary"}}

MENDABLE: dict[str, tuple[Breaking, str]] = {
    "no operation id": (lambda d: operation(d).pop("operationId"), "$.paths['/pets'].get has the operationId None"),
    "odd operation id": (lambda d: operation(d).update(operationId="pets/all:get"), "'pets/all:get'"),
    "operation id of a digit": (lambda d: operation(d).update(operationId="2"), "has the operationId '2'"),
    "two request types": (lambda d: body(d).update({"text/json": JSON}), "2 media types (application/json, text/json)"),
    "two reply types": (lambda d: reply(d).update({"text/plain": JSON}), "the generator handles one in a response"),
    "default response": (
        lambda d: operation(d)["responses"].update(default={"description": "E"}),
        "`default` response",
    ),
    "one-value parameter": (
        lambda d: operation(d)["parameters"].append(
            {"name": "api-version", "in": "query", "schema": {"type": "string", "enum": ["6.0"]}}
        ),
        "$.paths['/pets'].get.parameters[1] allows one value only (6.0)",
    ),
    "reply enum": (
        lambda d: schema(d, "Kind").update(enum=["cat", "dog"]),
        "$.components.schemas.Kind is an enum in a response",
    ),
    "closed reply": (lambda d: schema(d).update(additionalProperties=False), "forbids additional properties"),
    "pattern properties": (
        lambda d: schema(d)["properties"].update(
            tags={"type": "object", "additionalProperties": False, "patternProperties": {"^a": {"type": "string"}}}
        ),
        "uses patternProperties",
    ),
    "bytes as text in a form": (
        lambda d: d["paths"]["/pets"]["post"].update(requestBody={"content": {"multipart/form-data": FORM}}),
        "requestBody.content['multipart/form-data'].schema.properties.file carries bytes but says no `format: binary`",
    ),
    "bytes as text": (
        lambda d: body(d).update({"application/json": {"schema": {"type": "string", "contentMediaType": "image/png"}}}),
        "carries bytes but says no `format: binary`",
    ),
}

UNMENDABLE: dict[str, tuple[Breaking, str]] = {
    "parameter by content": (
        lambda d: operation(d)["parameters"].append(
            {"name": "how", "in": "query", "content": {"application/json": JSON}}
        ),
        "$.paths['/pets'].get.parameters[1] describes its value by `content`",
    ),
    "XML": (
        lambda d: d["paths"]["/pets"]["post"].update(requestBody={"content": {"application/xml": JSON}}),
        "has the media type application/xml",
    ),
    "text/json alone": (
        lambda d: d["paths"]["/pets"]["post"].update(requestBody={"content": {"text/json": JSON}}),
        "has the media type text/json, which the generator cannot handle in a request body",
    ),
    "unknown reply type": (
        lambda d: operation(d)["responses"]["200"].update(content={"image/png": BYTES}),
        "has the media type image/png, which the generator cannot handle in a response",
    ),
    "model with its own name": (
        lambda d: schema(d, "Owner")["properties"].update(owner={"type": "string"}),
        "$.components.schemas.Owner has a property 'owner'",
    ),
}


def broken(breaking: Breaking) -> Document:
    document = pets()
    document["openapi"] = "3.1.0"
    breaking(document)
    return document


def test_a_document_without_holes_passes() -> None:
    assert lint(pets(), {}) == []


@pytest.mark.parametrize(
    ("breaking", "sentence"), [*MENDABLE.values(), *UNMENDABLE.values()], ids=[*MENDABLE, *UNMENDABLE]
)
def test_a_hole_is_found_and_named_by_its_place(breaking: Breaking, sentence: str) -> None:
    holes = lint(broken(breaking), {})
    assert [sentence in str(hole) for hole in holes] == [True]


@pytest.mark.parametrize("breaking", [breaking for breaking, _ in MENDABLE.values()], ids=MENDABLE)
def test_a_mechanical_mend_closes_its_hole(breaking: Breaking) -> None:
    document = broken(breaking)
    actions = [mend for hole in lint(document, {}) for mend in hole.mends]
    mends = {"overlay": "1.0.0", "info": {"title": "M", "version": "1"}, "actions": actions}
    mended = overlay.apply(document, mends, "mends")
    assert lint(mended, {}) == []
    validate(mended, "mended")


def test_a_media_type_that_the_settings_override_is_no_hole() -> None:
    document = broken(UNMENDABLE["unknown reply type"][0])
    assert lint(document, {"content_type_overrides": {"image/png": "application/octet-stream"}}) == []


def test_a_class_that_the_settings_rename_is_no_hole() -> None:
    document = broken(UNMENDABLE["model with its own name"][0])
    renamed = {"Owner": {"class_name": "PetOwner", "module_name": "pet_owner"}}
    assert lint(document, {"class_overrides": renamed}) == []


def test_an_enum_in_a_request_alone_is_no_hole() -> None:
    document = pets()
    body(document)["application/json"]["schema"] = {"type": "string", "enum": ["a", "b"]}
    assert lint(document, {}) == []


def test_one_json_type_is_kept_where_there_are_several() -> None:
    document = pets()
    content = body(document)
    content["application/*+json"] = content["text/json"] = content["application/json"]
    (hole,) = lint(document, {})
    gone = {mend["target"].split("content")[1] for mend in hole.mends}
    assert gone == {"['application/*+json']", "['text/json']"}


def test_a_refusal_names_every_hole_with_the_overlay_action_to_paste() -> None:
    document = pets()
    del operation(document)["operationId"]
    schema(document)["additionalProperties"] = False
    with pytest.raises(PipelineError) as refusal:
        refuse(lint(document, {}), "specs/x")
    said = str(refusal.value)
    assert said.startswith("specs/x: 2 places need a mend in overlay.yaml:\n- $.paths['/pets'].get has the operationId")
    pasted = [line.removeprefix("    ") for line in said.splitlines() if line.startswith("    ")]
    mends = {"overlay": "1.0.0", "info": {"title": "M", "version": "1"}}
    actions = documents.parse("actions:\n" + "\n".join(pasted), "pasted")["actions"]
    assert lint(overlay.apply(document, {**mends, "actions": actions}, "x"), {}) == []


def test_a_place_with_quotes_is_still_a_path() -> None:
    document = {"it's": {'a"b': {"back\\slash": [1, 2]}}}
    place = ("it's", 'a"b', "back\\slash", 1)
    mends = {"overlay": "1.0.0", "info": {"title": "M", "version": "1"}}
    action = {"target": jsonpath(place), "description": "Because.", "remove": True}
    assert overlay.apply(document, {**mends, "actions": [action]}, "x") == {"it's": {'a"b': {"back\\slash": [1]}}}
