"""Text for people: names made safe for a terminal, sizes and times."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def printable(text: str) -> str:
    """Return text whose control characters are spelt out: names come from servers, and a terminal obeys such codes."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def size(count: int | None) -> str:
    """Return a number of bytes with a unit."""
    if count is None:
        return ""
    value, unit = float(count), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{count} B"


def time(moment: datetime | None) -> str:
    """Return a time in UTC, to the second."""
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def cell(value: Any) -> str:
    """Return a value as the text of a table's cell."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return time(value)
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Iterable):
        return ", ".join(cell(one) for one in value)
    return str(value)
