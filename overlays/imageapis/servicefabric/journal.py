"""What an upload must remember to go on in another process: sessions, chunks, and what is stored already.

A journal is a text file with one JSON object a line, so that each step costs one short append however many came before
it. Without a path it is kept in memory; its `Resume` snapshot is what an interrupted upload hands to the caller.
"""

from __future__ import annotations

import copy
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imageapis.servicefabric.models import Resume

if TYPE_CHECKING:
    from typing import BinaryIO

    from imageapis.servicefabric.models import Record

_KIND = "imageapis.servicefabric"
_FORMAT = 1


class Journal:
    """Notes on the paths of an upload. Its methods block, shortly; any thread may call them.

    Args:
        endpoint: The gateway's address; a journal of another is refused.
        path: The file, made with mode 0600 if it is not there; `None` keeps everything in memory.
        resume: Notes to begin with.

    Raises:
        ValueError: The file is something else, or the journal of another cluster, or in use.
        OSError: The file cannot be read or written.
    """

    def __init__(self, endpoint: str, path: str | os.PathLike[str] | None = None, resume: Resume | None = None) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._records: dict[str, Record] = {} if resume is None else copy.deepcopy(resume.records)
        self._file: BinaryIO | None = None
        if resume is not None and resume.endpoint != endpoint:
            raise ValueError(f"resume belongs to an upload to {resume.endpoint}, not to {endpoint}")
        if path is not None:
            self._open(Path(path))

    @property
    def kept(self) -> bool:
        """Whether the notes outlive this process."""
        return self._file is not None

    def get(self, path: str) -> Record | None:
        """Return what is known of a path."""
        return self._records.get(path)

    def begin(self, path: str, **fields: Any) -> None:
        """Replace what is known of a path."""
        with self._lock:
            self._records[path] = fields
            self._append({"begin": path, **fields})

    def note(self, path: str, **fields: Any) -> None:
        """Add to what is known of a path."""
        with self._lock:
            self._records.setdefault(path, {}).update(fields)
            self._append({"note": path, **fields})

    def chunk(self, path: str, start: int, size: int, digest: str) -> None:
        """Note that a chunk was acknowledged, with the SHA-256 of its bytes."""
        with self._lock:
            self._records.setdefault(path, {}).setdefault("chunks", []).append([start, size, digest])
            self._append({"chunk": path, "at": [start, size, digest]})

    def forget(self, path: str) -> None:
        """Forget a path."""
        with self._lock:
            self._records.pop(path, None)
            self._append({"forget": path})

    def snapshot(self) -> Resume:
        """Return all that is known, for an exception to carry."""
        with self._lock:
            return Resume(self._endpoint, copy.deepcopy(self._records))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()

    def _append(self, entry: dict[str, Any]) -> None:
        # One write a line, unbuffered: a killed process leaves whole lines and at most one torn end.
        if self._file is not None:
            self._file.write(json.dumps(entry, separators=(",", ":")).encode() + b"\n")

    def _open(self, path: Path) -> None:
        file = open(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b", buffering=0)  # noqa: SIM115, PTH123
        try:
            _lock_file(file, path)
            content = file.read()
            for entry in self._entries(content, path):
                _apply(self._records, entry)
            file.close()
            self._rewrite(path)
        except BaseException:
            file.close()
            raise

    def _entries(self, content: bytes, path: Path) -> list[dict[str, Any]]:
        lines = content.split(b"\n")
        torn = lines.pop()  # nothing, unless a process died in the middle of a line
        entries: list[dict[str, Any]] = []
        try:
            entries = [json.loads(line) for line in lines]
            head = entries.pop(0) if entries else None
        except ValueError:
            head = {}
        if head is None and not torn:
            return []
        if not isinstance(head, dict) or head.get("journal") != _KIND or head.get("format") != _FORMAT:
            raise ValueError(f"{path} is not a journal of ours; it was left as it is. Give the path of a new file.")
        if head["endpoint"] != self._endpoint:
            raise ValueError(f"{path} is the journal of uploads to {head['endpoint']}, not to {self._endpoint}")
        return entries

    def _rewrite(self, path: Path) -> None:
        """Replace the file by what is still of use, all at once, and keep the new one open and locked."""
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            head = {"journal": _KIND, "format": _FORMAT, "endpoint": self._endpoint}
            for entry in [head, *({"begin": name, **record} for name, record in self._records.items())]:
                file.write(json.dumps(entry, separators=(",", ":")).encode() + b"\n")
        draft.replace(path)
        self._file = open(path, "ab", buffering=0)  # noqa: SIM115, PTH123
        _lock_file(self._file, path)


def _apply(records: dict[str, Record], entry: dict[str, Any]) -> None:
    if "begin" in entry:
        records[entry.pop("begin")] = entry
    elif "note" in entry:
        records.setdefault(entry.pop("note"), {}).update(entry)
    elif "chunk" in entry:
        records.setdefault(entry["chunk"], {}).setdefault("chunks", []).append(entry["at"])
    elif "forget" in entry:
        records.pop(entry["forget"], None)


def _lock_file(file: Any, path: Path) -> None:
    """Keep another process from writing to the same journal; where the system has no such lock, go without."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ValueError(f"another upload is writing to the journal {path}; give each its own") from None
