"""Puts new files and folders in the place of old ones, all or none, also when the process is killed on the way.

A journal is written before the first rename and deleted after the last one. What a kill leaves half done, `recover`
finishes on the next run: whether a rename has happened shows in what stands where, so that repeating one does no harm.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Sequence

JOURNAL = "publish.json"
_IN, _OUT = "in", "out"


@dataclass(frozen=True)
class Replacement:
    """What shall stand at `target`: the staged file or folder, or nothing."""

    target: Path
    staged: Path | None


@dataclass(frozen=True)
class _Move:
    """A replacement with the place that keeps what it replaces until all is done."""

    target: Path
    staged: Path | None
    kept: Path

    def forward(self) -> None:
        """Take the old away and put the new in its place, as far as that has not happened yet."""
        if self.staged is None:
            if self.target.exists() and not self.kept.exists():
                self.target.rename(self.kept)
        elif self.staged.exists():
            if self.target.exists():
                self.target.rename(self.kept)
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self.staged.rename(self.target)

    def back(self) -> None:
        """Take the new away and put the old in its place again, as far as that has not happened yet."""
        if self.staged is not None and not self.staged.exists() and self.target.exists():
            self.target.rename(self.staged)
        if self.kept.exists():
            self.kept.rename(self.target)


def swap(replacements: Sequence[Replacement], folder: Path) -> None:
    """Make every replacement, or none of them and raise `PipelineError`.

    Args:
        replacements: targets and what replaces them; what is staged must exist, on the file system of `folder`.
        folder: a folder of our own, for the journal and for what is replaced; the caller deletes it afterwards.
    """
    attic = folder / "attic"
    attic.mkdir(parents=True, exist_ok=True)
    moves = [_Move(one.target, one.staged, attic / str(number)) for number, one in enumerate(replacements)]
    missing = next((move.staged for move in moves if move.staged is not None and not move.staged.exists()), None)
    if missing is not None:
        raise PipelineError(f"The new files could not be put in place ({missing} is missing); nothing was changed.")
    made = _missing_parents(moves)
    _write_journal(folder, _IN, moves, made)
    try:
        _finish(folder, _IN, moves, made)
    except BaseException as failure:
        _write_journal(folder, _OUT, moves, made)
        _finish(folder, _OUT, moves, made)
        if isinstance(failure, OSError):
            reason = failure.strerror or str(failure)
            raise PipelineError(
                f"The new files could not be put in place ({reason}: {failure.filename}); nothing was changed."
            ) from failure
        raise


def recover(folder: Path) -> bool:
    """Finish what a killed process began in `folder`; whether there was anything to finish."""
    journal = folder / JOURNAL
    try:
        said = json.loads(journal.read_text(encoding="utf-8"))
        direction = said["direction"]
        moves = [
            _Move(Path(target), None if staged is None else Path(staged), Path(kept))
            for target, staged, kept in said["moves"]
        ]
        made = [Path(parent) for parent in said["made"]]
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError) as broken:
        raise PipelineError(
            f"{journal} is not the journal of an interrupted command: restore the tree from version control, then "
            f"delete {folder}."
        ) from broken
    try:
        _finish(folder, direction, moves, made)
    except OSError as failure:
        raise PipelineError(
            f"An interrupted command could not be finished ({failure.strerror or failure}: {failure.filename}): "
            "mend that and run any command again."
        ) from failure
    return True


def _finish(folder: Path, direction: str, moves: list[_Move], made: list[Path]) -> None:
    if direction == _IN:
        for move in moves:
            move.forward()
    else:
        for move in reversed(moves):
            move.back()
        for parent in reversed(made):
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
    (folder / JOURNAL).unlink()


def _write_journal(folder: Path, direction: str, moves: list[_Move], made: list[Path]) -> None:
    """Replace the journal by one rename: it is never seen half written."""
    said = {
        "direction": direction,
        "moves": [[str(move.target), move.staged and str(move.staged), str(move.kept)] for move in moves],
        "made": [str(parent) for parent in made],
    }
    draft = folder / f"{JOURNAL}.new"
    draft.write_text(json.dumps(said, indent=1), encoding="utf-8")
    draft.replace(folder / JOURNAL)


def _missing_parents(moves: list[_Move]) -> list[Path]:
    """The folders that the moves will make on their way, outer ones first."""
    missing = {parent for move in moves for parent in move.target.parents if not parent.exists()}
    return sorted(missing, key=lambda parent: len(parent.parts))


def discard(folder: Path) -> None:
    """Delete a folder of ours with all that is left in it."""
    shutil.rmtree(folder, ignore_errors=True)  # a tool of the dead command may still write: the next run deletes
