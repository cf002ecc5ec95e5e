"""The command line `imageapis`: a group a service, and `login`. Needs the extra `cli`.

Nothing of a service is imported before one of its commands runs, so that `--help` and completion answer at once.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command that the process was started with, and exit with its code (see `cli.outcome`)."""
    try:
        import typer  # noqa: F401 - only whether it is there
    except ImportError:
        sys.exit("The command line is an extra: pip install 'imageapis[cli]'")
    from imageapis.cli.app import app

    app(prog_name="imageapis")
