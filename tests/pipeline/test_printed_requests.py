"""Generated endpoints build the requests that a document declares, and read the answers that it promises."""

from __future__ import annotations

import datetime as dt
import inspect
import io
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.pipeline.printed import Printed, document
from tests.pipeline.test_printed_values import Answer

if TYPE_CHECKING:
    from pathlib import Path

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
THING = {"type": "object", "properties": {"r": {"type": "integer"}, "g": TEXT}}
NOTHING = {"204": {"description": "Done."}}


def operation(path: str = "/it", method: str = "get", **node: Any) -> dict[str, Any]:
    """A document of one operation."""
    return document(paths={path: {method: {"operationId": "call_it", "responses": NOTHING, **node}}})


def endpoint(tmp_path: Path, made: dict[str, Any]) -> Any:
    return Printed(tmp_path, made).endpoint("call_it")


def with_parameter(place: str, schema: Any, **more: Any) -> dict[str, Any]:
    path = "/it/{p}/end" if place == "path" else "/it"
    return operation(path, parameters=[{"name": "p", "in": place, "required": True, "schema": schema, **more}])


# The table of the OpenAPI specification, by style, and what it leaves open: what stands in a value is encoded.
LIST, OBJECT = ["a b", "c,d"], {"r": 1, "g": "x&y"}


@pytest.mark.parametrize(
    ("style", "explode", "value", "query"),
    [
        (None, None, "a b/ü", "p=a%20b%2F%C3%BC"),
        (None, None, LIST, "p=a%20b&p=c%2Cd"),
        ("form", True, LIST, "p=a%20b&p=c%2Cd"),
        ("form", False, LIST, "p=a%20b,c%2Cd"),
        ("spaceDelimited", False, LIST, "p=a%20b%20c%2Cd"),
        ("pipeDelimited", False, LIST, "p=a%20b%7Cc%2Cd"),
        ("form", True, OBJECT, "r=1&g=x%26y"),
        ("form", False, OBJECT, "p=r,1,g,x%26y"),
        ("deepObject", True, OBJECT, "p[r]=1&p[g]=x%26y"),
        (None, None, True, "p=true"),
        (None, None, dt.datetime(2026, 1, 2, tzinfo=dt.UTC), "p=2026-01-02T00%3A00%3A00Z"),
        (None, None, UUID(int=1), f"p={UUID(int=1)}"),
    ],
)
def test_a_query_parameter_is_spelled_in_its_style(
    tmp_path: Path, style: str | None, explode: bool | None, value: Any, query: str
) -> None:
    said = {key: one for key, one in (("style", style), ("explode", explode)) if one is not None}
    schema = {list: TEXTS, dict: {"type": "object"}, bool: {"type": "boolean"}}.get(type(value), TEXT)
    assert endpoint(tmp_path, with_parameter("query", schema, **said)).build(p=value).query == query


@pytest.mark.parametrize(
    ("style", "explode", "value", "path"),
    [
        (None, None, "a/b $", "/it/a%2Fb%20%24/end"),
        (None, None, LIST, "/it/a%20b,c%2Cd/end"),
        ("simple", True, OBJECT, "/it/r=1,g=x%26y/end"),
        ("simple", False, OBJECT, "/it/r,1,g,x%26y/end"),
        ("label", False, "v", "/it/.v/end"),
        ("label", True, LIST, "/it/.a%20b.c%2Cd/end"),
        ("label", False, LIST, "/it/.a%20b,c%2Cd/end"),
        ("label", True, OBJECT, "/it/.r=1.g=x%26y/end"),
        ("matrix", False, "v", "/it/;p=v/end"),
        ("matrix", True, LIST, "/it/;p=a%20b;p=c%2Cd/end"),
        ("matrix", False, LIST, "/it/;p=a%20b,c%2Cd/end"),
        ("matrix", True, OBJECT, "/it/;r=1;g=x%26y/end"),
        ("matrix", False, OBJECT, "/it/;p=r,1,g,x%26y/end"),
        (None, None, False, "/it/false/end"),
    ],
)
def test_a_path_parameter_is_spelled_in_its_style(
    tmp_path: Path, style: str | None, explode: bool | None, value: Any, path: str
) -> None:
    said = {key: one for key, one in (("style", style), ("explode", explode)) if one is not None}
    schema = {list: TEXTS, dict: {"type": "object"}, bool: {"type": "boolean"}}.get(type(value), TEXT)
    assert endpoint(tmp_path, with_parameter("path", schema, **said)).build(value).path == path


@pytest.mark.parametrize(
    ("style", "value"), [("simple", ""), ("simple", "."), ("simple", ".."), ("label", ""), ("label", ".")]
)
def test_a_path_parameter_that_would_lead_elsewhere_is_refused(tmp_path: Path, style: str, value: str) -> None:
    printed = Printed(tmp_path, with_parameter("path", TEXT, style=style))
    with pytest.raises(printed.shared.Unwritable, match="cannot stand in an address"):
        printed.endpoint("call_it").build(value)


@pytest.mark.parametrize(
    ("explode", "value", "header"),
    [(False, LIST, "a b,c,d"), (False, OBJECT, "r,1,g,x&y"), (True, OBJECT, "r=1,g=x&y"), (False, True, "true")],
)
def test_a_header_is_spelled_in_the_style_simple(tmp_path: Path, explode: bool, value: Any, header: str) -> None:
    schema = {"list": TEXTS, "dict": {"type": "object"}}.get(type(value).__name__, {"type": "boolean"})
    made = endpoint(tmp_path, with_parameter("header", schema, explode=explode)).build(p=value)
    assert made.headers == {"p": header}


def test_a_header_cannot_be_ended(tmp_path: Path) -> None:
    printed = Printed(tmp_path, with_parameter("header", TEXT))
    with pytest.raises(printed.shared.Unwritable, match="line break"):
        printed.endpoint("call_it").build(p="a\r\nb: c")


def test_an_array_in_a_cookie_has_commas_between_and_a_comma_in_a_text_encoded(tmp_path: Path) -> None:
    made = endpoint(tmp_path, with_parameter("cookie", TEXTS)).build(p=["x", "y,z"])
    assert made.headers == {"Cookie": "p=x,y%2Cz"}


def test_cookies_go_in_one_header(tmp_path: Path) -> None:
    parameters = [{"name": name, "in": "cookie", "schema": TEXT} for name in ("a", "b", "c")]
    made = endpoint(tmp_path, operation(parameters=parameters)).build(a="1", b="x;y")
    assert made.headers == {"Cookie": "a=1; b=x%3By"}


def test_what_is_not_given_is_not_sent(tmp_path: Path) -> None:
    places = ("query", "header", "cookie")
    parameters = [{"name": place, "in": place, "schema": TEXTS} for place in places]
    made = endpoint(tmp_path, operation(parameters=parameters)).build()
    assert (made.query, made.headers) == ("", {})


def test_a_default_is_sent_only_where_the_parameter_must_be(tmp_path: Path) -> None:
    parameters = [
        {"name": "api-version", "in": "query", "required": True, "schema": {**TEXT, "default": "6.0"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 5}},
    ]
    assert endpoint(tmp_path, operation(parameters=parameters)).build().query == "api-version=6.0"


def test_reserved_characters_stand_where_the_document_allows_them(tmp_path: Path) -> None:
    made = endpoint(tmp_path, with_parameter("query", TEXT, allowReserved=True)).build(p="a/b:c&d#e")
    assert made.query == "p=a/b:c%26d%23e"


def test_a_parameter_whose_content_is_json_is_json(tmp_path: Path) -> None:
    parameter = {"name": "p", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}}
    made = endpoint(tmp_path, operation(parameters=[parameter])).build(p={"a": [1, True]})
    assert made.query == "p=%7B%22a%22%3A%5B1%2Ctrue%5D%7D"


def test_a_parameter_of_the_path_item_is_everyones_and_an_operations_own_comes_first(tmp_path: Path) -> None:
    made = operation(parameters=[{"name": "q", "in": "query", "required": True, "schema": {**TEXT, "default": "own"}}])
    made["paths"]["/it"]["parameters"] = [
        {"name": "q", "in": "query", "schema": TEXT},
        {"name": "h", "in": "header", "schema": TEXT},
    ]
    built = endpoint(tmp_path, made).build(h="x")
    assert (built.query, built.headers) == ("q=own", {"h": "x"})


def test_one_text_is_no_array(tmp_path: Path) -> None:
    printed = Printed(tmp_path, with_parameter("query", TEXTS))
    with pytest.raises(printed.shared.Unwritable, match="put the one value into a list"):
        printed.endpoint("call_it").build(p="abc")


@pytest.mark.parametrize(
    "name", ["self", "body", "class", "filter", "X-Some-Header", "$top", "a[b]", "dt", "_requests"]
)
def test_a_parameter_may_be_called_anything(tmp_path: Path, name: str) -> None:
    built = endpoint(tmp_path, operation(parameters=[{"name": name, "in": "query", "required": True, "schema": TEXT}]))
    (python,) = inspect.signature(built.build).parameters
    from urllib.parse import parse_qsl

    assert parse_qsl(built.build(**{python: "x"}).query) == [(name, "x")]


def test_a_path_keeps_its_query_its_braces_and_its_quotation_marks(tmp_path: Path) -> None:
    built = endpoint(tmp_path, operation('/it?kind="a"')).build()
    assert built.path == '/it?kind="a"'


def test_an_operation_may_have_a_server_of_its_own(tmp_path: Path) -> None:
    servers = [{"url": "https://{where}.test/v2", "variables": {"where": {"default": "uploads"}}}]
    assert endpoint(tmp_path, operation(servers=servers)).build().server == "https://uploads.test/v2"


# -- bodies ----------------------------------------------------------------------------------------------------------


def with_body(required: bool = True, **content: Any) -> dict[str, Any]:
    media = {name.replace("__", "/").replace("_plus_", "+"): {"schema": schema} for name, schema in content.items()}
    return operation(method="post", requestBody={"required": required, "content": media})


def test_a_body_of_json_is_compact_and_unescaped(tmp_path: Path) -> None:
    built = endpoint(tmp_path, with_body(application__json=THING))
    from importlib import import_module

    values = import_module(built.__name__.replace("endpoints.call_it", "values"))
    made = built.build(values.CallItBody(r=1, g="ü"))
    assert (made.content, made.content_type) == ('{"r":1,"g":"ü"}'.encode(), "application/json")


def test_types_that_end_in_json_are_json(tmp_path: Path) -> None:
    content = {"application/merge-patch+json": {"schema": {"type": "object"}}}
    built = endpoint(tmp_path, operation(method="patch", requestBody={"required": True, "content": content}))
    made = built.build({"a": None})
    assert (made.content, made.content_type) == (b'{"a":null}', "application/merge-patch+json")


def test_a_body_that_need_not_be_is_left_out(tmp_path: Path) -> None:
    made = endpoint(tmp_path, with_body(required=False, application__json={"type": "object"})).build()
    assert (made.content, made.content_type) == (None, None)


def test_whole_numbers_as_texts_in_a_body_are_texts(tmp_path: Path) -> None:
    schema = {"type": "array", "items": {"type": "string", "format": "int64"}}
    assert endpoint(tmp_path, with_body(application__json=schema)).build([1, 2]).content == b'["1","2"]'


def test_a_form_repeats_the_names_of_arrays(tmp_path: Path) -> None:
    content = {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}
    built = endpoint(tmp_path, operation(method="post", requestBody={"required": True, "content": content}))
    made = built.build({"a": "x y", "b": [1, True], "c": {"d": 1}, "e": None})
    assert made.content == b"a=x+y&b=1&b=true&c=%7B%22d%22%3A1%7D"
    assert made.content_type == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("encoding", "value", "sent"),
    [
        ({"style": "deepObject"}, {"r": 1, "g": "a b"}, b"f[r]=1&f[g]=a%20b"),
        ({"style": "deepObject", "explode": True}, {"x": {"y": [1, 2]}}, b"f[x][y]=1&f[x][y]=2"),
        ({"style": "form"}, {"r": 1, "g": "x"}, b"r=1&g=x"),
        ({"style": "form", "explode": False}, ["a", "b,c"], b"f=a,b%2Cc"),
        ({"explode": False}, ["a", "b"], b"f=a,b"),
        ({"style": "spaceDelimited", "explode": False}, ["a", "b"], b"f=a%20b"),
        ({"style": "pipeDelimited", "explode": False}, ["a", "b"], b"f=a%7Cb"),
        ({"contentType": "application/json"}, {"r": 1}, b"f=%7B%22r%22%3A1%7D"),
        ({"style": "deepObject"}, None, b""),
    ],
)
def test_a_field_of_a_form_is_spelled_in_the_style_of_its_encoding(
    tmp_path: Path, encoding: Any, value: Any, sent: bytes
) -> None:
    media = {"schema": {"type": "object"}, "encoding": {"f": encoding}}
    content = {"application/x-www-form-urlencoded": media}
    built = endpoint(tmp_path, operation(method="post", requestBody={"required": True, "content": content}))
    assert built.build({"a": "x y", "f": value}).content == b"&".join(filter(None, [b"a=x+y", sent]))


def test_parts_are_files_texts_and_json(tmp_path: Path) -> None:
    content = {"multipart/form-data": {"schema": {"type": "object"}}}
    built = endpoint(tmp_path, operation(method="post", requestBody={"required": True, "content": content}))
    stream = io.BytesIO(b"c")
    made = built.build({"a": b"b", "f": stream, "n": 1, "o": {"x": 1}, "l": [b"1", b"2"]})
    assert made.files == [
        ("a", ("a", b"b")),
        ("f", ("f", stream)),
        ("n", (None, "1")),
        ("o", (None, '{"x":1}', "application/json")),
        ("l", ("l", b"1")),
        ("l", ("l", b"2")),
    ]
    assert made.content_type is None


BINARY = {"type": "string", "format": "binary"}
BINARIES = {"type": "array", "items": BINARY}


@pytest.mark.parametrize(
    ("schema", "given", "sent"),
    [
        (BINARIES, [b"b", b"c"], [("at", b"b"), ("at", b"c")]),
        (BINARIES, (b"b",), [("at", b"b")]),
        ({"anyOf": [BINARY, BINARIES]}, b"b", [("at", b"b")]),
        ({"anyOf": [BINARY, BINARIES]}, (b"b", b"c"), [("at", b"b"), ("at", b"c")]),
        ({"oneOf": [THING, BINARY]}, b"b", [("at", b"b")]),
        ({"oneOf": [THING, BINARY]}, {"r": 1}, [(None, '{"r":1}', "application/json")]),
    ],
)
def test_files_among_other_kinds_are_files(tmp_path: Path, schema: Any, given: Any, sent: Any) -> None:
    form = {"$ref": "#/components/schemas/Form"}
    made = operation(method="post", requestBody={"content": {"multipart/form-data": {"schema": form}}})
    made["components"]["schemas"]["Form"] = {"type": "object", "properties": {"at": schema}}
    printed = Printed(tmp_path, made)
    built = printed.endpoint("call_it").build(body=printed.values.Form(at=given))
    assert built.files == [("at", part) for part in sent]


def test_a_file_with_a_name_is_one_among_other_kinds_too(tmp_path: Path) -> None:
    form = {"$ref": "#/components/schemas/Form"}
    made = operation(method="post", requestBody={"content": {"multipart/form-data": {"schema": form}}})
    made["components"]["schemas"]["Form"] = {"type": "object", "properties": {"at": {"anyOf": [BINARY, BINARIES]}}}
    printed, stream = Printed(tmp_path, made), io.BytesIO(b"c")
    endpoint = printed.endpoint("call_it")
    named = endpoint._requests.File(stream, "c.txt")
    assert endpoint.build(body=printed.values.Form(at=named)).files == [("at", ("c.txt", stream))]


DEEP = [("at[y]", "a"), ("at[y]", "b")]


def typed(tmp_path: Path, said: str) -> Any:
    media = {"schema": {"type": "object"}, "encoding": {"at": {"contentType": said}}}
    made = operation(method="post", requestBody={"required": True, "content": {"multipart/form-data": media}})
    return endpoint(tmp_path, made)


@pytest.mark.parametrize(
    ("said", "given", "sent"),
    [
        ("application/json", {"r": 1}, (None, '{"r":1}', "application/json")),
        ("application/vnd.r+json", {"r": 1}, (None, '{"r":1}', "application/vnd.r+json")),
        ("text/xml, application/json", {"r": 1}, (None, '{"r":1}', "application/json")),
        ("application/*", {"r": 1}, (None, '{"r":1}', "application/json")),
        ("application/json", "a", (None, '"a"', "application/json")),
        ("application/sdp", "a", (None, "a", "application/sdp")),
        ("text/csv; charset=utf-8", "a", (None, "a", "text/csv; charset=utf-8")),
        ("text/*", "a", (None, "a", "text/plain")),
        ("image/png", b"a", ("at", b"a", "image/png")),
        ("image/png, image/jpeg", b"a", ("at", b"a", "image/png")),
        ("*/*", b"a", ("at", b"a", "application/octet-stream")),
    ],
)
def test_a_part_is_said_to_be_what_its_encoding_says(tmp_path: Path, said: str, given: Any, sent: Any) -> None:
    assert typed(tmp_path, said).build({"at": given, "n": 1}).files == [("at", sent), ("n", (None, "1"))]


@pytest.mark.parametrize(
    ("said", "filename", "told"),
    [
        ("image/png, image/jpeg", "a.jpg", "image/jpeg"),
        ("image/png, image/jpeg", "a.txt", "image/png"),
        ("image/*", "a.jpg", "image/jpeg"),
        ("image/png", "a.jpg", "image/png"),
    ],
)
def test_a_file_among_several_media_types_is_what_its_name_says(
    tmp_path: Path, said: str, filename: str, told: str
) -> None:
    built = typed(tmp_path, said)
    [(_, sent)] = built.build({"at": built._requests.File(b"a", filename)}).files
    assert sent == (filename, b"a", told)


def test_what_a_caller_says_that_a_file_is_goes_before_the_document(tmp_path: Path) -> None:
    built = typed(tmp_path, "image/png")
    [(_, sent)] = built.build({"at": built._requests.File(b"a", "a", "image/webp")}).files
    assert sent == ("a", b"a", "image/webp")


@pytest.mark.parametrize(("said", "given"), [("image/*", b"a"), ("image/*", "a"), ("image/*, text/xml", {"r": 1})])
def test_a_part_that_cannot_be_what_its_encoding_says_asks_for_a_file(tmp_path: Path, said: str, given: Any) -> None:
    built = typed(tmp_path, said)
    with pytest.raises(
        built._requests.Unwritable, match=r"'at' can be image/\*.* give `values.File` with its content_"
    ):
        built.build({"at": given})


def test_parts_say_their_media_types_beside_bodies_of_another_one(tmp_path: Path) -> None:
    parts = {"schema": {"type": "object"}, "encoding": {"at": {"contentType": "image/png"}}}
    content = {"multipart/form-data": parts, "text/plain": {"schema": TEXT}}
    built = endpoint(tmp_path, operation(method="post", requestBody={"required": True, "content": content}))
    made = built.build({"at": b"a"}, content_type="multipart/form-data")
    assert made.files == [("at", ("at", b"a", "image/png"))]


def styled(tmp_path: Path, version: str, **encoding: Any) -> Any:
    media = {"schema": {"type": "object"}, "encoding": {"at": encoding}}
    made = operation(method="post", requestBody={"required": True, "content": {"multipart/form-data": media}})
    return endpoint(tmp_path, {**made, "openapi": version})


@pytest.mark.parametrize(
    ("encoding", "given", "sent"),
    [
        ({"style": "form"}, ["a b", 1], [("at", "a b"), ("at", "1")]),
        ({"style": "form", "explode": False}, ["a b", 1], [("at", "a b,1")]),
        ({"style": "pipeDelimited", "explode": False}, ["a", "b"], [("at", "a|b")]),
        ({"style": "spaceDelimited", "explode": False}, ["a", "b"], [("at", "a b")]),
        ({"style": "form"}, {"x": 1, "y": True}, [("x", "1"), ("y", "true")]),
        ({"explode": False}, {"x": 1, "y": "b"}, [("at", "x,1,y,b")]),
        ({"style": "deepObject", "explode": True}, {"x": 1, "y": ["a", "b"]}, [("at[x]", "1"), *DEEP]),
        ({"style": "form", "contentType": "text/csv"}, "a", [("at", "a")]),
    ],
)
def test_a_part_is_spelled_in_the_style_of_its_encoding_from_3_1_on(
    tmp_path: Path, encoding: Any, given: Any, sent: Any
) -> None:
    made = styled(tmp_path, "3.1.0", **encoding).build({"at": given})
    assert made.files == [(name, (None, text)) for name, text in sent]


@pytest.mark.parametrize("given", [b"a", [b"a"]])
def test_a_file_has_no_style(tmp_path: Path, given: Any) -> None:
    assert styled(tmp_path, "3.1.0", style="form", explode=False).build({"at": given}).files == [("at", ("at", b"a"))]


def test_the_style_of_a_part_is_ignored_before_3_1(tmp_path: Path) -> None:
    made = styled(tmp_path, "3.0.3", style="form", explode=False).build({"at": ["a", "b"]})
    assert made.files == [("at", (None, "a")), ("at", (None, "b"))]


def test_a_file_may_have_headers_of_its_own(tmp_path: Path) -> None:
    built = typed(tmp_path, "image/png")
    [(_, sent)] = built.build({"at": built._requests.File(b"a", "a", headers={"X-At": "b"})}).files
    assert sent == ("a", b"a", "image/png", {"X-At": "b"})


def test_an_open_file_does_not_tell_where_it_lies(tmp_path: Path) -> None:
    made = operation(
        method="post",
        requestBody={"required": True, "content": {"multipart/form-data": {"schema": {"type": "object"}}}},
    )
    (tmp_path / "secret.txt").write_bytes(b"a")
    with (tmp_path / "secret.txt").open("rb") as stream:
        assert endpoint(tmp_path, made).build({"at": stream}).files == [("at", ("secret.txt", stream))]


@pytest.mark.parametrize("schema", [{"type": "object", "properties": {"x": TEXT}}, {"type": "array", "items": TEXT}])
def test_an_object_that_is_a_text_is_spelled_by_the_caller(tmp_path: Path, schema: Any) -> None:
    content = {"text/plain": {"schema": schema}}
    built = endpoint(tmp_path, operation(method="post", requestBody={"required": True, "content": content}))
    assert built.build(b"x: 1").content == b"x: 1"


def test_a_long_name_is_cut_to_what_a_file_can_be_called(tmp_path: Path) -> None:
    first, second = ({"operationId": "o" * 300 + end, "responses": {"204": {"description": ""}}} for end in ("a", "b"))
    made = operation()
    made["paths"] = {"/it": {"get": first, "put": second}}
    printed = Printed(tmp_path, made)
    assert printed.endpoint("o" * 120).build().method == "GET"
    assert printed.endpoint("o" * 120 + "_2").build().method == "PUT"


def test_bytes_in_json_are_base64(tmp_path: Path) -> None:
    made = with_body(application__json={"$ref": "#/components/schemas/Form"})
    made["components"]["schemas"]["Form"] = {"type": "object", "properties": {"at": BINARY}}
    printed = Printed(tmp_path, made)
    assert printed.endpoint("call_it").build(printed.values.Form(at=b"b")).content == b'{"at":"Yg=="}'


def test_bytes_go_as_they_are(tmp_path: Path) -> None:
    given = object()
    made = endpoint(tmp_path, with_body(application__octet_stream={**TEXT, "format": "binary"})).build(given)
    assert made.content is given


def test_a_body_of_several_media_types_is_sent_as_the_one_that_is_asked_for(tmp_path: Path) -> None:
    content = {
        "application/xml": {"schema": TEXT},
        "application/json": {"schema": TEXT},
        "text/plain": {"schema": TEXT},
    }
    printed = Printed(tmp_path, operation(method="post", requestBody={"required": True, "content": content}))
    build = printed.endpoint("call_it").build
    assert build("x")[5:8:2] == build("x", content_type="application/json")[5:8:2]
    assert [build("x", content_type=kind).content for kind in content] == ["x", b'"x"', b"x"]
    assert build("x", content_type="text/plain").content_type == "text/plain"
    with pytest.raises(printed.shared.Unwritable, match="'image/png' is none of"):
        build("x", content_type="image/png")


def test_several_spellings_of_json_are_one_body(tmp_path: Path) -> None:
    names = ("application/json-patch+json", "application/json", "text/json", "application/*+json")
    content = {name: {"schema": {"type": "object"}} for name in names}
    built = endpoint(tmp_path, operation(method="post", requestBody={"required": True, "content": content}))
    assert list(inspect.signature(built.build).parameters) == ["body"]
    assert built.build({}).content_type == "application/json"


# -- answers ---------------------------------------------------------------------------------------------------------


def answering(responses: dict[str, Any]) -> dict[str, Any]:
    return operation(responses={status: {"description": status, **reply} for status, reply in responses.items()})


def content(**media: Any) -> dict[str, Any]:
    return {"content": {name.replace("__", "/").replace("_plus_", "+"): {"schema": one} for name, one in media.items()}}


def test_each_status_of_success_is_read_by_its_own_schema(tmp_path: Path) -> None:
    made = answering({"200": content(application__json=TEXTS), "202": content(application__json=TEXT), "204": {}})
    parse = endpoint(tmp_path, made).parse
    assert [parse(Answer(200, ["a"])), parse(Answer(202, "b")), parse(Answer(204, None))] == [("a",), "b", None]
    assert inspect.signature(parse).return_annotation == "tuple[str, ...] | str | None"


def test_a_range_of_statuses_covers_what_no_status_says(tmp_path: Path) -> None:
    parse = endpoint(tmp_path, answering({"2XX": content(application__json=TEXT), "201": {}})).parse
    assert (parse(Answer(201, None)), parse(Answer(207, "a"))) == (None, "a")


def test_default_alone_is_what_success_says(tmp_path: Path) -> None:
    assert endpoint(tmp_path, answering({"default": content(application__json=TEXT)})).parse(Answer(200, "a")) == "a"


def test_a_status_that_the_document_does_not_declare_is_an_error(tmp_path: Path) -> None:
    printed = Printed(tmp_path, answering({"200": {}}))
    with pytest.raises(printed.shared.Unreadable, match="declares no answer 202"):
        printed.endpoint("call_it").parse(Answer(202, None))


def test_text_is_text_and_bytes_are_bytes(tmp_path: Path) -> None:
    made = answering({"200": content(text__plain=TEXT), "201": content(image__png={**TEXT, "format": "binary"})})
    parse = endpoint(tmp_path, made).parse
    assert (parse(Answer(200, "a")), parse(Answer(201, b"b"))) == ("a", b"b")


def test_json_is_asked_for_where_there_is_a_choice(tmp_path: Path) -> None:
    built = endpoint(tmp_path, answering({"200": content(application__xml=TEXT, application__hal_plus_json=TEXT)}))
    assert built.build().headers == {"Accept": "application/hal+json"}


def test_a_body_that_is_not_json_is_named(tmp_path: Path) -> None:
    printed = Printed(tmp_path, answering({"200": content(application__json=TEXT)}))
    problem = json.JSONDecodeError("x", "secret", 0)
    with pytest.raises(printed.shared.Unreadable, match="the body is not JSON") as caught:
        printed.endpoint("call_it").parse(Answer(200, problem))
    assert "secret" not in str(caught.value)


# -- methods ---------------------------------------------------------------------------------------------------------


def methods(printed: Printed) -> list[str]:
    return [name for name in vars(printed.operations.ApiOperations) if not name.startswith("_")]


def test_the_class_has_a_documented_method_of_each_plain_operation(tmp_path: Path) -> None:
    made = with_parameter("query", TEXT, description="what it is.")
    made["paths"]["/it"]["get"].update(summary="Call it", description="Calls it. Twice.", deprecated=True)
    printed = Printed(tmp_path, made)
    doc = printed.operations.ApiOperations.call_it.__doc__
    for said in ("Call it.", "Calls it. Twice.", "p: What it is.", "deprecated::", "REST: `GET /it`."):
        assert said in doc


def test_an_operation_by_hand_has_no_method_and_says_why(tmp_path: Path) -> None:
    printed = Printed(tmp_path, operation(**{"x-imageapis-by-hand": "It streams."}))
    assert methods(printed) == []
    assert "call_it: It streams." in printed.operations.__doc__
    assert printed.endpoint("call_it").build().path == "/it"


def test_a_better_name_and_an_unwrapped_answer_reach_the_method(tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["it"], "properties": {"it": TEXT}}
    made = answering({"200": content(application__json=schema)})
    made["paths"]["/it"]["get"].update({"x-imageapis-name": "it", "x-imageapis-unwrap": "it"})
    printed = Printed(tmp_path, made)

    class Client(printed.operations.ApiOperations):  # type: ignore[name-defined,misc]
        async def _answer(self, endpoint: Any, /, *args: Any, **kwargs: Any) -> Any:
            return endpoint.parse(Answer(200, {"it": "x"}))

    with pytest.raises(StopIteration) as done:
        Client().it().send(None)
    assert done.value.value == "x"
    assert inspect.signature(printed.operations.ApiOperations.it.body).return_annotation == "str"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (operation(**{"x-imageapis-naem": "x"}), "is no key of ours"),
        (operation(**{"x-imageapis-name": "not a name"}), "cannot be a public name"),
        (operation(**{"x-imageapis-name": "class"}), "cannot be a public name"),
        (operation(**{"x-imageapis-by-hand": ""}), "must be a text"),
        (operation(**{"x-imageapis-unwrap": "it"}), "its one answer has no such field"),
        (with_parameter("query", {**TEXT, "x-imageapis-unwrap": "it"}), "belongs to an operation"),
        (with_parameter("query", {**TEXT, "x-imageapis-never": "0001"}), "belongs to the schema of a time"),
    ],
)
def test_a_key_of_ours_that_is_wrong_is_refused(tmp_path: Path, made: dict[str, Any], says: str) -> None:
    from scripts.pipeline.errors import PipelineError

    with pytest.raises(PipelineError, match=says):
        Printed(tmp_path, made)
