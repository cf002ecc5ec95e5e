"""New files take the place of old ones all together, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.pipeline.errors import PipelineError
from scripts.pipeline.swap import Replacement, swap
from tests.pipeline.samples import contents

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a").write_text("old a")
    (tmp_path / "file").write_text("old file")
    (tmp_path / "gone").write_text("leaves")
    return tmp_path


def staged(tree: Path) -> list[Replacement]:
    new = tree / "staging"
    (new / "folder").mkdir(parents=True)
    (new / "folder" / "b").write_text("new b")
    (new / "file").write_text("new file")
    (new / "fresh").write_text("fresh")
    return [
        Replacement(tree / "old", new / "folder"),
        Replacement(tree / "file", new / "file"),
        Replacement(tree / "deep" / "fresh", new / "fresh"),
        Replacement(tree / "gone", None),
    ]


def test_every_replacement_is_made(tree: Path) -> None:
    swap(staged(tree), tree / "staging" / "attic")
    assert (tree / "old" / "b").read_text() == "new b"
    assert not (tree / "old" / "a").exists()
    assert (tree / "file").read_text() == "new file"
    assert (tree / "deep" / "fresh").read_text() == "fresh"
    assert not (tree / "gone").exists()


def test_a_failure_leaves_the_tree_as_it_was(tree: Path) -> None:
    before = contents(tree)
    replacements = [*staged(tree), Replacement(tree / "more", tree / "staging" / "never-staged")]
    with pytest.raises(PipelineError, match=r"could not be put in place.*nothing was changed"):
        swap(replacements, tree / "staging" / "attic")
    after = {name: text for name, text in contents(tree).items() if not name.startswith("staging/")}
    assert after == before
