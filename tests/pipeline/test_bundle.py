"""Whatever way a document refers to its parts, what is selected of it stands alone and has lost nothing."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from scripts.pipeline import documents
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.select import operations, select
from scripts.pipeline.validate import validate
from tests.pipeline.samples import Document, pets, swagger_pets

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, **files: Any) -> str:
    """Write JSON files, named by their stems; the path of `main`."""
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return str(folder / "main.json")


def bundled(source: str, *rules: str) -> Document:
    document = select(documents.fetch(source), rules or ("/",), "main", documents.neighbours(source))
    validate(document, "main")
    assert "json#" not in json.dumps(document)
    return document


def schema_of(document: Document, path: str = "/pets", method: str = "get") -> Any:
    response = document["paths"][path][method]["responses"]["200"]
    return response["content"]["application/json"]["schema"]


def component(document: Document, reference: Document) -> Any:
    node: Any = document
    for part in reference["$ref"].split("/")[1:]:
        node = node[part]
    return node


def test_a_path_item_behind_a_reference_is_selected() -> None:
    document = pets()
    document["paths"]["/beasts"] = {"$ref": "#/paths/~1pets"}
    taken = [(method, path) for method, path, _ in operations(select(document, ["/beasts"], "x"))]
    assert taken == [("get", "/beasts"), ("post", "/beasts")]


def test_a_path_item_among_the_components_is_selected() -> None:
    document = {**pets(), "openapi": "3.1.0"}
    document["components"]["pathItems"] = {"Pets": document["paths"].pop("/pets")}
    document["paths"]["/pets"] = {"$ref": "#/components/pathItems/Pets"}
    assert set(select(document, ["/pets"], "x")["paths"]["/pets"]) == {"get", "post"}


def test_a_path_item_in_another_file_brings_what_that_file_refers_to(tmp_path: Path) -> None:
    main, other = pets(), pets()
    item = main["paths"].pop("/pets")
    main["paths"]["/pets"] = {"$ref": "other.json#/paths/~1pets"}
    other["paths"]["/pets"] = item
    other["components"]["schemas"]["Kind"] = {"type": "integer"}
    document = bundled(write(tmp_path, main=main, other=other), "/pets")
    pet = component(document, schema_of(document)["items"])
    assert component(document, pet["properties"]["kind"]) == {"type": "integer"}


def test_a_schema_of_another_file_gets_its_own_name_or_a_longer_one(tmp_path: Path) -> None:
    main = pets()
    main["components"]["schemas"]["Pet"]["properties"] |= {
        "home": {"$ref": "shapes.json#/Home"},
        "form": {"$ref": "./shapes.json#/Kind"},
    }
    shapes = {"Home": {"type": "object", "properties": {"next": {"$ref": "#/Home"}}}, "Kind": {"type": "boolean"}}
    schemas = bundled(write(tmp_path, main=main, shapes=shapes))["components"]["schemas"]
    assert schemas["Kind"] == {"type": "string"}
    assert schemas["shapes_Kind"] == {"type": "boolean"}
    assert schemas["Home"]["properties"]["next"] == {"$ref": "#/components/schemas/Home"}


def test_a_file_that_is_one_schema_is_named_after_itself(tmp_path: Path) -> None:
    main = pets()
    main["components"]["schemas"]["Pet"]["properties"]["home"] = {"$ref": "home.json"}
    assert bundled(write(tmp_path, main=main, home={"type": "string"}))["components"]["schemas"]["home"] == {
        "type": "string"
    }


def test_files_may_refer_back_to_the_document(tmp_path: Path) -> None:
    main = pets()
    main["components"]["schemas"]["Kind"] = {"$ref": "kind.json"}
    kind = {"type": "object", "properties": {"of": {"$ref": "main.json#/components/schemas/Pet"}}}
    schemas = bundled(write(tmp_path, main=main, kind=kind))["components"]["schemas"]
    assert schemas["kind"]["properties"]["of"] == {"$ref": "#/components/schemas/Pet"}
    assert set(schemas) == {"Pet", "Kind", "Owner", "kind"}


def test_pointers_through_lists_and_into_paths_become_components() -> None:
    document = pets()
    document["paths"]["/pets"]["post"]["parameters"] = [{"$ref": "#/paths/~1pets/get/parameters/0"}]
    answer = "#/paths/~1pets/get/responses/200/content/application~1json/schema"
    document["components"]["schemas"]["Owner"]["properties"]["pets"] = {"$ref": answer}
    selected = select(document, ["/"], "x")
    validate(selected, "x")
    [parameter] = selected["paths"]["/pets"]["post"]["parameters"]
    assert component(selected, parameter)["name"] == "limit"
    pets_of_owner = selected["components"]["schemas"]["Owner"]["properties"]["pets"]
    assert component(selected, pets_of_owner)["type"] == "array"


def test_a_pointer_into_a_component_becomes_a_component() -> None:
    document = pets()
    document["components"]["schemas"]["Kind"] = {"$ref": "#/components/schemas/Pet/properties/name"}
    selected = select(document, ["/pets"], "x")
    assert component(selected, selected["components"]["schemas"]["Kind"]) == {"type": "string"}


def test_an_anchor_is_found() -> None:
    document = {**pets(), "openapi": "3.1.0"}
    document["components"]["schemas"]["Kind"]["$anchor"] = "kind"
    document["components"]["schemas"]["Pet"]["properties"]["kind"] = {"$ref": "#kind"}
    pet = select(document, ["/pets"], "x")["components"]["schemas"]["Pet"]
    assert component(select(document, ["/pets"], "x"), pet["properties"]["kind"])["type"] == "string"


def test_a_body_that_refers_to_itself_ends() -> None:
    document = pets()
    document["components"]["schemas"]["Pet"]["properties"]["parent"] = {"$ref": "#/components/schemas/Pet"}
    assert set(select(document, ["POST /pets"], "x")["components"]["schemas"]) == {"Pet", "Kind"}


def test_references_in_a_circle_are_one_sentence() -> None:
    document = pets()
    document["paths"] |= {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}}
    with pytest.raises(PipelineError, match="references that lead in a circle"):
        select(document, ["/a"], "x")


def test_what_a_discriminator_names_comes_along() -> None:
    document = pets()
    document["components"]["schemas"] |= {"Cat": {"type": "object"}, "Dog": {"type": "object"}}
    document["components"]["schemas"]["Pet"]["discriminator"] = {
        "propertyName": "name",
        "mapping": {"c": "Cat", "d": "#/components/schemas/Dog"},
    }
    assert {"Cat", "Dog"} <= set(select(document, ["/pets"], "x")["components"]["schemas"])


def test_a_property_or_an_example_named_like_a_reference_is_none() -> None:
    document = pets()
    document["components"]["schemas"]["Pet"]["properties"]["$ref"] = {"type": "string"}
    document["components"]["schemas"]["Pet"]["example"] = {"$ref": "nowhere.json"}
    selected = select(document, ["/pets"], "x")["components"]["schemas"]["Pet"]
    assert selected == document["components"]["schemas"]["Pet"]


def test_a_query_in_a_path_belongs_to_the_path_before_it() -> None:
    document = pets()
    document["paths"]["/pets?sorted"] = document["paths"]["/pets"]
    assert set(select(document, ["/pets"], "x")["paths"]) == {"/pets", "/pets?sorted"}


def test_swagger_is_bundled_in_its_own_form(tmp_path: Path) -> None:
    main = swagger_pets()
    main["paths"]["/pets"]["put"]["responses"]["200"]["schema"] = {"$ref": "shapes.json#/Pet"}
    main["paths"]["/pets"]["put"]["parameters"].append({"$ref": "shapes.json#/Limit"})
    shapes = {"Pet": {"type": "object"}, "Limit": {"name": "limit", "in": "query", "type": "integer"}}
    document = bundled(write(tmp_path, main=main, shapes=shapes))
    assert document["parameters"] == {"Limit": shapes["Limit"]}
    assert document["definitions"]["shapes_Pet"] == {"type": "object"}


def test_the_document_itself_is_not_changed() -> None:
    document = pets()
    before = copy.deepcopy(document)
    select(document, ["/pets"], "x")
    assert document == before


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    main = pets()
    main["components"]["schemas"]["Kind"] = {"$ref": "gone.json#/Kind"}
    with pytest.raises(PipelineError, match=r"gone\.json cannot be read: No such file"):
        bundled(write(tmp_path, main=main))


def with_definitions(**said: Any) -> Document:
    document = {**pets(), "openapi": "3.1.0"}
    inner = {"type": "object", "properties": {"x": {"type": "integer"}}}
    document["components"]["schemas"]["Pet"] = {
        "$defs": {"In/side": inner},
        "type": "object",
        "properties": {"all": {"type": "array", "items": {"$ref": "#/$defs/In~1side"}}},
        **said,
    }
    return document


@pytest.mark.parametrize("said", [{}, {"$id": "https://pets.test/pet.json"}], ids=["bare", "of its own address"])
def test_a_reference_to_a_schemas_own_definitions_leads_there(said: Any) -> None:
    document = with_definitions(**said)
    before = copy.deepcopy(document)
    chosen = select(document, ["/"], "x")
    validate(chosen, "x")
    reference = chosen["components"]["schemas"]["Pet"]["properties"]["all"]["items"]
    assert component(chosen, reference)["properties"] == {"x": {"type": "integer"}}
    assert document == before


@pytest.mark.parametrize("fragment", ["", "#"])
def test_a_reference_to_a_schema_by_its_own_address_leads_there(fragment: str) -> None:
    document = {**pets(), "openapi": "3.1.0"}
    document["components"]["schemas"]["Owner"]["$id"] = "/schemas/owner"
    schema_of(document)["items"] = {"$ref": f"/schemas/owner{fragment}"}
    assert schema_of(select(document, ["/pets"], "x"))["items"] == {"$ref": "#/components/schemas/Owner"}


def test_what_the_document_itself_has_goes_before_a_schemas_own_definitions() -> None:
    document = with_definitions()
    document["$defs"] = {"In/side": {"type": "string"}}
    reference = select(document, ["/"], "x")["components"]["schemas"]["Pet"]["properties"]["all"]["items"]
    assert component(select(document, ["/"], "x"), reference) == {"type": "string"}


def test_what_stands_beside_a_reference_brings_what_it_refers_to(tmp_path: Path) -> None:
    document = {**pets(), "openapi": "3.1.0"}
    more = {"tail": {"$ref": "other.json"}, "ear": {"$ref": "#/components/schemas/Ear"}}
    items = schema_of(document)["items"]
    items["properties"] = more
    document["components"]["schemas"]["Ear"] = {"type": "string"}
    main = write(tmp_path, main=document, other={"type": "integer"})
    chosen = bundled(main, "/pets")
    found = schema_of(chosen)["items"]["properties"]
    assert component(chosen, found["tail"]) == {"type": "integer"}
    assert component(chosen, found["ear"]) == {"type": "string"}


def with_word(target: str) -> Document:
    document = pets()
    tag = {"propertyName": "kind", "mapping": {"o": target}}
    document["components"]["schemas"]["Any"] = {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Pet", "Owner")],
        "discriminator": tag,
    }
    schema_of(document)["items"] = {"$ref": "#/components/schemas/Any"}
    return document


def test_a_word_of_a_discriminator_that_leads_to_a_lost_file_is_the_schema_of_its_name(tmp_path: Path) -> None:
    chosen = bundled(write(tmp_path, main=with_word("./schemas/Owner.yaml")))
    assert chosen["components"]["schemas"]["Any"]["discriminator"]["mapping"] == {"o": "Owner"}


def test_a_word_of_a_discriminator_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"a discriminator leads to Gone\.json, .*: map it to one of them"):
        bundled(write(tmp_path, main=with_word("Gone.json")))
