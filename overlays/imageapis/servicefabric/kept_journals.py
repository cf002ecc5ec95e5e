"""Where the journals of `journal=True` lie: in the user's state folder, one for each cluster, path and source."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from imageapis.errors import InvalidArgument

if TYPE_CHECKING:
    Journaled = str | os.PathLike[str] | Literal[True]


def journal_path(journal: Journaled | bool | None, endpoint: str, path: str, source: object) -> Path | None:
    """Return the file of what was given as `journal=`, or `None` for none.

    Raises:
        InvalidArgument: It is `True`, and the source has no name that the next upload could know it by.
        OSError: The state folder cannot be made.
    """
    if journal is None or journal is False:
        return None
    if journal is not True:
        return Path(journal)
    if not isinstance(source, str | os.PathLike):
        raise InvalidArgument("journal=True knows a source by its path. Give a path, or journal= the name of a file.")
    import platformdirs

    folder = platformdirs.user_state_path("imageapis", appauthor=False) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    where = "\0".join((endpoint, path, os.path.realpath(source)))
    # The name is for people who look into the folder; the hash is what tells journals apart.
    name = "".join(char if char.isalnum() or char in "-_." else "_" for char in path)[-40:]
    return folder / f"{name}-{hashlib.sha256(where.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.journal"
