"""The names that users rely on: classes, methods, factories and their parameters. A change here breaks somebody."""

from __future__ import annotations

import importlib
import inspect

import pytest

METHODS: dict[tuple[str, str], dict[str, list[str]]] = {
    ("servicefabric", "ImageStore"): {
        "list": ["path"],
        "walk": ["path"],
        "stat": ["path"],
        "exists": ["path"],
        "folder_size": ["path"],
        "info": [],
        "copy": ["source", "destination", "skip_files", "check_mark_file"],
        "delete": ["path"],
        "upload_file": ["source", "path", "chunk_size", "concurrency", "progress", "journal", "resume"],
        "upload_package": ["folder", "path"],
        "upload_session": ["session_id"],
        "upload_sessions": ["path"],
        "upload_chunk": ["path", "data", "session_id", "start", "total"],
        "commit_upload_session": ["session_id"],
        "delete_upload_session": ["session_id"],
        "put_file": ["source", "path"],
    },
    ("lusid", "SchedulerImages"): {
        "repositories": ["limit", "start", "sort_by", "filter", "prefetch"],
        "images": ["repository", "limit", "start", "sort_by", "filter", "prefetch"],
        "image": ["name"],
        "start_upload": ["name"],
        "push": ["source", "name"],
        "wait_for_scan": ["name"],
        "delete": ["name"],
        "download": ["name", "destination"],
    },
    ("openstack", "ComputeImages"): {
        "list": [
            *("detail", "name", "status", "server", "type", "min_disk", "min_ram"),
            *("changes_since", "page_size", "marker"),
        ],
        "image": ["image_id"],
        "delete": ["image_id"],
        "metadata": ["image_id"],
        "replace_metadata": ["image_id", "metadata"],
        "update_metadata": ["image_id", "metadata"],
        "metadata_item": ["image_id", "key"],
        "set_metadata_item": ["image_id", "key", "value"],
        "delete_metadata_item": ["image_id", "key"],
    },
}
FACTORIES: dict[str, dict[str, list[str]]] = {
    "servicefabric": {
        "unsecured": ["endpoint"],
        "client_certificate": ["endpoint", "certificate", "key", "password", "ca"],
        "azure_ad": ["endpoint", "credential", "ca"],
        "bearer": ["endpoint", "token"],
        "from_sfctl": ["path"],
    },
    "lusid": {
        "password": ["scheduler_url", "token_url", "username", "password", "client_id", "client_secret"],
        "personal_access_token": ["scheduler_url", "access_token"],
        "secrets_file": ["path"],
        "from_env": [],
        "explain": [],
    },
    "openstack": {
        "password": [
            *("auth_url", "username", "password", "project_name", "user_domain_name", "project_domain_name"),
            *("region_name", "interface"),
        ],
        "application_credential": ["auth_url", "application_credential_id", "application_credential_secret"],
        "token": ["auth_url", "token"],
        "cloud": ["name"],
        "from_env": [],
        "keystoneauth": ["plugin"],
    },
}
VALUES: dict[str, dict[str, list[str]]] = {
    "servicefabric": {
        "StoreFile": ["path", "size", "modified", "version"],
        "StoreFolder": ["path", "file_count"],
        "FolderSize": ["path", "size"],
        "UploadSession": ["id", "path", "size", "modified", "missing"],
    },
    "lusid": {
        "Image": [],
        "ImageSummary": [],
        "Tag": [],
        "Repository": [],
        "ScanReport": [],
        "ScanSummary": [],
        "Vulnerability": [],
        "UploadInstructions": [],
    },
    "openstack": {
        "Image": [
            *("id", "name", "status", "created", "updated", "min_disk", "min_ram", "progress", "size"),
            *("metadata", "server", "disk_config"),
        ]
    },
}
OPTIONS = ["timeout", "retries", "concurrency", "http_client", "user_agent", "hooks"]


def _parameters(member: object) -> list[str]:
    return [name for name in inspect.signature(member).parameters if name != "self"]  # type: ignore[arg-type]


@pytest.mark.parametrize("prefix", ["", "Async"])
@pytest.mark.parametrize(("service", "name"), METHODS)
def test_a_client_has_its_methods_with_their_parameters(service: str, name: str, prefix: str) -> None:
    client = getattr(importlib.import_module(f"imageapis.{service}"), prefix + name)
    for method, parameters in METHODS[service, name].items():
        has = _parameters(getattr(client, method))
        assert [each for each in parameters if each not in has] == [], (method, has)


@pytest.mark.parametrize("prefix", ["", "Async"])
@pytest.mark.parametrize(("service", "name"), METHODS)
def test_a_client_takes_one_login_and_everything_else_by_name(service: str, name: str, prefix: str) -> None:
    client = getattr(importlib.import_module(f"imageapis.{service}"), prefix + name)
    signature = inspect.signature(client)
    kinds = {each.name: each.kind for each in signature.parameters.values()}
    assert next(iter(kinds)) == "login"
    assert [each for each in OPTIONS if kinds.get(each) is not inspect.Parameter.KEYWORD_ONLY] == []


@pytest.mark.parametrize("service", FACTORIES)
def test_an_auth_module_has_its_factories_with_their_parameters(service: str) -> None:
    auth = importlib.import_module(f"imageapis.{service}.auth")
    for factory, parameters in FACTORIES[service].items():
        has = _parameters(getattr(auth, factory))
        assert [each for each in parameters if each not in has] == [], (factory, has)


@pytest.mark.parametrize("service", VALUES)
def test_values_are_frozen_and_have_their_fields(service: str) -> None:
    import attrs

    package = importlib.import_module(f"imageapis.{service}")
    for name, fields in VALUES[service].items():
        kind = getattr(package, name)
        has = [field.name for field in attrs.fields(kind)]
        assert [each for each in fields if each not in has] == [], (name, has)
        assert kind.__setattr__ is not object.__setattr__
