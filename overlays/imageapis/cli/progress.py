"""How far an upload is, on standard error: a bar where somebody watches, a line now and then in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from imageapis._plain import printable
from imageapis.cli.text import size

if TYPE_CHECKING:
    from imageapis.core.progress import Progress

#: Seconds between two lines.
INTERVAL = 10.0


class Lines:
    """Writes a line at the start, one when something is there, the last, and one every ten seconds between.

    Args:
        write: Where lines go.
        now: The time in seconds.
    """

    def __init__(self, write: Callable[[str], object] | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._write = write or sys.stderr.write
        self._now = now
        self._written: float | None = None
        self._began = False

    def __call__(self, event: "Progress") -> None:
        """Take one event."""
        now = self._now()
        began = event.sent > 0
        found = began and not self._began
        due = self._written is None or now - self._written >= INTERVAL or event.sent == event.total
        if due or found:
            self._written = now
            self._began = began
            self._write((_line(event, timed=not found) if began or not event.total else _first(event)) + "\n")


def _first(event: "Progress") -> str:
    # Nothing of it counts yet, however much an earlier run has stored: nobody has looked.
    return f"Looking what is there already of {size(event.total or 0)}: {printable(event.file)}"


def _line(event: "Progress", *, timed: bool) -> str:
    parts = [size(event.sent)]
    if event.total is not None:
        parts = [f"{size(event.sent)} of {size(event.total)}"]
        if event.total:
            parts.append(f"{event.sent / event.total:.0%}")
    # The first few bytes, of which most of the time went by waiting, foretell nothing.
    if event.rate and timed:
        parts.append(f"{size(int(event.rate))}/s")
        if event.total is not None and event.sent < event.total:
            parts.append(f"{(event.total - event.sent) / event.rate:.0f} s left")
    return f"{', '.join(parts)}: {printable(event.file)}"


@contextmanager
def shown(quiet: bool) -> Iterator[Callable[["Progress"], object] | None]:
    """Give the function to pass as `progress=`, or `None` where nothing is to be shown."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console

        from imageapis.rich_progress import ProgressBar

        with ProgressBar(Console(stderr=True)) as bar:
            yield bar
    else:
        yield Lines()
