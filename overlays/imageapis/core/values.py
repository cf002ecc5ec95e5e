"""Reading wire values: times, whole numbers sent as text. What the standard library cannot read, dateutil does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment(text: str | None) -> datetime | None:
    """Return an aware datetime for an ISO 8601 text, or `None` for an absent one.

    A time without an offset is in UTC, as all three services mean it. More than six fractional digits are cut.

    Raises:
        ValueError: The text is not a time.
    """
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        from dateutil.parser import isoparse

        parsed = isoparse(text)
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)


def whole(value: Any) -> int | None:
    """Return an int for a number or its text, or `None` for an absent one.

    Raises:
        ValueError: The text is not a whole number.
        TypeError: The value is neither a number nor text.
    """
    if value is None or value == "":
        return None
    if isinstance(value, (bool, float)):
        raise TypeError(f"{value!r} is not a whole number")
    return int(value)
