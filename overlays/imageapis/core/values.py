"""Reading times off the wire. What the standard library cannot read, dateutil does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment(text: Any) -> datetime | None:
    """Return an aware datetime for an ISO 8601 text, or `None` for an absent one.

    A time without an offset is in UTC, as all three services mean it. More than six fractional digits are cut.

    Raises:
        ValueError: The text is not a time.
        TypeError: It is no text.
    """
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise TypeError(f"a time was expected, not {type(text).__name__}")
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        from dateutil.parser import isoparse

        parsed = isoparse(text)
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)
