"""Where the journals of `journal=True` lie: in the user's state folder, one for each cluster, path and source.

An upload that is done keeps its journal: the next one skips by it what did not change. Those that nobody has used for a
month are cleared away; all that is lost with one is that its upload sends everything again.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from imageapis.core.arguments import local_path
from imageapis.core.files import lock_file, open_regular, unlock_and_close
from imageapis.errors import InvalidArgument, UnusableFile

if TYPE_CHECKING:
    Journaled = str | os.PathLike[str] | Literal[True]

#: Seconds without use after which a journal is cleared away. Each use writes it anew.
KEPT = 30 * 86_400.0


def journal_path(journal: Journaled | bool | None, endpoint: str, path: str, source: object) -> Path | None:
    """Return the file of what was given as `journal=`, or `None` for none.

    Raises:
        InvalidArgument: It is `True`, and the source has no name that the next upload could know it by.
        UnusableFile: The state folder cannot be made, or not be written to.
    """
    if journal is None or journal is False:
        return None
    if journal is not True:
        return Path(local_path("journal", journal))
    if not isinstance(source, str | os.PathLike):
        raise InvalidArgument("journal=True knows a source by its path. Give a path, or journal= the name of a file.")
    import platformdirs

    folder = platformdirs.user_state_path("imageapis", appauthor=False) / "uploads"
    _make(folder)
    where = "\0".join((endpoint, path, os.path.realpath(source)))
    # The name is for people who look into the folder; the hash is what tells journals apart.
    name = "".join(char if char.isalnum() or char in "-_." else "_" for char in path)[-40:]
    mine = folder / f"{name}-{hashlib.sha256(where.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.journal"
    _clear(folder, mine, time.time() - KEPT)
    return mine


def _make(folder: Path) -> None:
    why = "its permissions forbid it"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK | os.X_OK):
            return
    except OSError as failure:
        why = f"{failure.filename}: {failure.strerror}"
    raise UnusableFile(
        f"Nothing can be written to the state folder {folder} ({why}): give journal= the name of a file elsewhere, or "
        "do without one."
    )


def _clear(folder: Path, mine: Path, before: float) -> None:
    """Delete what a folder keeps that was last used before a moment, but for one journal and those in use."""
    # A process that was killed can leave a draft.
    for kept in (*folder.glob("*.journal"), *folder.glob(".imageapis-*.part")):
        # What cannot be looked at or deleted is left: this upload is not about it.
        with suppress(OSError, UnusableFile):
            if kept != mine and kept.lstat().st_mtime < before:
                _delete(kept, before)


def _delete(kept: Path, before: float) -> None:
    file = open(open_regular(kept, os.O_RDWR), "r+b", buffering=0)  # noqa: SIM115, PTH123 - `unlock_and_close` closes it
    try:
        # Another upload may have taken it up since it was looked at.
        if lock_file(file) and os.fstat(file.fileno()).st_mtime < before:
            if os.name == "nt":
                unlock_and_close(file)  # a file that is open cannot be deleted there
            kept.unlink()
    finally:
        unlock_and_close(file)
