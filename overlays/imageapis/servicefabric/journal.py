"""What an upload must remember to go on in another process: sessions, chunks, and what is stored already.

A journal is a text file with one JSON object a line, so that each step costs one short append however many came before
it. Without a path it is kept in memory; its `Resume` snapshot is what an interrupted upload hands to the caller.
"""

from __future__ import annotations

import copy
import io
import json
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from imageapis.core.files import Draft, lock_file, open_regular, unlock_and_close, write_all
from imageapis.errors import JournalError
from imageapis.servicefabric.journal_records import flaw
from imageapis.servicefabric.models import Resume

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO

    from imageapis.servicefabric.models import Record

_KIND = "imageapis.servicefabric"
_FORMAT = 1
#: Bytes of a journal that is read: notes on some millions of files. It is read line by line.
LARGEST = 2 << 30
#: Bytes of one line: a file of half a million chunks. The first line is a short one.
LONGEST_LINE, LONGEST_HEAD = 64 << 20, 64 << 10
#: How often a journal that its owner has just replaced is opened again.
_OPENINGS = 8


class Journal:
    """Notes on the paths of an upload. Its methods block, shortly; any thread may call them.

    Args:
        endpoint: The gateway's address; a journal of another is refused.
        path: The file, made with mode 0600 if it is not there; `None` keeps everything in memory.
        resume: Notes to begin with.

    Raises:
        JournalError: It is the journal of another cluster, in use or damaged, or no journal; or `resume` is not what
            an error carried.
        UnusableFile: There is no regular file at the path, but a link, a pipe or a device, say.
        OSError: The file cannot be read or written.
    """

    def __init__(self, endpoint: str, path: str | os.PathLike[str] | None = None, resume: Resume | None = None) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._records: dict[str, Record] = {} if resume is None else _records(resume, endpoint)
        self._file: FileIO | None = None
        self._end = 0
        if path is not None:
            self._open(path)

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
                unlock_and_close(self._file)
                self._file = None

    def _append(self, entry: dict[str, Any]) -> None:
        # One write a line, unbuffered: a killed process leaves whole lines and at most one torn end.
        if self._file is None:
            return
        line = _line(entry)
        try:
            write_all(self._file, line)
        except OSError:
            # On a full disk a part of it may be there, which the next line would become a part of.
            with suppress(OSError):
                self._file.seek(self._file.truncate(self._end))
            raise
        self._end += len(line)

    def _open(self, path: str | os.PathLike[str]) -> None:
        file = _owned(path)
        try:
            for entry in _entries(file, path, self._endpoint):
                _apply(self._records, entry)
            self._file = self._rewritten(file, path)
            self._end = self._file.tell()
        finally:
            unlock_and_close(file)

    def _rewritten(self, file: FileIO, path: str | os.PathLike[str]) -> FileIO:
        """Replace the file by what is still of use, all at once; there is no moment at which nobody owns it."""
        with Draft(path) as draft:
            if hasattr(os, "fchmod"):
                os.fchmod(draft.file.fileno(), 0o600)
            lock_file(draft.file)
            head = {"journal": _KIND, "format": _FORMAT, "endpoint": self._endpoint}
            draft.write(_line(head))
            for name, record in self._records.items():
                draft.write(_line({"begin": name, **record}))
            if os.name == "nt":
                unlock_and_close(file)  # a file that is open cannot be replaced there
            return draft.keep()


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, separators=(",", ":")).encode() + b"\n"


def _records(resume: Resume, endpoint: str) -> dict[str, Record]:
    """Return the notes of a `Resume`, which may have come a long way."""
    if not isinstance(resume, Resume) or not isinstance(resume.records, dict):
        raise JournalError(
            f"resume= takes what an UploadInterrupted or VerificationFailed carried, not {type(resume).__name__}."
        )
    if resume.endpoint != endpoint:
        raise JournalError(f"resume= belongs to an upload to {resume.endpoint}, not to {endpoint}.")
    for path, record in resume.records.items():
        if (what := flaw(record)) is not None or not isinstance(path, str):
            raise JournalError(f"resume= is not what an error carried: {what or 'a path is no text'}.")
    return copy.deepcopy(resume.records)


def _owned(path: str | os.PathLike[str]) -> FileIO:
    """Open a journal, or make it, and keep others from it."""
    in_use = JournalError(f"another upload is writing to the journal {os.fspath(path)}; give each its own.")
    for _ in range(_OPENINGS):
        file = open(open_regular(path, os.O_RDWR | os.O_CREAT), "r+b", buffering=0)  # noqa: SIM115, PTH123
        try:
            if not lock_file(file):
                raise in_use
            # Who owned it when we opened it may have replaced it since: what we own then is nobody's any more.
            if _is_at(file, path):
                return file
        except BaseException:
            unlock_and_close(file)
            raise
        unlock_and_close(file)
    raise in_use


def _is_at(file: FileIO, path: str | os.PathLike[str]) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.lstat(path))
    except FileNotFoundError:
        return False


def _entries(file: FileIO, path: str | os.PathLike[str], endpoint: str) -> Iterator[dict[str, Any]]:
    """Read what a journal holds, past a torn last line.

    Raises:
        JournalError: It is no journal, or that of another cluster, or damaged.
    """
    name = os.fspath(path)
    if os.fstat(file.fileno()).st_size > LARGEST:
        raise JournalError(f"{name} is larger than a journal of ours can be; it was left as it is. Give another path.")
    reader = io.BufferedReader(file, 1 << 20)
    try:
        first = reader.readline(LONGEST_HEAD)
        if not first:
            return
        head = _parsed(first)
        if head is None or head.get("journal") != _KIND or head.get("format") != _FORMAT:
            raise JournalError(f"{name} is not a journal of ours; it was left as it is. Give the path of a new file.")
        if head.get("endpoint") != endpoint:
            raise JournalError(f"{name} is the journal of uploads to {head.get('endpoint')}, not to {endpoint}.")
        number = 1
        while line := reader.readline(LONGEST_LINE):
            number += 1
            if not line.endswith(b"\n") and len(line) < LONGEST_LINE:
                return  # a process died in the middle of it
            entry = _parsed(line)
            why = "it cannot be read" if entry is None else _flaw(entry)
            if entry is None or why is not None:
                raise JournalError(
                    f"Line {number} of the journal {name} is damaged: {why}. It was left as it is; give the path of a "
                    "new file, and what is stored already is sent again."
                )
            yield entry
    finally:
        reader.detach()


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _flaw(entry: dict[str, Any]) -> str | None:
    """Return what is wrong with a line, or `None`."""
    fields = dict(entry)
    verb = next(iter(fields), "")
    path = fields.pop(verb, None)
    if verb not in ("begin", "note", "chunk", "forget") or not isinstance(path, str):
        return "it says nothing of a path"
    if verb == "chunk":
        return flaw({"chunks": [fields.pop("at", None)], **fields})
    return flaw(fields)


def _apply(records: dict[str, Record], entry: dict[str, Any]) -> None:
    verb, path = next(iter(entry.items()))
    del entry[verb]
    if verb == "begin":
        records[path] = entry
    elif verb == "note":
        records.setdefault(path, {}).update(entry)
    elif verb == "chunk":
        records.setdefault(path, {}).setdefault("chunks", []).append(entry["at"])
    else:
        records.pop(path, None)
