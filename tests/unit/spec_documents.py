"""The documents in specs/ and what the services' own ones are called: read here for the tests of both.

OPERATIONS is the list of facts that the tests hold the documents to.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
UPSTREAM = ROOT.parent / "shared" / "upstream"
PUBLISHED = {
    "servicefabric": "swagger.json",
    "lusid": "openapi.yaml",
    "openstack": "swagger.json",
}

CONTENT = "/ImageStore/{contentPath}"
CHUNK = f"{CONTENT}/$/UploadChunk"
METADATA = "/v2.1/images/{image_id}/metadata"

# service, verb, path, published operation id, generated module
OPERATIONS = [
    ("servicefabric", "put", CONTENT, "UploadFile", "upload_file"),
    ("servicefabric", "get", CONTENT, "GetImageStoreContent", "get_image_store_content"),
    ("servicefabric", "delete", CONTENT, "DeleteImageStoreContent", "delete_image_store_content"),
    ("servicefabric", "get", "/ImageStore", "GetImageStoreRootContent", "get_image_store_root_content"),
    ("servicefabric", "post", "/ImageStore/$/Copy", "CopyImageStoreContent", "copy_image_store_content"),
    ("servicefabric", "put", CHUNK, "UploadFileChunk", "upload_file_chunk"),
    (
        "servicefabric",
        "get",
        "/ImageStore/$/GetUploadSession",
        "GetImageStoreUploadSessionById",
        "get_image_store_upload_session_by_id",
    ),
    (
        "servicefabric",
        "get",
        f"{CONTENT}/$/GetUploadSession",
        "GetImageStoreUploadSessionByPath",
        "get_image_store_upload_session_by_path",
    ),
    (
        "servicefabric",
        "post",
        "/ImageStore/$/CommitUploadSession",
        "CommitImageStoreUploadSession",
        "commit_image_store_upload_session",
    ),
    (
        "servicefabric",
        "delete",
        "/ImageStore/$/DeleteUploadSession",
        "DeleteImageStoreUploadSession",
        "delete_image_store_upload_session",
    ),
    (
        "servicefabric",
        "get",
        "/ImageStore/$/FolderSize",
        "GetImageStoreRootFolderSize",
        "get_image_store_root_folder_size",
    ),
    (
        "servicefabric",
        "get",
        f"{CONTENT}/$/FolderSize",
        "GetImageStoreFolderSize",
        "get_image_store_folder_size",
    ),
    ("servicefabric", "get", "/ImageStore/$/Info", "GetImageStoreInfo", "get_image_store_info"),
    ("servicefabric", "get", "/$/GetAadMetadata", "GetAadMetadata", "get_aad_metadata"),
    ("lusid", "get", "/api/images/repository", "ListRepositories", "list_repositories"),
    ("lusid", "get", "/api/images/repository/{name}", "ListImages", "list_images"),
    ("lusid", "get", "/api/images/{name}", "GetImage", "get_image"),
    ("lusid", "post", "/api/images", "UploadImage", "upload_image"),
    ("lusid", "delete", "/api/images/{name}", "DeleteImage", "delete_image"),
    ("lusid", "get", "/api/images/{name}/contents", "DownloadImage", "download_image"),
    ("openstack", "get", "/v2.1/images", "v21_images_get", "list_images"),
    ("openstack", "get", "/v2.1/images/detail", "v21_images_detail_get", "list_images_detail"),
    ("openstack", "get", "/v2.1/images/{image_id}", "v21_images_image_id_get", "get_image"),
    ("openstack", "delete", "/v2.1/images/{image_id}", "v21_images_image_id_delete", "delete_image"),
    ("openstack", "get", METADATA, "v21_images_image_id_metadata_get", "list_image_metadata"),
    ("openstack", "post", METADATA, "v21_images_image_id_metadata_post", "update_image_metadata"),
    ("openstack", "put", METADATA, "v21_images_image_id_metadata_put", "replace_image_metadata"),
    (
        "openstack",
        "get",
        f"{METADATA}/{{key}}",
        "v21_images_image_id_metadata_key_get",
        "get_image_metadata_item",
    ),
    (
        "openstack",
        "put",
        f"{METADATA}/{{key}}",
        "v21_images_image_id_metadata_key_put",
        "set_image_metadata_item",
    ),
    (
        "openstack",
        "delete",
        f"{METADATA}/{{key}}",
        "v21_images_image_id_metadata_key_delete",
        "delete_image_metadata_item",
    ),
]


@functools.cache
def read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)


def published(service: str) -> Any:
    return read(ROOT / "specs" / service / PUBLISHED[service])


def mended(service: str) -> Any:
    return read(ROOT / "specs" / service / "openapi.json")


def upstream(name: str) -> Any:
    path = UPSTREAM / name
    if not path.exists():
        pytest.skip(
            f"needs the vendor's whole document {name} in a folder shared/upstream beside the checkout; "
            "specs/lock.toml says where it was published"
        )
    return read(path)


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            if verb in {"get", "put", "post", "delete", "head", "patch", "options"}:
                yield verb, path, operation


def parameters(document: Any, path: str, verb: str) -> set[tuple[str, str]]:
    """Where each parameter of an operation stands, and its name on the wire."""
    item = document["paths"][path]
    found = set()
    for parameter in [*item.get("parameters", ()), *item[verb].get("parameters", ())]:
        target = parameter
        if "$ref" in parameter:
            target = document
            for step in parameter["$ref"].removeprefix("#/").split("/"):
                target = target[step]
        found.add((target["in"], target["name"]))
    return found


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping below a value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from mappings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from mappings(inner)
