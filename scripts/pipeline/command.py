"""Runs the body of a command: alone in its project, and with every way to fail told in one sentence."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scripts.pipeline.errors import PipelineError
from scripts.pipeline.project_lock import half_published, locked

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.pipeline.project import Project

REFUSED, INTERRUPTED = 1, 130


def run(project: Project, command: Callable[[], int]) -> int:
    """Run a command's body while no other command works on the project; its exit status.

    A refusal, also the file system's, becomes one sentence on stderr and exit status 1; Ctrl-C one, and 130.
    """
    try:
        with locked(project):
            return command()
    except PipelineError as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except OSError as failure:
        print(f"{failure.filename or 'A file'} cannot be used: {failure.strerror or failure}.", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        rest = "the next command finishes what this one began" if half_published(project) else "nothing is half done"
        print(f"Interrupted: {rest}.", file=sys.stderr)
        return INTERRUPTED
