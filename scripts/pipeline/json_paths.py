"""Places in an OpenAPI document: the list of keys that leads to a value, and how an overlay or a reference names it."""

from __future__ import annotations

import json
from typing import Any

Place = tuple[Any, ...]


def jsonpath(place: Place) -> str:
    """The place as a normalised RFC 9535 path, as an overlay targets it."""
    return "$" + "".join(f".{part}" if _plain(part) else f"[{quoted(part)}]" for part in place)


def _plain(part: object) -> bool:
    return isinstance(part, str) and part.isidentifier() and part.isascii()


def quoted(part: object) -> str:
    """A key of a place, as it stands in brackets."""
    if isinstance(part, int):
        return str(part)
    text = json.dumps(part)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{text}'"


def component_name(schema: dict[str, Any]) -> str | None:
    """The component that a schema refers to, if it is a reference to one."""
    reference = schema.get("$ref")
    prefix = "#/components/schemas/"
    return reference[len(prefix) :] if isinstance(reference, str) and reference.startswith(prefix) else None
