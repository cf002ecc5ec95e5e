"""The one exception by which a step of the pipeline refuses its input, and how a command prints it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class PipelineError(Exception):
    """What is wrong, with which file or tool, and what to do: one sentence, shown without a traceback."""


def one_line(text: object, *, limit: int = 300) -> str:
    """The text of another tool's message, folded into one line of at most `limit` characters."""
    folded = " ".join(str(text).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def run(command: Callable[[], int]) -> int:
    """Run a command's body; a refusal, also the file system's, becomes one sentence on stderr and exit status 1."""
    try:
        return command()
    except PipelineError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as failure:
        print(f"{failure.filename or 'A file'} cannot be used: {failure.strerror or failure}.", file=sys.stderr)
        return 1
