"""What is judged after each trial: descriptors, threads, files, memory; types of values; secrets in what is shown."""

from __future__ import annotations

import collections.abc
import datetime as dt
import gc
import logging
import pickle
import re
import sys
import threading
import traceback
import types
import typing
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.errors import ImageApiError, StatusError
from tests.attack.planted import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

#: MiB by which a trial may raise the memory that is in use at its peak.
MEMORY = 200


class Census:
    """Counts what a process holds; `leaks` compares with the count before.

    Args:
        scratch: The folder in which temporary files are made.
        kept: Names of files that a trial may leave in it.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._files = _descriptors()
        self._threads = set(threading.enumerate())
        self._entries = {entry.name for entry in scratch.iterdir()}
        _reset_peak()
        self._memory = _peak()

    def leaks(self) -> Iterator[tuple[str, str]]:
        """Yield what is there now and was not before: the kind of leak, and what it is."""
        if (grown := _peak() - self._memory) > MEMORY:
            yield "memory", f"+{grown} MiB"
        gc.collect()
        for thread in set(threading.enumerate()) - self._threads:
            # Idle threads of trio's own cache end by themselves.
            if thread.name.startswith("Trio thread"):
                continue
            thread.join(60)
            if thread.is_alive():
                yield "threads", thread.name
        for number, target in (_descriptors() - self._files).items():
            kind = "sockets" if "socket:" in number else "descriptors"
            yield kind, f"{number} x{target}"
        if left := {entry.name for entry in self._scratch.iterdir()} - self._entries:
            yield "temporary files", ", ".join(sorted(left))


def _descriptors() -> collections.Counter[str]:
    found: collections.Counter[str] = collections.Counter()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        # Which socket it is does not count, but how many there are.
        found["socket:" if target.startswith("socket:") else re.sub(r"/attack-\w+", "", target)] += 1
    return found


def _reset_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    except OSError:
        return


def _peak() -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


class Ears:
    """Hears log lines of every logger, warnings, and exceptions that nobody could raise."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.odd: list[str] = []
        self._handler = _Lines(self.lines)

    def __enter__(self) -> typing.Self:
        self._hooks = sys.unraisablehook, threading.excepthook
        sys.unraisablehook = lambda it: self.odd.append(f"unraisable {it.exc_type.__name__}: {it.exc_value}")
        threading.excepthook = lambda it: self.odd.append(f"in a thread {it.exc_type.__name__}: {it.exc_value}")
        self._warned = warnings.catch_warnings(record=True)
        self._warnings: Any = self._warned.__enter__()
        warnings.simplefilter("always")
        return self

    def __exit__(self, *_: object) -> None:
        sys.unraisablehook, threading.excepthook = self._hooks
        self._warned.__exit__(None, None, None)
        logging.getLogger().removeHandler(self._handler)

    def listen(self, level: int) -> None:
        logging.getLogger().addHandler(self._handler)
        logging.getLogger().setLevel(level)

    def warned(self) -> list[str]:
        """Return the warnings that no caller expects."""
        bad = (ResourceWarning, RuntimeWarning, SyntaxWarning)
        said = [f"{it.category.__name__}: {it.message}" for it in self._warnings if issubclass(it.category, bad)]
        # httpx does not close the generator over a small body when the connection fails before all of it was taken;
        # it holds bytes and nothing else. trio is the only event loop that says so.
        return [text for text in said if "httpx._content.ByteStream" not in text]


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._to = lines

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        self._to.append(text)


def surfaces(failure: BaseException) -> Iterator[tuple[str, str]]:
    """Yield all texts in which an exception shows itself, with those that it hides behind it."""
    seen: set[int] = set()
    todo: list[BaseException | None] = [failure]
    while todo:
        error = todo.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        whose = "" if error is failure else " of what is behind it"
        yield "text" + whose, f"{error} {error!r} {getattr(error, '__notes__', '')}"
        if isinstance(error, ImageApiError):
            yield "fields" + whose, repr(error.__dict__)
        todo += [error.__cause__, error.__context__]
    yield "traceback", "".join(traceback.format_exception(failure))
    if isinstance(failure, ImageApiError):
        yield "pickle", pickle.dumps(failure).decode("latin-1")


def secrets_in(texts: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Yield the places in which a secret shows."""
    for place, text in texts:
        at = text.find(MARK)
        if at >= 0:
            yield f"{place}: ...{text[max(0, at - 60) : at + 40]!r}"


_FIELDS: dict[str, Any] = {"code": str, "reason": str, "request_id": str, "retry_after": (int, float)}


def error_faults(failure: ImageApiError) -> Iterator[str]:
    """Yield what an error of ours lacks: one line of text, fields of the declared types, a way through pickle."""
    text = str(failure)
    if not text or "\n" in text or "\r" in text:
        yield f"text is not one line: {text[:100]!r}"
    if len(text) > 20_000:
        yield f"text of {len(text)} characters"
    try:
        text.encode()
    except UnicodeEncodeError:
        yield "text cannot be printed"
    copied = pickle.loads(pickle.dumps(failure))
    if type(copied) is not type(failure) or str(copied) != text:
        yield "another after pickle"
    if failure.page_token is not None and not isinstance(failure.page_token, str):
        yield f"page_token is {type(failure.page_token).__name__}"
    if isinstance(failure, StatusError):
        for name, kind in _FIELDS.items():
            held = getattr(failure, name)
            if held is not None and not isinstance(held, kind):
                yield f"{name} is {type(held).__name__}"
        if not isinstance(failure.status, int):
            yield f"status is {type(failure.status).__name__}"


def _resolved(kind: type) -> None:
    if not getattr(kind, "_attack_resolved", False):
        names = {
            "datetime": dt.datetime,
            "dt": dt,
            "Mapping": collections.abc.Mapping,
            "Path": Path,
            "Sequence": collections.abc.Sequence,
        }
        attrs.resolve_types(kind, {**vars(sys.modules[kind.__module__]), **names, "Any": Any})
        RESOLVED.add(kind)


RESOLVED: set[type] = set()


def misfit(value: Any, promised: Any, where: str = "") -> str | None:
    """Return where a value is not of the promised type, or `None`."""
    origin, arguments = typing.get_origin(promised), typing.get_args(promised)
    if promised is Any:
        return None
    if promised is None or promised is type(None):
        return None if value is None else f"{where} is {type(value).__name__}, not None"
    if origin in (types.UnionType, typing.Union):
        found = [misfit(value, each, where) for each in arguments]
        return None if None in found else next((it for it in found if it and "." in it), found[0])
    if origin in (tuple, list):
        if type(value) is not origin:
            return f"{where} is {type(value).__name__}, not {origin.__name__}"
        return next((it for it in (misfit(each, arguments[0], f"{where}[]") for each in value) if it), None)
    if origin in (dict, collections.abc.Mapping):
        if not isinstance(value, collections.abc.Mapping):
            return f"{where} is {type(value).__name__}, not a mapping"
        return next((f"{where} has a key {type(key).__name__}" for key in value if not isinstance(key, str)), None)
    if promised in (int, float) and isinstance(value, bool):
        return f"{where} is bool"
    if promised is float and isinstance(value, int):
        return None
    if not isinstance(value, promised):
        return f"{where} is {type(value).__name__}, not {promised.__name__}"
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return f"{where} is a time without an offset"
    if attrs.has(promised):
        if promised not in RESOLVED:
            _resolved(promised)
        for field in attrs.fields(promised):
            if field.type is not None and not isinstance(field.type, str):
                wrong = misfit(getattr(value, field.name), field.type, f"{promised.__name__}.{field.name}")
                if wrong:
                    return wrong
    return None
