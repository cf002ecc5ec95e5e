"""The plain upload calls: whole-file PUT and upload sessions, with the answers that the real gateway gives."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import BadRequest, Conflict, NotFound, VerificationFailed
from imageapis.servicefabric import ByteRange

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.testing.servicefabric import ServiceFabricServer


@pytest.fixture
def session_id() -> str:
    return str(uuid.uuid4())


def test_a_file_is_put_and_what_was_stored_comes_back(store: Any, server: ServiceFabricServer, tmp_path: Path) -> None:
    file = tmp_path / "big.sfpkg"
    file.write_bytes(bytes(range(256)) * 4000)
    stored = store.put_file(file, "Apps/big.sfpkg")
    assert (stored.path, stored.size) == ("Apps/big.sfpkg", 1_024_000)
    assert server.store.content("Apps/big.sfpkg") == file.read_bytes()
    assert server.seen[0].headers["content-length"] == "1024000"


def test_an_empty_file_can_be_put(store: Any, server: ServiceFabricServer) -> None:
    assert store.put_file(b"", "Apps/_.dir").size == 0
    assert server.store.content("Apps/_.dir") == b""


def test_a_file_object_is_put_from_where_it_stands(store: Any, server: ServiceFabricServer, tmp_path: Path) -> None:
    file = io.BytesIO(b"head and body")
    file.seek(9)
    assert store.put_file(file, "a").size == 4
    (tmp_path / "f").write_bytes(b"head and body")
    with (tmp_path / "f").open("rb") as opened:
        opened.seek(5)
        store.put_file(opened, "b")
    assert server.store.content("a") == b"body"
    assert server.store.content("b") == b"and body"


def test_a_put_is_sent_again_after_a_failure_that_passes(store: Any, server: ServiceFabricServer) -> None:
    server.faults.add("busy", "UploadFile")
    server.faults.add("reset-after", "UploadFile")
    server.faults.add("refuse", "UploadFile")
    assert store.put_file(b"x" * 100_000, "a").size == 100_000


def test_trap_7_a_body_that_was_stored_truncated_is_noticed(store: Any, server: ServiceFabricServer) -> None:
    server.faults.add("shorten", "UploadFile")
    with pytest.raises(VerificationFailed, match="shows 50 bytes at 'a' where 100 bytes were sent"):
        store.put_file(b"x" * 100, "a")


def test_trap_7_a_put_that_was_accepted_and_lost_is_noticed(store: Any, server: ServiceFabricServer) -> None:
    server.faults.add("lose", "UploadFile")
    with pytest.raises(VerificationFailed, match="shows nothing"):
        store.put_file(b"x" * 100, "a")


def test_text_files_and_other_things_are_refused_with_the_way_out(store: Any, server: ServiceFabricServer) -> None:
    with pytest.raises(TypeError, match="'rb'"):
        store.put_file(io.StringIO("text"), "a")
    with pytest.raises(TypeError, match="a path, a binary file object or bytes"):
        store.put_file(7, "a")
    assert server.seen == []


def test_chunks_in_any_order_make_a_file(store: Any, server: ServiceFabricServer, session_id: str) -> None:
    data = bytes(range(100))
    store.upload_chunk("Apps/a", data[60:], session_id=session_id, start=60, total=100)
    session = store.upload_session(session_id)
    assert (session.id, session.path, session.size) == (session_id, "Apps/a", 100)
    assert session.missing == (ByteRange(start=0, end=59),)
    assert session.missing[0].size == 60
    store.upload_chunk("Apps/a", data[:60], session_id=session_id, start=0, total=100)
    assert store.upload_session(session_id).missing == ()
    assert store.upload_sessions("Apps/a") == [store.upload_session(session_id)]
    store.commit_upload_session(session_id)
    assert server.store.content("Apps/a") == data
    store.commit_upload_session(session_id)


def test_trap_2_an_unknown_session_is_none(store: Any, session_id: str) -> None:
    assert store.upload_session(session_id) is None
    assert store.upload_sessions("Apps/a") == []


def test_trap_1_a_chunk_that_had_arrived_is_refused_by_the_plain_call(store: Any, session_id: str) -> None:
    for start in (0, 5):
        store.upload_chunk("a", b"12345", session_id=session_id, start=start, total=20)
    with pytest.raises(BadRequest, match="arrived already") as caught:
        store.upload_chunk("a", b"12345", session_id=session_id, start=0, total=20)
    assert caught.value.code == "FABRIC_E_UPLOAD_SESSION_RANGE_NOT_SATISFIABLE"


def test_trap_9_a_session_is_bound_to_one_spelling_of_its_path(store: Any, session_id: str) -> None:
    store.upload_chunk("Apps\\a", b"1", session_id=session_id, start=0, total=2)
    store.upload_chunk("Apps//a", b"2", session_id=session_id, start=1, total=2)
    with pytest.raises(Conflict, match="take a new id"):
        store.upload_chunk("apps/a", b"2", session_id=session_id, start=1, total=2)


def test_trap_4_the_server_says_the_same_of_an_unknown_and_an_incomplete_session(store: Any, session_id: str) -> None:
    with pytest.raises(BadRequest) as unknown:
        store.commit_upload_session(session_id)
    store.upload_chunk("a", b"1", session_id=session_id, start=0, total=2)
    with pytest.raises(BadRequest) as incomplete:
        store.commit_upload_session(session_id)
    assert unknown.value.code == incomplete.value.code == "E_INVALIDARG"


def test_deleting_a_session_twice_is_no_error(store: Any, session_id: str) -> None:
    store.upload_chunk("a", b"1", session_id=session_id, start=0, total=2)
    store.delete_upload_session(session_id)
    store.delete_upload_session(session_id)
    assert store.upload_session(session_id) is None


@pytest.mark.parametrize(("start", "total"), [(-1, 10), (8, 10), (0, 2)])
def test_ranges_that_would_spoil_a_session_are_refused_here(
    store: Any, server: ServiceFabricServer, session_id: str, start: int, total: int
) -> None:
    with pytest.raises(ValueError, match="not within"):
        store.upload_chunk("a", b"123", session_id=session_id, start=start, total=total)
    assert server.seen == []


def test_trap_5_an_empty_chunk_is_refused_here(store: Any, server: ServiceFabricServer, session_id: str) -> None:
    with pytest.raises(ValueError, match="0 bytes"):
        store.upload_chunk("a", b"", session_id=session_id, start=0, total=0)
    assert server.seen == []


def test_trap_6_a_linux_gateway_has_no_sessions(
    open_store: Callable[..., Any], linux_server: ServiceFabricServer, session_id: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        open_store(linux_server).upload_session(session_id)
    assert caught.value.code == "E_INVALIDARG"


def test_a_malformed_session_id_is_refused_with_what_it_should_be(store: Any) -> None:
    with pytest.raises(BadRequest, match="GUID of 36 characters"):
        store.upload_session("{not-a-guid}")


def test_a_cluster_without_an_image_store_service_is_named(open_store: Callable[..., Any]) -> None:
    from imageapis.testing.servicefabric import ServiceFabricServer

    with ServiceFabricServer(file_share=True) as server, pytest.raises(NotFound, match="ImageStoreConnectionString"):
        open_store(server).put_file(b"x", "a")
