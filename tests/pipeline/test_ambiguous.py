"""Choices whose members no answer can tell apart are told beforehand, and what is to paste makes them readable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scripts.pipeline import overlay
from scripts.pipeline.ambiguous import ambiguous
from scripts.pipeline.read_operations import read_api
from tests.pipeline.printed import Printed, answering, document
from tests.pipeline.samples import OVERLAY
from tests.pipeline.test_printed_values import Answer, model

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.pipeline.holes import Hole

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
A, B = {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}
EITHER = {"oneOf": [A, B]}


def notices(made: dict[str, Any]) -> list[Hole]:
    return ambiguous(made, read_api("things", made))


ALIKE: dict[str, tuple[Any, Any]] = {
    "the same fields": (model("n", n=WHOLE), model("n", n=WHOLE)),
    "fields that are all optional in the other": (model("n", n=WHOLE), model(n=WHOLE, more=TEXT)),
    "a time and any text": (model("at", at={**TEXT, "format": "date-time"}), model("at", at=TEXT)),
    "a word of more words": (
        model("k", k={**TEXT, "enum": ["a", "b"]}),
        model("k", k={**TEXT, "enum": ["a", "b", "c"]}),
    ),
    "kinds that hold themselves": (model(up=A), model(up=B)),
}


@pytest.mark.parametrize(("a", "b"), ALIKE.values(), ids=ALIKE)
def test_a_kind_that_no_answer_tells_from_another_is_told(a: Any, b: Any) -> None:
    [notice] = notices(answering({"U": {**EITHER}, "A": a, "B": b}))
    assert str(notice) == ("$.components.schemas.U has A and B, and an answer that is the one is refused as being both")


INNER = {"type": "object", "required": ["n"], "properties": {"n": WHOLE}}
OVERLAPPING: dict[str, tuple[Any, Any, str]] = {
    "what both require": (model("n", n=WHOLE, x=TEXT), model("n", n=WHOLE, y=TEXT), "n"),
    "what one requires": (model("n", n=WHOLE, x=TEXT), model(n=WHOLE, y=TEXT), "n"),
    "what each requires": (model("n", n=WHOLE, m=TEXT, x=TEXT), model("m", n=WHOLE, m=TEXT, y=TEXT), "n and m"),
    "all but null": (model("n", n={**WHOLE, "nullable": True}), model("n", n=WHOLE, x=TEXT), "n"),
    "a word of both": (
        model("k", k={**TEXT, "enum": ["a", "b"]}, x=TEXT),
        model("k", k={**TEXT, "enum": ["b", "c"]}, y=TEXT),
        "k",
    ),
    "a type of both": (model("n", n={"oneOf": [WHOLE, TEXT]}, x=TEXT), model("n", n=TEXT, y=TEXT), "n"),
    "an object of both": (
        model("o", o={**INNER, "properties": {"n": WHOLE, "x": TEXT}}),
        model("o", o={**INNER, "properties": {"n": WHOLE, "y": TEXT}}),
        "o",
    ),
}


@pytest.mark.parametrize(("a", "b", "held"), OVERLAPPING.values(), ids=OVERLAPPING)
def test_kinds_that_some_answers_do_not_tell_apart_are_told(a: Any, b: Any, held: str) -> None:
    [notice] = notices(answering({"U": {**EITHER}, "A": a, "B": b}))
    assert str(notice) == (
        f"$.components.schemas.U has A and B, and an answer that holds {held} alone is refused as being both"
    )


def test_an_answer_of_overlapping_kinds_is_refused_until_what_is_told_is_pasted(tmp_path: Path) -> None:
    made = answering({"M": model(u=EITHER), "A": model("n", n=WHOLE, x=TEXT), "B": model("n", n=WHOLE, y=TEXT)})
    answer = Answer(200, {"u": {"n": 1}})
    with pytest.raises(ValueError, match="fits several of its kinds: A, B"):
        Printed(tmp_path / "before", made).endpoint("get_it").parse(answer)
    [notice] = notices(made)
    mended = overlay.apply(made, {**OVERLAY, "actions": notice.mends}, "overlay")
    value = Printed(tmp_path / "after", mended).endpoint("get_it").parse(answer)
    assert type(value.u).__name__ == "A"


APART: dict[str, tuple[Any, Any]] = {
    "a field that the other must have": (model(n=WHOLE), model("m", n=WHOLE, m=TEXT)),
    "a field each": (model(n=WHOLE, x=TEXT), model(n=WHOLE, y=TEXT)),
    "an object of other fields": (
        model("o", o=model("n", n=WHOLE), x=TEXT),
        model("o", o=model("m", m=WHOLE), y=TEXT),
    ),
    "lists of other types": (
        model("l", l={"type": "array", "items": WHOLE}, x=TEXT),
        model("l", l={"type": "array", "items": TEXT}, y=TEXT),
    ),
    "a field of another type": (model("n", n=WHOLE), model("n", n=TEXT)),
    "a word each": (model("k", k={**TEXT, "enum": ["a"]}), model("k", k={**TEXT, "enum": ["b"]})),
}


@pytest.mark.parametrize(("a", "b"), APART.values(), ids=APART)
def test_kinds_that_an_answer_tells_apart_are_not_told(a: Any, b: Any) -> None:
    assert notices(answering({"U": {**EITHER}, "A": a, "B": b})) == []


def test_what_is_only_sent_is_not_told() -> None:
    same = model("n", n=WHOLE)
    made = document({"U": {**EITHER}, "A": same, "B": same})
    del made["paths"]["/it"]["get"]
    assert notices(made) == []


def test_a_discriminator_tells_kinds_apart() -> None:
    same = model("kind", kind=TEXT)
    assert notices(answering({"U": {**EITHER, "discriminator": {"propertyName": "kind"}}, "A": same, "B": same})) == []


def test_what_is_to_paste_reads_the_first_that_fits(tmp_path: Path) -> None:
    same = model("n", n=WHOLE)
    made = answering({"M": model(u=EITHER), "A": same, "B": same})
    [notice] = notices(made)
    mended = overlay.apply(made, {**OVERLAY, "actions": notice.mends}, "overlay")
    assert notices(mended) == []
    value = Printed(tmp_path, mended).endpoint("get_it").parse(Answer(200, {"u": {"n": 1}}))
    assert type(value.u).__name__ == "A"
