"""Puts new files and folders in the place of old ones, all or none.

Each replacement is two renames on one file system: the old away, the new in. When one fails, those already done are
undone in reverse, so that the tree is as it was.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Replacement:
    """What shall stand at `target`: the staged file or folder, or nothing."""

    target: Path
    staged: Path | None


def swap(replacements: Sequence[Replacement], attic: Path) -> None:
    """Make every replacement, or none of them and raise `PipelineError`.

    Args:
        replacements: targets and what replaces them, on the same file system as `attic`.
        attic: a folder for what is replaced; the caller deletes it afterwards.
    """
    attic.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as undo:
        try:
            for number, replacement in enumerate(replacements):
                target, kept = replacement.target, attic / str(number)
                if target.exists():
                    target.rename(kept)
                    undo.callback(kept.rename, target)
                if replacement.staged is not None:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    replacement.staged.rename(target)
                    undo.callback(_remove, target)
        except OSError as failure:
            reason = failure.strerror or str(failure)
            raise PipelineError(
                f"The new files could not be put in place ({reason}: {failure.filename}); nothing was changed."
            ) from failure
        undo.pop_all()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
