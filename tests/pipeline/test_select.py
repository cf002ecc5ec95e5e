"""Selection: the wanted operations, what they refer to, and nothing else."""

from __future__ import annotations

import pytest

from scripts.pipeline.errors import PipelineError
from scripts.pipeline.select import operations, select
from tests.pipeline.samples import Document, pets, swagger_pets


def taken(document: Document) -> set[str]:
    return {f"{method.upper()} {path}" for method, path, _ in operations(document)}


def test_a_prefix_takes_the_operations_below_it_and_their_components() -> None:
    selected = select(pets(), ["/pets"], "x")
    assert taken(selected) == {"GET /pets", "POST /pets"}
    assert set(selected["components"]["schemas"]) == {"Pet", "Kind"}
    assert selected["tags"] == [{"name": "Pets"}]


def test_a_prefix_ends_at_a_segment() -> None:
    document = pets()
    document["paths"]["/petshop"] = document["paths"]["/owners/{id}"]
    assert "/petshop" not in select(document, ["/pets"], "x")["paths"]


def test_a_rule_with_a_method_takes_one_operation() -> None:
    assert taken(select(pets(), ["POST /pets"], "x")) == {"POST /pets"}


def test_the_root_takes_everything_that_is_referred_to() -> None:
    document = pets()
    document["components"]["schemas"]["Stray"] = {"type": "string"}
    selected = select(document, ["/"], "x")
    assert taken(selected) == taken(document)
    assert "Stray" not in selected["components"]["schemas"]


def test_a_rule_may_name_the_path_behind_the_base_path() -> None:
    assert taken(select(swagger_pets(), ["/v1/pets"], "x")) == {"PUT /pets"}


def test_a_selection_is_stable() -> None:
    once = select(pets(), ["/pets"], "x")
    assert select(once, ["/pets"], "x") == once


def test_swagger_definitions_parameters_and_responses_follow_their_references() -> None:
    document = swagger_pets()
    document["parameters"] = {"Used": {"name": "a", "in": "query", "type": "string"}, "Unused": {}}
    document["responses"] = {"Unused": {}}
    document["paths"]["/pets"]["put"]["parameters"].append({"$ref": "#/parameters/Used"})
    selected = select(document, ["/pets"], "x")
    assert set(selected["parameters"]) == {"Used"}
    assert "responses" not in selected


def test_schemas_that_refer_to_each_other_end() -> None:
    document = pets()
    document["components"]["schemas"]["Kind"] = {"properties": {"of": {"$ref": "#/components/schemas/Pet"}}}
    assert set(select(document, ["/pets"], "x")["components"]["schemas"]) == {"Pet", "Kind"}


def test_webhooks_are_no_operations_of_a_client() -> None:
    document = pets()
    document["webhooks"] = {"born": {"post": {"requestBody": {"$ref": "#/components/schemas/Owner"}}}}
    selected = select(document, ["/pets"], "x")
    assert "webhooks" not in selected
    assert "Owner" not in selected["components"]["schemas"]


def test_extensions_that_refer_to_other_files_are_left_out() -> None:
    document = pets()
    document["paths"]["/pets"]["get"]["x-examples"] = {"one": {"$ref": "./examples/one.json"}}
    document["paths"]["/pets"]["get"]["x-kept"] = 1
    kept = select(document, ["/pets"], "x")["paths"]["/pets"]["get"]
    assert "x-examples" not in kept
    assert kept["x-kept"] == 1


@pytest.mark.parametrize("rule", ["pets", "FETCH /pets", "GET pets"])
def test_a_rule_that_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(PipelineError, match="neither a path prefix"):
        select(pets(), [rule], "x")


def test_a_rule_that_matches_nothing_is_refused() -> None:
    with pytest.raises(PipelineError, match="the selection /cats matches no operation"):
        select(pets(), ["/pets", "/cats"], "x")


def test_a_reference_that_leads_nowhere_is_left_for_an_overlay_to_mend() -> None:
    document = pets()
    del document["components"]["schemas"]["Kind"]
    selected = select(document, ["/pets"], "x")
    assert selected["components"]["schemas"]["Pet"] == document["components"]["schemas"]["Pet"]


def test_everything_is_also_a_path_that_does_not_begin_with_a_slash() -> None:
    document = pets()
    document["paths"]["cats"] = document["paths"]["/pets"]
    assert "cats" in select(document, ["/"], "x")["paths"]
    assert "cats" not in select(document, ["/pets"], "x")["paths"]


def test_a_path_that_holds_nothing_has_no_operations() -> None:
    assert list(select({**pets(), "paths": {"/none": None, **pets()["paths"]}}, ["/"], "x")["paths"]) == [
        *("/pets", "/owners/{id}")
    ]


def test_a_reference_into_nothing_is_refused() -> None:
    document = pets()
    document["components"]["schemas"]["Pet"]["properties"]["kind"] = {"$ref": "#/paths/~1gone/get"}
    with pytest.raises(PipelineError, match="refers to #/paths/~1gone/get, which it does not have"):
        select(document, ["/pets"], "x")


def test_a_reference_to_another_file_is_refused() -> None:
    document = pets()
    document["components"]["schemas"]["Pet"]["properties"]["kind"] = {"$ref": "other.yaml#/Kind"}
    with pytest.raises(PipelineError, match="a document must stand alone"):
        select(document, ["/pets"], "x")


@pytest.mark.parametrize("paths", [None, [], "x"])
def test_a_document_without_paths_is_refused(paths: object) -> None:
    with pytest.raises(PipelineError, match="has no paths"):
        select({**pets(), "paths": paths}, ["/"], "x")
