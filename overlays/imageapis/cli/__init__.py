"""The command line `imageapis`: a group a service, and `login`. Needs the extra `cli`.

Nothing of a service is imported before one of its commands runs, so that `--help` and completion answer at once.
"""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command that the process was started with, and exit with its code (see `cli.outcome`)."""
    try:
        import typer  # noqa: F401 - only whether it is there
    except ImportError:
        sys.exit("The command line is an extra: pip install 'imageapis[cli]'")
    from imageapis.cli.app import app

    _prepare_streams()
    app(prog_name="imageapis")


def _prepare_streams() -> None:
    """Let every name be written: spelt out where the encoding lacks it, to nobody where a stream is closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
