"""Sixty single changes of a document, each with what it breaks on the wire and what it breaks in users' Python.

The table is made by hand. On the wire, major: a request or answer of today may fail; in Python, major: code written
against the package of today may fail to run or to type-check.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from scripts.pipeline.compare import compare
from scripts.pipeline.compare_python import compare_python
from scripts.pipeline.read_operations import read_api
from scripts.pipeline.select import select

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.pipeline.samples import Document

TEXT = {"type": "string"}


def document() -> Document:
    """Two operations that list and store, with parameters of all places, a shared model and a login."""
    thing = {"$ref": "#/components/schemas/Thing"}
    content = {"application/json": {"schema": thing}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://things.test/v1"}],
        "security": [{"key": []}],
        "tags": [{"name": "Things"}],
        "paths": {
            "/things": {
                "get": {
                    "tags": ["Things"],
                    "operationId": "listThings",
                    "summary": "List things.",
                    "parameters": [
                        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
                        {"name": "ids", "in": "query", "schema": {"type": "array", "items": TEXT}},
                        {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}},
                        {"name": "X-Trace", "in": "header", "schema": TEXT},
                    ],
                    "responses": {
                        "200": {
                            "description": "ok",
                            "headers": {"X-Total": {"schema": {"type": "integer"}}},
                            "content": {"application/json": {"schema": {"type": "array", "items": thing}}},
                        },
                        "404": {"description": "none"},
                    },
                }
            },
            "/things/{id}": {
                "put": {
                    "tags": ["Things"],
                    "operationId": "putThing",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
                    "requestBody": {"required": True, "content": content},
                    "responses": {"200": {"description": "ok", "content": content}},
                }
            },
        },
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            "schemas": {
                "Thing": {
                    "type": "object",
                    "description": "A thing.",
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string", "maxLength": 10},
                        "size": {"type": "integer"},
                        "made": {"type": "string", "format": "date-time"},
                        "state": {"type": "string", "enum": ["on", "off"]},
                        "made_by": {"type": "string", "readOnly": True},
                        "owner": {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Owner"}]},
                    },
                },
                "Owner": {"type": "object", "required": ["mail"], "properties": {"mail": TEXT}},
            },
        },
    }


def get(d: Document) -> Any:
    return d["paths"]["/things"]["get"]


def put(d: Document) -> Any:
    return d["paths"]["/things/{id}"]["put"]


def field(d: Document, name: str) -> Any:
    return thing(d)["properties"][name]


def thing(d: Document) -> Any:
    return d["components"]["schemas"]["Thing"]


def query(d: Document, name: str) -> Any:
    return next(one for one in get(d)["parameters"] if one["name"] == name)


def reply(d: Document) -> Any:
    return get(d)["responses"]["200"]


def rename(holder: Any, old: str, new: str) -> None:
    holder[new] = holder.pop(old)


def renamed_schema(d: Document) -> None:
    rename(d["components"]["schemas"], "Owner", "Keeper")
    field(d, "owner")["oneOf"][1] = {"$ref": "#/components/schemas/Keeper"}


def behind_reference(d: Document) -> None:
    d["components"]["pathItems"] = {"Things": d["paths"]["/things"]}
    d["paths"]["/things"] = {"$ref": "#/components/pathItems/Things"}


def behind_changed_reference(d: Document) -> None:
    behind_reference(d)
    del d["components"]["pathItems"]["Things"]["get"]["parameters"][0]


def renamed_path_parameter(d: Document) -> None:
    d["paths"] = {"/things": d["paths"]["/things"], "/things/{name}": d["paths"]["/things/{id}"]}
    d["paths"]["/things/{name}"]["put"]["parameters"][0]["name"] = "name"


XML = {"application/xml": {"schema": {"type": "string"}}}
New = {"type": "string", "default": "x"}

MUTATIONS: dict[str, tuple[Callable[[Document], Any], str, str]] = {
    # operations
    "an operation removed": (lambda d: d["paths"].pop("/things/{id}"), "major", "major"),
    "an operation added": (
        lambda d: (
            d["paths"].update(
                {
                    "/more": {
                        "get": copy.deepcopy(put(d)) | {"operationId": "more", "parameters": [], "requestBody": None}
                    }
                }
            )
            or d["paths"]["/more"]["get"].pop("requestBody")
        ),
        "minor",
        "minor",
    ),
    "another path": (lambda d: rename(d["paths"], "/things", "/stuff"), "major", "major"),
    "another method": (lambda d: rename(d["paths"]["/things/{id}"], "put", "post"), "major", "major"),
    "another operation id": (lambda d: get(d).update(operationId="getThings"), "patch", "major"),
    "a path parameter renamed": (renamed_path_parameter, "patch", "major"),
    "another tag": (lambda d: get(d).update(tags=["Stuff"]), "patch", "none"),
    "deprecated": (lambda d: get(d).update(deprecated=True), "minor", "minor"),
    "another summary": (lambda d: get(d).update(summary="Give things."), "patch", "none"),
    "a path item behind a reference": (behind_reference, "none", "none"),
    "a path item behind a reference that changed": (behind_changed_reference, "major", "major"),
    # servers and logins
    "another host": (lambda d: d["servers"][0].update(url="https://stuff.test/v1"), "minor", "none"),
    "another base path": (lambda d: d["servers"][0].update(url="https://things.test/v2"), "major", "none"),
    "a server of its own": (lambda d: get(d).update(servers=[{"url": "https://lists.test"}]), "major", "none"),
    "another header for the key": (
        lambda d: d["components"]["securitySchemes"]["key"].update(name="X-Other"),
        "major",
        "none",
    ),
    "an operation that needs no login": (lambda d: get(d).update(security=[]), "minor", "none"),
    "an operation that needs another login": (lambda d: get(d).update(security=[{"other": []}]), "major", "none"),
    # parameters
    "an optional parameter removed": (lambda d: get(d)["parameters"].pop(0), "major", "major"),
    "an optional parameter added": (
        lambda d: get(d)["parameters"].append({"name": "new", "in": "query", "schema": TEXT}),
        "minor",
        "minor",
    ),
    "a needed parameter added": (
        lambda d: get(d)["parameters"].append({"name": "new", "in": "query", "required": True, "schema": TEXT}),
        "major",
        "major",
    ),
    "a needed parameter with a default added": (
        lambda d: get(d)["parameters"].append({"name": "new", "in": "query", "required": True, "schema": New}),
        "major",
        "minor",
    ),
    "a parameter that is needed now": (lambda d: query(d, "limit").update(required=True), "major", "major"),
    "a parameter of another type": (lambda d: query(d, "limit").update(schema={"type": "boolean"}), "major", "major"),
    "a parameter of a wider type": (
        lambda d: query(d, "limit").update(schema={"oneOf": [{"type": "integer", "maximum": 100}, TEXT]}),
        "major",
        "minor",
    ),
    "a parameter in another place": (lambda d: query(d, "X-Trace").update({"in": "query"}), "major", "none"),
    "a parameter renamed": (lambda d: query(d, "limit").update(name="size"), "major", "major"),
    "another spelling of an array": (lambda d: query(d, "ids").update(explode=False), "major", "none"),
    "another style of an array": (
        lambda d: query(d, "ids").update(style="pipeDelimited", explode=False),
        "major",
        "none",
    ),
    "reserved characters as they are": (lambda d: query(d, "ids").update(allowReserved=True), "major", "none"),
    "a default written out": (lambda d: query(d, "ids").update(style="form", explode=True), "none", "none"),
    "a parameter as JSON": (
        lambda d: query(d, "ids").update(content={"application/json": {"schema": query(d, "ids").pop("schema")}}),
        "major",
        "none",
    ),
    "a limit that is lower": (lambda d: query(d, "limit")["schema"].update(maximum=50), "major", "none"),
    "a limit that is higher": (lambda d: query(d, "limit")["schema"].update(maximum=500), "minor", "none"),
    "a word that is no longer taken": (lambda d: query(d, "kind")["schema"].update(enum=["a"]), "major", "none"),
    "a word that is taken now": (lambda d: query(d, "kind")["schema"].update(enum=["a", "b", "c"]), "minor", "none"),
    "another type in an array": (
        lambda d: query(d, "ids")["schema"].update(items={"type": "integer"}),
        "major",
        "major",
    ),
    # bodies
    "a body that may be left out": (lambda d: put(d)["requestBody"].update(required=False), "minor", "major"),
    "a body removed": (lambda d: put(d).pop("requestBody"), "major", "major"),
    "a body added": (
        lambda d: get(d).update(requestBody={"content": {"application/json": {"schema": TEXT}}}),
        "minor",
        "minor",
    ),
    "another media type of the body": (lambda d: put(d)["requestBody"].update(content=XML), "major", "major"),
    "a media type more for the body": (lambda d: put(d)["requestBody"]["content"].update(XML), "minor", "minor"),
    # answers
    "an answer's status gone": (lambda d: rename(get(d)["responses"], "200", "201"), "major", "none"),
    "an error's status gone": (lambda d: get(d)["responses"].pop("404"), "minor", "none"),
    "an answer of success more": (
        lambda d: get(d)["responses"].update({"204": {"description": "empty"}}),
        "minor",
        "major",
    ),
    "an answer without content": (lambda d: reply(d).pop("content"), "major", "major"),
    "an answer's media type of another": (lambda d: reply(d).update(content=XML), "major", "major"),
    "an answer's header removed": (lambda d: reply(d).pop("headers"), "major", "none"),
    "an answer's header added": (lambda d: reply(d)["headers"].update({"X-More": {"schema": TEXT}}), "minor", "none"),
    "an answer's header of another type": (
        lambda d: reply(d)["headers"]["X-Total"].update(schema=TEXT),
        "major",
        "none",
    ),
    # fields of a model that travels both ways
    "a field removed": (lambda d: thing(d)["properties"].pop("size"), "major", "major"),
    "an optional field added": (lambda d: thing(d)["properties"].update(new=TEXT), "minor", "minor"),
    "a needed field added": (
        lambda d: (thing(d)["properties"].update(new=TEXT), thing(d)["required"].append("new")),
        "major",
        "major",
    ),
    "a field that is needed now": (lambda d: thing(d)["required"].append("size"), "major", "major"),
    "a field that may be absent now": (lambda d: thing(d).pop("required"), "major", "major"),
    "a field of another type": (lambda d: field(d, "size").update(type="string"), "major", "major"),
    "a field of another format": (lambda d: field(d, "made").update(format="date"), "major", "major"),
    "a field that may be null": (lambda d: field(d, "name").update(type=["string", "null"]), "major", "major"),
    "a field that is only read": (lambda d: field(d, "size").update(readOnly=True), "major", "major"),
    "a field that is sent too": (lambda d: field(d, "made_by").pop("readOnly"), "minor", "minor"),
    "a field renamed": (lambda d: rename(thing(d)["properties"], "size", "length"), "major", "major"),
    "a member of a union removed": (lambda d: field(d, "owner")["oneOf"].pop(0), "major", "major"),
    "a longer text allowed": (lambda d: field(d, "name").update(maxLength=20), "minor", "none"),
    "a schema renamed": (renamed_schema, "major", "major"),
    "another description": (lambda d: thing(d).update(description="Some thing."), "patch", "patch"),
}


def test_there_are_sixty() -> None:
    assert len(MUTATIONS) >= 60


@pytest.mark.parametrize(("mutate", "wire", "python"), MUTATIONS.values(), ids=MUTATIONS)
def test_a_change_is_classified_as_the_table_says(mutate: Callable[[Document], Any], wire: str, python: str) -> None:
    ours, theirs = document(), copy.deepcopy(document())
    mutate(theirs)
    before, after = (select(one, ["/"], "x") for one in (ours, theirs))
    found = compare(before, after)
    assert (found.verdict, list(found.lines())) == (wire, list(found.lines()))
    spoken = compare_python(read_api("things", before), read_api("things", after))
    assert (spoken.verdict, list(spoken.lines())) == (python, list(spoken.lines()))


def test_nothing_is_found_where_nothing_changed() -> None:
    assert compare(document(), document()).verdict == "none"
    assert compare_python(read_api("things", document()), read_api("things", document())).verdict == "none"


def by_hand() -> Document:
    """The document, with an operation whose method is written by hand and called otherwise."""
    found = document()
    found["paths"]["/things"]["get"].update({"x-imageapis-name": "things", "x-imageapis-by-hand": "It is a pager."})
    return found


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda d: d["paths"].pop("/things"), "removed"),
        (lambda d: d["paths"]["/things"]["get"]["parameters"].pop(0), "argument limit removed"),
        (
            lambda d: d["paths"]["/things"]["get"].update(operationId="allThings"),
            "the endpoint list_things is now named all_things",
        ),
    ],
)
def test_what_goes_under_a_method_by_hand_is_named_with_the_method(
    change: Callable[[Document], Any], line: str
) -> None:
    theirs = by_hand()
    change(theirs)
    where = "endpoint list_things, and the method things that is written by hand"
    found = compare_python(read_api("things", by_hand()), read_api("things", theirs)).lines()
    assert list(found)[:2] == [where, f"  major  {line}"]
