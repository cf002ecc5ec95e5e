"""The images behind the local OpenStack server: what is stored, and how Nova shows, lists and filters it.

Behaves like Nova 34 on Glance 33, oddities included: filters that are handed on unread, statuses under other names,
keys that are accepted and never stored. HTTP and logins are not here.
"""

from __future__ import annotations

import itertools
import json
import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from imageapis.testing.openstack.identity import Grant

#: Fields of the image service itself: a key with such a name is acknowledged and dropped.
DROPPED = frozenset(
    {
        *("name", "id", "visibility", "owner", "min_ram", "min_disk", "container_format", "disk_format", "checksum"),
        *("stores", "os_hidden", "os_hash_algo", "os_hash_value"),
    }
)
#: Names that clash with what Nova hands to the image service.
CRASHING = frozenset({"status", "size", "protected", "tags", "locations", "self", "virtual_size"})
#: Names that the image service lets nobody write.
READ_ONLY = frozenset({"direct_url", "created_at", "updated_at", "deleted_at", "file", "schema", "deleted"})

_SHOWN = {
    "active": ("ACTIVE", 100),
    "queued": ("SAVING", 25),
    "saving": ("SAVING", 50),
    "killed": ("ERROR", 0),
    "deleted": ("DELETED", 0),
    "pending_delete": ("DELETED", 0),
}


class Fault(Exception):
    """A refusal in Nova's words."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


def bad_request(message: str) -> Fault:
    """Return a 400."""
    return Fault(400, "badRequest", message)


def crash(what: str) -> Fault:
    """Return the 500 of an exception that Nova did not expect."""
    return Fault(500, "computeFault", f"Unexpected API Error. Please contact the administrator\n<class '{what}'>")


@attrs.define
class StoredImage:
    """An image as the image service stores it; `status` is its own word, not Nova's."""

    id: str
    name: str | None
    owner: str
    created: str
    updated: str
    status: str = "active"
    size: int = 1024
    min_disk: int = 0
    min_ram: int = 0
    properties: dict[str, str] = attrs.field(factory=dict)
    visibility: str = "shared"
    hidden: bool = False
    protected: bool = False
    members: set[str] = attrs.field(factory=set)
    serial: int = 0

    def seen_by(self, who: Grant) -> bool:
        """Say whether this identity may read the image by its id."""
        return (
            who.admin
            or self.visibility in {"public", "community"}
            or who.project_id == self.owner
            or who.project_id in self.members
        )

    def listed_for(self, who: Grant) -> bool:
        """Say whether the image is in this identity's list."""
        if self.hidden:
            return False
        if self.visibility == "community":
            return who.project_id == self.owner
        return self.seen_by(who)

    def shown_metadata(self) -> dict[str, Any]:
        """Return the properties as Nova shows them: two of them as lists."""
        shown: dict[str, Any] = dict(self.properties)
        for key in ("mappings", "block_device_mapping"):
            if key in shown:
                shown[key] = json.loads(shown[key])
        return shown

    def shown(self, nova: str, *, detail: bool) -> dict[str, Any]:
        """Return the image as Nova shows it.

        Args:
            nova: The address under which the request came, with `/v2.1` and a project id if it had one.
            detail: All fields, or those of the short list.
        """
        bare = re.sub(r"/v2(\.1)?(?=/|$)", "", nova)
        links = [
            {"rel": "self", "href": f"{nova}/images/{self.id}"},
            {"rel": "bookmark", "href": f"{bare}/images/{self.id}"},
            {
                "rel": "alternate",
                "type": "application/vnd.openstack.image",
                "href": f"{bare}//images/{self.id}",
            },
        ]
        if not detail:
            return {"id": self.id, "name": self.name, "links": links}
        status, progress = _SHOWN.get(self.status, ("UNKNOWN", 0))
        image = {
            "id": self.id,
            "name": self.name,
            "minRam": self.min_ram,
            "minDisk": self.min_disk,
            "metadata": self.shown_metadata(),
            "created": self.created,
            "updated": self.updated,
            "status": status,
            "progress": progress,
            "OS-EXT-IMG-SIZE:size": 0 if self.status == "queued" else self.size,
            "links": links,
        }
        server = self.properties.get("instance_uuid")
        if server is not None:
            where = [
                {"rel": "self", "href": f"{nova}/servers/{server}"},
                {"rel": "bookmark", "href": f"{bare}/servers/{server}"},
            ]
            image["server"] = {"id": server, "links": where}
        if "auto_disk_config" in self.properties:
            on = self.properties["auto_disk_config"].lower() in {"true", "1", "yes", "on", "t", "y"}
            image["OS-DCF:diskConfig"] = "AUTO" if on else "MANUAL"
        return image


class ImageStore:
    """All images of the local server, newest first."""

    def __init__(self) -> None:
        self._serials = itertools.count(1)
        self.images: dict[str, StoredImage] = {}

    def add(self, name: str | None, owner: str, **fields: Any) -> StoredImage:
        """Store an image made now; `fields` are those of `StoredImage`."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = {"id": str(uuid.uuid4()), "created": now, "updated": now, "serial": next(self._serials), **fields}
        image = StoredImage(name=name, owner=owner, **fields)
        self.images[image.id] = image
        return image

    def get(self, image_id: str, who: Grant) -> StoredImage:
        """Return an image that this identity may read."""
        image = self.images.get(image_id)
        if image is None or not image.seen_by(who):
            raise Fault(404, "itemNotFound", "Image not found.")
        return image

    def page(
        self, who: Grant, filters: dict[str, str], limit: int | None, marker: str | None
    ) -> tuple[list[StoredImage], bool]:
        """Return one page, and whether it is as long as was asked for."""
        start = -1
        if marker:
            at = self.images.get(marker)
            if at is None:
                raise bad_request(f"HTTP 400 Bad Request: No image found with ID {marker}")
            if not at.seen_by(who):
                said = f"HTTP 403 Forbidden: Forbidding request, image {marker} not visible"
                raise Fault(403, "forbidden", said)
            start = at.serial
        tests = [_filter(name, value) for name, value in filters.items()]
        found: list[StoredImage] = []
        for image in sorted(self.images.values(), key=lambda image: -image.serial):
            if marker and image.serial >= start:
                continue
            if limit is not None and len(found) == limit:
                break
            if image.listed_for(who) and all(test(image) for test in tests):
                found.append(image)
        return found, limit is not None and len(found) == limit


def _compared(value: str) -> Any:
    """Read a value with the image service's operators; return a test of a text."""
    left, colon, right = value.partition(":")
    if not colon or _is_time(value):
        return lambda text: text == value
    if left == "eq":
        return lambda text: text == right
    if left == "in":
        wanted = [part.strip('"') for part in right.split(",")]
        return lambda text: text in wanted
    raise bad_request(f"HTTP 400 Bad Request: Unable to filter by unknown operator &#x27;{left}&#x27;.")


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _filter(name: str, value: str) -> Any:
    if name == "name":
        test = _compared(value)
        return lambda image: test(image.name)
    if name == "status":
        test = _compared(value.lower())
        return lambda image: test(image.status)
    if name == "changes-since":
        return _changed(value)
    if name in {"minDisk", "minRam"}:
        field = "min_disk" if name == "minDisk" else "min_ram"
        return lambda image: str(getattr(image, field)) == value
    key = {"type": "image_type", "server": "instance_uuid"}.get(name)
    if key is None:
        # Nova means to cut the prefix off and strips any of its letters instead.
        key = name.lstrip("property-")  # noqa: B005
    elif key == "instance_uuid":
        value = value.rsplit("/", 1)[-1]
    return lambda image: image.properties.get(key) == value


def _changed(since: str) -> Any:
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        said = "HTTP 400 Bad Request: Bad &quot;updated_at&quot; query filter format. Use ISO 8601 DateTime notation."
        raise bad_request(said) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return lambda image: datetime.fromisoformat(image.updated) >= moment
