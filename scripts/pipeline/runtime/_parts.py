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
_NO_STYLES: Final[Mapping[str, tuple[str, bool]]] = {}
_NO_HEADERS: Final[Mapping[str, str]] = {}
_DELIMITERS: Final = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_ANY_BYTES: Final = "application/octet-stream"


class File(NamedTuple):
    """A part of a form that is a file.

    Attributes:
        content: Its bytes, or an open binary file.
        filename: The name that the service is told.
        content_type: Its media type; left to the document and the file's name when `None`.
        headers: Further headers of this part.
    """

    content: Any
    filename: str = "file"
    content_type: str | None = None
    headers: Mapping[str, str] = _NO_HEADERS


def parts(
    value: Any,
    types: Mapping[str, Sequence[str]] = _NO_TYPES,
    styles: Mapping[str, tuple[str, bool]] = _NO_STYLES,
) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the parts of a form with files: bytes, open files and `File` are files, the rest is text or JSON.

    Args:
        value: The form.
        types: The media types that the document allows a part, by its name; ranges such as `image/*` among them.
        styles: The fields that are spelled as in a query, though without percent signs: by name, style and explode.

    Raises:
        Unwritable: A part cannot be written as any of its media types.
    """
    made: list[tuple[str, tuple[Any, ...]]] = []
    for name, one in fields_of(value):
        if name in styles and not _is_file(one):
            made += _styled(name, one, *styles[name])
            continue
        allowed = types.get(name, ())
        made += [(name, _part(name, each, allowed)) for each in (one if isinstance(one, list) else (one,))]
    return made


def typed_parts(
    types: Mapping[str, Sequence[str]], styles: Mapping[str, tuple[str, bool]] = _NO_STYLES
) -> Callable[[Any], list[tuple[str, tuple[Any, ...]]]]:
    """Return the writer of a form with files of which the document says how some parts are written; see `parts`."""
    return functools.partial(parts, types=types, styles=styles)


def is_parts(writer: Callable[[Any], Any]) -> bool:
    """Return whether a writer of bodies makes parts."""
    return getattr(writer, "func", writer) is parts


def _part(name: str, value: Any, allowed: Sequence[str]) -> tuple[Any, ...]:
    if isinstance(value, File):
        return _file(name, value, allowed)
    if _is_file(value):
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


def _is_file(value: Any) -> bool:
    one = value[0] if isinstance(value, list) and value else value
    return isinstance(one, (File, bytes, bytearray)) or hasattr(one, "read")


def _styled(name: str, value: Any, style: str, explode: bool) -> list[tuple[str, tuple[Any, ...]]]:
    if isinstance(value, (list, tuple)):
        if explode:
            return [(name, _part(name, one, ())) for one in value]
        return [(name, (None, _DELIMITERS[style].join(spelled(one) for one in value)))]
    if not isinstance(value, Mapping) and not hasattr(value, "to_json"):
        return [(name, (None, spelled(value)))]
    pairs = fields_of(value)
    if style == "deepObject":
        return [part for key, one in pairs for part in _styled(f"{name}[{key}]", one, style, True)]
    if explode:
        return [(key, (None, spelled(one))) for key, one in pairs]
    return [(name, (None, _DELIMITERS[style].join(spelled(one) for pair in pairs for one in pair)))]


def _file(name: str, file: File, allowed: Sequence[str]) -> tuple[Any, ...]:
    """Return a file; what the caller says that it is goes before all else, then what the document does."""
    if file.headers:
        bare = _file(name, file._replace(headers=_NO_HEADERS), allowed)
        return (*bare[:2], bare[2] if len(bare) > 2 else None, file.headers)
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
