"""The parts of a form with files: what each is made of, and which media type it is said to have."""

from __future__ import annotations

import functools
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Any, Final, NamedTuple

from ._values import Unwritable
from ._writing import compact, fields_of, spelled

_NO_TYPES: Final[Mapping[str, Sequence[str]]] = {}
_ANY_BYTES: Final = "application/octet-stream"


class File(NamedTuple):
    """A part of a form that is a file.

    Attributes:
        content: Its bytes, or an open binary file.
        filename: The name that the service is told.
        content_type: Its media type; left to the document and the file's name when `None`.
    """

    content: Any
    filename: str = "file"
    content_type: str | None = None


def parts(value: Any, types: Mapping[str, Sequence[str]] = _NO_TYPES) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the parts of a form with files: bytes, open files and `File` are files, the rest is text or JSON.

    Args:
        value: The form.
        types: The media types that the document allows a part, by its name; ranges such as `image/*` among them.

    Raises:
        Unwritable: A part cannot be written as any of its media types.
    """
    made: list[tuple[str, tuple[Any, ...]]] = []
    for name, one in fields_of(value):
        allowed = types.get(name, ())
        made += [(name, _part(name, each, allowed)) for each in (one if isinstance(one, list) else (one,))]
    return made


def typed_parts(types: Mapping[str, Sequence[str]]) -> Callable[[Any], list[tuple[str, tuple[Any, ...]]]]:
    """Return the writer of a form with files that says of some of its parts which media types they may have."""
    return functools.partial(parts, types=types)


def is_parts(writer: Callable[[Any], Any]) -> bool:
    """Return whether a writer of bodies makes parts."""
    return getattr(writer, "func", writer) is parts


def _part(name: str, value: Any, allowed: Sequence[str]) -> tuple[Any, ...]:
    if isinstance(value, File):
        return _file(name, value, allowed)
    if isinstance(value, (bytes, bytearray)) or hasattr(value, "read"):
        path = getattr(value, "name", None)
        # Where a file lies is nobody's business but the caller's.
        return _file(name, File(value, (PurePath(path).name if isinstance(path, str) else "") or name), allowed)
    if isinstance(value, (Mapping, list, tuple)):
        said = _json_type(allowed)
        if said is None:
            raise _unwritable(name, allowed, "an object or array")
        return (None, compact(value), said)
    if not allowed:
        return (None, spelled(value))
    said = next((one for one in allowed if "*" not in one), None) or _fitting("text/plain", allowed)
    if said is None:
        raise _unwritable(name, allowed, "a text")
    return (None, compact(value) if _is_json(said) else spelled(value), said)


def _file(name: str, file: File, allowed: Sequence[str]) -> tuple[Any, ...]:
    """Return a file; what the caller says that it is goes before all else, then what the document does."""
    if file.content_type is not None:
        return (file.filename, file.content, file.content_type)
    if not allowed:
        return (file.filename, file.content)
    exact = [one for one in allowed if "*" not in one]
    # The file's name tells it among several; of bytes without one nothing is known.
    named = None if len(allowed) == len(exact) == 1 else mimetypes.guess_type(file.filename)[0]
    said = _fitting(named, allowed) or next(iter(exact), None) or _fitting(_ANY_BYTES, allowed)
    if said is None:
        raise _unwritable(name, allowed, "a file whose name does not tell its type")
    return (file.filename, file.content, said)


def _fitting(named: str | None, allowed: Sequence[str]) -> str | None:
    """Return a media type if it is one of those allowed."""
    bare = [one.partition(";")[0].strip().lower() for one in allowed]
    return named if named is not None and any(fnmatchcase(named, one) for one in bare) else None


def _json_type(allowed: Sequence[str]) -> str | None:
    """Return the media type of a part of JSON."""
    exact = next((one for one in allowed if "*" not in one and _is_json(one)), None)
    return exact or (_fitting("application/json", allowed) if allowed else "application/json")


def _is_json(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower().endswith(("/json", "+json"))


def _unwritable(name: str, allowed: Sequence[str], what: str) -> Unwritable:
    return Unwritable(
        f"the part {name!r} can be {', '.join(allowed)}, and {what} was given: give `values.File` with its content_type"
    )
