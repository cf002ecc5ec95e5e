"""What callers give to operations: the checks of kinds and bounds that several operations share.

Much of it was read from a command line or a configuration, where a number is text and a name is missing; what does not
fit ends here, before anything is sent, and not as a comparison of a text with a number somewhere below.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from imageapis.errors import InvalidArgument, WrongType


def text(name: str, value: Any) -> str:
    """Return an argument that is text.

    Raises:
        WrongType: It is none.
    """
    if not isinstance(value, str):
        raise WrongType(f"{name} takes text, not {_kind(value)}.")
    return value


def texts(name: str, values: Any) -> list[str]:
    """Return an argument of several texts as a list.

    Raises:
        WrongType: It is one text, or holds something else, or nothing that could hold any.
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise WrongType(f"{name} takes a list of texts, not one {_kind(values)}.")
    return [text(f"each of {name}", value) for value in values]


def whole_number(name: str, value: Any, least: int | None = None, most: int | None = None) -> int:
    """Return an argument that is a whole number within its bounds.

    Raises:
        WrongType: It is no whole number.
        InvalidArgument: It is less, or more.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise WrongType(f"{name} takes a whole number, not {_kind(value)}.")
    if (least is not None and number < least) or (most is not None and number > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise InvalidArgument(f"{name} is {bounds}, not {shown(number)}.")
    return number


def seconds(name: str, value: Any) -> None:
    """Refuse what is no number of seconds. Infinity is one.

    Raises:
        WrongType: It is no number.
        InvalidArgument: It is NaN, negative, or beyond all floats.
    """
    try:
        found = None if isinstance(value, (str, bytes, bytearray, bool)) else float(value)
    except (TypeError, ValueError):
        found = None
    except OverflowError:
        found = -1.0
    if found is None:
        raise WrongType(f"{name} is a number of seconds of at least 0, not {_kind(value)}.")
    if not found >= 0:
        raise InvalidArgument(f"{name} is a number of seconds of at least 0, not {shown(value)}.")


def local_path(name: str, value: Any) -> str:
    """Return an argument that is a path of this machine.

    Raises:
        WrongType: It is none.
    """
    found = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(found, str):
        raise WrongType(f"{name} takes a path, not {_kind(value)}.")
    return found


def function(name: str, value: Any) -> None:
    """Refuse what cannot be called. `None` stands for no function.

    Raises:
        WrongType: It cannot.
    """
    if value is not None and not callable(value):
        raise WrongType(f"{name} takes a function, not {_kind(value)}.")


def functions(name: str, values: Any) -> tuple[Any, ...]:
    """Return an argument of several functions.

    Raises:
        WrongType: It is no list of such.
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise WrongType(f"{name} takes a list of functions, not {_kind(values)}.")
    found = tuple(values)
    for value in found:
        if not callable(value):
            raise WrongType(f"{name} takes a list of functions, and holds {_kind(value)}.")
    return found


def mapping(name: str, value: Any) -> Mapping[Any, Any]:
    """Return an argument that maps names to something.

    Raises:
        WrongType: It does not.
    """
    if not isinstance(value, Mapping):
        raise WrongType(f"{name} takes a mapping, not {_kind(value)}.")
    return value


def flag(name: str, value: Any) -> bool:
    """Return an argument that is true or false: a text such as `no` would count as true.

    Raises:
        WrongType: It is neither.
    """
    if not isinstance(value, bool):
        raise WrongType(f"{name} takes True or False, not {_kind(value)}.")
    return value


def one_of(name: str, value: Any, choices: Collection[Any]) -> None:
    """Refuse what is none of a few values.

    Raises:
        InvalidArgument: It is none.
    """
    # By their types as well: True is no number of pages. A member of an enumeration of texts is its text.
    kind = str if isinstance(value, str) else type(value)
    if not any(kind is type(choice) and value == choice for choice in choices):
        given = repr(value)[:40] if isinstance(value, str) else _kind(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            given = shown(value)
        raise InvalidArgument(f"{name} is one of {', '.join(map(str, choices))}, not {given}.")


def _kind(value: Any) -> str:
    """Return how a refusal calls a value: by its kind alone, as it may be a secret in another's place."""
    return "nothing" if value is None else type(value).__name__


def shown(number: Any) -> str:
    """Return a number for the text of a refusal."""
    # One of thousands of digits cannot even be written.
    return "one of so many digits" if number > 10**30 or number < -(10**30) else str(number)
