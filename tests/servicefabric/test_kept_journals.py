"""`journal=True`: a journal in the user's state folder, one for each cluster, path and source."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import UploadInterrupted
from imageapis.servicefabric.kept_journals import journal_path

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
