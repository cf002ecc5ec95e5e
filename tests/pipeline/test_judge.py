"""The judge finds what generated code sends or reads otherwise than the document says, and passes what is right."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts.pipeline import generate, judge, printing, select, wire_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.pipeline.samples import Document

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "specs").glob("*/openapi.json"))


def parameter(name: str, place: str, schema: Any, **more: Any) -> Any:
    return {"name": name, "in": place, "schema": schema, "required": place == "path", **more}


TEXTS = {"type": "array", "items": {"type": "string"}}
POINT = {"type": "object", "properties": {"x": {"type": "integer"}, "at": {"type": "string", "format": "date-time"}}}


def document() -> Document:
    """An operation with parameters of all places and styles, a body and an answer."""
    listed = [
        parameter("id", "path", {"type": "string"}),
        parameter("label", "path", TEXTS, style="label", explode=True),
        parameter("matrix", "path", POINT, style="matrix"),
        parameter("exploded", "query", TEXTS),
        parameter("commas", "query", TEXTS, explode=False),
        parameter("pipes", "query", TEXTS, style="pipeDelimited", explode=False),
        parameter("spaces", "query", TEXTS, style="spaceDelimited", explode=False),
        parameter("deep", "query", POINT, style="deepObject", explode=True),
        parameter("day", "query", {"type": "string", "format": "date"}),
        parameter("flag", "query", {"type": "boolean"}),
        {"name": "json", "in": "query", "content": {"application/json": {"schema": POINT}}},
        parameter("X-List", "header", TEXTS),
        parameter("crumb", "cookie", {"type": "string"}),
    ]
    pet = {"$ref": "#/components/schemas/Pet"}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Shapes", "version": "1"},
        "paths": {
            "/a/{id}/{label}/{matrix}": {
                "put": {
                    "operationId": "putShape",
                    "parameters": listed,
                    "requestBody": {"required": True, "content": {"application/json": {"schema": pet}}},
                    "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": pet}}}},
                }
            }
        },
        "components": {
            "schemas": {
                "Pet": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string"},
                        "born": {"type": "string", "format": "date-time"},
                        "kind": {"oneOf": [{"type": "integer"}, {"$ref": "#/components/schemas/Kind"}]},
                        "parent": {"$ref": "#/components/schemas/Pet"},
                    },
                },
                "Kind": {"type": "object", "required": ["word"], "properties": {"word": {"type": "string"}}},
            }
        },
    }


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., judge.Verdict]]:
    """Generates a package of a document, changes its source, and judges it by another document."""

    def run(made_of: Document, by: Document, old: str = "", new: str = "") -> judge.Verdict:
        folder = tmp_path / "imageapis_generated" / "judged"
        (folder / "endpoints").mkdir(parents=True)
        generate.write_package_files(folder.parent)
        (folder / "__init__.py").write_text("")
        found = False
        for name, source in printing.service_sources("judged", select.select(made_of, ["/"], "x")).items():
            found |= bool(old) and old in source
            (folder / name).write_text(source.replace(old, new) if old else source)
        assert found == bool(old), "what was to be changed is not there"
        return judge.judge(by, "judged")

    import imageapis_generated

    monkeypatch.setattr(imageapis_generated, "__path__", [str(tmp_path / "imageapis_generated")])
    importlib.invalidate_caches()
    yield run
    for name in [name for name in sys.modules if name.startswith("imageapis_generated.judged")]:
        del sys.modules[name]


def test_what_is_right_passes(judged: Callable[..., judge.Verdict]) -> None:
    verdict = judged(document(), document())
    assert verdict.wrong == []
    assert verdict.requests >= 5
    assert verdict.answers >= 3


WRONG: dict[str, tuple[str, str, str]] = {
    "a parameter that is not sent": ("('flag', flag)", "('flag', None)", "flag stands 0 times in the query"),
    "a parameter under another name": ("('day', day)", "('date', day)", "day stands 0 times in the query"),
    "commas where bars are meant": ("'pipeDelimited'", "'form'", "query parameter pipes reads"),
    "a path parameter of another style": ("'label'", "'simple'", "does not begin with '.'"),
    "a header that is cut": (
        "('X-List', _requests.array(x_list))",
        "('X-List', x_list[:1])",
        "header parameter X-List",
    ),
    "a cookie that is not sent": ("('crumb', crumb)", "('crumb', None)", "KeyError: 'crumb'"),
    "another method": ("'PUT'", "'POST'", "the method is POST"),
    "a property under another name": ("'born'", "'birth'", "the body reads"),
    "a media type of another": (
        "content_type='application/json'",
        "content_type='text/json'",
        "the body is said to be 'text/json'",
    ),
    "an answer that is lost": ("made.name = ", "made.name = 'x' or ", "was read of"),
}


@pytest.mark.parametrize(("old", "new", "problem"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(judged: Callable[..., judge.Verdict], old: str, new: str, problem: str) -> None:
    verdict = judged(document(), document(), old, new)
    assert any(problem in said for said in verdict.wrong), verdict.wrong


def test_a_server_that_is_not_the_operations_own_is_told(judged: Callable[..., judge.Verdict]) -> None:
    own = document()
    own["paths"]["/a/{id}/{label}/{matrix}"]["put"]["servers"] = [{"url": "https://own.test"}]
    assert any("meant is https://own.test" in said for said in judged(document(), own).wrong)


def test_a_parameter_that_was_dropped_is_told(judged: Callable[..., judge.Verdict]) -> None:
    less = document()
    less["paths"]["/a/{id}/{label}/{matrix}"]["put"]["parameters"].pop()
    assert any("unexpected keyword argument 'crumb'" in said for said in judged(less, document()).wrong)


def test_a_choice_that_only_says_what_is_required_is_tried_with_what_stands_beside_it(
    judged: Callable[..., judge.Verdict],
) -> None:
    described = document()
    described["components"]["schemas"]["Pet"]["properties"]["kind"] = {
        "type": "object",
        "properties": {"word": {"type": "string"}, "number": {"type": "integer"}},
        "anyOf": [{"required": ["word"]}, {"required": ["number"]}],
    }
    assert judged(described, described).wrong == []


def put_kind(kind: Any, **schemas: Any) -> Document:
    described = document()
    described["components"]["schemas"]["Pet"]["properties"]["kind"] = kind
    described["components"]["schemas"] |= schemas
    return described


TWO = {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}
MAPPING = {"c": "#/components/schemas/Cat", "d": "#/components/schemas/Dog"}


def of(name: str) -> Any:
    return {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}


def test_a_discriminator_that_is_only_mapped_is_sent_and_read(judged: Callable[..., judge.Verdict]) -> None:
    tagged = {**TWO, "discriminator": {"propertyName": "is", "mapping": MAPPING}}
    described = put_kind(tagged, Cat=of("purr"), Dog=of("bark"))
    assert judged(described, described).wrong == []


def test_a_discriminator_beside_properties_tells_of_the_choice_alone(judged: Callable[..., judge.Verdict]) -> None:
    tagged = {**TWO, **of("is"), "discriminator": {"propertyName": "is", "mapping": MAPPING}}
    described = put_kind(tagged, Cat=of("purr"), Dog=of("bark"))
    assert judged(described, described).wrong == []


def test_a_discriminator_that_no_member_has_and_that_maps_nothing_tells_nothing(
    judged: Callable[..., judge.Verdict],
) -> None:
    described = put_kind({**TWO, "discriminator": {"propertyName": "name"}}, Cat=of("purr"), Dog=of("bark"))
    assert judged(described, described).wrong == []


def test_a_schema_with_heirs_is_tried_as_each_of_them(judged: Callable[..., judge.Verdict]) -> None:
    words = {"type": "string", "enum": ["c", "d"]}
    base = {**of("is"), "properties": {"is": words}, "discriminator": {"propertyName": "is", "mapping": MAPPING}}
    cat, dog = ({"allOf": [{"$ref": "#/components/schemas/Base"}, of(name)]} for name in ("purr", "bark"))
    described = put_kind({"$ref": "#/components/schemas/Base"}, Base=base, Cat=cat, Dog=dog)
    verdict = judged(described, described)
    assert verdict.wrong == []
    assert verdict.answers == 3  # full with each heir, and small


def test_an_heir_that_is_named_by_itself_says_what_it_is(judged: Callable[..., judge.Verdict]) -> None:
    mapping = {**MAPPING, "f": "#/components/schemas/Fish"}
    words = {"type": "string", "enum": list(mapping)}
    base = {**of("is"), "properties": {"is": words}, "discriminator": {"propertyName": "is", "mapping": mapping}}
    above = {"$ref": "#/components/schemas/Base"}
    heirs = {"Cat": {"allOf": [above, of("purr")]}, "Dog": {"allOf": [above, of("bark")]}, "Fish": {"allOf": [above]}}
    described = put_kind({"oneOf": [{"$ref": name} for name in mapping.values()]}, Base=base, **heirs)
    assert judged(described, described).wrong == []


def test_what_a_form_of_any_shape_holds_is_not_made_up(judged: Callable[..., judge.Verdict]) -> None:
    described = document()
    [item] = described["paths"].values()
    item["put"]["requestBody"] = {"content": {"multipart/form-data": {"schema": {}}}}
    assert judged(described, described).wrong == []


SHEET = {"type": "object", "properties": {"n": {"type": "integer"}}}
PARTS: dict[str, tuple[Any, str]] = {
    "photo": ({"type": "string", "format": "binary"}, "image/png"),
    "photos": ({"type": "array", "items": {"type": "string", "format": "binary"}}, "image/png, image/jpeg"),
    "any_photo": ({"type": "string", "format": "binary"}, "image/*"),
    "any_word": (TEXTS["items"], "text/*"),
    "drawing": (TEXTS["items"], "image/*"),
    "word": (TEXTS["items"], "application/sdp"),
    "json_word": (TEXTS["items"], "application/json"),
    "sheet": (SHEET, "application/vnd.sheet+json"),
    "versioned": (SHEET, "application/vnd.sheet+json; v=1"),
    "sheets": ({"type": "array", "items": SHEET}, "application/json"),
}


def with_parts() -> Document:
    described = document()
    [item] = described["paths"].values()
    form = {"type": "object", "properties": {name: schema for name, (schema, _) in PARTS.items()}}
    encoding = {name: {"contentType": said} for name, (_, said) in PARTS.items()}
    item["put"]["requestBody"] = {"content": {"multipart/form-data": {"schema": form, "encoding": encoding}}}
    return described


def test_parts_of_media_types_of_their_own_are_read_as_such(judged: Callable[..., judge.Verdict]) -> None:
    assert judged(with_parts(), with_parts()).wrong == []


@pytest.mark.parametrize("name", ["photo", "photos", "word", "json_word", "sheet"])
def test_a_part_of_another_media_type_than_its_encoding_says_is_told(
    judged: Callable[..., judge.Verdict], name: str
) -> None:
    lost = with_parts()
    [item] = lost["paths"].values()
    del item["put"]["requestBody"]["content"]["multipart/form-data"]["encoding"][name]
    wrong = judged(lost, with_parts()).wrong
    assert any(f"the part {name} is said to be" in said for said in wrong), wrong


CONDITIONS: dict[str, Any] = {
    "if and then": {"if": {"properties": {"word": {"const": "a"}}}, "then": of("more")},
    "else": {"if": {"properties": {"word": {"const": "a"}}}, "then": {}, "else": of("more")},
    "dependentSchemas": {"dependentSchemas": {"word": of("more")}},
    "a part": {"allOf": [{"if": {"properties": {"word": {"const": "a"}}}, "then": of("more")}]},
    "unevaluatedProperties": {"unevaluatedProperties": {"type": "integer"}},
}


@pytest.mark.parametrize("said", CONDITIONS.values(), ids=CONDITIONS)
def test_fields_that_depend_on_others_are_sent_and_read(judged: Callable[..., judge.Verdict], said: Any) -> None:
    described = put_kind({**of("word"), **said})
    described["openapi"] = "3.1.0"
    assert judged(described, described).wrong == []


@pytest.mark.parametrize("said", CONDITIONS.values(), ids=CONDITIONS)
def test_fields_that_depend_on_others_and_are_lost_are_told(judged: Callable[..., judge.Verdict], said: Any) -> None:
    lost, described = put_kind(of("word")), put_kind({**of("word"), **said})
    described["openapi"] = "3.1.0"
    assert judged(lost, described).wrong != []


STYLED = {
    "words": (TEXTS, {"style": "form", "explode": False}),
    "pipes": (TEXTS, {"style": "pipeDelimited", "explode": False}),
    "point": (POINT, {"style": "form"}),
    "deep": (SHEET, {"style": "deepObject", "explode": True}),
    "flat": (SHEET, {"explode": False}),
    "files": ({"type": "array", "items": {"type": "string", "format": "binary"}}, {"style": "form"}),
}


def with_styled_parts() -> Document:
    described = {**document(), "openapi": "3.1.0"}
    [item] = described["paths"].values()
    form = {"type": "object", "properties": {name: schema for name, (schema, _) in STYLED.items()}}
    media = {"schema": form, "encoding": {name: said for name, (_, said) in STYLED.items()}}
    item["put"]["requestBody"] = {"content": {"multipart/form-data": media}}
    return described


def test_parts_of_a_style_of_their_own_are_read_as_such(judged: Callable[..., judge.Verdict]) -> None:
    assert judged(with_styled_parts(), with_styled_parts()).wrong == []


@pytest.mark.parametrize("name", ["words", "pipes", "point", "deep", "flat"])
def test_a_part_of_another_style_than_its_encoding_says_is_told(
    judged: Callable[..., judge.Verdict], name: str
) -> None:
    lost = with_styled_parts()
    [item] = lost["paths"].values()
    del item["put"]["requestBody"]["content"]["multipart/form-data"]["encoding"][name]
    assert judged(lost, with_styled_parts()).wrong != []


def test_a_parameter_of_another_media_type_than_json_is_read_as_text(judged: Callable[..., judge.Verdict]) -> None:
    described = document()
    [item] = described["paths"].values()
    content = {"text/plain": {"schema": {"type": "string"}}}
    item["put"]["parameters"].append({"name": "told", "in": "query", "content": content})
    assert judged(described, described).wrong == []


@pytest.mark.parametrize("place", ["query", "header", "cookie"])
def test_json_is_read_wherever_it_stands(judged: Callable[..., judge.Verdict], place: str) -> None:
    described = document()
    [item] = described["paths"].values()
    item["put"]["parameters"].append({"name": "told", "in": place, "content": {"application/json": {"schema": POINT}}})
    assert judged(described, described).wrong == []


@pytest.mark.parametrize("path", ["/1/1", "/1/2"])
def test_a_parameter_that_stands_twice_in_a_path_says_the_same_each_time(path: str) -> None:
    if path == "/1/1":
        assert wire_reader.path_values("/{a}/{a}", path) == {"a": "1"}
    else:
        with pytest.raises(wire_reader.Unread):
            wire_reader.path_values("/{a}/{a}", path)


def test_a_union_with_a_discriminator_is_judged_inside_another_union(judged: Callable[..., judge.Verdict]) -> None:
    inner = {**TWO, "discriminator": {"propertyName": "is", "mapping": MAPPING}}
    cat, dog = ({**of("is"), "properties": {"is": {"type": "string"}, name: {"type": "integer"}}} for name in "pb")
    described = put_kind({"oneOf": [of("word"), inner]}, Cat=cat, Dog=dog)
    assert judged(described, described).wrong == []


def test_arrays_and_objects_in_cookies_and_a_fragment_in_a_path_are_read_as_sent(
    judged: Callable[..., judge.Verdict],
) -> None:
    described = document()
    [(path, item)] = described["paths"].items()
    item["put"]["parameters"] += [
        parameter("listed", "cookie", TEXTS),
        parameter("flat", "cookie", POINT, explode=False),
        parameter("whole", "cookie", {"type": "object", "properties": {"x": {"type": "integer"}}}),
    ]
    described["paths"] = {f"{path}#more": item}
    assert judged(described, described).wrong == []


def test_what_no_reader_can_tell_apart_is_tried_with_texts_that_it_can(judged: Callable[..., judge.Verdict]) -> None:
    described = document()
    [(path, item)] = described["paths"].items()
    for name in ("one", "two"):
        item["put"]["parameters"].append(parameter(name, "path", {"type": "string"}))
    item["put"]["parameters"] += [
        parameter("listed", "query", TEXTS, explode=False, allowReserved=True),
        parameter("Cookie", "header", {"type": "string"}),
    ]
    item["put"]["parameters"] = [one for one in item["put"]["parameters"] if one["in"] != "cookie"]
    described["paths"] = {f"{path}/{{one}}.{{two}}/{{two}}-{{one}}": item}
    assert judged(described, described).wrong == []


@pytest.mark.parametrize(
    "schemas",
    [
        {"Self": {"$ref": "#/components/schemas/Self"}},
        {"Self": {"$ref": "#/components/schemas/B"}, "B": {"allOf": [{"$ref": "#/components/schemas/Self"}]}},
    ],
)
def test_a_schema_that_is_nothing_but_itself_is_tried_as_anything(
    judged: Callable[..., judge.Verdict], schemas: dict[str, Any]
) -> None:
    described = put_kind({"$ref": "#/components/schemas/Self"}, **schemas)
    assert judged(described, described).wrong == []


def test_a_kind_without_fields_is_sent_and_read_as_an_empty_object(judged: Callable[..., judge.Verdict]) -> None:
    closed = {"type": "object", "additionalProperties": False}
    described = document()
    either = {"oneOf": [closed, {"$ref": "#/components/schemas/Kind"}]}
    described["components"]["schemas"]["Pet"]["properties"]["kind"] = either
    assert judged(described, described).wrong == []


def test_what_a_part_that_says_no_more_requires_is_given(judged: Callable[..., judge.Verdict]) -> None:
    described = document()
    [item] = described["paths"].values()
    schema = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["born"]}]}
    item["put"]["requestBody"]["content"]["application/json"]["schema"] = schema
    assert judged(described, described).wrong == []


def styled(**encoding: Any) -> Document:
    """The document with a form of an object, and the style that this has."""
    described = document()
    [item] = described["paths"].values()
    form = {"type": "object", "properties": {"word": {"type": "string"}, "at": POINT, "all": TEXTS}}
    content = {"application/x-www-form-urlencoded": {"schema": form, "encoding": encoding}}
    item["put"]["requestBody"] = {"required": True, "content": content}
    return described


STYLES: dict[str, Any] = {
    "brackets": {"at": {"style": "deepObject", "explode": True}},
    "names of its own": {"at": {"style": "form"}, "all": {"style": "form"}},
    "dividers": {"at": {"explode": False}, "all": {"style": "pipeDelimited", "explode": False}},
}


@pytest.mark.parametrize("encoding", STYLES.values(), ids=STYLES)
def test_a_form_is_read_in_the_styles_of_its_fields(judged: Callable[..., judge.Verdict], encoding: Any) -> None:
    assert judged(styled(**encoding), styled(**encoding)).wrong == []


def test_a_field_of_a_form_in_another_style_is_told(judged: Callable[..., judge.Verdict]) -> None:
    verdict = judged(styled(), styled(at={"style": "deepObject"}))
    assert any("the field at reads {}" in problem for problem in verdict.wrong)


def either_of(*members: Any) -> Document:
    """The document with a choice that need not be between kinds that exclude one another."""
    described = document()
    described["components"]["schemas"]["Pet"]["properties"]["kind"] = {"anyOf": [*members]}
    return described


def test_an_answer_that_is_of_two_kinds_may_be_read_as_either(judged: Callable[..., judge.Verdict]) -> None:
    wide = {"type": "object", "required": ["word"], "properties": {"word": {}}}
    described = either_of(wide, {"$ref": "#/components/schemas/Kind"})
    assert judged(described, described).wrong == []


def test_an_answer_that_is_read_as_a_kind_without_its_word_is_told(judged: Callable[..., judge.Verdict]) -> None:
    a, b = (
        {"type": "object", "properties": {"word": {"type": "string", "enum": [word, word * 2]}}} for word in ("a", "b")
    )
    verdict = judged(either_of(a, b), either_of(a, b), "listed={'word': ('a', 'aa')}", "listed={}")
    assert any("PetKindOption1 was made where PetKindOption2 is meant" in problem for problem in verdict.wrong)


@pytest.mark.parametrize("media_type", ["application/x-ndjson", "application/jsonl", "application/jsonlines"])
def test_an_answer_of_one_value_a_line_is_read_as_it_is(judged: Callable[..., judge.Verdict], media_type: str) -> None:
    described = document()
    [item] = described["paths"].values()
    item["put"]["responses"]["200"]["content"] = {media_type: {"schema": {"type": "string"}}}
    assert judged(described, described).wrong == []


def test_a_range_of_statuses_is_tried_beside_those_that_it_does_not_mean(judged: Callable[..., judge.Verdict]) -> None:
    described = document()
    [item] = described["paths"].values()
    other = {"description": "ok", "content": {"application/json": {"schema": {"type": "integer"}}}}
    item["put"]["responses"]["2XX"] = other
    assert judged(described, described).wrong == []


def test_an_heir_whose_base_maps_no_words_says_its_name(judged: Callable[..., judge.Verdict]) -> None:
    described = document()
    schemas = described["components"]["schemas"]
    schemas["Pet"] |= {"discriminator": {"propertyName": "name"}}
    schemas["Cat"] = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"claws": {"type": "integer"}}}]}
    assert judged(described, described).wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_sends_and_reads_what_its_document_says(service: str) -> None:
    derived = json.loads((ROOT / "specs" / service / "openapi.json").read_text(encoding="utf-8"))
    verdict = judge.judge(derived, service)
    assert verdict.wrong == []
    assert verdict.requests >= len(list(select.operations(derived)))
