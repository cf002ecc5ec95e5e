"""The list of public names is what there is, and its changes are told in the changelog."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from scripts.public_api import FILE, ROOT, lines

if TYPE_CHECKING:
    from pathlib import Path

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

CHANGELOG = ROOT / "CHANGELOG.md"


def test_the_list_of_public_names_is_what_there_is() -> None:
    listed, there = FILE.read_text("utf-8").splitlines(), lines()
    gone, new = [one for one in listed if one not in there], [one for one in there if one not in listed]
    assert (gone, new) == ([], []), "nox -s public_api writes the list anew; CHANGELOG.md wants a line"


def told(root: Path, listed: str, changelog: str) -> bool:
    """Say whether the changelog changed with the list, or after it, in the history or in what is not committed."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    if git("status", "--porcelain", "--", changelog):
        return True
    if git("status", "--porcelain", "--", listed):
        return False
    latest = [git("log", "-1", "--format=%H", "--", one) for one in (listed, changelog)]
    ancestor = subprocess.run(["git", "merge-base", "--is-ancestor", *latest], cwd=root, check=False)
    return ancestor.returncode == 0


@needs_git
def test_a_change_of_public_names_is_told_in_the_changelog() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("needs the history: this is no checkout")
    assert told(ROOT, str(FILE.relative_to(ROOT)), CHANGELOG.name)


@needs_git
def test_a_change_that_is_not_told_is_found(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def change(name: str) -> None:
        with (tmp_path / name).open("a") as file:
            file.write("a line\n")

    def commit() -> None:
        git("add", "-A")
        git("commit", "-m", "A change")

    git("init")
    change("list")
    change("changelog")
    commit()
    assert told(tmp_path, "list", "changelog")
    change("list")
    assert not told(tmp_path, "list", "changelog")
    commit()
    assert not told(tmp_path, "list", "changelog")
    change("changelog")
    assert told(tmp_path, "list", "changelog")
    commit()
    assert told(tmp_path, "list", "changelog")
