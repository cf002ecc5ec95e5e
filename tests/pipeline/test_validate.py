"""A document must be what its version allows, and its version one that the pipeline reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scripts.pipeline.errors import PipelineError
from scripts.pipeline.validate import validate
from tests.pipeline.samples import Document, pets, swagger_pets

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
def test_a_construct_that_swagger_does_not_know_is_one_sentence(breaking: Callable[[Document], Any]) -> None:
    document = swagger_pets()
    breaking(document)
    with pytest.raises(PipelineError) as refusal:
        validate(document, "specs/x/swagger.json")
    assert str(refusal.value).startswith("specs/x/swagger.json is not valid at ")
    assert "\n" not in str(refusal.value)


def test_two_operations_of_one_id_are_refused() -> None:
    document = pets()
    document["paths"]["/pets"]["get"]["operationId"] = "AddPet"
    with pytest.raises(PipelineError, match="AddPet"):
        validate(document, "mine")
