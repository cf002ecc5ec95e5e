"""How far an upload is, on standard error: a bar where somebody watches, a line now and then in a log.

And why it does not advance: while a network or a server is away, requests are tried again for minutes.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from imageapis._plain import printable
from imageapis.cli.outcome import complain, tell
from imageapis.cli.text import size

if TYPE_CHECKING:
    from imageapis.core.http import Request, Response
    from imageapis.core.progress import Progress
    from imageapis.errors import ImageApiError

#: Seconds between two lines.
INTERVAL = 10.0


class Lines:
    """Writes a line at the start, one when something is there, the last, and one every ten seconds between.

    Args:
        write: Where lines go.
        now: The time in seconds.
    """

    def __init__(self, write: Callable[[str], object] | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._write = write or tell
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


class Retries:
    """Says why requests are tried again: when the next one is sent, so not of a last failure, and every ten seconds.

    Args:
        quiet: Whether nothing is to be said.
        say: Where lines go.
        now: The time in seconds.
    """

    def __init__(
        self, quiet: bool, say: Callable[[str], object] = complain, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._say = say
        self._now = now
        self._why: str | None = None
        self._said: float | None = None
        #: To pass to a client.
        self.hooks: dict[str, list[Callable[..., None]]] = {}
        if not quiet:
            self.hooks = {"request": [self._sends], "response": [self._answered], "failure": [self._failed]}

    def _sends(self, request: "Request") -> None:
        now = self._now()
        if self._why is not None and (self._said is None or now - self._said >= INTERVAL):
            self._said = now
            self._say(f"{self._why} Trying again.")
        self._why = None

    def _answered(self, response: "Response") -> None:
        if response.status_code >= 500:
            request = response.request
            self._why = f"{request.method} {request.url.path} answered {response.status_code}."

    def _failed(self, request: "Request", failure: "ImageApiError") -> None:
        self._why = str(failure)


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
