"""The local gateway answers as the real one does, also where that is odd: clients are judged by it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Iterator

RANGE = "FABRIC_E_UPLOAD_SESSION_RANGE_NOT_SATISFIABLE"


@pytest.fixture(scope="module")
def lenient() -> Iterator[ServiceFabricServer]:
    with ServiceFabricServer(contract=False) as running:
        yield running


@pytest.fixture(scope="module")
def linux() -> Iterator[ServiceFabricServer]:
    with ServiceFabricServer(contract=False, windows=False, runtime="6.4") as running:
        yield running


@pytest.fixture
def http_client() -> Iterator[httpx.Client]:
    with httpx.Client(verify=False) as opened:
        yield opened


class Raw:
    """Requests as they are written here."""

    def __init__(self, server: ServiceFabricServer, client: httpx.Client) -> None:
        server.reset()
        self.server = server
        self._client = client

    def __call__(self, method: str, target: str, **options: Any) -> httpx.Response:
        return self._client.request(method, f"{self.server.url}{target}", **options)

    def chunk(
        self, session: str, content_range: str | None, content: bytes = b"12345", path: str = "a"
    ) -> httpx.Response:
        headers = {} if content_range is None else {"Content-Range": content_range}
        target = f"/ImageStore/a/$/UploadChunk?api-version=6.0&session-id={session}"
        return self("PUT", target, content=content, headers=headers)

    def missing(self, session: str) -> Any:
        answer = self("GET", f"/ImageStore/$/GetUploadSession?api-version=6.0&session-id={session}")
        return None if answer.status_code == 204 else answer.json()["UploadSessions"][0]["ExpectedRanges"]

    def commit(self, session: str) -> httpx.Response:
        return self("POST", f"/ImageStore/$/CommitUploadSession?api-version=6.0&session-id={session}")


@pytest.fixture
def raw(lenient: ServiceFabricServer, http_client: httpx.Client) -> Raw:
    return Raw(lenient, http_client)


@pytest.fixture
def raw_linux(linux: ServiceFabricServer, http_client: httpx.Client) -> Raw:
    return Raw(linux, http_client)


@pytest.fixture
def session() -> str:
    return str(uuid.uuid4())


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["Error"]["Code"]


@pytest.mark.parametrize(
    "target",
    [
        "/ImageStore",
        "/ImageStore?api-version=",
        "/ImageStore?api-version=x",
        "/ImageStore?api-version=0.9",
        "/ImageStore?api-version=9.2",
        "/ImageStore?API-VERSION=6.0",
        "/imagestore?api-version=6.0",
        "/ImageStore/a/$/Nothing?api-version=6.0",
        "/ImageStore/$?api-version=6.0",
    ],
)
def test_what_no_route_or_version_matches_is_a_400(raw: Raw, target: str) -> None:
    assert code(raw("GET", target)) == (400, "E_INVALIDARG")


def test_versions_with_preview_empty_segments_and_second_values_are_taken(raw: Raw) -> None:
    raw("PUT", "/ImageStore//a//b/?api-version=6.0-preview&api-version=99.0", content=b"x")
    assert raw.server.store.paths() == ["a/b"]


def test_deleting_the_root_is_no_route(raw: Raw) -> None:
    assert code(raw("DELETE", "/ImageStore?api-version=6.0")) == (400, "E_INVALIDARG")


def test_windows_cuts_and_decodes_names_twice_and_linux_does_not(raw: Raw, raw_linux: Raw) -> None:
    for name in ("C%23.dll", "a%2541b"):
        raw("PUT", f"/ImageStore/{name}?api-version=6.0", content=b"x")
        raw_linux("PUT", f"/ImageStore/{name}?api-version=6.0", content=b"x")
    assert raw.server.store.paths() == ["C", "aAb"]
    assert raw_linux.server.store.paths() == ["C#.dll", "a%41b"]


@pytest.mark.parametrize("written", ["bytes 0-4/10", "0-4/10", "bytes  0-4/10"])
def test_ranges_are_read_with_and_without_a_prefix(raw: Raw, session: str, written: str) -> None:
    assert raw.chunk(session, written).status_code == 200
    assert raw.missing(session) == [{"StartPosition": "5", "EndPosition": "9"}]


@pytest.mark.parametrize("written", ["bytes 0-4/*", "bytes 0-4", "bytes a-4/10", "bytes 5-4/10", "bytes 0-11/10"])
def test_ranges_that_cannot_be_read_are_a_400_and_not_a_416(raw: Raw, session: str, written: str) -> None:
    refused = raw.chunk(session, written)
    assert code(refused) == (400, RANGE)
    assert refused.json()["Error"]["Message"] == "Null"
    assert raw.missing(session) is None


def test_an_end_that_equals_the_total_is_taken_and_can_never_be_committed(raw: Raw, session: str) -> None:
    assert raw.chunk(session, "bytes 0-5/5").status_code == 200
    assert raw.missing(session) == []
    assert code(raw.commit(session)) == (400, "E_INVALIDARG")


def test_a_chunk_without_a_range_opens_a_session_that_never_ends(raw: Raw, session: str) -> None:
    assert raw.chunk(session, None).status_code == 200
    assert raw.missing(session) == [{"StartPosition": "0", "EndPosition": "0"}]
    assert code(raw.commit(session)) == (400, "E_INVALIDARG")


def test_the_length_of_a_body_is_not_compared_with_its_range_until_the_commit(raw: Raw, session: str) -> None:
    assert raw.chunk(session, "bytes 0-9/10", b"123").status_code == 200
    assert raw.missing(session) == []
    refused = raw.commit(session)
    assert code(refused) == (400, "E_INVALIDARG")
    assert "3 bytes where 10 were expected" in refused.json()["Error"]["Message"]


def test_a_session_stays_after_its_commit_until_it_expires(raw: Raw, session: str) -> None:
    raw.chunk(session, "bytes 0-4/5")
    assert raw.commit(session).status_code == 200
    assert raw.commit(session).status_code == 200
    assert raw.missing(session) == []
    assert code(raw.chunk(session, "bytes 0-4/5")) == (400, RANGE)
    raw.server.pass_time(29 * 60)
    assert raw.missing(session) == []
    raw.server.pass_time(6 * 60)
    assert raw.missing(session) is None
    assert raw.server.store.content("a") == b"12345"


def test_a_session_ends_half_an_hour_after_its_latest_chunk_and_with_the_next_sweep(raw: Raw, session: str) -> None:
    raw.chunk(session, "bytes 0-4/20")
    raw.server.pass_time(20 * 60)
    raw.chunk(session, "bytes 5-9/20")
    raw.server.pass_time(29 * 60)
    assert raw.missing(session) is not None
    raw.server.pass_time(6 * 60)
    assert raw.missing(session) is None


def test_a_failover_loses_sessions_and_the_next_chunk_opens_one_that_lacks_the_earlier(raw: Raw, session: str) -> None:
    raw.chunk(session, "bytes 0-4/10")
    raw.server.fail_over()
    assert raw.missing(session) is None
    assert raw.chunk(session, "bytes 5-9/10").status_code == 200
    assert raw.missing(session) == [{"StartPosition": "0", "EndPosition": "4"}]


def test_session_ids_are_guids_and_zero_is_none(raw: Raw) -> None:
    for bad in ("", "x", "0" * 36, "00000000-0000-0000-0000-000000000000", "{" + str(uuid.uuid4()) + "}"):
        assert code(raw.chunk(bad, "bytes 0-4/5"))[1] == "FABRIC_E_INVALID_UPLOAD_SESSION_ID"
        assert code(raw.commit(bad)) == (400, "E_INVALIDARG")


def test_deleting_a_session_that_is_not_there_is_an_inner_not_found(raw: Raw, session: str) -> None:
    answer = raw("DELETE", f"/ImageStore/$/DeleteUploadSession?api-version=6.0&session-id={session}")
    assert code(answer) == (404, "NotFound")


def test_linux_has_no_chunk_routes(raw_linux: Raw, session: str) -> None:
    assert code(raw_linux.chunk(session, "bytes 0-4/5")) == (400, "E_INVALIDARG")


@pytest.mark.parametrize("cluster", ["windows", "linux"])
def test_a_body_that_is_cut_off_is_stored_on_linux_only(raw: Raw, raw_linux: Raw, cluster: str) -> None:
    import socket
    import time

    server = (raw if cluster == "windows" else raw_linux).server
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"PUT /ImageStore/a?api-version=6.0 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n12345")
    give_up = time.monotonic() + 60
    state = server._server.server_state  # type: ignore[union-attr]
    # The connection goes first, what answers it ends after.
    while not server.seen or state.connections or state.tasks:
        assert time.monotonic() < give_up
    stored = server.store.file("a")
    if cluster == "windows":
        assert stored is None
    else:
        assert stored is not None
        assert stored.size == 5


def test_the_first_spelling_of_a_name_stays_on_windows(raw: Raw) -> None:
    for name in ("Apps/Read.me", "apps/READ.ME"):
        raw("PUT", f"/ImageStore/{name}?api-version=6.0", content=b"x")
    listed = raw("GET", "/ImageStore/APPS?api-version=6.2").json()
    assert [file["StoreRelativePath"] for file in listed["StoreFiles"]] == ["Apps\\Read.me"]
    assert listed["StoreFiles"][0]["FileSize"] == "1"
    assert listed["ContinuationToken"] == ""


def test_a_missing_path_and_a_refused_login_have_no_body(raw: Raw) -> None:
    missing = raw("GET", "/ImageStore/none?api-version=6.2")
    assert (missing.status_code, missing.content) == (404, b"")
    assert "Content-Type" not in missing.headers


def test_copy_compares_the_source_as_it_is_written_on_windows(raw: Raw) -> None:
    for name in ("A/B/x", "A/B/_.dir"):
        raw("PUT", f"/ImageStore/{name}?api-version=6.0", content=b"x")
    target = "/ImageStore/$/Copy?api-version=6.0"
    slashed = raw("POST", target, json={"RemoteSource": "A/B", "RemoteDestination": "C"})
    assert code(slashed) == (404, "FABRIC_E_FILE_NOT_FOUND")
    assert raw("POST", target, json={"RemoteSource": "A\\B", "RemoteDestination": "C"}).status_code == 200
    assert code(raw("POST", target, content=b"{")) == (400, "E_INVALIDARG")
    assert raw("POST", target, content=b"x" * (5 << 20)).status_code == 413
