"""Files that appear whole or not at all, and only where a file may be."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imageapis.core.files import Draft, lock_file, open_regular, unlock_and_close, write_all
from imageapis.errors import ImageApiError, UnusableFile

if TYPE_CHECKING:
    from collections.abc import Callable


def make_link(path: Path) -> None:
    (path.parent / "linked").write_bytes(b"linked")
    path.symlink_to(path.parent / "linked")


def make_dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.fspath(path))


def make_device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root makes devices")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


ODD = [make_link, make_dangling_link, Path.mkdir, os.mkfifo, make_socket, make_device]


@pytest.mark.parametrize("make", ODD)
def test_what_is_no_regular_file_is_neither_opened_nor_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "it"
    make(path)
    before = os.lstat(path)
    with pytest.raises(UnusableFile, match=r"it is a|it is no"):
        open_regular(path, os.O_RDWR | os.O_CREAT)
    with pytest.raises(UnusableFile, match="it is a"):
        Draft(path)
    after = os.lstat(path)
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)
    if (tmp_path / "linked").exists():
        assert (tmp_path / "linked").read_bytes() == b"linked"
    assert not list(tmp_path.glob(".imageapis-*"))


@pytest.mark.parametrize("make", ODD)
def test_what_takes_the_place_of_the_target_meanwhile_is_not_replaced(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "it"
    with Draft(path) as draft:
        make(path)
        with pytest.raises(UnusableFile):
            draft.publish()
    assert not stat.S_ISREG(os.lstat(path).st_mode)
    assert not list(tmp_path.glob(".imageapis-*"))


def test_a_draft_is_not_seen_before_it_is_published_and_replaces_the_file_then(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"old")
    with Draft(path) as draft:
        draft.write(b"ne")
        draft.write(memoryview(b"w"))
        assert path.read_bytes() == b"old"
        draft.publish()
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["it"]


def test_a_draft_that_is_not_published_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), Draft(path) as draft:
        draft.write(b"new")
        raise ZeroDivisionError
    draft.discard()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["it"]


def test_two_drafts_of_one_file_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "it"
    with Draft(path) as one, Draft(path) as other:
        for draft, data in ((one, b"1"), (other, b"2"), (one, b"1"), (other, b"2")):
            draft.write(data)
        one.publish()
        assert path.read_bytes() == b"11"
        other.publish()
    assert path.read_bytes() == b"22"


def test_a_file_that_is_new_has_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with Draft(tmp_path / "it") as draft:
            draft.publish()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "it").stat().st_mode) == 0o640


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "it").touch(0o600)
    (tmp_path / "it").chmod(0o604)
    with Draft(tmp_path / "it") as draft:
        draft.publish()
    assert stat.S_IMODE((tmp_path / "it").stat().st_mode) == 0o604


def test_a_target_whose_name_is_as_long_as_names_can_be(tmp_path: Path) -> None:
    with Draft(tmp_path / ("x" * 255)) as draft:
        draft.publish()
    assert names(tmp_path) == ["x" * 255]


def test_a_path_with_a_nul_is_refused_with_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ImageApiError, match="NUL"):
        Draft(tmp_path / "a\0b")


def test_a_draft_whose_folder_changed_with_the_working_directory_goes_where_it_was_meant_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with Draft("it") as draft:
        monkeypatch.chdir(tmp_path / "elsewhere")
        draft.publish()
    assert (tmp_path / "it").exists()


def test_a_write_that_takes_less_than_all_is_gone_on_with(tmp_path: Path) -> None:
    class Stingy:
        def __init__(self) -> None:
            self.got = b""

        def write(self, data: memoryview) -> int:
            self.got += bytes(data[:3])
            return len(data[:3])

    file = Stingy()
    write_all(file, b"0123456789")  # type: ignore[arg-type]
    assert file.got == b"0123456789"


def test_a_file_has_one_owner_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "it").touch()
    with (tmp_path / "it").open("r+b", buffering=0) as one, (tmp_path / "it").open("r+b", buffering=0) as other:
        assert lock_file(one)
        assert not lock_file(other)
        unlock_and_close(one)
        unlock_and_close(one)
        assert lock_file(other)


def test_an_owner_in_another_process_counts_until_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.touch()
    script = (
        "import sys; from imageapis.core.files import lock_file; file = open(sys.argv[1], 'r+b', buffering=0);"
        "print(lock_file(file), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, os.fspath(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"True\n"
        with path.open("r+b", buffering=0) as file:
            assert not lock_file(file)
            owner.kill()
            owner.wait(30)
            assert lock_file(file)


def test_a_forked_process_does_not_hold_on_to_a_file_that_was_disowned(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.touch()
    with path.open("r+b", buffering=0) as file:
        assert lock_file(file)
        heir = os.dup(file.fileno())  # what a fork leaves in the child: the same open file once more
        unlock_and_close(file)
    try:
        with path.open("r+b", buffering=0) as other:
            assert lock_file(other)
    finally:
        os.close(heir)
