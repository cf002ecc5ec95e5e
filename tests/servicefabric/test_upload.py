"""The upload engine against the local gateway: chunks, lost replies, failover, expiry, commits, changed files."""

from __future__ import annotations

import io
import os
import pickle
import random
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import (
    Forbidden,
    SourceChanged,
    UploadInterrupted,
    VerificationFailed,
)
from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.core.progress import Progress

CHUNK = 16_384
SIZE = 10 * CHUNK + 77


def content(size: int = SIZE, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "big.bin"
    path.write_bytes(content())
    return path


def requests(server: ServiceFabricServer, part: str) -> int:
    return sum(part in seen.target for seen in server.seen)


def test_a_large_file_goes_in_chunks_and_arrives_bit_by_bit(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    stored = store.upload_file(file, "Apps/big.bin", chunk_size=CHUNK)
    assert (stored.path, stored.size) == ("Apps/big.bin", SIZE)
    assert server.store.content("Apps/big.bin") == file.read_bytes()
    assert requests(server, "UploadChunk") == 11
    assert requests(server, "Commit") == 1


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize("size", [CHUNK + 1, 2 * CHUNK, 5 * CHUNK - 1])
def test_sizes_around_the_chunk_size_arrive(
    store: Any, server: ServiceFabricServer, size: int, concurrency: int
) -> None:
    store.upload_file(content(size), "a", chunk_size=CHUNK, concurrency=concurrency)
    assert server.store.content("a") == content(size)


def test_a_file_of_at_most_a_chunk_goes_by_one_put(store: Any, server: ServiceFabricServer) -> None:
    store.upload_file(content(CHUNK), "a", chunk_size=CHUNK)
    assert server.store.content("a") == content(CHUNK)
    assert [seen.method for seen in server.seen] == ["GET", "PUT", "GET"]


def test_trap_1_a_chunk_whose_reply_was_lost_is_found_there_and_not_sent_again(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    server.faults.add("reset-after", "UploadFileChunk", skip=3)
    store.upload_file(file, "a", chunk_size=CHUNK, concurrency=1)
    assert server.store.content("a") == file.read_bytes()
    assert server.received["UploadFileChunk"] == SIZE


def test_trap_1_a_chunk_that_is_delivered_twice_is_no_failure(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    for skip in (0, 4, 9):
        server.faults.add("duplicate", "UploadFileChunk", skip=skip)
    store.upload_file(file, "a", chunk_size=CHUNK)
    assert server.store.content("a") == file.read_bytes()


def test_trap_2_a_session_that_the_server_does_not_know_is_an_answer_without_a_body(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    server.faults.add("refuse", "UploadFileChunk", times=2)
    store.upload_file(file, "a", chunk_size=CHUNK, concurrency=1)
    assert server.store.content("a") == file.read_bytes()


@pytest.mark.parametrize("skip", [1, 5, 10])
def test_trap_3_a_failover_in_the_middle_loses_chunks_that_are_sent_again(
    store: Any, server: ServiceFabricServer, file: Path, skip: int
) -> None:
    server.faults.add("failover", "UploadFileChunk", skip=skip)
    store.upload_file(file, "a", chunk_size=CHUNK)
    assert server.store.content("a") == file.read_bytes()


@pytest.mark.parametrize("kind", ["failover", "expiry"])
def test_trap_3_a_session_lost_before_the_commit_is_replaced_by_a_new_one(
    store: Any, server: ServiceFabricServer, file: Path, kind: Any
) -> None:
    server.faults.add(kind, "CommitImageStoreUploadSession")
    store.upload_file(file, "a", chunk_size=CHUNK)
    assert server.store.content("a") == file.read_bytes()
    ids = {seen.target.partition("session-id=")[2][:36] for seen in server.seen if "UploadChunk" in seen.target}
    assert len(ids) == 2


def test_trap_3_a_chunk_that_was_acknowledged_and_lost_is_sent_before_the_commit(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    server.faults.add("lose", "UploadFileChunk", skip=2)
    store.upload_file(file, "a", chunk_size=CHUNK)
    assert server.store.content("a") == file.read_bytes()
    assert requests(server, "Commit") == 1


def test_trap_4_a_commit_that_can_never_succeed_begins_anew_with_another_session(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    server.faults.add("shorten", "UploadFileChunk", skip=2)
    store.upload_file(file, "a", chunk_size=CHUNK)
    assert server.store.content("a") == file.read_bytes()
    assert requests(server, "DeleteUploadSession") == 1


@pytest.mark.parametrize("kind", ["reset-after", "timeout-after", "truncate-reply"])
def test_trap_4_a_commit_that_succeeded_without_saying_so_is_found_by_looking(
    store: Any, server: ServiceFabricServer, file: Path, kind: Any
) -> None:
    server.faults.add(kind, "CommitImageStoreUploadSession")
    store.upload_file(file, "a", chunk_size=CHUNK)
    assert server.store.content("a") == file.read_bytes()
    assert requests(server, "Commit") == 1


@pytest.mark.parametrize("kind", ["timeout", "busy", "pending"])
def test_trap_4_a_commit_that_never_succeeds_ends_the_upload_with_a_handle(
    store: Any, server: ServiceFabricServer, file: Path, kind: Any
) -> None:
    server.faults.add(kind, "CommitImageStoreUploadSession", times=100)
    with pytest.raises(UploadInterrupted) as caught:
        store.upload_file(file, "a", chunk_size=CHUNK)
    server.faults.clear()
    store.upload_file(file, "a", chunk_size=CHUNK, resume=caught.value.resume)
    assert server.store.content("a") == file.read_bytes()


def test_trap_4_an_older_file_of_the_same_size_is_not_taken_for_the_upload(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    store.put_file(content(seed=2), "a")
    server.faults.add("timeout", "CommitImageStoreUploadSession")
    server.faults.add("lose", "CommitImageStoreUploadSession")
    server.faults.add("failover", "CommitImageStoreUploadSession", skip=1)
    store.upload_file(file, "a", chunk_size=CHUNK)
    assert server.store.content("a") == file.read_bytes()


@pytest.mark.parametrize("linux", [False, True])
def test_trap_5_an_empty_file_goes_by_one_put(
    open_store: Callable[..., Any], server: ServiceFabricServer, linux_server: ServiceFabricServer, linux: bool
) -> None:
    cluster = linux_server if linux else server
    assert open_store(cluster).upload_file(b"", "a/_.dir").size == 0
    assert cluster.store.content("a/_.dir") == b""
    assert requests(cluster, "UploadChunk") == 0


def test_trap_6_a_linux_gateway_without_chunk_routes_gets_whole_files(
    open_store: Callable[..., Any], linux_server: ServiceFabricServer, file: Path
) -> None:
    store = open_store(linux_server)
    for name in ("a", "b"):
        store.upload_file(file, name, chunk_size=CHUNK)
        assert linux_server.store.content(name) == file.read_bytes()
    assert requests(linux_server, "GetUploadSession") == 1, "asked once, remembered for the client's life"


def test_trap_7_a_file_that_was_stored_truncated_is_sent_again(
    open_store: Callable[..., Any], linux_server: ServiceFabricServer, file: Path
) -> None:
    linux_server.faults.add("shorten", "UploadFile", times=2)
    open_store(linux_server).upload_file(file, "a", chunk_size=CHUNK)
    assert linux_server.store.content("a") == file.read_bytes()


def test_trap_7_a_file_that_is_always_stored_truncated_is_never_reported_as_good(
    open_store: Callable[..., Any], linux_server: ServiceFabricServer, file: Path
) -> None:
    linux_server.faults.add("shorten", "UploadFile", times=100)
    with pytest.raises(VerificationFailed, match="are not this upload"):
        open_store(linux_server, retries=1).upload_file(file, "a", chunk_size=CHUNK)


@pytest.mark.parametrize(("kind", "call"), [("shorten", "UploadFile"), ("lose", "CommitImageStoreUploadSession")])
def test_an_upload_that_never_arrived_as_sent_can_go_on_later(
    open_store: Callable[..., Any], server: ServiceFabricServer, kind: Any, call: str
) -> None:
    content = bytes(CHUNK) if call == "UploadFile" else bytes(3 * CHUNK)
    store = open_store(server, retries=1)
    server.faults.add(kind, call, times=100)
    with pytest.raises((VerificationFailed, UploadInterrupted)) as caught:
        store.upload_file(content, "a", chunk_size=CHUNK)
    server.faults.clear()
    resume = pickle.loads(pickle.dumps(caught.value)).resume
    assert resume is not None
    store.upload_file(content, "a", chunk_size=CHUNK, resume=resume)
    assert server.store.content("a") == content


@pytest.mark.parametrize(("call", "chunks"), [("UploadFile", 1), ("CommitImageStoreUploadSession", 3)])
def test_a_look_whose_answer_lost_its_body_is_not_taken_for_an_empty_place(
    store: Any, server: ServiceFabricServer, call: str, chunks: int
) -> None:
    content = b"n" * CHUNK * chunks
    store.put_file(b"o" * len(content), "a")
    server.faults.add("lose", "GetImageStoreContent")
    server.faults.add("lose", call)
    store.upload_file(content, "a", chunk_size=CHUNK)
    assert server.store.content("a") == content


def test_trap_7_a_put_that_was_accepted_and_lost_is_not_taken_for_done(store: Any, server: ServiceFabricServer) -> None:
    store.put_file(b"old", "a")
    server.faults.add("lose", "UploadFile", times=2)
    store.upload_file(b"new", "a")
    assert server.store.content("a") == b"new"


@pytest.mark.parametrize("how", ["grown", "truncated", "replaced", "touched"])
def test_trap_7_a_file_that_changes_meanwhile_ends_the_upload_and_nothing_is_committed(
    store: Any, server: ServiceFabricServer, file: Path, how: str
) -> None:
    store.put_file(b"old", "a")

    def change(event: Progress) -> None:
        if event.sent < 3 * CHUNK:
            return
        if how == "grown":
            with file.open("ab") as opened:
                opened.write(b"more")
        elif how == "truncated":
            os.truncate(file, SIZE // 2)
        elif how == "replaced":
            other = file.with_name("other")
            other.write_bytes(content(seed=3))
            other.replace(file)
        else:
            os.utime(file, ns=(1, event.sent))

    with pytest.raises(SourceChanged, match=r"big\.bin"):
        store.upload_file(file, "a", chunk_size=CHUNK, concurrency=2, progress=change)
    assert server.store.content("a") == b"old"
    assert server.store.sessions == {}


def test_trap_9_every_call_of_a_session_spells_the_path_alike(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    server.faults.add("busy", "UploadFileChunk", skip=4)
    store.upload_file(file, "/Apps\\v1//big file+é.bin", chunk_size=CHUNK)
    assert server.store.paths() == ["Apps/v1/big file+é.bin"]


def test_trap_10_passing_failures_are_waited_for_and_sizes_are_numbers(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    for kind in ("busy", "timeout", "timeout-after", "reset-before", "refuse", "truncate-reply"):
        server.faults.add(kind, "UploadFileChunk", skip=1)
    server.faults.add("pending", "CommitImageStoreUploadSession", times=2)
    assert store.upload_file(file, "a", chunk_size=CHUNK).size == SIZE
    assert server.store.content("a") == file.read_bytes()


def test_trap_10_a_commit_is_granted_time_by_the_size_of_the_file(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    store.upload_file(file, "a", chunk_size=CHUNK, commit_timeout=900)
    commit = next(seen for seen in server.seen if "Commit" in seen.target)
    assert "timeout=900" in commit.target


def test_too_many_failures_in_a_row_leave_a_handle_that_goes_on(
    open_store: Callable[..., Any], server: ServiceFabricServer, file: Path
) -> None:
    store = open_store(server, retries=1)
    server.faults.add("busy", "UploadFileChunk", skip=4, times=100)
    with pytest.raises(UploadInterrupted, match="resume=") as caught:
        store.upload_file(file, "a", chunk_size=CHUNK, concurrency=2)
    failure = pickle.loads(pickle.dumps(caught.value))
    assert failure.sent == 4 * CHUNK
    assert failure.total == SIZE
    server.faults.clear()
    server.received.clear()
    store.upload_file(file, "a", chunk_size=CHUNK, resume=failure.resume)
    assert server.store.content("a") == file.read_bytes()
    assert server.received["UploadFileChunk"] == SIZE - 4 * CHUNK


def test_a_handle_does_not_mix_two_contents_of_one_size(
    open_store: Callable[..., Any], server: ServiceFabricServer
) -> None:
    store = open_store(server, retries=0)
    server.faults.add("busy", "UploadFileChunk", skip=4, times=100)
    with pytest.raises(UploadInterrupted) as caught:
        store.upload_file(content(seed=1), "a", chunk_size=CHUNK, concurrency=1)
    server.faults.clear()
    store.upload_file(content(seed=2), "a", chunk_size=CHUNK, resume=caught.value.resume)
    assert server.store.content("a") == content(seed=2)


def test_an_interrupted_upload_can_be_deleted_instead(
    open_store: Callable[..., Any], server: ServiceFabricServer, file: Path
) -> None:
    store = open_store(server, retries=0)
    server.faults.add("busy", "UploadFileChunk", skip=4, times=100)
    with pytest.raises(UploadInterrupted) as caught:
        store.upload_file(file, "a", chunk_size=CHUNK)
    assert len(server.store.sessions) == 1
    store.delete_upload_session(caught.value.resume)
    assert server.store.sessions == {}


def test_a_session_found_on_the_server_goes_on(
    open_store: Callable[..., Any], server: ServiceFabricServer, file: Path
) -> None:
    store = open_store(server, retries=0)
    server.faults.add("busy", "UploadFileChunk", skip=4, times=100)
    with pytest.raises(UploadInterrupted):
        store.upload_file(file, "a", chunk_size=CHUNK, concurrency=1)
    server.faults.clear()
    server.received.clear()
    (session,) = store.upload_sessions("a")
    for _ in range(2):  # the second finds it committed
        store.upload_file(file, "a", chunk_size=CHUNK, resume=session)
        assert server.store.content("a") == file.read_bytes()
    assert server.received["UploadFileChunk"] == SIZE - 4 * CHUNK


def test_a_refusal_for_good_comes_out_as_it_is(open_store: Callable[..., Any], file: Path) -> None:
    with ServiceFabricServer(token="dummy") as server, pytest.raises(Forbidden, match="client certificate"):
        open_store(server).upload_file(file, "a", chunk_size=CHUNK)


def test_progress_counts_acknowledged_bytes_and_never_goes_back(
    store: Any, server: ServiceFabricServer, file: Path
) -> None:
    events: list[Progress] = []
    server.faults.add("failover", "UploadFileChunk", skip=6)
    server.faults.add("lose", "UploadFileChunk", skip=8)
    server.faults.add("shorten", "UploadFileChunk", skip=9)
    store.upload_file(file, "a", chunk_size=CHUNK, progress=events.append)
    counts = [event.sent for event in events]
    assert counts == sorted(set(counts))
    assert (counts[0], counts[-1]) == (0, SIZE)
    assert {(event.total, event.file) for event in events} == {(SIZE, "big.bin")}


def test_what_progress_raises_ends_the_upload_as_it_is(store: Any, server: ServiceFabricServer, file: Path) -> None:
    class Enough(Exception):
        pass

    def report(event: Progress) -> None:
        if event.sent >= 2 * CHUNK:
            raise Enough

    with pytest.raises(Enough):
        store.upload_file(file, "a", chunk_size=CHUNK, progress=report)
    assert len(server.store.sessions) == 1, "the session stays, to go on with"


class Trickle(io.RawIOBase):
    """A stream that cannot seek and gives little at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, 5000))


@pytest.mark.parametrize("kind", ["stream", "seekable", "file", "bytes", "bytearray", "gzip", "path"])
def test_every_kind_of_source_arrives(store: Any, server: ServiceFabricServer, file: Path, kind: str) -> None:
    import gzip

    packed = gzip.compress(file.read_bytes())
    sources: dict[str, Callable[[], Any]] = {
        "stream": lambda: Trickle(file.read_bytes()),
        "seekable": lambda: io.BytesIO(file.read_bytes()),
        "file": lambda: file.open("rb"),
        "bytes": file.read_bytes,
        "bytearray": lambda: bytearray(file.read_bytes()),
        "gzip": lambda: gzip.GzipFile(fileobj=io.BytesIO(packed)),
        "path": lambda: str(file),
    }
    source = sources[kind]()
    server.faults.add("busy", "UploadFileChunk", skip=2)
    store.upload_file(source, "a", chunk_size=CHUNK)
    assert server.store.content("a") == file.read_bytes()
    if kind == "file":
        source.close()


def test_a_missing_file_is_the_systems_own_error(store: Any, server: ServiceFabricServer, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.upload_file(tmp_path / "none", "a")
    with pytest.raises(IsADirectoryError):
        store.upload_file(tmp_path, "a")
    assert server.seen == []


@pytest.mark.parametrize("wrong", [{"chunk_size": 0}, {"concurrency": 0}, {"timeout": -1}, {"commit_timeout": 9999}])
def test_arguments_out_of_range_are_refused_before_anything_is_sent(
    store: Any, server: ServiceFabricServer, file: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).removeprefix("commit_")):
        store.upload_file(file, "a", **wrong)
    assert server.seen == []
