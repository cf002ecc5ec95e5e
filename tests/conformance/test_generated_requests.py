"""What schemathesis makes up from each document gets answers from the local servers that the document declares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis.checks import load_all_checks

from imageapis.servicefabric import ImageStore
from imageapis.testing.contract import document_path
from imageapis.testing.openstack import PASSWORD
from tests.conformance.conftest import CLASSES, Service
from tests.conformance.table import SESSION

if TYPE_CHECKING:
    from collections.abc import Iterator

load_all_checks()
EXAMPLES = 20
#: What these must be sent hangs on what was sent before, or on another part of the request: no document can say it.
ONLY_REFUSED = {
    *("CopyImageStoreContent", "CommitImageStoreUploadSession", "UploadFileChunk", "set_image_metadata_item"),
}
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]


def _operations() -> Iterator[Any]:
    for service in CLASSES:
        document = json.loads(document_path(service).read_text("utf-8"))
        for found in schemathesis.openapi.from_dict(document).get_all_operations():
            operation: Any = found.ok()  # type: ignore[union-attr]
            yield pytest.param(service, operation, id=f"{service}-{operation.definition.raw['operationId']}")


def _proof(service: Service) -> dict[str, str]:
    """Return the headers of somebody who may ask."""
    if service.name == "lusid":
        return {"Authorization": f"Bearer {service.server.access_token}"}
    if service.name == "servicefabric":
        return {}
    user = {"name": "demo", "password": PASSWORD, "domain": {"name": "Default"}}
    scope = {"project": {"name": "demo", "domain": {"name": "Default"}}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": scope}}
    return {"X-Auth-Token": httpx.post(f"{service.server.auth_url}/auth/tokens", json=body).headers["X-Subject-Token"]}


def _base(service: Service) -> str:
    url: str = service.server.url
    return f"{url}/scheduler2" if service.name == "lusid" else url


def _known(service: Service, operation: Any) -> dict[str, Any]:
    """Return values that mean something to the server, by the name of their parameter."""
    known: dict[str, Any] = {
        "contentPath": "Apps" if operation.path.endswith("FolderSize") else "Apps/one",
        "session-id": SESSION,
        "name": "a" if "repository" in operation.path else "a:1",
        "image_id": service.image,
        "id": service.image,
        "key": "key",
        "timeout": 60,
    }
    shared = json.loads(document_path(service.name).read_text("utf-8")).get("components", {}).get("parameters", {})
    for named in operation.definition.raw.get("parameters", []):
        parameter = shared[named["$ref"].rpartition("/")[2]] if "$ref" in named else named
        if "default" in parameter.get("schema", {}):
            known[parameter["name"]] = parameter["schema"]["default"]
    return known


def _put(service: Service) -> None:
    """Put a file and an open upload where `_known` points."""
    if service.name == "servicefabric":
        with ImageStore(service.login(renewable=False)) as store:
            store.put_file(b"abc", "Apps/one")
            store.upload_chunk("Apps/one", b"abc", session_id=SESSION, start=0, total=6)
        service.server.seen.clear()


@pytest.mark.parametrize(("name", "operation"), list(_operations()))
def test_a_made_up_request_gets_an_answer_that_the_document_declares(
    all_services: dict[str, Service], name: str, operation: Any
) -> None:
    service = all_services[name]
    checks = schemathesis.checks.CHECKS.get_by_names(CHECKS)
    served: list[int] = []

    @given(case=operation.as_strategy(), meant=booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any, meant: bool) -> None:
        if not served:
            service.begin()
            _put(service)
        if meant:
            known = _known(service, operation)
            for place in (case.path_parameters, case.query):
                place.update({key: known[key] for key in list(place) if key in known})
        answer = case.call(base_url=_base(service), headers=_proof(service))
        served.append(answer.status_code)
        case.validate_response(answer, checks=checks)

    try:
        run()
    finally:
        # What it makes up may break the document in ways that only the local server's own check tells.
        service.server.violations.clear()
    # Else all that was looked at were refusals.
    if operation.definition.raw["operationId"] not in ONLY_REFUSED:
        assert any(status < 300 for status in served), served
