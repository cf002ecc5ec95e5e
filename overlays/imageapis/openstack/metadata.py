"""What Nova would do to metadata without saying so, checked before sending; and the turns of writers of one image.

Sources: Nova's schema for the body (key pattern, lengths) and recorded answers of Nova 34 on Glance 33. The calls
themselves are in `client`.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from imageapis.core.processes import PerProcess
from imageapis.errors import ImageApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from imageapis.core.io import Io

KEY = re.compile(r"[a-zA-Z0-9\-_:. ]{1,255}")
LONGEST_VALUE = 255

#: The image service's own fields: Nova answers 200 and nothing is stored.
DROPPED = frozenset(
    {
        *("name", "id", "visibility", "owner", "min_ram", "min_disk", "container_format", "disk_format"),
        *("checksum", "stores", "os_hidden", "os_hash_algo", "os_hash_value"),
    }
)
#: Names with which Nova fails (500) or which the image service lets nobody write (403).
REFUSED = frozenset(
    {
        *("status", "size", "protected", "tags", "locations", "self", "virtual_size"),
        *("direct_url", "created_at", "updated_at", "deleted_at", "file", "schema", "deleted"),
    }
)


def checked(items: Mapping[str, str]) -> dict[str, str]:
    """Return metadata that Nova will store as it is.

    Raises:
        ValueError: A key or a value is not one that it stores.
        TypeError: A key or a value is not text.
    """
    for key, value in items.items():
        check_key(key)
        if not isinstance(value, str):
            raise TypeError(f"The value of metadata item {key!r} is {type(value).__name__}, but Nova takes text only.")
        if len(value) > LONGEST_VALUE:
            raise ValueError(f"The value of metadata item {key!r} has {len(value)} characters; {LONGEST_VALUE} fit.")
        if any(character > "\uffff" for character in value):
            raise ValueError(
                f"The value of metadata item {key!r} has a character above U+FFFF (an emoji?), "
                "which the image service does not take."
            )
    return dict(items)


def check_key(key: str) -> None:
    """Refuse a key that cannot be stored under its name.

    Raises:
        ValueError: It cannot.
        TypeError: It is not text.
    """
    if not isinstance(key, str):
        raise TypeError(f"Metadata key {key!r} is not text.")
    if not KEY.fullmatch(key):
        raise ValueError(
            f"Metadata key {key[:80]!r} is none that Nova takes: 1 to 255 of the letters A-Z and a-z, digits, "
            "'-', '_', ':', '.' and blanks."
        )
    if key != key.strip():
        raise ValueError(f"Metadata key {key!r} would be stored without the blanks at its ends: leave them out.")
    if key in DROPPED:
        raise ValueError(
            f"Metadata key {key!r} is a field of the image itself: Nova would answer 200 and store nothing. "
            "Change it in the image service."
        )
    if key in REFUSED or key.startswith("os_glance_"):
        raise ValueError(f"Metadata key {key!r} is reserved by the image service, which lets nobody write it here.")


def reachable(key: str) -> bool:
    """Say whether a key can stand in a path: Nova finds none with a slash or beyond ASCII, HTTP clients cut dots."""
    return key.isascii() and "/" not in key and key not in {"", ".", ".."}


def writable(items: Mapping[str, Any], without: str) -> dict[str, str]:
    """Return all items but one, for writing them back.

    Raises:
        ImageApiError: One of the others cannot be written back.
    """
    rest = {key: value for key, value in items.items() if key != without}
    try:
        return checked(rest)
    except (ValueError, TypeError) as failure:
        raise ImageApiError(
            f"Metadata item {without!r} cannot be named in a path, so that all others would have to be written anew, "
            f"and one of them cannot be: {failure} Nothing was sent. Delete the item in the image service instead."
        ) from None


def not_stored(sent: Mapping[str, str], stored: Mapping[str, Any]) -> list[str]:
    """Return the keys that were sent and are not stored with the value that was sent."""
    lists = {"mappings", "block_device_mapping"}
    return [key for key, value in sent.items() if stored.get(key) != value and not (key in lists and key in stored)]


class Turns:
    """One writer at a time for each image, whatever thread, event loop or client it comes from.

    Nova reads all metadata, changes it and writes it all back: of two writers at once, one loses, and both get a 200.
    Other processes are out of reach.
    """

    def __init__(self) -> None:
        self._here = PerProcess(_Lines)

    @asynccontextmanager
    async def of(self, io: Io, image: Any) -> AsyncIterator[None]:
        """Wait for this writer's turn, and hold it as long as the context lasts."""
        turn = _Turn(io)
        lines = self._here.get()
        waits = lines.join(image, turn)
        try:
            if waits:
                await io.wait(turn)
            yield
        finally:
            lines.leave(image, turn)


class _Lines:
    """The writers of each image in one process. A forked child begins without its parent's, who never leave there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # never held across an await
        self._lines: dict[Any, deque[_Turn]] = {}

    def join(self, image: Any, turn: _Turn) -> bool:
        """Say whether a writer has to wait for another."""
        with self._lock:
            line = self._lines.setdefault(image, deque())
            # A blocking client called on an event loop's own thread must not wait for a task of that loop.
            stuck = not turn.suspends and any(other.in_loop_of(turn) for other in line)
            waits = bool(line) and not stuck
            line.append(turn)
        return waits

    def leave(self, image: Any, turn: _Turn) -> None:
        """Let the next one write."""
        with self._lock:
            line = self._lines[image]
            was_first = line[0] is turn
            line.remove(turn)
            following = line[0] if line and was_first else None
            if not line:
                del self._lines[image]
        if following is not None and not following.done():
            following.set_result(None)


class _Turn(Future[None]):
    def __init__(self, io: Io) -> None:
        super().__init__()
        self.suspends = io.suspends
        self.thread = threading.get_ident()
        self.set_running_or_notify_cancel()  # so that a cancelled waiter cannot cancel what another has to set

    def in_loop_of(self, other: _Turn) -> bool:
        return self.suspends and self.thread == other.thread
