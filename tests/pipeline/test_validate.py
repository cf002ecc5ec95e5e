"""A document must be what its version allows, and its version one that the pipeline reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scripts.pipeline import build, overlay
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.json_paths import jsonpath
from scripts.pipeline.validate import problems, validate
from tests.pipeline.samples import OVERLAY, Document, pets, swagger_pets

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "document", [swagger_pets(), pets(), {**pets(), "openapi": "3.1.0"}], ids=["2.0", "3.0", "3.1"]
)
def test_a_sound_document_passes(document: Document) -> None:
    validate(document, "mine")


@pytest.mark.parametrize(
    "version", [{"swagger": "1.2"}, {"openapi": "3.2.0"}, {"openapi": "2.0"}, {"openapi": None}, {}]
)
def test_a_version_that_the_pipeline_does_not_read_is_refused(version: Document) -> None:
    with pytest.raises(PipelineError, match="mine says it is version"):
        validate({**version, "info": {}, "paths": {}}, "mine")


def put(document: Document) -> Document:
    found: Document = document["paths"]["/pets"]["put"]
    return found


@pytest.mark.parametrize(
    "breaking",
    [
        lambda d: put(d).update(requestBody={"content": {}}),
        lambda d: put(d)["parameters"].append({"name": "a", "in": "cookie", "type": "string"}),
        lambda d: put(d)["parameters"].append({"name": "a", "in": "query", "type": "blob"}),
        lambda d: d.update(components={}),
        lambda d: put(d).pop("responses"),
        lambda d: d["info"].pop("title"),
    ],
    ids=["requestBody", "cookie parameter", "unknown type", "components", "no responses", "no title"],
)
def test_a_construct_that_swagger_does_not_know_is_told_with_its_place(breaking: Callable[[Document], Any]) -> None:
    document = swagger_pets()
    breaking(document)
    with pytest.raises(PipelineError) as refusal:
        validate(document, "specs/x/swagger.json")
    assert str(refusal.value).startswith(
        "specs/x/swagger.json is not valid: 1 place needs a mend in overlay.yaml:\n- $"
    )


def test_two_operations_of_one_id_are_refused() -> None:
    document = pets()
    document["paths"]["/pets"]["get"]["operationId"] = "AddPet"
    with pytest.raises(PipelineError, match="AddPet"):
        validate(document, "mine")


def pet(document: Document) -> Document:
    found: Document = document["components"]["schemas"]["Pet"]
    return found


@pytest.mark.parametrize("said", ["3.0.3", "3.1.0"])
def test_every_fault_is_told_at_its_own_nested_place(said: str) -> None:
    document = {**pets(), "openapi": said}
    inner = {"type": "object", "properties": {"a": {"type": 5}}}
    pet(document)["properties"]["name"] = {"type": "array", "items": inner}
    document["components"]["schemas"]["Owner"]["properties"]["phone"]["required"] = "yes"
    document["paths"]["/pets"]["get"]["parameters"][0].pop("in")
    document["paths"]["/owners/{id}"]["get"]["parameters"] = []
    places = {jsonpath(hole.place) for hole in problems(document, "x")}
    assert places == {
        "$.components.schemas.Pet.properties.name.items.properties.a.type",
        "$.components.schemas.Owner.properties.phone.required",
        "$.paths['/pets'].get.parameters[0]",
        "$.paths['/owners/{id}'].get",
    }


SOUND: dict[str, Callable[[Document], Any]] = {
    "a response without a description": lambda d: d["paths"]["/pets"]["get"]["responses"]["200"].pop("description"),
    "a path parameter that is optional": lambda d: d["paths"]["/owners/{id}"]["get"]["parameters"][0].pop("required"),
    "a path parameter that says it is optional": lambda d: d["paths"]["/owners/{id}"]["get"]["parameters"][0].update(
        required=False
    ),
    "a path without its slash": lambda d: d["paths"].update({"pets": d["paths"].pop("/pets")}),
    "a version that YAML reads as a number": lambda d: d.update(openapi=3.0),
    "a path parameter that is not declared": lambda d: d["paths"]["/owners/{id}"]["get"].pop("parameters"),
    "a path parameter that the path does not have": lambda d: d["paths"].update(
        {"/owners": d["paths"].pop("/owners/{id}")}
    ),
    "an operation id that stands twice": lambda d: d["paths"]["/pets"]["get"].update(operationId="AddPet"),
    "a property that says itself that it is required": lambda d: pet(d)["properties"]["kind"].update(required=True),
    "a null among the types": lambda d: pet(d)["properties"]["name"].update(type=["string", "null"]),
    "a null among the branches": lambda d: pet(d)["properties"].update(
        name={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "several types": lambda d: pet(d)["properties"]["name"].update(type=["string", "integer", "null"]),
    "one type in a list": lambda d: pet(d)["properties"]["name"].update(type=["string"]),
    "a schema that is null": lambda d: d["paths"]["/pets"]["get"]["responses"]["200"]["content"].update(
        {"application/json": {"schema": None}}
    ),
    "a const of OpenAPI 3.1": lambda d: pet(d)["properties"]["name"].update(const="Rex"),
    "a key that nobody knows": lambda d: d["paths"]["/pets"]["get"].update(title="Pets"),
    "a list of nothing that is required": lambda d: pet(d).update(required=[]),
    "an open end of OpenAPI 3.1": lambda d: pet(d)["properties"]["age"].update(exclusiveMinimum=3),
    "a document without a version of its own": lambda d: d["info"].pop("version"),
}


@pytest.mark.parametrize("spoil", SOUND.values(), ids=SOUND)
def test_a_fault_with_one_sound_answer_carries_the_mend(spoil: Callable[[Document], Any]) -> None:
    document = pets()
    pet(document)["properties"] |= {"kind": {"type": "string"}, "age": {"type": "integer", "minimum": 1}}
    spoil(document)
    actions = [action for hole in problems(document, "x") for action in hole.mends]
    assert actions
    mended = overlay.apply(document, {**OVERLAY, "actions": actions}, "x")
    assert problems(mended, "x") == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [(["string", "integer", "null"], "string"), (["integer", "null"], "integer"), (["boolean", "string"], "string")],
)
def test_a_parameter_of_several_types_has_one_in_swagger(said: list[str], meant: str) -> None:
    document = swagger_pets()
    put(document)["parameters"].append({"name": "a", "in": "query", "type": said})
    [hole] = problems(document, "x")
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.mends}, "x")
    assert problems(mended, "x") == []
    assert put(mended)["parameters"][-1]["type"] == meant


def test_all_places_are_told_however_many_there_are() -> None:
    document = pets()
    pet(document)["properties"] |= {f"p{number}": {"type": f"t{number}"} for number in range(120)}
    with pytest.raises(PipelineError) as refusal:
        validate(document, "mine")
    said = str(refusal.value)
    assert "120 places need a mend" in said
    assert all(f"$.components.schemas.Pet.properties.p{number}\n" in said for number in range(120))


@pytest.mark.parametrize(
    ("version", "said", "meant"),
    [
        ("3.0.3", {"exclusiveMinimum": 3}, {"minimum": 3, "exclusiveMinimum": True}),
        ("3.0.3", {"minimum": 1, "exclusiveMinimum": 3}, {"minimum": 3, "exclusiveMinimum": True}),
        ("3.0.3", {"minimum": 5, "exclusiveMinimum": 3}, {"minimum": 5}),
        ("3.1.0", {"maximum": 5, "exclusiveMaximum": True}, {"exclusiveMaximum": 5}),
        ("3.1.0", {"maximum": 5, "exclusiveMaximum": False}, {"maximum": 5}),
        ("3.1.0", {"exclusiveMaximum": True}, {}),
    ],
)
def test_an_open_end_in_the_form_of_another_version_stays_where_it_is(
    version: str, said: dict[str, Any], meant: dict[str, Any]
) -> None:
    document = {**pets(), "openapi": version}
    pet(document)["properties"]["age"] = {"type": "integer", **said}
    actions = [action for hole in problems(document, "x") for action in hole.mends]
    mended = overlay.apply(document, {**OVERLAY, "actions": actions}, "x")
    assert pet(mended)["properties"]["age"] == {"type": "integer", **meant}
    assert problems(mended, "x") == []


def test_a_property_that_says_itself_that_it_is_required_stays_required() -> None:
    document = pets()
    pet(document)["properties"]["age"] = {"type": "integer", "required": True}
    actions = [action for hole in problems(document, "x") for action in hole.mends]
    assert pet(overlay.apply(document, {**OVERLAY, "actions": actions}, "x"))["required"] == ["name", "age"]


def test_a_reference_that_leads_nowhere_is_told() -> None:
    document = pets()
    pet(document)["properties"]["kind"] = {"$ref": "#/components/schemas/Gone"}
    [hole] = problems(document, "x")
    assert "refers to #/components/schemas/Gone, which the document does not have" in str(hole)


def test_a_reference_to_a_schema_that_says_nothing_leads_somewhere() -> None:
    document = pets()
    document["components"]["schemas"]["Kind"] = {}
    assert problems(document, "x") == []


@pytest.mark.parametrize(("key", "value"), [("examples", {"a": 1}), ("description", {"$ref": "#/x"}), ("title", 1)])
def test_a_remark_without_the_form_of_one_is_taken_out(key: str, value: Any) -> None:
    document = {**pets(), "openapi": "3.1.0"}
    document["components"]["schemas"]["Kind"][key] = value
    [hole] = problems(document, "mine")
    [action] = hole.mends
    assert (action["target"], action["remove"]) == (f"$.components.schemas.Kind.{key}", True)


def test_a_property_that_is_called_like_a_remark_is_none() -> None:
    document = {**pets(), "openapi": "3.1.0"}
    document["components"]["schemas"]["Owner"]["properties"]["title"] = 1
    [hole] = problems(document, "mine")
    assert hole.mends == []


def test_what_a_list_says_twice_is_said_once() -> None:
    document = pets()
    document["components"]["schemas"]["Pet"]["required"] = ["name", "kind", "name"]
    [hole] = problems(document, "mine")
    overlaid = overlay.apply(document, {**OVERLAY, "actions": hole.mends}, "overlay")
    assert overlaid["components"]["schemas"]["Pet"]["required"] == ["name", "kind"]
    assert problems(overlaid, "mine") == []


WORD = {"type": "string"}
POINT = {"type": "object", "properties": {"x": {"type": "integer"}}}
POINTS = {"type": "array", "items": POINT}
WORDS = {"type": "array", "items": WORD}


def with_query(schema: Any, **said: Any) -> Document:
    document = pets()
    document["paths"]["/pets"]["get"]["parameters"] = [{"name": "q", "in": "query", "schema": schema, **said}]
    return document


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (POINTS, {}),
        ({"type": "array", "items": WORDS}, {"explode": False}),
        ({"type": "object", "properties": {"words": WORDS}}, {}),
        ({"oneOf": [WORD, POINTS]}, {}),
        ({"type": "object", "properties": {"points": POINTS}}, {"style": "deepObject", "example": {}}),
        (POINTS, {"style": "deepObject"}),
    ],
    ids=["objects in an array", "arrays in an array", "an array in an object", "one form of two", "deepObject", "deep"],
)
def test_a_parameter_without_a_spelling_is_told_and_what_is_to_paste_makes_it_json(
    schema: Any, said: dict[str, Any]
) -> None:
    document = with_query(schema, **said)
    [hole] = problems(document, "mine")
    assert not hole.mends
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.proposal}, "overlay")
    validate(mended, "mine")
    [parameter] = mended["paths"]["/pets"]["get"]["parameters"]
    assert parameter == {"name": "q", "in": "query", "content": {"application/json": {"schema": schema}}}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (WORD, {}),
        (WORDS, {}),
        ({"type": "array", "items": {"oneOf": [WORD, {"type": "integer"}]}}, {}),
        (POINT, {}),
        (
            {"type": "object", "properties": {"at": POINT, "words": WORDS}},
            {"style": "deepObject"},
        ),
        ({"type": "object"}, {}),
    ],
)
def test_a_parameter_with_a_spelling_passes(schema: Any, said: dict[str, Any]) -> None:
    validate(with_query(schema, **said), "mine")


def with_form(**encoding: Any) -> Document:
    document = pets()
    form = {"type": "object", "properties": {"word": WORD, "points": POINTS, "point": POINT}}
    content = {"application/x-www-form-urlencoded": {"schema": form, "encoding": encoding}}
    document["paths"]["/pets"]["post"]["requestBody"] = {"content": content}
    return document


def test_a_field_of_a_form_without_a_spelling_is_told_and_what_is_to_paste_makes_it_json() -> None:
    document = with_form(points={"style": "deepObject", "explode": True}, point={"style": "deepObject"})
    [hole] = problems(document, "mine")
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.proposal}, "overlay")
    assert mended == with_form(point={"style": "deepObject"})
    validate(mended, "mine")


def test_fields_of_a_form_with_a_spelling_pass() -> None:
    validate(with_form(point={"style": "form"}, points={"contentType": "application/json"}), "mine")


def with_parts(schema: Any, said: str) -> Document:
    document = pets()
    form = {"type": "object", "properties": {"at": schema}}
    content = {"multipart/form-data": {"schema": form, "encoding": {"at": {"contentType": said}}}}
    document["paths"]["/pets"]["post"]["requestBody"] = {"content": content}
    return document


@pytest.mark.parametrize("schema", [POINT, POINTS, {"oneOf": [WORD, POINT]}])
def test_a_part_that_is_an_object_and_no_json_is_told_and_what_is_to_paste_makes_it_json(schema: Any) -> None:
    document = with_parts(schema, "application/xml")
    [hole] = problems(document, "mine")
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.proposal}, "overlay")
    assert mended == with_parts(schema, "application/json")


@pytest.mark.parametrize(
    ("schema", "said"),
    [(POINT, "application/xml, application/json"), (POINT, "application/*"), (WORD, "image/png"), (WORDS, "text/xml")],
)
def test_a_part_that_can_be_written_as_its_encoding_says_passes(schema: Any, said: str) -> None:
    validate(with_parts(schema, said), "mine")


BODY = {"name": "body", "in": "body", "schema": {"type": "object"}}
FIELD = {"name": "n", "in": "formData", "type": "integer"}


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ([BODY, FIELD], "is a body beside the fields of a form"),
        ([BODY, {**BODY, "name": "b"}], "is a body beside another body"),
    ],
)
def test_a_body_that_would_be_lost_is_told_and_what_is_to_paste_leaves_one(parameters: Any, problem: str) -> None:
    document = swagger_pets()
    put(document)["parameters"] = parameters
    [hole] = [hole for hole in problems(document, "x") if "is a body" in str(hole)]
    assert problem in str(hole)
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.proposal}, "x")
    assert not any("is a body" in str(hole) for hole in problems(mended, "x"))


def test_a_document_that_does_not_say_what_it_is_of_is_told_where_its_title_goes() -> None:
    document = pets()
    del document["info"]
    [hole] = problems(document, "x")
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.proposal}, "x")
    assert mended["info"] == {"title": "TODO", "version": "unknown"}
    assert problems(mended, "x") == []


def test_a_range_of_statuses_in_small_letters_is_not_lost() -> None:
    document = pets()
    answers = document["paths"]["/pets"]["get"]["responses"]
    answers["2xx"] = answers.pop("200")
    [hole] = problems(document, "x")
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.mends}, "x")
    assert mended["paths"]["/pets"]["get"]["responses"] == {"2XX": pets()["paths"]["/pets"]["get"]["responses"]["200"]}


@pytest.mark.parametrize(("more", "count"), [(POINT, 1), ({"required": ["name"]}, 0)])
def test_two_choices_of_one_schema_are_told_where_both_say_what_it_holds(more: Any, count: int) -> None:
    document = pets()
    pet(document).update(oneOf=[POINT, {"$ref": "#/components/schemas/Owner"}], anyOf=[more])
    holes = [hole for hole in problems(document, "x") if "oneOf and anyOf" in str(hole)]
    assert len(holes) == count
    for hole in holes:
        mended = overlay.apply(document, {**OVERLAY, "actions": hole.proposal}, "x")
        assert "anyOf" not in pet(mended)


def with_content(schema: Any, said: str) -> Document:
    document = pets()
    content = {said: {"schema": schema}}
    document["paths"]["/pets"]["get"]["parameters"] = [{"name": "at", "in": "query", "content": content}]
    return document


@pytest.mark.parametrize("schema", [POINT, WORDS])
@pytest.mark.parametrize("said", ["application/xml", "*/*", "application/x-www-form-urlencoded"])
def test_an_object_that_is_a_parameter_and_no_json_is_told_and_what_is_to_paste_makes_it_json(
    schema: Any, said: str
) -> None:
    document = with_content(schema, said)
    [hole] = problems(document, "mine")
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.proposal}, "overlay")
    assert mended == with_content(schema, "application/json")
    validate(mended, "mine")


@pytest.mark.parametrize(
    ("schema", "said"), [(POINT, "application/json"), (POINT, "application/geo+json"), (WORD, "text/plain")]
)
def test_a_parameter_that_can_be_written_as_its_media_type_passes(schema: Any, said: str) -> None:
    validate(with_content(schema, said), "mine")


def test_a_field_of_a_form_that_is_to_be_xml_is_told() -> None:
    [hole] = problems(with_form(point={"contentType": "application/xml"}), "mine")
    assert "wants application/xml of a field that holds an object" in str(hole)


def test_what_is_to_paste_for_a_reference_that_leads_nowhere_fits_a_document_without_components() -> None:
    document = pets()
    del document["components"]
    wrong = problems(document, "mine")
    actions = list({str(hole.proposal): hole.proposal[0] for hole in wrong}.values())
    assert len(actions) == 2
    mended = overlay.apply(document, {**OVERLAY, "actions": actions}, "overlay")
    assert mended["components"] == {"schemas": {"Pet": {}, "Owner": {}}}
    assert problems(mended, "mine") == []


def test_a_document_that_says_nothing_of_itself_is_told_so() -> None:
    document = {**pets(), "info": None}
    assert build.origin("/somewhere/mine.json", document) == "mine.json (untitled), selected, its own prose"
    assert [str(hole) for hole in problems(document, "mine")] == ["$.info is not allowed: None is not of type 'object'"]


def chain(**schemas: Any) -> Document:
    document = pets()
    document["components"]["schemas"] |= schemas
    return document


def needing(*names: str, **properties: Any) -> Any:
    return {"type": "object", "required": list(names), "properties": properties}


NODE = {"$ref": "#/components/schemas/Node"}
LEAF = {"$ref": "#/components/schemas/Leaf"}


@pytest.mark.parametrize(
    ("schemas", "places"),
    [
        ({"Node": needing("up", up=NODE)}, {"$.components.schemas.Node"}),
        ({"Node": needing("up", "id", id=WORD, up=NODE)}, {"$.components.schemas.Node"}),
        ({"Node": needing("a", "b", a=NODE, b=NODE)}, {"$.components.schemas.Node"}),
        ({"Node": needing("in", **{"in": needing("up", up=NODE)})}, {"$.components.schemas.Node.properties.in"}),
        ({"Top": needing("node", node=NODE), "Node": {"allOf": [LEAF]}, "Leaf": needing("up", up=NODE)}, None),
        ({"Node": {"oneOf": [LEAF, needing("up", up=NODE)]}, "Leaf": needing("up", up=NODE)}, None),
    ],
    ids=["itself", "itself and more", "itself twice", "inside", "by way of another", "in every branch"],
)
def test_a_schema_that_needs_itself_without_end_is_told_and_what_is_to_paste_ends_it(
    schemas: dict[str, Any], places: set[str] | None
) -> None:
    document = chain(**schemas)
    found = problems(document, "mine")
    assert found
    assert {jsonpath(hole.place) for hole in found} == places or places is None
    assert not any(hole.mends for hole in found)
    actions = [action for hole in found for action in hole.proposal]
    assert problems(overlay.apply(document, {**OVERLAY, "actions": actions}, "overlay"), "mine") == []


@pytest.mark.parametrize(
    "schemas",
    [
        {"Node": {"type": "object", "properties": {"up": NODE}}},
        {"Node": needing("all", all={"type": "array", "items": NODE})},
        {"Node": needing("up", up={"oneOf": [WORD, NODE]})},
        {"Node": needing("up", up={"nullable": True, "allOf": [NODE]})},
    ],
    ids=["optional", "in a list", "or a text", "or null"],
)
def test_a_schema_that_can_come_to_an_end_passes(schemas: dict[str, Any]) -> None:
    validate(chain(**schemas), "mine")
