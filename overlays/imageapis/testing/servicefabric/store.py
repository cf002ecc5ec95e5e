"""What the local image store holds: files on disk, folders, upload sessions, and the real store's rules for them.

Knows no HTTP: `operations` works on it. A refusal is raised as `Refusal`, in the gateway's own words.
"""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any

from imageapis.testing.servicefabric.records import Blob, Refusal, Session, Stored, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imageapis.core.clock import Clock

MARK = "_.dir"
RESERVED = frozenset({"store", "windowsfabricstore"})
#: Seconds without a stored chunk after which a session may go, and between the sweeps that remove such sessions.
SESSION_LIFE = 30 * 60.0
SWEEP = 5 * 60.0


class Store:
    """The image store of a cluster.

    Args:
        folder: Where the bytes lie.
        windows: Whether names ignore case and are shown with backslashes.
        clock: What sessions age by.
        keep: Whether bytes are kept; without, only their number is.
    """

    def __init__(self, folder: Path, *, windows: bool, clock: Clock, keep: bool = True) -> None:
        self.windows = windows
        self.separator = "\\" if windows else "/"
        self._folder = folder
        self._clock = clock
        self._keep = keep
        self._names = itertools.count(1)
        self._versions = itertools.count(131861800000000001)
        self._files: dict[str, Stored] = {}
        self.sessions: dict[str, Session] = {}
        self._sessions_since = 0.0

    # Paths

    def normal(self, path: str) -> str:
        """Return a store path in the store's own spelling of separators, outer spaces and separators trimmed."""
        other = "/" if self.windows else "\\"
        path = path.replace(other, self.separator)
        return path.strip(" " + self.separator)

    def key(self, path: str) -> str:
        """Return what a path is found by."""
        path = self.normal(path)
        return path.lower() if self.windows else path

    # Bytes

    def blob(self) -> tuple[Path | None, Any]:
        """Return a new file for a body, open for writing; of a store that keeps no bytes, nothing."""
        if not self._keep:
            return None, None
        path = self._folder / f"{next(self._names):08x}"
        return path, path.open("wb")

    @staticmethod
    def drop(*blobs: Blob) -> None:
        """Remove bytes from disk."""
        for blob in blobs:
            if blob.file is not None:
                blob.file.unlink(missing_ok=True)

    # Files

    def put(self, path: str, *parts: Blob) -> None:
        """Store a file, in place of an earlier one; the spelling of the first stays."""
        key = self.key(path)
        before = self._files.get(key)
        shown = self.normal(path) if before is None else before.path
        self._files[key] = Stored(shown, parts, self._clock.time(), next(self._versions))
        if before is not None:
            self.drop(*before.parts)

    def file(self, path: str) -> Stored | None:
        """Return the file at a path."""
        return self._files.get(self.key(path))

    def content(self, path: str) -> bytes:
        """Return the bytes of the file at a path.

        Raises:
            KeyError: There is none.
        """
        return b"".join(part.read() for part in self._files[self.key(path)].parts)

    def paths(self) -> list[str]:
        """Return all files' paths, with `/`, in order."""
        return sorted(stored.path.replace(self.separator, "/") for stored in self._files.values())

    def below(self, path: str) -> Iterator[Stored]:
        """Iterate over the files under a folder."""
        key = self.key(path)
        prefix = key + self.separator if key else ""
        return (stored for at, stored in list(self._files.items()) if at.startswith(prefix))

    def listing(self, path: str) -> list[tuple[str, Any]]:
        """Return a folder's direct entries, or the one file: `("file", Stored)` and `("folder", (path, count))`."""
        if (single := self.file(path)) is not None:
            return [("file", single)]
        depth = len(self.key(path).split(self.separator)) if self.key(path) else 0
        files: list[Stored] = []
        folders: dict[str, tuple[str, int]] = {}
        for stored in self.below(path):
            segments = stored.path.split(self.separator)
            if len(segments) == depth + 1:
                files.append(stored)
            else:
                name = self.separator.join(segments[: depth + 1])
                shown, count = folders.get(self.key(name), (name, 0))
                # A 16-bit counter in the real store.
                folders[self.key(name)] = (shown, (count + 1) % 65536)
        files.sort(key=lambda stored: stored.path)
        entries: list[tuple[str, Any]] = [("file", stored) for stored in files]
        return entries + [("folder", folders[name]) for name in sorted(folders)]

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with all below it; nothing there is as good."""
        if self.normal(path).lower() in RESERVED:
            raise Refusal(400, "FABRIC_E_IMAGEBUILDER_RESERVED_DIRECTORY_ERROR")
        gone = [*self.below(path), *filter(None, [self.file(path)])]
        for stored in gone:
            self.drop(*self._files.pop(self.key(stored.path)).parts)

    def copy(self, source: str, destination: str, skip: list[str], flag: str) -> None:
        """Copy a file, or a folder that has a mark; the destination of a folder is deleted first."""
        if self.windows and "/" in source:
            # The source is compared as it is written, and paths there are written with backslashes.
            raise Refusal(404, "FABRIC_E_FILE_NOT_FOUND", "The specified file was not found")
        single = self.file(source)
        if single is not None:
            self.put(destination, *self._duplicate(single))
            return
        if self.file(f"{source}/{MARK}") is None:
            raise Refusal(404, "FABRIC_E_FILE_NOT_FOUND", "The specified file was not found")
        if flag == "Echo" and self.file(f"{destination}/{MARK}") is not None:
            return
        prefix = len(self.normal(source)) + 1
        copies = [
            (stored.path[prefix:], self._duplicate(stored))
            for stored in self.below(source)
            if stored.path.rpartition(self.separator)[2] not in skip
        ]
        self.delete(destination)
        # Each folder's mark after what lies beside and below it.
        for name, parts in sorted(copies, key=lambda copy: (copy[0].endswith(MARK), -copy[0].count(self.separator))):
            self.put(destination + self.separator + name, *parts)

    def _duplicate(self, stored: Stored) -> tuple[Blob, ...]:
        parts = []
        for part in stored.parts:
            path, file = self.blob()
            if file is not None:
                file.write(part.read())
                file.close()
            parts.append(Blob(part.size, path))
        return tuple(parts)

    # Sessions

    def sweep(self) -> None:
        """Remove the sessions that the timer would have removed by now."""
        if not self.sessions:
            return
        since_first = self._clock.time() - self._sessions_since - SESSION_LIFE
        if since_first < 0:
            return
        last_sweep = self._sessions_since + SESSION_LIFE + since_first // SWEEP * SWEEP
        for session in list(self.sessions.values()):
            if session.modified + SESSION_LIFE <= last_sweep:
                self.forget(session.id)

    def forget(self, session_id: str) -> bool:
        """Drop a session and its chunks; say whether there was one. Chunks of a committed one are the file's."""
        session = self.sessions.pop(session_id, None)
        if session is None:
            return False
        owned = {id(part) for stored in self._files.values() for part in stored.parts}
        self.drop(*(blob for *_, blob in session.chunks if id(blob) not in owned))
        return True

    def fail_over(self) -> None:
        """Lose all sessions, as the store does when another replica takes over."""
        for session_id in list(self.sessions):
            self.forget(session_id)

    def chunk(self, path: str, session_id: str, bounds: tuple[int, int, int], blob: Blob) -> None:
        """Take in a chunk; the first one opens the session, without a check of its range."""
        start, end, total = bounds
        self.sweep()
        session = self.sessions.get(session_id)
        if session is None:
            if not self.sessions:
                self._sessions_since = self._clock.time()
            session = self.sessions[session_id] = Session(path, session_id, total, self._clock.time())
        elif session.path != path:
            raise Refusal(409, "FABRIC_E_UPLOAD_SESSION_ID_CONFLICT")
        elif session.total != total:
            raise invalid()
        elif not any(first <= start and end <= last for first, last in session.missing()):
            raise Refusal(400, "FABRIC_E_UPLOAD_SESSION_RANGE_NOT_SATISFIABLE")
        if total:
            session.chunks.append((start, end, blob))
        session.modified = self._clock.time()

    def commit(self, session_id: str) -> None:
        """Make a file of a session's chunks. The session stays until it expires; a second commit changes nothing."""
        self.sweep()
        session = self.sessions.get(session_id)
        if session is None or session.missing():
            raise invalid()
        chunks = sorted(session.chunks, key=lambda chunk: chunk[:2])
        parts = tuple(blob for *_, blob in chunks)
        size = sum(part.size for part in parts)
        if chunks[-1][1] != session.total - 1 or size != session.total:
            raise invalid(
                f"The merged file '{session.path}' has {size} bytes where {session.total} were expected. Please retry."
            )
        present = self.file(session.path)
        if present is None or present.parts != parts:
            if any(part.file is not None and not os.path.exists(part.file) for part in parts):  # noqa: PTH110
                raise Refusal(404, "NotFound")
            self.put(session.path, *parts)
