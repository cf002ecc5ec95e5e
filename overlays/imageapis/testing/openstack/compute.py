"""The Nova of the local OpenStack server: the ten image calls, from a routed request to an answer.

Held to recorded answers of Nova 34: which check comes first, and in which of its four shapes a refusal comes.
Sockets, logins and what is stored are elsewhere.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import attrs

from imageapis.testing.openstack.images import CRASHING, DROPPED, READ_ONLY, Fault, bad_request, crash

if TYPE_CHECKING:
    from imageapis.testing.openstack.identity import Grant
    from imageapis.testing.openstack.images import ImageStore, StoredImage

KEY = re.compile(r"[a-zA-Z0-9\-_:. ]{1,255}")
FILTERS = ("changes-since", "server", "name", "status", "minDisk", "minRam", "type")
LARGEST_BODY = 114_688
#: The last microversion that has the calls on images, and the last that has those on their metadata.
LAST_FOR_IMAGES, LAST_FOR_METADATA, LAST = 35, 38, 104


class Unrouted(Exception):
    """No call has this address and verb, or the body is too large: Nova's frame answers, not Nova."""

    def __init__(self, status: int, title: str, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.title = title


def no_route() -> Unrouted:
    """Return the 404 of an unknown address; a wrong verb gets the same."""
    return Unrouted(404, "Not Found", "The resource could not be found.<br /><br />\n\n\n")


@attrs.frozen
class Call:
    """A request that got past the login check.

    Attributes:
        method: Its verb.
        base: The address of the compute API under which it came, with a project id if it had one.
        path: The decoded segments below that address.
        query: Its query as it came.
        headers: Its headers, names in lower case.
        body: Its body.
        who: Whose token it carries.
        before: The image's metadata when the call came, if others could change it until now.
    """

    method: str
    base: str
    path: list[str]
    query: str
    headers: dict[str, str]
    body: bytes
    who: Grant
    before: dict[str, str] | None = None


class Compute:
    """The calls.

    Attributes:
        max_limit: Above this page size the link to the next page is left out, the images are not.
        metadata_items: How many items an image may have for Nova.
        property_quota: How many it may have for the image service, whose refusal Nova cannot read.
        image_service: Whether the image service answers.
        pause: Seconds between a metadata write's reading and its writing, in which another may write.
    """

    def __init__(self, store: ImageStore) -> None:
        self.store = store
        self.max_limit = 1000
        self.metadata_items = 128
        self.property_quota = 128
        self.image_service = True
        self.pause = 0.0

    def answer(self, call: Call) -> tuple[int, Any]:
        """Return status and body of a call.

        Raises:
            Fault: Nova refuses.
            Unrouted: What stands before Nova refuses.
        """
        if len(call.body) > LARGEST_BODY:
            said = "Request is too large. Larger than max_request_body_size (%s).<br /><br />\n\n\n"
            raise Unrouted(413, "Request Entity Too Large", said)
        if not call.path or call.path[0] != "images" or call.method == "HEAD":
            raise no_route()
        match call.method, call.path[1:]:
            case "GET", []:
                return 200, self._list(call, detail=False)
            case "GET", ["detail"]:
                return 200, self._list(call, detail=True)
            case "GET", [image_id] if image_id:
                self._up(call)
                return 200, {"image": self.store.get(image_id, call.who).shown(call.base, detail=True)}
            case "DELETE", [image_id] if image_id:
                return self._delete(call, image_id)
            case _, [image_id, "metadata", *key] if len(key) < 2 and "" not in key:
                return self._metadata(call, image_id, key[0] if key else None)
        raise no_route()

    def _up(self, call: Call) -> None:
        if not self.image_service:
            raise crash("nova.exception.GlanceConnectionFailed")
        if call.who.domain:
            said = "HTTP 403 Forbidden: You are not authorized to complete get_images action."
            raise Fault(403, "forbidden", said)
        if call.who.project_id is None and not call.who.system:
            raise crash("keystoneauth1.exceptions.catalog.EmptyCatalog")

    # --- images -----------------------------------------------------------------------------------------------------

    def _list(self, call: Call, *, detail: bool) -> dict[str, Any]:
        try:
            query = dict(parse_qsl(call.query, keep_blank_values=True, errors="strict"))
        except UnicodeDecodeError:
            raise bad_request("Query string is not UTF-8 encoded") from None
        limit = _limit(query.get("limit"))
        self._up(call)
        filters = {k: v for k, v in query.items() if k in FILTERS or k.startswith("property-")}
        images, full = self.store.page(call.who, filters, limit, query.get("marker"))
        answer: dict[str, Any] = {"images": [image.shown(call.base, detail=detail) for image in images]}
        if full and limit is not None and limit <= self.max_limit:
            kept = sorted((k, v) for k, v in query.items() if k in FILTERS or k == "limit")
            tail = "/detail" if detail else ""
            href = f"{call.base}/images{tail}?{urlencode([*kept, ('marker', images[-1].id)])}"
            answer["images_links"] = [{"rel": "next", "href": href}]
        return answer

    def _delete(self, call: Call, image_id: str) -> tuple[int, None]:
        self._up(call)
        image = self.store.get(image_id, call.who)
        if image.protected or not _may_write(image, call.who):
            raise Fault(403, "forbidden", "You are not allowed to delete the image.")
        self.store.images = {k: v for k, v in self.store.images.items() if k != image_id}
        return 204, None

    # --- metadata ---------------------------------------------------------------------------------------------------

    def _metadata(self, call: Call, image_id: str, key: str | None) -> tuple[int, Any]:
        match call.method, key:
            case "GET", _:
                if call.query:
                    raise crash("KeyError")
                self._up(call)
                shown = self.store.get(image_id, call.who).shown_metadata()
                if key is None:
                    return 200, {"metadata": shown}
                if key not in shown or not key.isascii():
                    raise Fault(404, "itemNotFound", "The resource could not be found.")
                return 200, {"meta": {key: shown[key]}}
            case "POST", None:
                sent = _checked(call, "metadata")
                return 200, {"metadata": self._write(call, image_id, lambda old: {**old, **sent})}
            case "PUT", None:
                sent = _checked(call, "metadata")
                self._write(call, image_id, lambda _: dict(sent))
                return 200, {"metadata": sent}
            case "PUT", str():
                sent = _checked(call, "meta")
                if key not in sent:
                    raise bad_request("Request body and URI mismatch")
                self._write(call, image_id, lambda old: {**old, **sent})
                return 200, {"meta": sent}
            case "DELETE", str():
                self._up(call)
                image = self.store.get(image_id, call.who)
                if key not in image.properties or not key.isascii():
                    raise Fault(404, "itemNotFound", "Invalid metadata key")
                self._write(call, image_id, lambda old: {k: v for k, v in old.items() if k != key})
                return 204, None
        raise no_route()

    def _write(self, call: Call, image_id: str, change: Any) -> dict[str, Any]:
        """Read all, change, write all: nothing notices what somebody else wrote in between."""
        self._up(call)
        image = self.store.get(image_id, call.who)
        new: dict[str, str] = change(image.properties if call.before is None else call.before)
        if len(new) > self.metadata_items:
            raise Fault(403, "forbidden", "Image metadata limit exceeded")
        if CRASHING & set(new):
            raise crash("TypeError")
        if not _may_write(image, call.who) or any(k in READ_ONLY or k.startswith("os_glance_") for k in new):
            raise Fault(403, "forbidden", f"Not authorized for image {image_id}.")
        stored = {k.strip(): v for k, v in new.items() if k not in DROPPED}
        if "" in stored or any(ord(c) > 0xFFFF for v in stored.values() for c in v):
            raise crash("nova.exception.ImageBadRequest")
        if len(stored) > self.property_quota:
            raise crash("nova.exception.ImageQuotaExceeded")
        image.properties = stored
        image.updated = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return image.shown_metadata()


def _may_write(image: StoredImage, who: Grant) -> bool:
    return who.admin or (who.writes and who.project_id == image.owner)


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    said = f"Invalid input for query parameters limit. Value: {text}. "
    if not text:
        raise bad_request(said + "'' should be non-empty")
    if not re.fullmatch("[0-9]*", text):
        raise bad_request(said + f"'{text}' does not match '^[0-9]*$'")
    if int(text) < 1:
        raise bad_request(said + f"{text} is less than the minimum of 1")
    return int(text)


def _checked(call: Call, field: str) -> dict[str, str]:
    """Return what a body holds under its one field."""
    kind = call.headers.get("content-type", "").partition(";")[0]
    if kind not in {"", "application/json", "text/plain"}:
        raise Fault(415, "badMediaType", "Unsupported Content-Type")
    if not call.body:
        raise bad_request("None is not of type 'object'")
    try:
        body = json.loads(call.body.decode("utf-8"))
    except UnicodeDecodeError:
        said = "The server has either erred or is incapable of performing the requested operation."
        raise Fault(500, "computeFault", said) from None
    except ValueError:
        raise bad_request("Malformed request body") from None
    if not isinstance(body, dict):
        raise bad_request(f"{body!r} is not of type 'object'")
    if field not in body:
        raise bad_request(f"'{field}' is a required property")
    if others := set(body) - {field}:
        raise bad_request(f"Additional properties are not allowed ({', '.join(sorted(others))!r} was unexpected)")
    items = body[field]
    said = f"Invalid input for field/attribute {field}. Value: {items}. "
    if not isinstance(items, dict):
        raise bad_request(said + f"{items!r} is not of type 'object'")
    if field == "meta" and len(items) > 1:
        raise bad_request(said + f"{items} has too many properties")
    for key, value in items.items():
        if not KEY.fullmatch(key):
            raise bad_request(said + f"{key!r} does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{{1,255}}$'")
        wrong = f"Invalid input for field/attribute {key}. Value: {value}. "
        if not isinstance(value, str):
            raise bad_request(wrong + f"{value!r} is not of type 'string'")
        if len(value) > 255:
            raise bad_request(wrong + f"{value!r} is too long")
    return items


def microversion(call: Call) -> int:
    """Return the minor number of the version that a call asks for; raise if Nova has no such call in it."""
    asked = "2.1"
    standard = call.headers.get("openstack-api-version")
    if standard is not None:
        for part in standard.split(","):
            service, _, version = part.strip().partition(" ")
            if service == "compute":
                asked = version.strip()
    else:
        asked = call.headers.get("x-openstack-nova-api-version", asked)
    if asked == "latest":
        asked = f"2.{LAST}"
    if not re.fullmatch(r"[1-9]\d*\.\d+", asked):
        said = f"API Version String {asked} is of invalid format. Must be of format MajorNum.MinorNum."
        raise bad_request(said)
    major, minor = map(int, asked.split("."))
    if major != 2 or not 1 <= minor <= LAST:
        said = f"Version {asked} is not supported by the API. Minimum is 2.1 and maximum is 2.{LAST}."
        raise Fault(406, "computeFault", said)
    last = LAST_FOR_METADATA if "metadata" in call.path else LAST_FOR_IMAGES
    if minor > last and call.path:
        raise Fault(404, "itemNotFound", "The resource could not be found.")
    return minor
