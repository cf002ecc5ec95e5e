"""One command at a time in one project, and no trace of those that were killed.

The lock belongs to the process: the system drops it when the process ends, however it ends. So whoever holds it knows
that any staging folder was left by a dead command, finishes what that one had begun to publish, and deletes the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pipeline import swap
from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.project import Project

STAGING = ".staging-"


@contextlib.contextmanager
def locked(project: Project) -> Iterator[None]:
    """Hold the project for one command; waits, with a word on stderr, while another command has it.

    Raises:
        PipelineError: there is no project here, or what a killed command left behind cannot be repaired.
    """
    if not project.specs.is_dir():
        raise PipelineError(f"{project.root} has no specs/ folder: run this in a checkout of the project.")
    handle = _open(project.specs)
    try:
        _lock(handle)
        _clear(project)
        yield
    finally:
        os.close(handle)  # which unlocks


@contextlib.contextmanager
def staging_folder(project: Project) -> Iterator[Path]:
    """A folder on the project's own file system, so that what it holds can be renamed into place; deleted after.

    It stays only when a second Ctrl-C comes while the first is being undone: the next command finishes that.
    """
    home = project.root / "generated"
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=home))
    try:
        yield folder
    finally:
        if not (folder / swap.JOURNAL).exists():
            swap.discard(folder)


def half_published(project: Project) -> list[Path]:
    """The staging folders whose command ended between its first rename and its last."""
    return sorted((project.root / "generated").glob(f"{STAGING}*/{swap.JOURNAL}"))


def _clear(project: Project) -> None:
    """Finish or delete what killed commands left."""
    for folder in sorted((project.root / "generated").glob(f"{STAGING}*")):
        if swap.recover(folder):
            print("A command that was killed while it published is finished now.", file=sys.stderr)
        swap.discard(folder)


if sys.platform == "win32":
    import msvcrt

    def _open(folder: Path) -> int:
        """A file outside of the project stands for the folder, which Windows cannot lock."""
        name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
        return os.open(Path(tempfile.gettempdir()) / f"imageapis-{name}.lock", os.O_RDWR | os.O_CREAT)

    def _lock(handle: int) -> None:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            _say_waiting()
            while True:
                with contextlib.suppress(OSError):  # after ten seconds of waiting
                    return msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _open(folder: Path) -> int:
        """The folder itself is locked: nothing has to be made for it, and nothing stays behind."""
        return os.open(folder, os.O_RDONLY)

    def _lock(handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say_waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)


def _say_waiting() -> None:
    print("Another command works on this project: waiting for it.", file=sys.stderr, flush=True)
