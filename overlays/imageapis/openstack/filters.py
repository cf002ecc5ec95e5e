"""What `list` was asked for, turned into what Nova is asked for and what is sorted out here.

Nova's filters do not mean what they are called: `minDisk` is an equality, `status` is the image service's word and not
the one that Nova shows, a colon in a name makes an operator of what stands before it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from imageapis.core.arguments import text, whole_number
from imageapis.errors import InvalidArgument, WrongType

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis_generated.openstack.values import Image

#: What to ask the image service for, to get the images that Nova shows under a status. `None`: it cannot be asked.
STATUSES: dict[str, str | None] = {
    "ACTIVE": "active",
    "SAVING": "in:queued,saving",
    "ERROR": "killed",
    "DELETED": "in:deleted,pending_delete",
    "UNKNOWN": None,
}


class Filters(NamedTuple):
    """One list's filters.

    Attributes:
        query: Arguments of the generated list endpoints.
        keep: Tests that an image must pass here.
        detail: Whether a test needs all fields of an image.
    """

    query: dict[str, Any]
    keep: tuple[Callable[[Image], bool], ...]
    detail: bool


def filters(
    *,
    name: str | None,
    status: str | None,
    server: str | None,
    type_: str | None,
    min_disk: int | None,
    min_ram: int | None,
    changes_since: datetime | str | None,
) -> Filters:
    """Return the filters; see `ComputeImages.list` for what they mean.

    Raises:
        InvalidArgument: One of them can match nothing, or nobody knows what it means.
        WrongType: One of them is of the wrong type.
    """
    query: dict[str, Any] = {}
    keep: list[Callable[[Image], bool]] = []
    detail = False
    if name is not None:
        text("name", name)
        query["name"] = name if name and ":" not in name else f"eq:{name}"
        keep.append(lambda image: image.name == name)
    if status is not None:
        shown = _text("status", status).upper()
        if shown not in STATUSES:
            raise InvalidArgument(
                f"status is one of {', '.join(STATUSES)}, not {status!r}: Nova shows the image service's queued and "
                "saving as SAVING, killed as ERROR, deactivated, importing and uploading as UNKNOWN."
            )
        if STATUSES[shown] is None:
            detail = True
            keep.append(lambda image: image.status == shown)
        else:
            query["status"] = STATUSES[shown]
    if server is not None:
        query["server"] = _text("server", server)
    if type_ is not None:
        query["type"] = _text("type", type_)
    if min_disk is not None:
        disk, detail = whole_number("min_disk", min_disk, 0), True
        keep.append(lambda image: (image.min_disk or 0) >= disk)
    if min_ram is not None:
        ram, detail = whole_number("min_ram", min_ram, 0), True
        keep.append(lambda image: (image.min_ram or 0) >= ram)
    if changes_since is not None:
        query["changes_since"] = since(changes_since)
    return Filters(query, tuple(keep), detail)


def since(value: datetime | str) -> datetime:
    """Return an aware time in UTC.

    Raises:
        InvalidArgument: It has no offset, or is no ISO 8601 time.
        WrongType: It is neither a time nor text.
    """
    if isinstance(value, str):
        from dateutil.parser import isoparse

        try:
            parsed = isoparse(value)
        except ValueError as failure:
            raise InvalidArgument(f"changes_since={value!r} is no ISO 8601 time ({failure}).") from None
    elif isinstance(value, datetime):
        parsed = value
    else:
        raise WrongType(f"changes_since takes an aware datetime or text, not {type(value).__name__}.")
    if parsed.utcoffset() is None:
        raise InvalidArgument(
            f"changes_since={value!s} does not say in which zone: give an offset, e.g. "
            f"{parsed.isoformat()}Z for UTC, or a datetime with tzinfo."
        )
    return parsed.astimezone(UTC)


def _text(name: str, value: str) -> str:
    if not text(name, value):
        raise InvalidArgument(f"{name} is empty, which can match nothing.")
    return value
