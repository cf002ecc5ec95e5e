"""The smoke test of a new service calls each operation with the smallest arguments and answers that are allowed."""

from __future__ import annotations

from typing import Any

from scripts.pipeline.read_operations import read_api
from scripts.pipeline.smoke_source import smoke_source


def printed(operation: dict[str, Any], path: str = "/it") -> str:
    """The smoke test of a service of one operation."""
    answers = {"200": {"description": "It."}}
    paths = {path: {"get": {"operationId": "getIt", "responses": answers, **operation}}}
    return smoke_source(read_api("toy", {"openapi": "3.0.3", "info": {"title": "Toy", "version": "1"}, "paths": paths}))


def test_an_object_in_a_path_is_one_that_is_spelled_as_something() -> None:
    point = {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}}
    parameter = {"name": "point", "in": "path", "required": True, "schema": point}
    assert "{'point': values.GetItPoint(x=1)}" in printed({"parameters": [parameter]}, "/it/{point}")


def test_an_answer_of_one_of_several_kinds_is_of_one_that_no_other_can_be_taken_for() -> None:
    text, words = {"text": {"type": "string"}}, {"words": {"type": "integer"}}
    short, long = ({"type": "object", "required": ["text"], "properties": held} for held in (text, text | words))
    content = {"application/json": {"schema": {"oneOf": [short, long]}}}
    answers = {"200": {"description": "It.", "content": content}}
    assert """b'{"text": "x", "words": 1}'""" in printed({"responses": answers})


def test_a_value_of_any_kind_in_a_path_is_one_that_is_spelled_as_something() -> None:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {}}
    assert "{'id': 'x'}" in printed({"parameters": [parameter]}, "/it/{id}")


def test_a_path_with_an_encoded_sign_is_awaited_as_it_is_told() -> None:
    assert r"'/@it/[^/]+\\.json'" in printed({}, "/%40it/{id}.json")


def test_a_part_of_any_image_is_a_file_that_says_which() -> None:
    binary = {"type": "string", "format": "binary"}
    schema = {"type": "object", "required": ["at", "all"], "properties": {"at": binary, "all": binary}}
    media = {"schema": schema, "encoding": {"at": {"contentType": "image/*"}}}
    body = {"required": True, "content": {"multipart/form-data": media}}
    assert "GetItBody(at=values.File(b'x', 'x', 'image/x'), all=b'x')" in printed({"requestBody": body})
