"""New files take the place of old ones all together, or not at all, wherever the process is killed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.pipeline.errors import PipelineError
from scripts.pipeline.swap import JOURNAL, Replacement, recover, swap
from tests.pipeline.killed import KILLER, SURVIVED
from tests.pipeline.samples import contents

ROOT = Path(__file__).resolve().parents[2]
OLD = {"old/a": b"old a", "file": b"old file", "gone": b"leaves"}
NEW = {"old/b": b"new b", "file": b"new file", "deep/er/fresh": b"fresh"}


def make_tree(root: Path) -> Path:
    for name, text in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text)
    new = root / "staging" / "new"
    (new / "folder").mkdir(parents=True)
    (new / "folder" / "b").write_bytes(b"new b")
    (new / "file").write_bytes(b"new file")
    (new / "fresh").write_bytes(b"fresh")
    return root


def replacements(tree: Path) -> list[Replacement]:
    new = tree / "staging" / "new"
    return [
        Replacement(tree / "old", new / "folder"),
        Replacement(tree / "file", new / "file"),
        Replacement(tree / "deep" / "er" / "fresh", new / "fresh"),
        Replacement(tree / "gone", None),
    ]


def kept(tree: Path) -> dict[str, bytes]:
    return {name: text for name, text in contents(tree).items() if not name.startswith("staging/")}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return make_tree(tmp_path)


def test_every_replacement_is_made(tree: Path) -> None:
    swap(replacements(tree), tree / "staging")
    assert kept(tree) == NEW
    assert not (tree / "staging" / JOURNAL).exists()


def test_a_staged_file_that_is_missing_is_noticed_before_anything_moves(tree: Path) -> None:
    more = [*replacements(tree), Replacement(tree / "more", tree / "staging" / "never-staged")]
    with pytest.raises(PipelineError, match=r"never-staged is missing\); nothing was changed"):
        swap(more, tree / "staging")
    assert kept(tree) == OLD


def test_a_failure_on_the_way_leaves_the_tree_and_its_folders_as_they_were(tree: Path) -> None:
    (tree / "staging" / "new" / "more").write_bytes(b"more")
    more = [*replacements(tree), Replacement(tree / "file" / "below a file", tree / "staging" / "new" / "more")]
    with pytest.raises(PipelineError, match=r"could not be put in place.*nothing was changed"):
        swap(more, tree / "staging")
    assert kept(tree) == OLD
    assert not (tree / "deep").exists()
    assert not (tree / "staging" / JOURNAL).exists()


def swap_killed(tree: Path, event: int) -> bool:
    """Swap in a process that is killed before its change number `event` to the file system; whether it got there."""
    code = (
        f"from pathlib import Path; from scripts.pipeline.swap import swap; "
        f"from tests.pipeline.test_swap import replacements; {KILLER}; "
        f"kill_before({event}, {str(tree)!r}); tree = Path({str(tree)!r}); "
        f"swap(replacements(tree), tree / 'staging'); raise SystemExit({SURVIVED})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode in (SURVIVED, -signal.SIGKILL)
    return done.returncode != SURVIVED


@pytest.mark.skipif(sys.platform == "win32", reason="the process kills itself by a signal")
def test_a_kill_before_any_change_is_repaired_by_the_next_run(tmp_path: Path) -> None:
    seen = set()
    for event in range(1, 60):
        tree = make_tree(tmp_path / str(event))
        was_killed = swap_killed(tree, event)
        recover(tree / "staging")
        shutil.rmtree(tree / "staging")
        assert kept(tree) in (OLD, NEW), f"killed before change {event}"
        seen.add(kept(tree) == NEW)
        if not was_killed:
            break
    assert not was_killed, "the swap never came to its end"
    assert event > 10
    assert seen == {False, True}


def test_a_repair_may_itself_be_repeated(tree: Path) -> None:
    swap(replacements(tree), tree / "staging")
    assert recover(tree / "staging") is False
    assert kept(tree) == NEW


def test_a_journal_that_nobody_wrote_is_one_sentence(tree: Path) -> None:
    (tree / "staging" / JOURNAL).write_text('{"moves": 3}')
    with pytest.raises(PipelineError, match="is not the journal of an interrupted command"):
        recover(tree / "staging")
