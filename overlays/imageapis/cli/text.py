"""Text for people: names made safe for a terminal, sizes and times."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from imageapis._plain import printable

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
#: Beyond what any machine holds a number is only shown: a server may name one that no division takes.
_LARGEST = 1 << 90


def size(count: int | None) -> str:
    """Return a number of bytes with a unit."""
    if count is None:
        return ""
    if abs(count) > _LARGEST:
        return f"{count} B"
    value, unit = float(count), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{count} B"


def time(moment: datetime | None) -> str:
    """Return a time in UTC, to the second; the first and the last days there are as they came."""
    if moment is None:
        return ""
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (OverflowError, ValueError):  # a "never" of a server's that UTC moves beyond the years that there are
        return moment.isoformat(" ", "seconds")


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
