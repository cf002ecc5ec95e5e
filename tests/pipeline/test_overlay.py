"""The overlay applier does what Overlay 1.0 says, and refuses an action that no longer does anything."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from scripts.pipeline import overlay
from scripts.pipeline.errors import PipelineError

DOCUMENT = {
    "info": {"title": "T"},
    "paths": {
        "/a": {"get": {"parameters": [{"name": "x"}, {"name": "v", "enum": [1]}, {"name": "y"}], "tags": ["A"]}},
        "/b": {"get": {"parameters": [{"name": "v", "enum": [1]}], "tags": ["B"]}},
    },
}


def mends(*actions: dict[str, Any], **root: Any) -> dict[str, Any]:
    whole = [{"description": "Because.", **action} for action in actions]
    return {"overlay": "1.0.0", "info": {"title": "M", "version": "1"}, "actions": whole, **root}


def apply(*actions: dict[str, Any]) -> Any:
    return overlay.apply(DOCUMENT, mends(*actions), "mine")


def test_an_update_merges_into_an_object() -> None:
    mended = apply({"target": "$.info", "update": {"version": "2", "contact": {"name": "N"}}})
    assert mended["info"] == {"title": "T", "version": "2", "contact": {"name": "N"}}


def test_an_update_inside_an_update_merges_and_appends_to_lists() -> None:
    mended = apply({"target": "$.paths['/a']", "update": {"get": {"tags": ["C"], "summary": "S"}}})
    assert mended["paths"]["/a"]["get"]["tags"] == ["A", "C"]
    assert len(mended["paths"]["/a"]["get"]["parameters"]) == 3


def test_an_update_of_a_list_appends_one_entry() -> None:
    mended = apply({"target": "$.paths['/b'].get.tags", "update": "C"})
    assert mended["paths"]["/b"]["get"]["tags"] == ["B", "C"]


def test_a_target_may_match_many_places() -> None:
    mended = apply({"target": "$.paths.*.get", "update": {"deprecated": True}})
    assert all(item["get"]["deprecated"] for item in mended["paths"].values())


def test_a_removal_takes_every_match_and_only_those() -> None:
    mended = apply({"target": "$.paths.*.*.parameters[?@.name != 'v']", "remove": True})
    assert [entry["name"] for entry in mended["paths"]["/a"]["get"]["parameters"]] == ["v"]
    assert [entry["name"] for entry in mended["paths"]["/b"]["get"]["parameters"]] == ["v"]


def test_a_removal_may_take_a_key() -> None:
    mended = apply({"target": "$..parameters[?@.enum].enum", "remove": True})
    assert "enum" not in str(mended)


def test_a_removal_of_a_place_and_what_is_in_it_is_one_removal() -> None:
    assert "get" not in apply({"target": "$.paths['/a']..*", "remove": True})["paths"]["/a"]


def test_actions_apply_in_order() -> None:
    mended = apply({"target": "$.info", "update": {"extra": {"n": 1}}}, {"target": "$.info.extra", "update": {"n": 2}})
    assert mended["info"]["extra"] == {"n": 2}


def test_the_document_given_is_not_changed() -> None:
    before = copy.deepcopy(DOCUMENT)
    apply({"target": "$.paths.*.get.tags", "update": "C"}, {"target": "$.info.title", "remove": True})
    assert before == DOCUMENT


def test_an_empty_overlay_changes_nothing() -> None:
    assert apply() == DOCUMENT


def test_extension_keys_are_ignored() -> None:
    action = {"target": "$.info", "update": {"version": "2"}, "x-issue": 7}
    assert overlay.apply(DOCUMENT, mends(action, **{"x-retired-actions": [{}]}), "mine")["info"]["version"] == "2"


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ({"target": "$.info.contact", "remove": True}, "action 2 ($.info.contact: Because.) matches nothing"),
        ({"target": "$.info.contact", "update": {"a": 1}}, "action 2 ($.info.contact: Because.) matches nothing"),
        ({"target": "$.info", "update": {"title": "T"}}, "action 2 ($.info: Because.) changes nothing"),
        ({"target": "$.info", "update": {}}, "action 2 ($.info: Because.) changes nothing"),
        ({"target": "$.info", "update": "text"}, "targets an object with an update that is a str"),
        ({"target": "$.info.title", "update": {"a": 1}}, "targets a str, not the object or list that holds it"),
        ({"target": "$.info[", "remove": True}, "a target that is not an RFC 9535 JSONPath"),
        ({"target": "info", "remove": True}, "a target that is not an RFC 9535 JSONPath"),
        ({"target": "$", "remove": True}, "would remove the whole document"),
        ({"target": "$.info", "remove": True, "update": {}}, "either `update` or `remove: true`"),
        ({"target": "$.info"}, "either `update` or `remove: true`"),
        ({"target": "$.info", "remove": "yes"}, "remove must be true or false"),
        ({"update": {}}, "has no target"),
        ({"target": "$.info", "remove": True, "description": " "}, "does not say why"),
        ({"target": "$.info", "remove": True, "updates": {}}, "has the unknown key 'updates'"),
    ],
)
def test_an_action_that_does_nothing_or_says_nonsense_is_refused(action: dict[str, Any], sentence: str) -> None:
    fine = {"target": "$.info", "update": {"version": "2"}}
    with pytest.raises(PipelineError) as refusal:
        apply(fine, action)
    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith("mine")


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"overlay": "2.0.0"}, "must say `overlay: 1.0.0`"),
        ({"overlay": None}, "must say `overlay: 1.0.0`"),
        ({"info": {"title": "M"}}, "needs `info` with a title and a version"),
        ({"actions": None}, "needs `actions`, a list"),
        ({"actions": ["x"]}, "an action must be a mapping"),
        ({"action": []}, "has the unknown key 'action'"),
    ],
)
def test_a_document_that_is_no_overlay_is_refused(broken: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PipelineError, match=sentence):
        overlay.apply(DOCUMENT, mends(**broken), "mine")


def test_what_applies_is_applied_when_the_rest_may_be_stale() -> None:
    actions = mends({"target": "$.gone", "remove": True}, {"target": "$.info", "update": {"version": "2"}})
    mended, stale = overlay.apply_where_possible(DOCUMENT, actions, "mine")
    assert mended["info"]["version"] == "2"
    assert [(entry.action.number, entry.reason) for entry in stale] == [(1, "matches nothing")]
