"""What counts as a change between two documents, and how grave it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from scripts.pipeline.compare import compare
from scripts.pipeline.convert import convert
from tests.pipeline.samples import Document, pets, swagger_pets

if TYPE_CHECKING:
    from scripts.pipeline.report import Report

Edit = Callable[[Document], Any]


def changed(edit: Edit, before: Edit = lambda _: None) -> Report:
    ours = pets()
    before(ours)
    theirs = copy.deepcopy(ours)
    edit(theirs)
    return compare(ours, theirs)


def listing(document: Document) -> Document:
    found: Document = document["paths"]["/pets"]["get"]
    return found


def adding(document: Document) -> Document:
    found: Document = document["paths"]["/pets"]["post"]
    return found


def pet(document: Document) -> Document:
    found: Document = document["components"]["schemas"]["Pet"]
    return found


def owner(document: Document) -> Document:
    found: Document = document["components"]["schemas"]["Owner"]
    return found


def limit(document: Document) -> Document:
    found: Document = listing(document)["parameters"][0]
    return found


BODY = {"content": {"application/json": {"schema": {"type": "object"}}}}
LIST = "GET /pets"
ADD = "POST /pets"

# What is done to their document, where it must be reported, with which words and level.
CHANGES: list[tuple[Edit, str, str, str]] = [
    (lambda d: d["paths"].pop("/owners/{id}"), "GET /owners/{id}", "operation removed", "major"),
    (lambda d: d["paths"].update({"/cats": {"get": listing(d)}}), "GET /cats", "operation added", "minor"),
    (lambda d: listing(d).update(deprecated=True), LIST, "is now deprecated", "minor"),
    (lambda d: listing(d).update(operationId="All"), LIST, "operationId ListPets is now All", "patch"),
    (lambda d: listing(d).update(security=[{"key": []}]), LIST, "login none is now key", "major"),
    (
        lambda d: d.update(security=[{"b": [], "a": []}, {"c": []}]),
        "every operation",
        "login none is now a+b or c",
        "major",
    ),
    (lambda d: d.update(security=[{}, {"key": []}]), "every operation", "login none is now key or none", "minor"),
    (
        lambda d: d["components"].update(securitySchemes={"key": {"type": "http", "scheme": "bearer"}}),
        "login key",
        "added",
        "minor",
    ),
    (lambda d: listing(d)["parameters"].clear(), LIST, "query parameter limit removed", "major"),
    (lambda d: limit(d).update(required=True), LIST, "query parameter limit is now required", "major"),
    (
        lambda d: listing(d)["parameters"].append({"name": "a", "in": "query", "schema": {"type": "string"}}),
        LIST,
        "query parameter a added (optional)",
        "minor",
    ),
    (
        lambda d: listing(d)["parameters"].append({"name": "A", "in": "header", "required": True, "schema": {}}),
        LIST,
        "header parameter A added (required)",
        "major",
    ),
    (
        lambda d: limit(d)["schema"].update(type="string"),
        LIST,
        "query parameter limit: type integer is now string",
        "major",
    ),
    (
        lambda d: limit(d)["schema"].update(maximum=10),
        LIST,
        "query parameter limit: maximum (none) is now 10",
        "major",
    ),
    (
        lambda d: limit(d)["schema"].update(default=10),
        LIST,
        "query parameter limit: default (none) is now 10",
        "minor",
    ),
    (lambda d: listing(d).update(requestBody=BODY), LIST, "request body added", "minor"),
    (lambda d: listing(d).update(requestBody={**BODY, "required": True}), LIST, "request body added", "major"),
    (lambda d: adding(d).pop("requestBody"), ADD, "request body removed", "major"),
    (lambda d: adding(d)["requestBody"].pop("required"), ADD, "request body is now optional", "minor"),
    (
        lambda d: adding(d)["requestBody"]["content"].update({"text/plain": {}}),
        ADD,
        "request body: media type text/plain added",
        "minor",
    ),
    (
        lambda d: adding(d)["requestBody"].update(content={"text/plain": {}}),
        ADD,
        "request body: media type application/json removed",
        "major",
    ),
    (lambda d: adding(d)["responses"].update({"404": {"description": "No"}}), ADD, "response 404 added", "minor"),
    (lambda d: adding(d).update(responses={"202": {"description": "Y"}}), ADD, "response 201 removed", "major"),
    (
        lambda d: listing(d)["responses"]["200"]["content"]["application/json"]["schema"].update(
            items={"type": "string"}
        ),
        LIST,
        "response 200[]: type object is now string",
        "major",
    ),
    (lambda d: pet(d)["properties"].pop("kind"), "schema Pet", "kind: property removed", "major"),
    (
        lambda d: pet(d)["properties"].update(age={"type": "integer"}),
        "schema Pet",
        "age: property added (optional)",
        "minor",
    ),
    (lambda d: pet(d)["required"].append("kind"), "schema Pet", "kind: is now required", "major"),
    (lambda d: owner(d).update(required=["phone"]), "schema Owner", "phone: is now required", "minor"),
    (
        lambda d: pet(d)["properties"]["name"].update(format="uuid"),
        "schema Pet",
        'name: format (none) is now "uuid"',
        "minor",
    ),
    (lambda d: pet(d)["properties"]["name"].update(nullable=True), "schema Pet", "name: may now be null", "major"),
    (
        lambda d: d["components"]["schemas"]["Kind"].update(enum=["cat"]),
        "schema Kind",
        'takes only "cat" now',
        "major",
    ),
    (
        lambda d: owner(d)["properties"]["phone"].update(maxLength=9),
        "schema Owner",
        "phone: maxLength (none) is now 9",
        "patch",
    ),
    (
        lambda d: pet(d).update(additionalProperties=False),
        "schema Pet",
        "additionalProperties (none) is now false",
        "minor",
    ),
    (
        lambda d: owner(d)["properties"].update(phone={"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        "schema Owner",
        "phone: oneOf changed",
        "major",
    ),
]


@pytest.mark.parametrize(("edit", "where", "what", "level"), CHANGES, ids=[f"{c[1]} {c[2]}" for c in CHANGES])
def test_a_change_is_reported_where_it_is_with_its_level(edit: Edit, where: str, what: str, level: str) -> None:
    report = changed(edit)
    assert report.changes.get((where, what)) == level, report.changes


def test_equal_documents_have_no_changes() -> None:
    report = changed(lambda _: None)
    assert list(report.lines()) == ["Verdict: none (0 major, 0 minor, 0 patch)"]


def test_prose_is_counted_in_one_patch_line_and_not_listed() -> None:
    report = changed(lambda d: (listing(d).update(summary="S"), pet(d).update(description="D", title="T")))
    assert list(report.lines()) == [
        "patch  3 texts read differently (summaries, descriptions, titles)",
        "Verdict: patch (0 major, 0 minor, 1 patch)",
    ]


def test_an_empty_login_is_none() -> None:
    assert changed(lambda d: d.update(security=[{}])).verdict == "none"


def test_a_login_that_is_gone_or_sent_in_another_way_is_major() -> None:
    def declare(document: Document) -> None:
        document["components"]["securitySchemes"] = {"a": {"type": "http", "scheme": "basic"}, "b": {"type": "http"}}

    def change(document: Document) -> None:
        document["components"]["securitySchemes"] = {"a": {"type": "http", "scheme": "bearer"}}

    report = changed(change, before=declare)
    sent = ("login a", "is sent or fetched in another way")
    assert report.changes == {sent: "major", ("login b", "removed"): "major"}


def test_line_breaks_in_prose_do_not_count() -> None:
    report = changed(lambda d: listing(d).update(summary="a b"), before=lambda d: listing(d).update(summary="a\n b "))
    assert report.verdict == "none"


def kinds(*values: str) -> Edit:
    return lambda d: d["components"]["schemas"]["Kind"].update(enum=list(values))


def test_an_enum_that_grows_is_minor() -> None:
    report = changed(kinds("a", "b"), before=kinds("a"))
    assert report.changes == {("schema Kind", 'value "b" added'): "minor"}


def test_an_enum_that_shrinks_in_a_request_is_major() -> None:
    report = changed(kinds("a"), before=kinds("a", "b"))
    assert report.changes == {("schema Kind", 'value "b" removed'): "major"}


def test_a_renamed_path_parameter_is_the_same_operation() -> None:
    def rename(document: Document) -> None:
        item = document["paths"].pop("/owners/{id}")
        item["get"]["parameters"][0]["name"] = "owner_id"
        document["paths"]["/owners/{owner_id}"] = item

    assert changed(rename).changes == {
        ("GET /owners/{id}", "path is now written /owners/{owner_id}"): "patch",
        ("GET /owners/{id}", "path parameter id is now named owner_id"): "patch",
    }


def test_an_operation_that_we_mark_deprecated_is_said_to_be_so_when_it_is_gone() -> None:
    report = changed(lambda d: d["paths"]["/pets"].pop("get"), before=lambda d: listing(d).update(deprecated=True))
    assert report.changes == {(LIST, "operation removed (ours marks it deprecated already)"): "major"}


def test_a_base_path_written_into_the_paths_is_no_change() -> None:
    def move(document: Document) -> None:
        document["paths"] = {f"/v1{path}": item for path, item in document["paths"].items()}
        del document["servers"]

    report = changed(move, before=lambda d: d.update(servers=[{"url": "https://host/v1"}]))
    assert report.count("major") == report.count("minor") == 0


def test_the_versions_spell_one_thing_in_different_ways_without_a_change() -> None:
    ours = convert(swagger_pets(), "ours")
    ours["components"]["schemas"]["Pet"]["properties"]["name"] = {"type": "string", "nullable": True}
    theirs = copy.deepcopy(ours)
    theirs["openapi"] = "3.1.0"
    theirs["components"]["schemas"]["Pet"]["properties"]["name"] = {"type": ["null", "string"]}
    assert compare(ours, theirs).verdict == "none"
    theirs["components"]["schemas"]["Pet"]["properties"]["name"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert compare(ours, theirs).verdict == "none"


def test_schemas_that_refer_to_themselves_end() -> None:
    def loop(document: Document) -> None:
        pet(document)["properties"]["mother"] = {"$ref": "#/components/schemas/Pet"}

    report = changed(lambda d: pet(d)["properties"].pop("kind"), before=loop)
    assert report.changes == {("schema Pet", "kind: property removed"): "major"}


def test_a_renamed_schema_is_compared_by_what_it_holds() -> None:
    def rename(document: Document) -> None:
        schemas = document["components"]["schemas"]
        schemas["Animal"] = {**schemas.pop("Pet")}
        schemas["Animal"]["properties"] = {"name": {"type": "integer"}, "kind": {"$ref": "#/components/schemas/Kind"}}
        for content in (
            listing(document)["responses"]["200"]["content"]["application/json"]["schema"]["items"],
            adding(document)["requestBody"]["content"]["application/json"]["schema"],
        ):
            content["$ref"] = "#/components/schemas/Animal"

    report = changed(rename)
    assert report.changes[LIST, "response 200[]: schema Pet is now Animal"] == "patch"
    assert report.changes[LIST, "response 200[].name: type string is now integer"] == "major"
