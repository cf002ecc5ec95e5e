"""Kills a process before its n-th change to the files of one folder: the same place in every run.

Python reports each opening, renaming, making and removing of files to audit hooks, before it happens. So the code
under test needs no place prepared for being killed.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SURVIVED = 42
KILLER = "from tests.pipeline.killed import kill_before"
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}


def kill_before(number: int, folder: str | Path, sign: int = signal.SIGKILL) -> Callable[[], int]:
    """From now on count the changes to files below `folder`, and send this process a signal before that one.

    Returns how many changes there were, as a function.
    """
    root, seen = os.fspath(folder), 0
    if sign == signal.SIGINT:
        # Who was started in the background of a shell ignores it, and so do all whom he starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event == "open":
            path, _, flags = arguments
            changes = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
        else:
            path, changes = (arguments or ("",))[0], event in _CHANGES
        if changes and isinstance(path, str | Path) and os.fspath(path).startswith(root):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), sign)

    sys.addaudithook(audit)
    return lambda: seen
