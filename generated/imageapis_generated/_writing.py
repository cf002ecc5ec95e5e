# Copied from scripts/pipeline/runtime.
# Do not edit: change it there, then run nox -s regenerate.

"""From values to JSON: the writers that generated requests are made of.

A writer takes what a caller gave and returns what JSON can hold, or raises `Unwritable`.
"""

from __future__ import annotations

import base64
import datetime as dt
import enum
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from ._values import ABSENT, Absent, Unwritable

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Return a value as JSON holds it.

    Raises:
        Unwritable: JSON has nothing for it.
    """
    if value is None or value.__class__ in (str, int, bool):
        return value
    if hasattr(value, "to_json"):
        return value.to_json()
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise Unwritable(f"{value} is a number that JSON does not have")
        return value
    if isinstance(value, Mapping):
        return {spelled(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, Sequence)) and not isinstance(
        value, (str, bytes, bytearray, memoryview)
    ):
        return [plain(one) for one in value]
    return spelled(value)


def filed(value: Any) -> Any:
    """Return what a form sends as files as it was given, one or several, and anything else as JSON holds it."""
    if (
        isinstance(value, (bytes, bytearray)) or hasattr(value, "read") or hasattr(value, "_fields")
    ):  # a `File`
        return value
    return [filed(one) for one in value] if isinstance(value, (list, tuple)) else plain(value)


def spelled(value: Any) -> str:
    """Return a single value as JSON and addresses spell it: true, 2026-01-01T00:00:00Z.

    Raises:
        Unwritable: It has no spelling: a time without an offset, an object.
    """
    if isinstance(value, enum.Enum):
        return spelled(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, UUID)):
        return str(value)
    if isinstance(value, dt.datetime):
        return moment_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    raise Unwritable(f"a single value was expected, not {type(value).__name__}")


def moment_text(value: dt.datetime) -> str:
    """Return a time as RFC 3339 spells it; it must say its offset."""
    if value.tzinfo is None:
        raise Unwritable(
            f"{value.isoformat()} does not say in which time zone: give it a tzinfo, e.g. datetime.UTC"
        )
    return value.isoformat().replace("+00:00", "Z")


def digits(value: Any) -> Any:
    """Return whole numbers as the text in which the service wants them, through arrays and objects."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise Unwritable(f"a whole number was expected, not {value}")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return {name: digits(one) for name, one in value.items()}
    return [digits(one) for one in items(value)]


def items(value: Any) -> Sequence[Any]:
    """Return the members of an array that a caller gave; one text is not an array of letters."""
    if isinstance(value, (str, bytes, bytearray, Mapping)) or not hasattr(value, "__iter__"):
        raise Unwritable(
            f"an array was expected, not {type(value).__name__}: put the one value into a list"
        )
    return list(value)


def each(value: Any) -> Any:
    """Return an array as JSON holds it."""
    return None if value is None else [plain(one) for one in items(value)]


def present(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields without those that are left out."""
    return {name: value for name, value in fields.items() if value is not ABSENT}


def given(value: T | None) -> T | Absent:
    """Return a value, or `ABSENT` for one that was not given."""
    return ABSENT if value is None else value


def fields_of(value: Any) -> list[tuple[str, Any]]:
    """Return the fields of an object that were given."""
    held = value.to_json() if hasattr(value, "to_json") else value
    return [(str(name), one) for name, one in held.items() if one is not None and one is not ABSENT]


def compact(value: Any) -> str:
    """Return a value as JSON in one line; for parameters whose content is JSON."""
    # Bytes that a form would send as a file are base64 in JSON.
    return json.dumps(
        plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=spelled
    )
