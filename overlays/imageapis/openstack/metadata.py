"""What Nova would do to metadata without saying so, checked before sending.

Sources: Nova's schema for the body (key pattern, lengths) and recorded answers of Nova 34 on Glance 33. The calls
themselves are in `client`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from imageapis.core.arguments import text
from imageapis.errors import ImageApiError, InvalidArgument, WrongType

KEY = re.compile(r"[a-zA-Z0-9\-_:. ]{1,255}")
LONGEST_VALUE = 255

#: The image service's own fields: Nova answers 200 and nothing is stored.
DROPPED = frozenset(
    {
        *("name", "id", "visibility", "owner", "min_ram", "min_disk", "container_format", "disk_format"),
        *("checksum", "stores", "os_hidden", "os_hash_algo", "os_hash_value"),
    }
)
#: Names with which Nova fails (500) or which the image service lets nobody write (403).
REFUSED = frozenset(
    {
        *("status", "size", "protected", "tags", "locations", "self", "virtual_size"),
        *("direct_url", "created_at", "updated_at", "deleted_at", "file", "schema", "deleted"),
    }
)


def checked(items: Mapping[str, str]) -> dict[str, str]:
    """Return metadata that Nova will store as it is.

    Raises:
        InvalidArgument: A key or a value is not one that it stores.
        WrongType: A key or a value is not text.
    """
    if not isinstance(items, Mapping):
        raise WrongType(f"metadata takes a mapping of keys to values, not {type(items).__name__}.")
    for key, value in items.items():
        check_key(key)
        if not isinstance(value, str):
            raise WrongType(f"The value of metadata item {key!r} is {type(value).__name__}, but Nova takes text only.")
        if len(value) > LONGEST_VALUE:
            raise InvalidArgument(
                f"The value of metadata item {key!r} has {len(value)} characters; {LONGEST_VALUE} fit."
            )
        if any(character > "\uffff" for character in value):
            raise InvalidArgument(
                f"The value of metadata item {key!r} has a character above U+FFFF (an emoji?), "
                "which the image service does not take."
            )
    return dict(items)


def check_key(key: str) -> None:
    """Refuse a key that cannot be stored under its name.

    Raises:
        InvalidArgument: It cannot.
        WrongType: It is not text.
    """
    if not isinstance(key, str):
        raise WrongType(f"Metadata key {key!r} is not text.")
    if not KEY.fullmatch(key):
        raise InvalidArgument(
            f"Metadata key {key[:80]!r} is none that Nova takes: 1 to 255 of the letters A-Z and a-z, digits, "
            "'-', '_', ':', '.' and blanks."
        )
    if key != key.strip():
        raise InvalidArgument(f"Metadata key {key!r} would be stored without the blanks at its ends: leave them out.")
    if key in DROPPED:
        raise InvalidArgument(
            f"Metadata key {key!r} is a field of the image itself: Nova would answer 200 and store nothing. "
            "Change it in the image service."
        )
    if key in REFUSED or key.startswith("os_glance_"):
        raise InvalidArgument(
            f"Metadata key {key!r} is reserved by the image service, which lets nobody write it here."
        )


def reachable(key: str) -> bool:
    """Say whether a key can stand in a path: Nova finds none with a slash or beyond ASCII, HTTP clients cut dots."""
    return text("A metadata key", key).isascii() and "/" not in key and key not in {"", ".", ".."}


def writable(items: Mapping[str, Any], without: str) -> dict[str, str]:
    """Return all items but one, for writing them back.

    Raises:
        ImageApiError: One of the others cannot be written back.
    """
    rest = {key: value for key, value in items.items() if key != without}
    try:
        return checked(rest)
    except (ValueError, TypeError) as failure:
        raise ImageApiError(
            f"Metadata item {without!r} cannot be named in a path, so that all others would have to be written anew, "
            f"and one of them cannot be: {failure} Nothing was sent. Delete the item in the image service instead."
        ) from None


def not_stored(sent: Mapping[str, str], stored: Mapping[str, Any]) -> list[str]:
    """Return the keys that were sent and are not stored with the value that was sent."""
    lists = {"mappings", "block_device_mapping"}
    return [key for key, value in sent.items() if stored.get(key) != value and not (key in lists and key in stored)]
