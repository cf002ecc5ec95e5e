"""`journal=True`: a journal in the user's state folder, one for each cluster, path and source."""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import UploadInterrupted
from imageapis.servicefabric.journal import Journal
from imageapis.servicefabric.journal_store import KEPT, journal_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.testing.servicefabric import ServiceFabricServer

CHUNK = 16_384


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "state" / "imageapis" / "uploads"


@pytest.fixture
def big(tmp_path: Path) -> Path:
    path = tmp_path / "big.bin"
    path.write_bytes(bytes(range(256)) * 1024)
    return path


def test_the_next_upload_sends_only_what_the_interrupted_one_lacked(
    open_store: Callable[..., Any], server: ServiceFabricServer, big: Path, state: Path
) -> None:
    server.faults.add("busy", "UploadFileChunk", skip=4, times=100)
    with pytest.raises(UploadInterrupted):
        open_store(server, retries=0).upload_file(big, "a", chunk_size=CHUNK, concurrency=1, journal=True)
    server.faults.clear()
    server.received.clear()
    open_store(server).upload_file(big, "a", chunk_size=CHUNK, journal=True)
    assert server.received["UploadFileChunk"] == big.stat().st_size - 4 * CHUNK
    assert server.store.content("a") == big.read_bytes()


def test_a_package_that_did_not_change_is_skipped(store: Any, big: Path, state: Path) -> None:
    folder = big.parent / "App"
    folder.mkdir()
    big.rename(folder / "big.bin")
    assert store.upload_package(folder, "App", journal=True).sent == 1
    assert store.upload_package(folder, "App", journal=True).skipped == 1


def test_the_journal_is_the_users_alone(store: Any, big: Path, state: Path) -> None:
    store.upload_file(big, "Apps/a b", journal=True)
    [journal] = state.glob("Apps_a_b-*.journal")
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_a_source_without_a_path_has_none(store: Any, server: ServiceFabricServer, state: Path) -> None:
    with pytest.raises(ValueError, match="journal=True knows a source by its path"):
        store.upload_file(b"content", "a", journal=True)
    assert server.seen == []


def test_each_cluster_path_and_source_has_a_journal_of_its_own(big: Path, state: Path) -> None:
    where = [("http://a", "x", big), ("http://b", "x", big), ("http://a", "y", big), ("http://a", "x", big.parent)]
    assert len({journal_path(True, *one) for one in where}) == len(where)
    assert journal_path(True, "http://a", "x", str(big)) == journal_path(True, "http://a", "x", big)


def test_false_is_none_and_a_path_is_that_path(big: Path) -> None:
    assert journal_path(False, "http://a", "x", big) is None
    assert journal_path(None, "http://a", "x", big) is None
    assert journal_path(str(big), "http://a", "x", big) == big


def age(journal: Path, seconds: float) -> None:
    """Let a file's last use lie some seconds back."""
    then = time.time() - seconds
    os.utime(journal, (then, then))


def test_journals_that_nobody_used_for_a_month_go_at_the_next_use(store: Any, big: Path, state: Path) -> None:
    for path in ("old", "recent"):
        store.upload_file(big, path, journal=True)
    draft = state / ".imageapis-0123456789abcdef.part"
    draft.touch()
    [old], [recent] = state.glob("old-*"), state.glob("recent-*")
    age(old, KEPT + 3600)
    age(draft, KEPT + 3600)
    age(recent, KEPT - 3600)
    store.upload_file(big, "new", journal=True)
    assert sorted(one.name[:4] for one in state.iterdir()) == ["new-", "rece"]


def test_using_an_old_journal_keeps_it_and_makes_it_a_new_one(
    store: Any, server: ServiceFabricServer, big: Path, state: Path
) -> None:
    folder = big.parent / "App"
    folder.mkdir()
    big.rename(folder / "big.bin")
    store.upload_package(folder, "App", journal=True)
    [journal] = state.iterdir()
    age(journal, KEPT + 3600)
    assert store.upload_package(folder, "App", journal=True).skipped == 1
    assert journal.stat().st_mtime > time.time() - KEPT


@pytest.mark.skipif(os.name == "nt", reason="there are no such locks")
def test_an_old_journal_that_is_in_use_is_left(store: Any, big: Path, state: Path) -> None:
    used = journal_path(True, "http://a", "x", big)
    assert used is not None
    journal = Journal("http://a", used)
    try:
        age(used, KEPT + 3600)
        store.upload_file(big, "new", journal=True)
        assert used.exists()
    finally:
        journal.close()


def test_what_is_no_journal_of_ours_is_left(store: Any, big: Path, state: Path, tmp_path: Path) -> None:
    state.mkdir(parents=True)
    others, link, target = state / "notes.txt", state / "link.journal", tmp_path / "target"
    target.touch()
    others.touch()
    link.symlink_to(target)
    for one in (others, target):
        age(one, KEPT + 3600)
    os.utime(link, (0, 0), follow_symlinks=False)
    store.upload_file(big, "new", journal=True)
    assert others.exists()
    assert link.is_symlink()
    assert target.exists()
