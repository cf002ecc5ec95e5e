"""Generated values read what documents describe and servers send, and say where an answer is not what was promised."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs
import pytest

from tests.pipeline.printed import Printed, answering, document

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = {
    "type": "object",
    "description": "An image.",
    "required": ["id", "size"],
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "What it is called."},
        "size": {"type": "string", "format": "int64"},
        "OS-EXT-IMG-SIZE:size": {"type": "integer", "x-imageapis-name": "stored"},
        "state": {"type": "string", "enum": ["on", "off"]},
        "pulled": {"type": "string", "format": "date-time", "x-imageapis-never": "0001-01-01"},
        "day": {"type": "string", "format": "date"},
        "blob": {"type": "string", "format": "byte"},
        "tags": {"type": "array", "items": {"$ref": "#/components/schemas/Tag"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "parent": {"$ref": "#/components/schemas/Image"},
        "share": {"type": "number"},
        "ready": {"type": "boolean"},
        "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer", "nullable": True}}},
    },
}
TAG = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "pullTime": {"type": "string", "format": "date-time"}},
}
ID = "12345678-1234-5678-1234-567812345678"


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return Printed(tmp_path_factory.mktemp("images"), answering({"Image": IMAGE, "Tag": TAG}))


def read(printed: Printed, **fields: Any) -> Any:
    return printed.values.Image.from_json({"id": ID, "size": "3", **fields})


def test_single_values_become_pythons_own(images: Printed) -> None:
    image = read(images, day="2026-01-02", blob="YWI=", share=1, ready=True, state="on")
    assert (image.id, image.size, image.day, image.blob) == (UUID(ID), 3, dt.date(2026, 1, 2), b"ab")
    assert (image.share, image.ready, image.state) == (1.0, True, "on")


def test_what_is_absent_or_null_is_none_and_an_array_is_empty(images: Printed) -> None:
    for image in (read(images), read(images, state=None, parent=None, tags=None, day=None, labels=None)):
        assert (image.state, image.parent, image.day, image.labels, image.tags) == (None, None, None, None, ())


def test_a_word_that_the_document_does_not_list_is_read(images: Printed) -> None:
    assert read(images, state="half").state == "half"


def test_a_field_that_the_document_does_not_know_is_left_alone(images: Printed) -> None:
    assert read(images, later=1) == read(images)


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02t03:04:05.0000000z"])
def test_times_are_aware_and_in_utc_where_they_say_nothing(images: Printed, text: str) -> None:
    assert read(images, pulled=text).pulled == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def test_never_is_none(images: Printed) -> None:
    assert read(images, pulled="0001-01-01T00:00:00+00:00").pulled is None


def test_values_nest_and_repeat(images: Printed) -> None:
    image = read(images, parent={"id": ID, "size": 4}, tags=[{"name": "a"}], grid=[[1, None], []], labels={"a": "b"})
    assert image.parent.size == 4
    assert image.tags == (images.values.Tag(name="a"),)
    assert (image.grid, image.labels) == (((1, None), ()), {"a": "b"})


def test_values_are_frozen_slotted_hashable_and_survive_pickling(images: Printed) -> None:
    image = read(images, tags=[{"name": "a"}], labels={"a": "b"})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        image.size = 4
    assert not hasattr(image, "__dict__")
    assert hash(image) == hash(attrs.evolve(image))
    assert pickle.loads(pickle.dumps(image)) == image


def test_a_value_that_was_read_equals_one_that_was_made(images: Printed) -> None:
    assert read(images) == images.values.Image(id=UUID(ID), size=3)


def test_docstrings_are_the_documents(images: Printed) -> None:
    assert images.values.Image.__doc__.startswith("An image.")
    assert "id: What it is called." in images.values.Image.__doc__


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"tags": [{"name": "a"}, {"name": "b", "pullTime": "yesterday"}]}, "Image.tags[1].pullTime: 'yesterday' is"),
        ({"tags": [{}]}, "Image.tags[0].name: it is missing"),
        ({"tags": {"name": "a"}}, "Image.tags: an array was expected, not an object"),
        ({"tags": ["a"]}, "Image.tags[0]: "),
        ({"labels": {"a": 1}}, "Image.labels.a: text was expected, not a number"),
        ({"parent": {"id": ID}}, "Image.parent.size: it is missing"),
        ({"parent": []}, "Image.parent: an object was expected, not an array"),
        ({"grid": [[1], [True]]}, "Image.grid[1][0]: a whole number was expected, not a truth value"),
        ({"size": ""}, "Image.size: '' is not a whole number"),
        ({"size": 1.5}, "Image.size: a whole number was expected"),
        ({"id": "x"}, "Image.id: 'x' is not a UUID"),
        ({"blob": "§"}, "Image.blob: "),
        ({"day": "2026-13-01"}, "Image.day: '2026-13-01' is not a date"),
        ({"ready": "true"}, "Image.ready: true or false was expected, not text"),
        ({"share": "1"}, "Image.share: a number was expected, not text"),
        ({"OS-EXT-IMG-SIZE:size": []}, "Image.OS-EXT-IMG-SIZE:size: "),
    ],
)
def test_an_unreadable_field_is_named_with_its_path(images: Printed, fields: dict[str, Any], says: str) -> None:
    with pytest.raises(images.shared.Unreadable) as caught:
        read(images, **fields)
    assert str(caught.value).startswith(says)
    assert pickle.loads(pickle.dumps(caught.value)).path == caught.value.path


def test_an_answer_that_is_no_object_is_named_by_its_class(images: Printed) -> None:
    with pytest.raises(images.shared.Unreadable, match=r"^Image: an object was expected, not an array$"):
        images.values.Image.from_json([])


# -- names -----------------------------------------------------------------------------------------------------------

NAMES = [
    "d",
    "to_dict",
    "to_json",
    "from_json",
    "self",
    "data",
    "it",
    "at",
    "get",
    "made",
    "class",
    "str",
    "bytes",
    "dt",
]
NAMES += [
    "attrs",
    "fooBar",
    "foo_bar",
    "FooBar",
    "1st",
    "$",
    "",
    "_private",
    "ÄÖ",
    "staticmethod",
    "Any",
    "list",
    "type",
]


def test_any_name_becomes_a_field_that_is_read_and_written(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in NAMES}}
    printed = Printed(tmp_path, document({"Any": schema}))
    given = {name: f"value of {name}" for name in NAMES}
    assert printed.endpoint("get_it").parse(Answer(200, given)).to_json() == given


@pytest.mark.parametrize("name", ["Any", "Absent", "Mapping", "UUID", "Exception", "ABSENT", "None", "True", "Shape"])
def test_a_schema_may_have_a_name_that_python_needs(tmp_path: Path, name: str) -> None:
    printed = Printed(tmp_path, document({name: TAG}))
    assert printed.endpoint("get_it").parse(Answer(200, {"name": "a"})).name == "a"


class Answer:
    """What `parse` needs of an answer."""

    def __init__(self, status_code: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.status_code = status_code
        self.headers = headers or {"Content-Type": "application/json"}
        self._body = body
        self.content = body if isinstance(body, bytes) else b"{}"
        self.text = body if isinstance(body, str) else ""

    def json(self) -> Any:
        if isinstance(self._body, Exception):
            raise self._body
        return self._body


# -- ways of writing a schema ----------------------------------------------------------------------------------------

A, B = {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}


def model(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


def parsed(tmp_path: Path, body: Any, **schemas: Any) -> Any:
    return Printed(tmp_path, answering(schemas)).endpoint("get_it").parse(Answer(200, body))


def test_all_of_gathers_the_fields_of_its_parts(tmp_path: Path) -> None:
    whole = {"allOf": [A, model("own", own=TEXT)], "description": "Whole."}
    value = parsed(tmp_path, {"base": 1, "own": "x"}, Whole=whole, A=model("base", base=WHOLE))
    assert (value.base, value.own) == (1, "x")


def test_all_of_one_reference_is_what_it_refers_to(tmp_path: Path) -> None:
    whole = model(inner={"allOf": [A], "nullable": True, "description": "It."})
    printed = Printed(tmp_path, answering({"Whole": whole, "A": model(base=WHOLE)}))
    assert printed.values.Whole.from_json({"inner": {"base": 1}}).inner == printed.values.A(base=1)


def test_a_schema_that_holds_itself_is_read_to_its_end(tmp_path: Path) -> None:
    tree = model(children={"type": "array", "items": {"$ref": "#/components/schemas/Tree"}})
    assert parsed(tmp_path, {"children": [{"children": []}]}, Tree=tree).children[0].children == ()


def test_a_schema_that_is_nothing_but_itself_is_anything(tmp_path: Path) -> None:
    loop = {"type": "array", "items": {"$ref": "#/components/schemas/Loop"}}
    assert parsed(tmp_path, [[1]], Loop=loop) == ([1],)


def test_types_of_openapi_3_1_may_be_lists(tmp_path: Path) -> None:
    value = parsed(
        tmp_path, {"a": None, "b": 3}, M=model("a", a={"type": ["string", "null"]}, b={"type": ["string", "integer"]})
    )
    assert (value.a, value.b) == (None, 3)


def test_further_fields_are_kept_where_the_document_speaks_of_them(tmp_path: Path) -> None:
    value = parsed(tmp_path, {"a": "x", "b": 1}, M={**model(a=TEXT), "additionalProperties": WHOLE})
    assert (value.a, value.extra) == ("x", {"b": 1})


def test_pattern_properties_are_an_object_of_any_names(tmp_path: Path) -> None:
    assert parsed(tmp_path, {"x-a": 1}, M={"type": "object", "patternProperties": {"^x-": WHOLE}}) == {"x-a": 1}


def test_unevaluated_properties_are_further_fields_through_the_parts_of_an_object(tmp_path: Path) -> None:
    value = parsed(tmp_path, {"a": "x", "b": 1}, M={"allOf": [model(a=TEXT)], "unevaluatedProperties": WHOLE})
    assert (value.a, value.extra) == ("x", {"b": 1})


X = model("x", x=WHOLE)


@pytest.mark.parametrize(
    "conditions",
    [
        {"if": model(a={"const": "b"}), "then": X},
        {"if": model(a={"const": "b"}), "then": {}, "else": {"$ref": "#/components/schemas/X"}},
        {"dependentSchemas": {"a": X}},
        {"allOf": [{"if": model(a={"const": "b"}), "then": {"allOf": [X]}}]},
        {"if": X, "then": {}},
    ],
)
def test_what_is_there_under_a_condition_is_an_optional_field(tmp_path: Path, conditions: Any) -> None:
    printed = Printed(tmp_path, document({"M": {**model("a", a=TEXT), **conditions}, "X": X}))
    assert printed.values.M(a="b").to_json() == {"a": "b"}
    assert printed.values.M.from_json({"a": "any word", "x": 1}).x == 1


# -- unions ----------------------------------------------------------------------------------------------------------

CAT, DOG = model("kind", "lives", kind=TEXT, lives=WHOLE), model("kind", kind=TEXT, owner=TEXT)
TAGGED = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    "discriminator": {"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat", "d": "Dog"}},
}


@pytest.mark.parametrize(("body", "kind"), [({"kind": "c", "lives": 9}, "Cat"), ({"kind": "d", "owner": "x"}, "Dog")])
def test_the_discriminator_names_the_member(tmp_path: Path, body: dict[str, Any], kind: str) -> None:
    assert type(parsed(tmp_path, body, Pet=TAGGED, Cat=CAT, Dog=DOG)).__name__ == kind


def test_a_discriminator_without_a_mapping_names_schemas(tmp_path: Path) -> None:
    pet = {**TAGGED, "discriminator": {"propertyName": "kind"}}
    assert type(parsed(tmp_path, {"kind": "Dog"}, Pet=pet, Cat=CAT, Dog=DOG)).__name__ == "Dog"


def test_a_discriminator_tells_a_member_that_stands_in_place_by_the_word_of_its_field(tmp_path: Path) -> None:
    fish = model("kind", kind={**TEXT, "enum": ["f"]}, fins=WHOLE)
    pet = {"oneOf": [fish, {"$ref": "#/components/schemas/Dog"}], "discriminator": {"propertyName": "kind"}}
    read = Printed(tmp_path, answering({"Pet": pet, "Dog": DOG})).endpoint("get_it").parse
    assert read(Answer(200, {"kind": "f", "fins": 2})).fins == 2
    assert read(Answer(200, {"kind": "Dog", "owner": "x"})).owner == "x"


def test_a_discriminator_that_does_not_tell_each_member_tells_none(tmp_path: Path) -> None:
    fish = model("fins", fins=WHOLE)
    pet = {"oneOf": [fish, {"$ref": "#/components/schemas/Dog"}], "discriminator": {"propertyName": "kind"}}
    assert parsed(tmp_path, {"fins": 2}, Pet=pet, Dog=DOG).fins == 2


def test_heirs_of_a_schema_with_a_discriminator_are_told_apart(tmp_path: Path) -> None:
    pet = {**model("kind", kind=TEXT), "discriminator": {"propertyName": "kind"}}
    cat = {"allOf": [{"$ref": "#/components/schemas/Pet"}, model(lives=WHOLE)]}
    value = parsed(tmp_path, {"kind": "Cat", "lives": 9}, Pet=pet, Cat=cat)
    assert (type(value).__name__, value.lives) == ("Cat", 9)


def test_an_heir_that_adds_nothing_is_a_kind_all_the_same(tmp_path: Path) -> None:
    pet = {**model("kind", kind=TEXT), "discriminator": {"propertyName": "kind"}}
    above = {"$ref": "#/components/schemas/Pet"}
    cat, fish = {"allOf": [above, model(lives=WHOLE)]}, {"allOf": [above]}
    assert type(parsed(tmp_path, {"kind": "Fish"}, Pet=pet, Cat=cat, Fish=fish)).__name__ == "Fish"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"kind": "e"}, "Cat | Dog.kind: 'e' is none of c, d"),
        ({}, "Cat | Dog.kind: nothing is none of c, d"),
        ([], "Cat | Dog: an object was expected"),
        ({"kind": "c"}, "Cat.lives: it is missing"),
    ],
)
def test_a_kind_that_nobody_knows_is_named(tmp_path: Path, body: Any, says: str) -> None:
    printed = Printed(tmp_path, answering({"Pet": TAGGED, "Cat": CAT, "Dog": DOG}))
    with pytest.raises(printed.shared.Unreadable) as caught:
        printed.endpoint("get_it").parse(Answer(200, body))
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    ("body", "kind"),
    [({"kind": "c", "lives": 9}, "Cat"), ({"kind": "d", "owner": "x"}, "Dog"), ({"kind": "d"}, "Dog")],
)
def test_without_a_discriminator_the_member_that_knows_most_fields_is_read(
    tmp_path: Path, body: dict[str, Any], kind: str
) -> None:
    pet = {"oneOf": TAGGED["oneOf"]}
    assert type(parsed(tmp_path, body, Pet=pet, Cat=CAT, Dog=DOG)).__name__ == kind


def test_a_field_of_one_word_tells_members_apart(tmp_path: Path) -> None:
    a, b = ({**model("kind", kind={"type": "string", "enum": [word]}, n=WHOLE)} for word in ("a", "b"))
    assert type(parsed(tmp_path, {"kind": "b", "n": 1}, U={"oneOf": [A, B]}, A=a, B=b)).__name__ == "B"


@pytest.mark.parametrize("choice", ["oneOf", "anyOf"])
@pytest.mark.parametrize(("word", "kind"), [("c", "B"), ("e", "C")])
def test_listed_words_tell_members_apart(tmp_path: Path, choice: str, word: str, kind: str) -> None:
    members = {
        name: model(kind={"type": "string", "enum": words}, n=WHOLE)
        for name, words in {"A": ["a", "b"], "B": ["c", "d"], "C": ["e"]}.items()
    }
    union = {choice: [A, B, {"$ref": "#/components/schemas/C"}]}
    assert type(parsed(tmp_path, {"kind": word, "n": 1}, U=union, **members)).__name__ == kind


def test_a_word_that_a_server_says_later_is_read_by_the_other_fields(tmp_path: Path) -> None:
    a, b = model(kind={"type": "string", "enum": ["a", "b"]}, n=WHOLE), model(kind={"type": "string", "enum": ["c"]})
    assert type(parsed(tmp_path, {"kind": "z", "n": 1}, U={"oneOf": [A, B]}, A=a, B=b)).__name__ == "A"


@pytest.mark.parametrize("others", ["additionalProperties", "patternProperties"])
def test_what_fits_several_kinds_is_an_error_among_fields_of_any_names_too(tmp_path: Path, others: str) -> None:
    union: Any = {"oneOf": [A, B]}
    said = {others: union if others == "additionalProperties" else {"^x": union}}
    schemas = {"M": {"type": "object", **said}, "A": model("n", n=WHOLE), "B": model("n", n=WHOLE)}
    printed = Printed(tmp_path, answering(schemas))
    with pytest.raises(printed.shared.Unreadable, match="fits several of its kinds: A, B"):
        printed.endpoint("get_it").parse(Answer(200, {"x": {"n": 1}}))


@pytest.mark.parametrize(
    ("body", "says"), [({"n": "x"}, "fits none of its 2 kinds"), ({"n": 1}, "fits several of its kinds: A, B")]
)
def test_none_or_several_that_fit_are_an_error(tmp_path: Path, body: Any, says: str) -> None:
    printed = Printed(tmp_path, answering({"U": {"oneOf": [A, B]}, "A": model("n", n=WHOLE), "B": model("n", n=WHOLE)}))
    with pytest.raises(printed.shared.Unreadable, match=says):
        printed.endpoint("get_it").parse(Answer(200, body))


EMPTY = {"type": "object", "additionalProperties": False}


@pytest.mark.parametrize("closed", [EMPTY, {"type": "object", "maxProperties": 0}])
def test_an_object_with_fields_is_of_no_kind_that_is_closed_to_all(tmp_path: Path, closed: Any) -> None:
    value = parsed(tmp_path, {"n": 1}, U={"oneOf": [closed, A]}, A=model("n", n=WHOLE))
    assert type(value).__name__ == "A"


def test_an_object_without_fields_is_of_the_kind_that_is_closed_to_all(tmp_path: Path) -> None:
    assert parsed(tmp_path, {}, U={"oneOf": [A, EMPTY]}, A=model("n", n=WHOLE)) == {}


def test_an_object_with_fields_of_some_pattern_is_not_closed_to_all(tmp_path: Path) -> None:
    patterned = {**EMPTY, "patternProperties": {"^x-": WHOLE}}
    assert parsed(tmp_path, {"x-a": 1}, U={"oneOf": [A, patterned]}, A=model("n", n=WHOLE)) == {"x-a": 1}


OPEN = {"type": "object"}


@pytest.mark.parametrize(("body", "kind"), [({"n": 1}, "A"), ({"n": 1, "x": 1}, "dict"), ({"x": 1}, "dict")])
def test_an_object_of_any_names_stands_behind_one_that_has_all_of_them(
    tmp_path: Path, body: dict[str, Any], kind: str
) -> None:
    value = parsed(tmp_path, body, U={"oneOf": [OPEN, A]}, A={"type": "object", "properties": {"n": WHOLE}})
    assert type(value).__name__ == kind


def test_any_of_takes_the_first_that_fits(tmp_path: Path) -> None:
    value = parsed(tmp_path, {"n": 1}, U={"anyOf": [A, B]}, A=model("n", n=WHOLE), B=model("n", n=WHOLE))
    assert type(value).__name__ == "A"


@pytest.mark.parametrize(("body", "value"), [("x", "x"), (3, 3), (["a"], ("a",)), (None, None)])
def test_a_union_of_single_values_and_arrays_goes_by_what_is_there(tmp_path: Path, body: Any, value: Any) -> None:
    union = {"oneOf": [TEXT, WHOLE, {"type": "array", "items": TEXT}], "nullable": True}
    assert parsed(tmp_path, {"u": body}, M=model(u=union)).u == value


def test_members_that_only_require_fields_are_no_union(tmp_path: Path) -> None:
    schema = {**model(a=TEXT, b=TEXT), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    assert parsed(tmp_path, {"a": "x"}, M=schema).a == "x"


# -- requests --------------------------------------------------------------------------------------------------------


def test_a_body_leaves_out_what_is_absent_and_says_null_where_it_may(tmp_path: Path) -> None:
    schema = model(
        "must", "none", must=TEXT, none={**TEXT, "nullable": True}, may=TEXT, null={**TEXT, "nullable": True}
    )
    printed = Printed(tmp_path, document({"M": schema}))
    make = printed.values.M
    assert make(must="a", none=None).to_json() == {"must": "a", "none": None}
    assert make(must="a", none=None, may="b", null=None).to_json() == {
        "must": "a",
        "none": None,
        "may": "b",
        "null": None,
    }


def test_a_body_spells_times_ids_bytes_and_whole_numbers_as_the_document_wants(tmp_path: Path) -> None:
    printed = Printed(tmp_path, document({"Image": IMAGE, "Tag": TAG}))
    noon = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
    tag = printed.values.Tag(name="a", pull_time=noon)
    image = printed.values.Image(id=UUID(ID), size=3, blob=b"ab", day=noon.date(), tags=[tag])
    assert image.to_json() == {
        "id": ID,
        "size": "3",
        "blob": "YWI=",
        "day": "2026-01-02",
        "tags": [{"name": "a", "pullTime": "2026-01-02T12:00:00Z"}],
    }


def test_a_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    printed = Printed(tmp_path, document({"Tag": TAG}))
    tag = printed.values.Tag(name="a", pull_time=dt.datetime(2026, 1, 2))  # noqa: DTZ001 - that is the mistake
    with pytest.raises(printed.shared.Unwritable, match="time zone"):
        printed.endpoint("put_it").build(tag)


def test_one_text_where_an_array_belongs_is_refused(tmp_path: Path) -> None:
    printed = Printed(tmp_path, document({"M": model(names={"type": "array", "items": TEXT})}))
    with pytest.raises(printed.shared.Unwritable, match="put the one value into a list"):
        printed.endpoint("put_it").build(printed.values.M(names="abc"))


def test_read_only_fields_are_not_sent_and_not_asked_for(tmp_path: Path) -> None:
    schema = model("id", "name", id={**TEXT, "readOnly": True}, name=TEXT)
    printed = Printed(tmp_path, document({"M": schema}))
    assert printed.values.M(name="a").to_json() == {"name": "a"}
    assert printed.values.M.from_json({"id": "1", "name": "a"}).id == "1"
