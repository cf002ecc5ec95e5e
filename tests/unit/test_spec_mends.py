"""Service by service: each gap stands in the published document, and is mended in the derived one.

The documents and their operations as a whole are in test_specs.py.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from imageapis_generated.lusid.endpoints import list_images, upload_image
from imageapis_generated.lusid.values import UploadImageRequest
from tests.unit.spec_documents import (
    CHUNK,
    CONTENT,
    METADATA,
    OPERATIONS,
    mended,
    operations,
    parameters,
    published,
    upstream,
)

LISTS = ["/ImageStore", CONTENT]
SESSIONS = ["/ImageStore/$/GetUploadSession", f"{CONTENT}/$/GetUploadSession"]


@pytest.mark.parametrize("path", [CONTENT, CHUNK])
def test_uploads_are_published_without_a_body(path: str) -> None:
    document = published("servicefabric")
    assert "body" not in {place for place, _ in parameters(document, path, "put")}
    assert "consumes" not in document
    assert "consumes" not in document["paths"][path]["put"]


@pytest.mark.parametrize("path", [CONTENT, CHUNK])
def test_uploads_are_mended_to_take_bytes(path: str) -> None:
    content = mended("servicefabric")["paths"][path]["put"]["requestBody"]["content"]
    assert content == {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@pytest.mark.parametrize("path", LISTS)
def test_listings_are_published_without_a_continuation_token(path: str) -> None:
    assert ("query", "ContinuationToken") not in parameters(published("servicefabric"), path, "get")


@pytest.mark.parametrize("path", LISTS)
def test_listings_are_mended_to_take_a_continuation_token(path: str) -> None:
    assert ("query", "ContinuationToken") in parameters(mended("servicefabric"), path, "get")


def test_a_listing_is_mended_to_carry_the_token_of_the_next_page() -> None:
    model = mended("servicefabric")["components"]["schemas"]["ImageStoreContent"]
    assert "ContinuationToken" not in published("servicefabric")["definitions"]["ImageStoreContent"]["properties"]
    assert model["properties"]["ContinuationToken"]["type"] == "string"


def test_every_answer_is_published_as_200_or_anything() -> None:
    for _, _, operation in operations(published("servicefabric")):
        assert list(operation["responses"]) == ["200", "default"]


@pytest.mark.parametrize(
    ("path", "statuses"), [*((path, {"204", "404"}) for path in LISTS), *((path, {"204"}) for path in SESSIONS)]
)
def test_answers_without_a_body_are_mended_in(path: str, statuses: set[str]) -> None:
    responses = mended("servicefabric")["paths"][path]["get"]["responses"]
    assert {status for status, response in responses.items() if "content" not in response} == statuses


def test_each_api_version_is_published_as_an_enum_of_one() -> None:
    versions = [entry for entry in published("servicefabric")["parameters"].values() if entry["name"] == "api-version"]
    assert [entry["enum"] for entry in versions] == [["6.0"], ["6.2"], ["6.5"]]


def test_each_api_version_is_mended_to_a_default() -> None:
    entries = mended("servicefabric")["components"]["parameters"].values()
    versions = [entry["schema"] for entry in entries if entry["name"] == "api-version"]
    assert [(schema.get("enum"), schema["default"]) for schema in versions] == [
        (None, "6.0"),
        (None, "6.2"),
        (None, "6.5"),
    ]


def test_sizes_and_positions_stay_the_strings_that_the_server_sends() -> None:
    models = mended("servicefabric")["components"]["schemas"]
    numbers = [
        models["FileInfo"]["properties"]["FileSize"],
        models["FolderInfo"]["properties"]["FileCount"],
        models["UploadChunkRange"]["properties"]["StartPosition"],
    ]
    assert {number["type"] for number in numbers} == {"string"}


def test_an_announcement_is_published_with_four_media_types() -> None:
    content = published("lusid")["paths"]["/api/images"]["post"]["requestBody"]["content"]
    assert list(content) == ["application/json-patch+json", "application/json", "text/json", "application/*+json"]


def test_an_announcement_is_sent_as_json() -> None:
    call = upload_image.build(UploadImageRequest(image_name="job:1"))
    assert (call.content, call.content_type) == (b'{"imageName":"job:1"}', "application/json")


@pytest.mark.parametrize(("verb", "path"), [("delete", "/api/images/{name}"), ("get", "/api/images/{name}/contents")])
def test_retired_operations_are_marked(verb: str, path: str) -> None:
    assert published("lusid")["paths"][path][verb]["deprecated"] is True


def test_current_operations_are_not_marked_retired() -> None:
    retired = {
        operation["operationId"] for _, _, operation in operations(mended("lusid")) if operation.get("deprecated")
    }
    assert retired == {"DeleteImage", "DownloadImage"}


def test_a_download_is_mended_to_bytes() -> None:
    contents = "/api/images/{name}/contents"
    assert list(published("lusid")["paths"][contents]["get"]["responses"]["200"]["content"]) == ["application/json"]
    assert list(mended("lusid")["paths"][contents]["get"]["responses"]["200"]["content"]) == [
        "application/octet-stream"
    ]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("job:1", True),
        ("my-job.v_2:1.4--x", True),
        ("job", False),
        ("Job:1", False),
        ("team/job:1", False),
        ("-job:1", False),
        ("job:1:2", False),
        ("job:1.", False),
    ],
)
def test_both_patterns_of_image_names_agree(name: str, allowed: bool) -> None:
    assert [bool(re.search(pattern, name)) for pattern in image_name_patterns()] == [allowed, allowed]


def test_the_mended_pattern_of_image_names_is_linear() -> None:
    _, pattern = image_name_patterns()
    assert re.search(pattern, "a" + "_" * 100_000 + "!") is None


def image_name_patterns() -> list[str]:
    return [
        document["components"]["schemas"]["UploadImageRequest"]["properties"]["imageName"]["pattern"]
        for document in (published("lusid"), mended("lusid"))
    ]


def test_answers_of_lusid_are_mended_to_take_new_fields() -> None:
    closed = [
        name
        for name, model in mended("lusid")["components"]["schemas"].items()
        if model.get("additionalProperties") is False
    ]
    assert closed == ["UploadImageRequest"]


def test_the_default_page_size_is_left_to_the_service() -> None:
    assert list_images.build("job", page="abcd").query == "page=abcd"


def test_compute_operations_are_published_without_answers() -> None:
    for _, _, operation in operations(published("openstack")):
        assert [response for response in operation["responses"].values() if "schema" in response] == []


@pytest.mark.parametrize(
    ("path", "verb", "model"),
    [
        ("/v2.1/images", "get", "ImageList"),
        ("/v2.1/images/detail", "get", "ImageList"),
        ("/v2.1/images/{image_id}", "get", "ImageShow"),
        (METADATA, "get", "MetadataAnswer"),
        (METADATA, "post", "MetadataAnswer"),
        (METADATA, "put", "MetadataAnswer"),
        (f"{METADATA}/{{key}}", "get", "MetaAnswer"),
        (f"{METADATA}/{{key}}", "put", "MetaAnswer"),
    ],
)
def test_compute_operations_are_mended_to_answer(path: str, verb: str, model: str) -> None:
    content = mended("openstack")["paths"][path][verb]["responses"]["200"]["content"]
    assert content == {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}


@pytest.mark.parametrize("path", ["/v2.1/images", "/v2.1/images/detail"])
def test_compute_filters_have_their_names_on_the_wire(path: str) -> None:
    names = {name for place, name in parameters(mended("openstack"), path, "get") if place == "query"}
    assert names == {"changes-since", "server", "name", "status", "minDisk", "minRam", "type", "limit", "marker"}


@pytest.mark.parametrize(
    ("verb", "path", "model", "field"),
    [
        ("post", METADATA, "ImageMetadataPostReq", "metadata"),
        ("put", METADATA, "ImageMetadataPutReq", "metadata"),
        ("put", f"{METADATA}/{{key}}", "ImageMetaKeyPutReq", "meta"),
    ],
)
def test_compute_metadata_is_mended_to_be_a_map_of_text(verb: str, path: str, model: str, field: str) -> None:
    document = mended("openstack")
    body = document["paths"][path][verb]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": f"#/components/schemas/{model}"}
    values = document["components"]["schemas"][model]["properties"][field]["additionalProperties"]
    assert values == {"type": "string", "maxLength": 255}


@pytest.mark.parametrize(
    ("service", "verb", "path", "document"),
    [
        *(
            (s, verb, path, "servicefabric-6.4.swagger.json")
            for s, verb, path, *_ in OPERATIONS
            if s == "servicefabric"
        ),
        *((s, verb, path, "lusid-scheduler-0.0.1066.openapi.yaml") for s, verb, path, *_ in OPERATIONS if s == "lusid"),
    ],
)
def test_parameters_are_those_of_the_services_own_document(service: str, verb: str, path: str, document: str) -> None:
    theirs: Any = upstream(document)
    assert parameters(published(service), path, verb) == parameters(theirs, path, verb)


@pytest.mark.parametrize(("verb", "path"), [(verb, path) for s, verb, path, *_ in OPERATIONS if s == "openstack"])
def test_verbs_and_paths_are_those_of_the_full_compute_document(verb: str, path: str) -> None:
    theirs = upstream("openstack-compute-2.96.openapi.yaml")
    shapes = {(verb, shape(path)) for verb, path, _ in operations(theirs)}
    assert (verb, shape(path)) in shapes


def shape(path: str) -> str:
    """The path with its parameters unnamed: the two documents name them differently."""
    return re.sub(r"{\w+}", "{}", path)
