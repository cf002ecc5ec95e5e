"""The local scheduler by itself: what no test of the client would notice if it were wrong."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme

from imageapis.errors import ConnectionFailed
from imageapis.testing.lusid import LusidServer
from imageapis.testing.lusid.images import finished, new_image
from tests.lusid.conftest import open_images, token_login

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Face

IMAGES = "/scheduler2/api/images"


@pytest.fixture
def raw(server: LusidServer) -> Iterator[httpx.Client]:
    server.strict = False
    headers = {"Authorization": f"Bearer {server.access_token}"}
    with httpx.Client(base_url=server.url, headers=headers) as client:
        yield client


def test_without_a_token_nothing_is_told(server: LusidServer) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {server.access_token}"}):
        answer = httpx.get(f"{server.url}{IMAGES}/repository", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, 187)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["a:1", "a%3A1", "a%3a1"])
def test_a_colon_may_be_encoded_or_not(server: LusidServer, raw: httpx.Client, name: str) -> None:
    server.add(new_image("a", ["1"]))
    assert raw.get(f"{IMAGES}/{name}").json()["name"] == "a"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=5001", "start=-1", "start=5001", "page=", "page=a-b", "filter=" + "x" * 1025]
)
def test_what_the_document_forbids_is_a_validation_problem(raw: httpx.Client, query: str) -> None:
    answer = raw.get(f"{IMAGES}/repository?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"]


@pytest.mark.parametrize("name", ["UPPER:1", "notag", "a:1:2"])
def test_names_that_the_document_forbids_are_refused(raw: httpx.Client, name: str) -> None:
    assert raw.get(f"{IMAGES}/{name}").status_code == 400
    assert raw.post(IMAGES, json={"imageName": name}).status_code == 400


def test_a_token_fits_only_its_own_list_sorting_and_filter(server: LusidServer, raw: httpx.Client) -> None:
    for repository in ("a", "b"):
        server.fill(repository, 5)
    token = raw.get(f"{IMAGES}/repository/a", params={"limit": 2, "filter": "size gt 1"}).json()["nextPage"]
    fits = {"page": token, "filter": "size gt 1"}
    assert raw.get(f"{IMAGES}/repository/a", params=fits).status_code == 200
    changed = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("b", fits),
        ("a", {"page": token}),
        ("a", {**fits, "sortBy": "size"}),
        ("a", {**fits, "page": changed}),
    ]
    for repository, parameters in wrong:
        answer = raw.get(f"{IMAGES}/repository/{repository}", params=parameters)
        assert (answer.status_code, answer.json()["code"]) == (400, 689)
    assert raw.get(f"{IMAGES}/repository/a", params={**fits, "start": 1}).json()["code"] == 151


@pytest.mark.parametrize(
    ("expression", "sizes"),
    [
        ("size gt 2", [3, 4]),
        ("size gte 2 and size lt 4", [2, 3]),
        ("size eq 1 or size eq 4", [1, 4]),
        ("SIZE EQ 1", [1]),
        ("size in '1,3'", [1, 3]),
        ("size not in '1,3'", [2, 4]),
        ("name startswith 'A'", [1, 2, 3, 4]),
        ("name neq 'a'", []),
        ("scanStatus exists", [1, 2, 3]),
        ("scanStatus not exists", [4]),
        ("pushTime gt 2026-01-01T00:02:30", [3, 4]),
    ],
)
def test_filters_choose(server: LusidServer, raw: httpx.Client, expression: str, sizes: list[int]) -> None:
    for size in (1, 2, 3):
        server.add(new_image("a", [str(size)], number=size, size=size, scans=[finished()]))
    server.add(new_image("a", ["4"], number=4, size=4, scans=[None]))
    found = raw.get(f"{IMAGES}/repository/a", params={"filter": expression}).json()["values"]
    assert [it["size"] for it in found] == sizes


def test_a_filter_that_is_none_is_refused(server: LusidServer, raw: httpx.Client) -> None:
    server.fill("a", 1)
    assert raw.get(f"{IMAGES}/repository/a", params={"filter": "size ~ 3"}).json()["code"] == 151


def test_azures_instructions_differ_in_host_and_user(server: LusidServer, raw: httpx.Client) -> None:
    server.shape = "azure"
    told = raw.post(IMAGES, json={"imageName": "a:1"}).json()
    assert told["dockerLoginCommand"].startswith("docker login -u push-token -p ")
    assert told["pushVersionedDockerImageCommand"] == "docker push acme.azurecr.io/acme/a:1"


def test_a_violation_of_the_document_fails_the_test_that_caused_it() -> None:
    with pytest.raises(AssertionError, match="limit"), LusidServer() as server:
        httpx.get(
            f"{server.url}{IMAGES}/repository?limit=0", headers={"Authorization": f"Bearer {server.access_token}"}
        )


def test_a_private_authority_is_trusted_when_its_file_is_given(face: Face, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with LusidServer(tls=context) as server:
        server.fill("a", 1)
        trusting = open_images(face, token_login(server, ca=str(tmp_path / "ca.pem")))
        assert [it.name for it in face.items(trusting.repositories())] == ["a"]
        trusting.close()
        with pytest.raises(ConnectionFailed, match="certificate is not trusted"):
            face.items(open_images(face, token_login(server), retries=0).repositories())
