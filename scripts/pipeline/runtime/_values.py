"""From JSON to values: the readers that generated value classes are made of, and the errors of reading and writing.

A reader takes what `json.loads` made and returns a value or raises; `Unreadable` names the place. Readers of unions are
in `_unions`, writers in `_writing`.
"""

from __future__ import annotations

import base64
import datetime as dt
import enum
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

#: Reads a time as the standard library does. Pages hold thousands, so that looking it up each time is felt.
_usual_moment: Final = dt.datetime.fromisoformat

#: What a reader may stumble over in an answer that is not what the document says. Errors are never raised while one of
#: these is handled: it may hold what the answer held, and would be seen in tracebacks.
PROBLEMS: Final = (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError)


class Absent(enum.Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


#: What a field of a request holds that is left out; `None` in the same field is sent as null.
ABSENT: Final = Absent.ABSENT


class Unreadable(ValueError):
    """An answer holds something else than its document says.

    Attributes:
        path: Where, e.g. `Image.tags[3].pullTime`.
        why: What was there instead.
    """

    def __init__(self, root: str, tail: str, why: str) -> None:
        self.path = f"{root}{tail}"
        self.why = why
        self._tail = tail
        super().__init__(root, tail, why)

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"

    def below(self, root: str, tail: str) -> Unreadable:
        """Return the same problem, seen from the value that holds this one."""
        return Unreadable(root, f"{tail}{self._tail}", self.why)


class Unwritable(ValueError):
    """An argument is something that the request cannot carry."""


def unreadable(name: str, field: str, problem: Exception) -> Unreadable:
    """Return the error for a field that could not be read.

    Args:
        name: The class.
        field: The field's name in JSON; empty when the value is no object at all.
        problem: What the reader stumbled over.
    """
    tail = f".{field}" if field else ""
    if isinstance(problem, Unreadable):
        return problem.below(name, tail)
    if not field:
        return Unreadable(name, "", f"an object was expected, not {said(problem)}")
    if isinstance(problem, KeyError):
        return Unreadable(name, tail, "it is missing")
    return Unreadable(name, tail, str(problem))


def said(problem: Exception) -> str:
    """Return what JSON calls the thing that has no `get`."""
    return kind(getattr(problem, "obj", None)) if isinstance(problem, AttributeError) else "that"


def kind(it: object) -> str:
    """Return what JSON calls a value; the value itself may be a secret."""
    names = {dict: "an object", list: "an array", str: "text", bool: "a truth value", type(None): "null"}
    return names.get(type(it), "a number" if isinstance(it, (int, float)) else type(it).__name__)


def _other(it: object, wanted: str) -> TypeError:
    return TypeError(f"{wanted} was expected, not {kind(it)}")


def text(it: Any) -> str:
    """Return a text."""
    if not isinstance(it, str):
        raise _other(it, "text")
    return it


def flag(it: Any) -> bool:
    """Return a truth value."""
    if not isinstance(it, bool):
        raise _other(it, "true or false")
    return it


def number(it: Any) -> float:
    """Return a number."""
    if isinstance(it, bool) or not isinstance(it, (int, float)):
        raise _other(it, "a number")
    return float(it)


def whole(it: Any) -> int:
    """Return a whole number, also one that came as text or as a float without fraction."""
    if isinstance(it, str):
        if not it.removeprefix("-").isdecimal() or len(it) > 40:
            raise ValueError(f"{short(it)} is not a whole number")
        return int(it)
    if isinstance(it, float) and it.is_integer():
        return int(it)
    if isinstance(it, bool) or not isinstance(it, int):
        raise _other(it, "a whole number")
    return it


def whole_or_none(it: Any) -> int | None:
    """Return a whole number; null and an empty text are `None`."""
    return None if it is None or it == "" else whole(it)


def moment(it: Any) -> dt.datetime:
    """Return an aware time; one without an offset is UTC. More than six fractional digits are cut."""
    try:
        parsed = _usual_moment(it)
    except (TypeError, ValueError):
        parsed = None
    if parsed is None:
        parsed = _unusual_moment(text(it))
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=dt.UTC)


def _unusual_moment(it: str) -> dt.datetime:
    """Return a time as ISO 8601 allows it and the standard library does not read it."""
    from dateutil.parser import isoparse

    with suppress(ValueError, OverflowError):
        return isoparse(it.upper())
    raise ValueError(f"{short(it)} is not a time")


def moment_or_none(it: Any, never: str | None = None) -> dt.datetime | None:
    """Return an aware time; null, an empty text and the service's word for never are `None`.

    Args:
        it: What was there.
        never: How a text begins that means never, e.g. `0001-01-01`.
    """
    if it is None or it == "" or (never is not None and it.__class__ is str and it.startswith(never)):
        return None
    return moment(it)


def day(it: Any) -> dt.date:
    """Return a date."""
    with suppress(ValueError):
        return dt.date.fromisoformat(text(it))
    raise ValueError(f"{short(it)} is not a date")


def uuid(it: Any) -> UUID:
    """Return a UUID."""
    with suppress(ValueError):
        return UUID(text(it))
    raise ValueError(f"{short(it)} is not a UUID")


def base64_bytes(it: Any) -> bytes:
    """Return the bytes that a text holds in base 64."""
    with suppress(ValueError):
        return base64.b64decode(text(it), validate=True)
    raise ValueError("the text is not base 64")


def anything(it: Any) -> Any:
    """Return a value of which the document says nothing."""
    return it


def short(it: object) -> str:
    """Return a value as errors show it."""
    shown = repr(it)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"


def array(it: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Return the members of an array."""
    if it.__class__ is not list:
        raise _other(it, "an array")
    made: list[T] = []
    try:
        made.extend(map(read, it))
    except PROBLEMS as problem:
        # What was read before it is there: that counts without a counter.
        error = _located(f"[{len(made)}]", problem)
    else:
        return tuple(made)
    raise error


def mapping(it: Any, read: Callable[[Any], T]) -> Mapping[str, T]:
    """Return the values of an object by their names."""
    if it.__class__ is not dict:
        raise _other(it, "an object")
    if read is anything:
        return dict(it)
    made: dict[str, T] = {}
    name = ""
    try:
        for name, one in it.items():
            made[name] = read(one)
    except PROBLEMS as problem:
        error = _located(f".{name}", problem)
    else:
        return made
    raise error


def _located(tail: str, problem: Exception) -> Unreadable:
    """Return the error for a member that could not be read."""
    return problem.below("", tail) if isinstance(problem, Unreadable) else Unreadable("", tail, str(problem))


def others(it: Mapping[str, Any], known: frozenset[str], read: Callable[[Any], T]) -> Mapping[str, T]:
    """Return the fields of an object that the document does not name."""
    return mapping({name: one for name, one in it.items() if name not in known}, read)


def twin(kind: type[T]) -> Any:
    """Return a class with the slots of a frozen one whose attributes can be set.

    Reading fills an instance of the twin and then gives it the frozen class: a third less time than the constructor
    of a frozen class takes, which sets each attribute through `object.__setattr__`.
    """
    # Python lets an object change its class only where the layouts are the same: hence no slot for weak references.
    body = {"__slots__": kind.__dict__["__slots__"], "__module__": kind.__module__}
    return type(f"_{kind.__name__}Twin", (), body)
