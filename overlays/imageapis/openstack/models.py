"""The value that the compute image calls return, read straight from Nova's JSON. No call is made here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.values import moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@attrs.frozen(slots=True)
class Image:
    """An image as Nova shows it.

    A short list (`list()` without `detail`) tells `id` and `name` only; all other fields are `None` then.

    Attributes:
        id: Its id.
        name: Its name; an image may have none.
        status: `ACTIVE`, `SAVING`, `ERROR`, `DELETED` or `UNKNOWN`; the image service has more, Nova folds them.
        created: When it was made.
        updated: When it was last changed.
        min_disk: GiB of disk that a server needs for it.
        min_ram: MiB of memory that a server needs for it.
        progress: Per cent saved.
        size: Bytes; 0 until it is saved.
        metadata: Its properties. Values are text, but `mappings` and `block_device_mapping` are lists.
        server: The id of the server that it was made from; it is whatever text the property `instance_uuid` holds.
        disk_config: `AUTO` or `MANUAL`, if the property `auto_disk_config` is set.
    """

    id: str
    name: str | None = None
    status: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    min_disk: int | None = None
    min_ram: int | None = None
    progress: int | None = None
    size: int | None = None
    metadata: Mapping[str, Any] | None = attrs.field(default=None, hash=False)
    server: str | None = None
    disk_config: str | None = None


def image(json: dict[str, Any]) -> Image:
    """Return the image of a JSON object, with all fields that it has."""
    get = json.get
    server = get("server")
    return Image(
        json["id"],
        json["name"],
        get("status"),
        moment(get("created")),
        moment(get("updated")),
        get("minDisk"),
        get("minRam"),
        get("progress"),
        get("OS-EXT-IMG-SIZE:size"),
        get("metadata"),
        None if server is None else server["id"],
        get("OS-DCF:diskConfig"),
    )
