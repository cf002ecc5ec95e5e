"""The journal: another process goes on where one ended, a foreign file is left alone, nothing is mixed up."""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import sys
import textwrap
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import JournalError, UnusableFile, UploadInterrupted
from imageapis.servicefabric import ImageStore, Resume, auth
from imageapis.servicefabric.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.testing.servicefabric import ServiceFabricServer

CHUNK = 16_384
SESSION = "0ff1ce00-0000-4000-8000-000000000001"
HEAD = b'{"journal":"imageapis.servicefabric","format":1,"endpoint":"http://x"}\n'
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


@pytest.mark.parametrize(("content", "sent"), [(b"small", ["GET"]), (b"other", ["GET", "PUT", "GET"])])
def test_a_small_file_that_was_written_anew_is_told_by_its_content(
    open_store: Callable[..., Any],
    server: ServiceFabricServer,
    tmp_path: Path,
    journal: Path,
    content: bytes,
    sent: list[str],
) -> None:
    small = tmp_path / "small"
    small.write_bytes(b"small")
    open_store(server).upload_file(small, "s", journal=journal)
    small.write_bytes(content)
    os.utime(small, (1_800_000_000, 1_800_000_000))
    server.seen.clear()
    open_store(server).upload_file(small, "s", journal=journal)
    assert server.store.content("s") == content
    assert [seen.method for seen in server.seen if "Session" not in seen.target][: len(sent)] == sent
    assert ("PUT" in sent) == any(seen.method == "PUT" for seen in server.seen)


def test_a_large_file_that_only_got_another_time_is_told_by_the_content_of_its_chunks(
    open_store: Callable[..., Any], server: ServiceFabricServer, file: Path, journal: Path
) -> None:
    open_store(server).upload_file(file, "a", chunk_size=CHUNK, journal=journal)
    os.utime(file, (1_800_000_000, 1_800_000_000))
    server.seen.clear()
    open_store(server).upload_file(file, "a", chunk_size=CHUNK, journal=journal)
    assert {seen.method for seen in server.seen} == {"GET"}


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


def test_a_journal_that_was_readable_for_others_is_not_any_more(journal: Path) -> None:
    journal.write_bytes(HEAD)
    journal.chmod(0o644)
    Journal("http://x", journal).close()
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


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
        notes.begin("a", size=number, session=SESSION)
        notes.chunk("a", 0, 10, "hash")
        notes.note("a", before=[number])
    notes.begin("b", size=1)
    notes.forget("b")
    notes.close()
    again = Journal("http://x", journal)
    assert again.get("a") == {"size": 49, "session": SESSION, "chunks": [[0, 10, "hash"]], "before": [49]}
    assert again.get("b") is None
    again.close()
    assert len(journal.read_text().splitlines()) == 2


@pytest.mark.parametrize("kept", [True, False])
def test_a_handle_of_resumption_holds_what_was_noted(journal: Path, *, kept: bool) -> None:
    notes = Journal("http://x", journal if kept else None)
    notes.note("early", before=[1])
    notes.begin("a", size=1, session=SESSION)
    notes.begin("a", size=2, session=SESSION)
    notes.note("a", before=[])
    notes.chunk("a", 0, 1, "h0")
    notes.chunk("a", 1, 1, "h1")
    notes.begin("stored", size=9)
    notes.forget("stored")
    noted: dict[str, Any] = {
        "early": {"before": [1]},
        "a": {"size": 2, "session": SESSION, "before": [], "chunks": [[0, 1, "h0"], [1, 1, "h1"]]},
    }
    handle = notes.snapshot()
    notes.chunk("a", 2, 1, "h2")  # what comes later is not in it
    assert (notes.kept, handle.endpoint, handle.records) == (kept, "http://x", noted)
    notes.close()
    assert not notes.kept
    again = Journal("http://x", resume=handle)
    again.forget("a")
    assert (again.get("a"), again.get("early")) == (None, noted["early"])
    assert handle.records == noted


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


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "dangling link", "device"])
def test_a_journal_is_a_regular_file_and_nothing_else_is_replaced(journal: Path, kind: str) -> None:
    target = journal.with_name("target")
    if kind == "folder":
        journal.mkdir()
    elif kind == "pipe":
        os.mkfifo(journal)
    elif kind == "link":
        target.write_bytes(HEAD)
        journal.symlink_to(target)
    elif kind == "dangling link":
        journal.symlink_to(target)
    else:
        journal = Path("/dev/null")
    before = os.lstat(journal)
    with pytest.raises(UnusableFile, match="left as it is"):
        Journal("http://x", journal)
    assert os.path.samestat(os.lstat(journal), before)
    assert target.exists() == (kind == "link")


@pytest.mark.parametrize(
    "line",
    [
        "[]", "3", "null", "{", "{}", '{"a": 1}', '{"begin": 1}', '{"begin": null}', '{"begin": ["a"]}',
        '{"begin": "a", "size": "1"}', '{"begin": "a", "size": -1}', '{"begin": "a", "size": 1.5}',
        '{"begin": "a", "size": true}', '{"begin": "a", "session": "../x"}', '{"begin": "a", "session": 1}',
        '{"begin": "a", "chunks": 1}', '{"begin": "a", "chunks": [1]}', '{"begin": "a", "chunks": [[0, 1]]}',
        '{"begin": "a", "chunks": [[0, -1, "h"]]}', '{"begin": "a", "chunks": {"a": 1}}', '{"begin": "a", "stored": 1}',
        '{"begin": "a", "stored": [[1]]}', '{"begin": "a", "unknown": 1}', '{"begin": "a", "vouched": 1}',
        '{"begin": "a", "identity": 1}', '{"begin": "a", "noted": "x"}', '{"note": "a", "chunks": null}',
        '{"chunk": "a"}', '{"chunk": "a", "at": 1}', '{"chunk": "a", "at": [0, 1, 2]}', '{"chunk": {"a": 1}, "at": []}',
        '{"forget": ["a"]}', '{"begin": "a", "size": ' + "9" * 5000 + "}", "[" * 100_000, "\udce9",
        '{"begin": "\\ud800',
    ],
)  # fmt: skip
def test_a_damaged_line_is_named_and_the_file_left_as_it_is(journal: Path, line: str) -> None:
    content = HEAD + b'{"begin":"a","size":1}\n' + line.encode(errors="surrogateescape") + b"\n"
    journal.write_bytes(content)
    with pytest.raises(JournalError, match=r"Line 3 of the journal .* is damaged"):
        Journal("http://x", journal)
    assert journal.read_bytes() == content


@pytest.mark.parametrize("endpoint", ["1", "null", '["http://x"]', '"http://y"'])
def test_a_head_of_another_endpoint_or_none_is_refused(journal: Path, endpoint: str) -> None:
    journal.write_bytes(HEAD.replace(b'"http://x"', endpoint.encode()))
    with pytest.raises(JournalError, match="not to http://x"):
        Journal("http://x", journal)


def test_a_file_without_end_is_not_read(journal: Path) -> None:
    with journal.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(JournalError, match="larger than"):
        Journal("http://x", journal)
    with journal.open("wb") as file:
        file.truncate(1 << 30)
    tracemalloc.start()
    try:
        with pytest.raises(JournalError, match="not a journal of ours"):
            Journal("http://x", journal)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "resume",
    [
        3, {"a": 1}, Resume("http://x", 3), Resume("http://x", {1: {}}), Resume("http://x", {"a": 1}),  # type: ignore[dict-item, arg-type]
        Resume("http://x", {"a": {"session": 1}}), Resume("http://x", {"a": {"chunks": [[]]}}), Resume("http://y", {}),
    ],
)  # fmt: skip
def test_a_handle_that_no_error_carried_is_refused(resume: Any) -> None:
    with pytest.raises(JournalError, match="resume="):
        Journal("http://x", resume=resume)


def test_a_journal_on_a_full_disk_stays_one(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = Journal("http://x", journal)
    notes.begin("a", size=1)
    assert notes._file is not None
    full = FullDisk(notes._file)
    notes._file = full  # type: ignore[assignment]
    with pytest.raises(OSError, match="full"):
        notes.begin("b", size=2)
    full.room = 1 << 20
    notes.begin("c", size=3)
    notes.close()
    again = Journal("http://x", journal)
    assert (again.get("a"), again.get("b"), again.get("c")) == ({"size": 1}, None, {"size": 3})
    again.close()


class FullDisk:
    """A file on a disk on which there is room for a few bytes, which it takes three at a time."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.room = 10

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, data: memoryview) -> int:
        if not self.room:
            raise OSError("full")
        taken: int = self._file.write(data[: min(3, self.room)])
        self.room -= taken
        return taken


def test_a_journal_has_one_owner_however_many_open_it_at_the_same_time(journal: Path) -> None:
    script = textwrap.dedent(
        """
        import sys
        from imageapis.errors import JournalError
        from imageapis.servicefabric.journal import Journal
        print("ready", flush=True)
        sys.stdin.readline()
        opened = 0
        for _ in range(int(sys.argv[2])):
            try:
                notes = Journal("http://x", sys.argv[1])
            except JournalError:
                continue
            count = (notes.get("a") or {}).get("size", 0)
            notes.begin("a", size=count + 1)
            notes.close()
            opened += 1
        print(opened, flush=True)
        """
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, os.fspath(journal), "300"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        opened = [int(process.communicate("\n", timeout=120)[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    notes = Journal("http://x", journal)
    assert (notes.get("a") or {})["size"] == sum(opened)
    notes.close()
    assert sorted(path.name for path in journal.parent.iterdir()) == [journal.name]
