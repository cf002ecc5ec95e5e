"""The commands that `nox -s regenerate`, `check`, `upstream` and `add_service` run; nothing here is shipped."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


def _without_traceback(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """Ctrl-C while a command is still being imported takes one line too."""
    if issubclass(kind, KeyboardInterrupt):
        print("Interrupted: nothing was begun.", file=sys.stderr)
    else:
        sys.__excepthook__(kind, value, trace)


if sys.argv[:1] == ["-m"]:  # as a command, not as a package that a test imports
    sys.excepthook = _without_traceback
