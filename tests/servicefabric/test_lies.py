"""A gateway that tells lies about an upload session: every upload ends, and with an error of our tree."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import ImageApiError, SourceChanged, UnexpectedReply, UploadInterrupted, VerificationFailed
from imageapis.servicefabric import ImageStore, auth
from tests.servicefabric.lying import LyingServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHUNK = 1000
SIZE = 10 * CHUNK
SESSION = "11111111-1111-4111-8111-111111111111"
#: Requests of an upload that is begun anew as often as that is done at most, with much to spare.
PLENTY = 2000


@pytest.fixture
def liar() -> Iterator[LyingServer]:
    with LyingServer(contract=False) as server:
        yield server


def lacking(*ranges: tuple[Any, Any]) -> Callable[..., Any]:
    """Answer that a session lacks these ranges, whatever it has."""

    def lie(_: Any, truth: Any) -> Any:
        status, value = truth()
        if value is not None:
            value["UploadSessions"][0]["ExpectedRanges"] = [
                {"StartPosition": str(start), "EndPosition": str(end)} for start, end in ranges
            ]
        return status, value

    return lie


@pytest.mark.parametrize(
    "ranges",
    [
        [(0, SIZE - 1)], [(5, 5)], [(5, 4)], [(0, -1)], [(-5, 10)], [(-10, -5)], [(0, SIZE)], [(SIZE, SIZE + 10)],
        [(0, 2**64)], [(0, 10), (5, 20)], [(50, 60), (0, 10)], [(0, 10), (0, 10)], [("x", "y")],
    ],
)  # fmt: skip
def test_an_upload_whose_session_lacks_the_same_or_the_impossible_for_ever_ends(
    open_store: Callable[..., Any], liar: LyingServer, ranges: list[tuple[Any, Any]]
) -> None:
    liar.lies["GetImageStoreUploadSessionById"] = lacking(*ranges)
    with pytest.raises(UploadInterrupted):
        open_store(liar).upload_file(bytes(SIZE), "a", chunk_size=CHUNK)
    assert len(liar.seen) < PLENTY
    assert liar.store.file("a") is None


def test_an_upload_whose_session_gains_a_byte_at_a_time_ends(open_store: Callable[..., Any], liar: LyingServer) -> None:
    left = [SIZE]

    def drip(call: Any, truth: Any) -> Any:
        left[0] -= 1
        return lacking((0, left[0]))(call, truth)

    liar.lies["GetImageStoreUploadSessionById"] = drip
    with pytest.raises(UploadInterrupted, match="10 chunks of it, however often"):
        open_store(liar).upload_file(bytes(SIZE), "a", chunk_size=CHUNK, concurrency=1)
    assert len(liar.seen) < PLENTY


def test_an_upload_whose_session_claims_to_lack_nothing_ends(open_store: Callable[..., Any], liar: LyingServer) -> None:
    liar.lies["GetImageStoreUploadSessionById"] = lacking()
    liar.lies["UploadFileChunk"] = lambda _, __: (200, None)
    with pytest.raises(UploadInterrupted):
        open_store(liar).upload_file(bytes(SIZE), "a", chunk_size=CHUNK)
    assert len(liar.seen) < PLENTY


def test_chunks_that_get_lost_though_acknowledged_are_sent_again(
    open_store: Callable[..., Any], liar: LyingServer
) -> None:
    liar.faults.add("lose", "UploadFileChunk", skip=3, times=4)
    content = bytes(range(250)) * 40
    open_store(liar).upload_file(content, "a", chunk_size=CHUNK, concurrency=1)
    assert liar.store.content("a") == content


def test_a_server_that_takes_one_chunk_of_all_each_time_is_borne_with(
    open_store: Callable[..., Any], liar: LyingServer
) -> None:
    for _ in range(9):
        liar.faults.add("busy", "UploadFileChunk", skip=1, times=1)
    content = bytes(range(250)) * 40
    open_store(liar, retries=1).upload_file(content, "a", chunk_size=CHUNK, concurrency=1)
    assert liar.store.content("a") == content


def swallow(liar: LyingServer, operation: str) -> None:
    """Confirm an operation that is not carried out, and show from then on what was there some writes ago."""
    swallowed: list[Any] = []

    def older(_: Any, truth: Any) -> Any:
        status, listing = truth()
        for file in (listing or {}).get("StoreFiles", ()) if swallowed else ():
            version = file["FileVersion"]
            version["VersionNumber"] = str(int(version["VersionNumber"]) - 1000)
        return status, listing

    def confirm(call: Any, truth: Any) -> Any:
        if call.path.endswith("_.dir"):
            return truth()
        swallowed.append(call)
        return 200, None

    liar.lies["GetImageStoreContent"] = older
    liar.lies[operation] = confirm


@pytest.mark.parametrize("operation", ["UploadFile", "CommitImageStoreUploadSession"])
def test_an_older_file_of_the_same_size_is_not_taken_for_the_one_that_was_sent(
    open_store: Callable[..., Any], liar: LyingServer, operation: str
) -> None:
    store = open_store(liar, retries=1)
    store.upload_file(b"1" * SIZE, "a")
    swallow(liar, operation)
    with pytest.raises((VerificationFailed, UploadInterrupted)):
        store.upload_file(b"2" * SIZE, "a", chunk_size=SIZE if operation == "UploadFile" else CHUNK)


def test_an_older_file_of_the_same_size_is_not_taken_for_a_file_of_the_package(
    open_store: Callable[..., Any], liar: LyingServer, tmp_path: Path
) -> None:
    store = open_store(liar, retries=1)
    (tmp_path / "a").write_bytes(b"1")
    store.upload_package(tmp_path, "P")
    swallow(liar, "UploadFile")
    (tmp_path / "a").write_bytes(b"2")
    with pytest.raises(VerificationFailed):
        store.upload_package(tmp_path, "P")


@pytest.fixture
def linux_liar() -> Iterator[LyingServer]:
    with LyingServer(windows=False, runtime="6.4", contract=False) as server:
        yield server


@pytest.mark.parametrize("kind", ["StoreFiles", "StoreFolders"])
def test_a_listing_that_names_another_package_by_another_case_leads_nobody_there(
    open_store: Callable[..., Any], linux_liar: LyingServer, tmp_path: Path, kind: str
) -> None:
    store = open_store(linux_liar)
    (tmp_path / "a").write_bytes(b"1")
    store.upload_package(tmp_path, "P")
    store.put_file(b"theirs", "p/x/y")
    store.put_file(b"theirs", "p/z")

    def lie(call: Any, truth: Any) -> Any:
        status, listing = truth()
        if call.path == "P":
            path = "p/x" if kind == "StoreFolders" else "p/z"
            listing[kind].append({"StoreRelativePath": path, "FileCount": "1", "FileSize": "6"})
        return status, listing

    linux_liar.lies["GetImageStoreContent"] = lie
    linux_liar.seen.clear()
    with contextlib.suppress(ImageApiError):
        store.upload_package(tmp_path, "P", prune=True)
    assert not [seen.target for seen in linux_liar.seen if "/p%2F" in seen.target]
    assert linux_liar.store.content("p/z") == linux_liar.store.content("p/x/y") == b"theirs"


@pytest.fixture
def others(liar: LyingServer) -> Callable[[], None]:
    """Let another writer put a file of the same size at the path of the upload."""
    with ImageStore(auth.unsecured(liar.url)) as store:
        store.upload_file(b"x" * SIZE, "other")
    return lambda: liar.store.copy("other", "a", [], "Default")


def accept(*_: Any) -> tuple[int, None]:
    """Confirm what is not carried out."""
    return 200, None


def test_a_file_that_another_writer_put_there_before_a_second_commit_is_not_taken_for_ours(
    open_store: Callable[..., Any], liar: LyingServer, others: Callable[[], None]
) -> None:
    def discard(_: Any, truth: Any) -> Any:
        others()  # between the first commit, which came to nothing, and the next
        return truth()

    liar.lies.update(CommitImageStoreUploadSession=accept, DeleteImageStoreUploadSession=discard)
    with pytest.raises((VerificationFailed, UploadInterrupted)):
        open_store(liar, retries=1).upload_file(b"1" * SIZE, "a", chunk_size=CHUNK)


def test_a_new_session_does_not_take_a_file_for_ours_as_the_callers_own_may(
    open_store: Callable[..., Any], liar: LyingServer, others: Callable[[], None]
) -> None:
    store = open_store(liar, retries=1)
    liar.faults.add("busy", "UploadFileChunk", skip=4, times=100)
    with pytest.raises(UploadInterrupted):
        store.upload_file(b"1" * SIZE, "a", chunk_size=CHUNK, concurrency=1)
    (session,) = store.upload_sessions("a")
    liar.faults.clear()
    liar.fail_over()
    others()
    liar.lies.update(CommitImageStoreUploadSession=accept)
    with pytest.raises((VerificationFailed, UploadInterrupted)):
        store.upload_file(b"1" * SIZE, "a", chunk_size=CHUNK, resume=session)


def test_a_file_that_changes_after_its_last_chunk_is_not_committed(
    open_store: Callable[..., Any], liar: LyingServer, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"1" * SIZE)

    def change(_: Any, truth: Any) -> Any:
        if liar.store.sessions:
            file.write_bytes(b"2" * (SIZE + 1))
        return truth()

    # The session is asked what it lacks when all was sent, and before to find out whether there are sessions.
    liar.lies["GetImageStoreUploadSessionById"] = change
    with pytest.raises(SourceChanged):
        open_store(liar).upload_file(file, "a", chunk_size=CHUNK)
    assert liar.store.file("a") is None


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("DeleteImageStoreContent", lambda store: store.delete("a")),
        ("CopyImageStoreContent", lambda store: store.copy("a", "b")),
        ("UploadFile", lambda store: store.put_file(b"x", "a")),
        ("UploadFileChunk", lambda store: store.upload_file(bytes(SIZE), "a", chunk_size=CHUNK)),
        ("CommitImageStoreUploadSession", lambda store: store.commit_upload_session(SESSION)),
        ("DeleteImageStoreUploadSession", lambda store: store.delete_upload_session(SESSION)),
    ],
)
def test_what_is_confirmed_in_another_way_than_the_document_says_does_not_count(
    open_store: Callable[..., Any], liar: LyingServer, operation: str, call: Callable[[Any], None]
) -> None:
    liar.lies[operation] = lambda call, truth: (202, None)
    with pytest.raises((UnexpectedReply, UploadInterrupted), match="answered 202"):
        call(open_store(liar))
