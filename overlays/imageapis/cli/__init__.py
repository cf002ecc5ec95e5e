"""The command line `imageapis`: a group a service, and `login`. Needs the extra `cli`.

Nothing of a service is imported before one of its commands runs, so that `--help` and completion answer at once.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

__all__ = ["main"]


def main() -> None:
    """Run the command that the process was started with, and exit with its code (see `cli.outcome`)."""
    _prepare_streams()
    try:
        try:
            _run()
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:  # before a command began
        _end("Cancelled by Ctrl-C.", 130)
    except OSError as failure:
        # A full disk, or a reader that has seen enough.
        why = None if isinstance(failure, BrokenPipeError) else f"The output cannot be written: {failure.strerror}."
        _end(why, 1)


def _run() -> None:
    try:
        import typer  # noqa: F401 - only whether it is there
    except ImportError:
        sys.exit("The command line is an extra: pip install 'imageapis[cli]'")
    from imageapis.cli.app import app

    app(prog_name="imageapis")


def _end(why: str | None, code: int) -> NoReturn:
    # Python would try once more to write what is left, and complain once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if why is not None:
        sys.stderr.write(f"imageapis: {why}\n")
    sys.exit(code)


def _prepare_streams() -> None:
    """Let every name be written: spelt out where the encoding lacks it, to nobody where a stream is closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
