"""The journal: another process goes on where one ended, a foreign file is left alone, nothing is mixed up."""

from __future__ import annotations

import json
import os
import random
import stat
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import UploadInterrupted
from imageapis.servicefabric import ImageStore, auth
from imageapis.servicefabric.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.testing.servicefabric import ServiceFabricServer

CHUNK = 16_384
SIZE = 10 * CHUNK + 77


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "big.bin"
    path.write_bytes(random.Random(1).randbytes(SIZE))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "upload.journal"


@pytest.fixture
def interrupted(
    open_store: Callable[..., Any], server: ServiceFabricServer, file: Path, journal: Path
) -> Callable[..., Any]:
    """An upload that stopped with 4 of 11 chunks; what comes back opens another client and goes on."""
    server.faults.add("busy", "UploadFileChunk", skip=4, times=100)
    with pytest.raises(UploadInterrupted):
        open_store(server, retries=0).upload_file(file, "a", chunk_size=CHUNK, concurrency=1, journal=journal)
    server.faults.clear()
    server.received.clear()

    def go_on(**options: Any) -> Any:
        return open_store(server).upload_file(file, "a", **{"chunk_size": CHUNK, "journal": journal, **options})

    return go_on


def test_another_client_sends_only_what_is_missing(
    interrupted: Callable[..., Any], server: ServiceFabricServer, file: Path
) -> None:
    interrupted()
    assert server.store.content("a") == file.read_bytes()
    assert server.received["UploadFileChunk"] == SIZE - 4 * CHUNK


def test_another_chunk_size_goes_on_as_well(
    interrupted: Callable[..., Any], server: ServiceFabricServer, file: Path
) -> None:
    interrupted(chunk_size=10_000)
    assert server.store.content("a") == file.read_bytes()
    assert server.received["UploadFileChunk"] == SIZE - 4 * CHUNK


def test_a_file_that_is_stored_is_not_sent_again(
    interrupted: Callable[..., Any], server: ServiceFabricServer, file: Path
) -> None:
    interrupted()
    server.seen.clear()
    assert interrupted().size == SIZE
    assert [seen.method for seen in server.seen] == ["GET"]


def test_a_stored_file_that_somebody_replaced_is_sent_again(
    interrupted: Callable[..., Any], server: ServiceFabricServer, file: Path, open_store: Callable[..., Any]
) -> None:
    interrupted()
    open_store(server).put_file(bytes(SIZE), "a")
    interrupted()
    assert server.store.content("a") == file.read_bytes()


@pytest.mark.parametrize("how", ["other content", "other size", "same size and time"])
def test_a_file_that_changed_in_between_is_sent_from_its_beginning(
    interrupted: Callable[..., Any], server: ServiceFabricServer, file: Path, how: str
) -> None:
    times = file.stat()
    with file.open("r+b") as opened:
        opened.write(b"changed")
        if how == "other size":
            opened.truncate(SIZE - CHUNK)
    if how == "same size and time":
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    interrupted()
    assert server.store.content("a") == file.read_bytes()


def test_an_expired_session_is_begun_anew(
    interrupted: Callable[..., Any], server: ServiceFabricServer, file: Path
) -> None:
    server.pass_time(36 * 60)
    assert server.store.sessions == {}
    interrupted()
    assert server.store.content("a") == file.read_bytes()


def test_a_torn_last_line_is_passed_over(
    interrupted: Callable[..., Any], server: ServiceFabricServer, file: Path, journal: Path
) -> None:
    journal.write_bytes(journal.read_bytes() + b'{"chunk":"a","at":[6553')
    interrupted()
    assert server.store.content("a") == file.read_bytes()


def test_the_journal_is_for_its_owner_only_and_holds_no_secret(journal: Path, file: Path) -> None:
    from imageapis.testing.servicefabric import ServiceFabricServer

    with (
        ServiceFabricServer(token="not-a-secret") as server,
        ImageStore(auth.bearer(server.url, "not-a-secret")) as store,
    ):
        store.upload_file(file, "a", chunk_size=CHUNK, journal=journal)
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert "not-a-secret" not in journal.read_text()


@pytest.mark.parametrize(
    "content", [b"my thesis\n", b'{"a": 1}\n', b"no newline", b"[]\n", b'{"journal": "other"}\n{}\n']
)
def test_a_file_that_is_no_journal_is_left_as_it_is(journal: Path, content: bytes) -> None:
    journal.write_bytes(content)
    with pytest.raises(ValueError, match="not a journal of ours"):
        Journal("http://x", journal)
    assert journal.read_bytes() == content


def test_the_journal_of_another_cluster_is_refused(journal: Path) -> None:
    Journal("http://x", journal).close()
    with pytest.raises(ValueError, match="to http://x, not to http://y"):
        Journal("http://y", journal)


def test_two_uploads_cannot_share_a_journal_at_a_time(journal: Path) -> None:
    first = Journal("http://x", journal)
    with pytest.raises(ValueError, match="another upload is writing"):
        Journal("http://x", journal)
    first.close()
    Journal("http://x", journal).close()


def test_a_journal_is_compacted_when_it_is_opened(journal: Path) -> None:
    notes = Journal("http://x", journal)
    for number in range(50):
        notes.begin("a", size=number, session="s")
        notes.chunk("a", 0, 10, "hash")
        notes.note("a", before=[number])
    notes.begin("b", size=1)
    notes.forget("b")
    notes.close()
    again = Journal("http://x", journal)
    assert again.get("a") == {"size": 49, "session": "s", "chunks": [[0, 10, "hash"]], "before": [49]}
    assert again.get("b") is None
    again.close()
    assert len(journal.read_text().splitlines()) == 2


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_journal_cut_anywhere_can_be_read(journal: Path, cut: int) -> None:
    notes = Journal("http://x", journal)
    for number in range(10):
        notes.chunk("a", number, 1, "h")
    notes.close()
    whole = journal.read_bytes()
    head = whole.index(b"\n") + 1
    journal.write_bytes(whole[: head + cut])
    again = Journal("http://x", journal)
    complete = [json.loads(line) for line in whole[head : head + cut].split(b"\n")[:-1]]
    assert (again.get("a") or {}).get("chunks", []) == [entry["at"] for entry in complete]
    again.close()
