"""The usual shapes of error bodies are read."""

from __future__ import annotations

from typing import Any

import pytest

from imageapis.core.error_bodies import read_error
from imageapis.core.http import Response

SHAPES: list[tuple[Any, str | None, str | None]] = [
    ({"code": "Gone", "message": "It left."}, "Gone", "It left."),
    ({"code": 5, "message": "not found", "details": []}, "5", "not found"),
    ({"error": {"code": "Gone", "message": "It left."}}, "Gone", "It left."),
    ({"error": "It left."}, None, "It left."),
    ({"error": "invalid_grant", "error_description": "Wrong password."}, "invalid_grant", "Wrong password."),
    ({"errors": [{"code": "A1", "message": "One."}, {"message": "Two."}]}, "A1", "One."),
    ({"errors": [{"status": 404, "code": "placement.x", "title": "Not Found", "detail": "No."}]}, "placement.x", "No."),
    ({"errors": ["It left."]}, None, "It left."),
    ({"message": "Bad", "errors": {"name": ["is too long"]}}, None, "is too long"),
    ({"type": "https://x/gone", "title": "Gone", "detail": "It left.", "status": 410}, "https://x/gone", "It left."),
    ({"title": "Gone", "status": 410}, "Gone", "Gone"),
    ({"detail": [{"loc": ["query"], "msg": "field required", "type": "missing"}]}, "missing", "field required"),
    ({"detail": "It left."}, None, "It left."),
    ({"itemNotFound": {"code": 404, "message": "No image."}}, "404", "No image."),
    ({"status": {"error": "No collection."}, "time": 0.1}, None, "No collection."),
    ([{"errorCode": "E1", "message": "It left."}], "E1", "It left."),
    ({}, None, None),
]


@pytest.mark.parametrize(("body", "code", "message"), SHAPES)
def test_a_shape_gives_its_code_and_message(body: Any, code: str | None, message: str | None) -> None:
    detail = read_error(Response(400, json=body))
    assert (detail.code, detail.message) == (code, message)


def test_plain_text_is_the_message() -> None:
    assert read_error(Response(400, text="It\nleft.")).message == "It left."


def test_a_problem_tells_its_instance() -> None:
    body = {"title": "Gone", "detail": "It left.", "instance": "/requests/7"}
    assert read_error(Response(410, json=body)).request_id == "/requests/7"


@pytest.mark.parametrize("body", [b"7", b"<html>", b""])
def test_what_cannot_be_shown_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_error(Response(500, content=body))
