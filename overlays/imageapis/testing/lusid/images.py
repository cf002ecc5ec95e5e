"""The images that the local LUSID server holds: their JSON, sorting, filters, page tokens, scans that advance.

Shapes and constraints are documented; orders, fields to filter by and states of a scan are inferred.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

Json = dict[str, Any]
NEVER = "0001-01-01T00:00:00.0000000+00:00"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_CLAUSE = re.compile(
    r"\s*(\w+)\s+(eq|neq|gte|gt|lte|lt|startswith|not\s+in|in|not\s+exists|exists)\b\s*('[^']*'|[\w.:+-]+)?\s*", re.I
)


class Refusal(Exception):
    """A request that the service would refuse with a problem document."""

    def __init__(self, status: int, code: int, title: str, errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title
        self.errors = errors


def stamp(moment: datetime) -> str:
    """Return a time as .NET writes it: seven fractional digits and an offset."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0+00:00"


def digest_of(text: str) -> str:
    """Return a digest for a made-up image."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def summary(total: int = 0, critical: int = 0, high: int = 0) -> Json:
    """Return the counts of a scan."""
    rest = {"medium": 0, "low": 0, "negligible": 0, "unknown": 0}
    return {"fixable": 0, "total": total, "critical": critical, "high": high, **rest}


def running() -> Json:
    """Return the report of a scan under way."""
    return {"status": "Running", "severity": None, "startTime": stamp(_EPOCH), "endTime": NEVER, "summary": None}


def finished(*, status: str = "Success", critical: int = 0, high: int = 0) -> Json:
    """Return the report of a scan that ended."""
    worst = "Critical" if critical else "High" if high else "None"
    found = [
        {
            "name": f"CVE-2026-{number:04}",
            "package": "openssl",
            "version": "3.0.1",
            "fixVersion": "3.0.2",
            "severity": "Critical" if number < critical else "High",
            "description": "Made up.",
            "links": ["https://example.org/cve"],
        }
        for number in range(critical + high)
    ]
    return {
        "status": status,
        "severity": worst,
        "startTime": stamp(_EPOCH),
        "endTime": stamp(_EPOCH + timedelta(seconds=7)),
        "scanDuration": 7,
        "summary": summary(critical + high, critical, high),
        "vulnerabilities": found,
    }


@attrs.define
class StoredImage:
    """An image: what lists show of it, and its scan reports, one a look until the last.

    Attributes:
        json: Its entry in a list.
        scans: The reports that GetImage shows, in turn; `None` is one that is not there yet.
    """

    json: Json
    scans: list[Json | None]

    def shown(self) -> Json:
        """Return the image as GetImage shows it now."""
        report = self.scans.pop(0) if len(self.scans) > 1 else self.scans[0]
        kept = {key: value for key, value in self.json.items() if key not in ("scanStatus", "scanSummary", "link")}
        return {**kept, "scanReport": report}


def new_image(
    repository: str,
    tags: list[str],
    *,
    number: int = 0,
    size: int = 1_000_000,
    digest: str | None = None,
    scans: list[Json | None] | None = None,
) -> StoredImage:
    """Return a made-up image."""
    reports: list[Json | None] = [finished()] if scans is None else scans
    last = reports[-1] or {}
    pushed = stamp(_EPOCH + timedelta(minutes=number))
    shown = {
        "name": repository,
        "pushTime": pushed,
        "pullTime": NEVER,
        "digest": digest or digest_of(f"{repository}:{tags}:{number}"),
        "size": size,
        "tags": [
            {"name": tag, "pushTime": pushed, "pullTime": NEVER, "signed": False, "immutable": True} for tag in tags
        ],
        "scanStatus": last.get("status"),
        "scanSummary": last.get("summary"),
        "link": {"relation": "Image", "href": f"api/images/{repository}:{tags[0]}", "method": "GET"},
    }
    return StoredImage(shown, reports)


def new_repository(name: str, images: int, description: str | None = None) -> Json:
    """Return a repository's entry in a list."""
    href = f"api/images/repository/{name}"
    return {
        "name": name,
        "creationTime": stamp(_EPOCH),
        "lastUpdate": NEVER,
        "description": description,
        "pullCount": 0,
        "imageCount": images,
        "images": {"relation": "Images", "href": href, "method": "GET", "description": None},
        "links": [],
    }


def upload_instructions(
    name: str, domain: str, login: tuple[str, str, str], *, latest: bool, expires: datetime
) -> Json:
    """Return the answer of UploadImage: shell commands.

    Args:
        name: The announced image.
        domain: The namespace in the registry.
        login: Host, user name and password of the registry.
        latest: Whether the commands for `latest` are there.
        expires: When the password ends.
    """
    host, username, password = login
    repository, _, tag = name.partition(":")
    local = f"{domain}/{repository}"
    return {
        "dockerLoginCommand": f"docker login -u {username} -p {password} {host}",
        "buildVersionedDockerImageCommand": f"docker build -t {local}:{tag} . --platform=linux/amd64",
        "tagVersionedDockerImageCommand": f"docker tag {local}:{tag} {host}/{local}:{tag}",
        "pushVersionedDockerImageCommand": f"docker push {host}/{local}:{tag}",
        "tagLatestDockerImageCommand": f"docker tag {local}:{tag} {host}/{local}:latest" if latest else None,
        "pushLatestDockerImageCommand": f"docker push {host}/{local}:latest" if latest else None,
        "expiryTime": stamp(expires),
    }


class PageTokens:
    """Makes and reads page tokens: opaque, bound to the list with its sorting and filter, safe against tampering."""

    def __init__(self, key: bytes = b"any key will do") -> None:
        self._key = key

    def make(self, path: str, order: list[str], filter_: str, offset: int) -> str:
        """Return the token of the page that begins at an offset."""
        start = offset.to_bytes(4, "big")
        return base64.b64encode(start + self._mark(path, order, filter_, start)).decode("ascii")

    def read(self, token: str, path: str, order: list[str], filter_: str) -> int:
        """Return the offset that a token stands for.

        Raises:
            Refusal: It was not made for this list, sorting and filter.
        """
        try:
            raw = base64.b64decode(token, validate=True)
        except ValueError:
            raw = b""
        if not hmac.compare_digest(raw[4:], self._mark(path, order, filter_, raw[:4])):
            raise Refusal(400, 689, "The pagination token does not fit the request")
        return int.from_bytes(raw[:4], "big")

    def _mark(self, path: str, order: list[str], filter_: str, start: bytes) -> bytes:
        bound = json.dumps([path, order, filter_]).encode() + start
        return hmac.digest(self._key, bound, "sha256")[:27]


def sort(entries: list[Json], order: list[str]) -> list[Json]:
    """Return entries sorted by fields; a leading minus sorts downwards."""
    for field in reversed(order):
        name = field.removeprefix("-")
        if entries and name not in entries[0]:
            raise Refusal(400, 151, f"There is no field {name} to sort by")
        entries = sorted(entries, key=lambda it: (it[name] is not None, it[name] or 0), reverse=field.startswith("-"))
    return entries


def matching(entries: list[Json], expression: str) -> list[Json]:
    """Return the entries that match a filter: clauses joined by `and`, those joined by `or`."""
    if not expression.strip():
        return entries
    alternatives = [re.split(r"\band\b", part, flags=re.I) for part in re.split(r"\bor\b", expression, flags=re.I)]
    tests = [[_clause(clause) for clause in part] for part in alternatives]
    return [it for it in entries if any(all(_holds(it, *test) for test in part) for part in tests)]


def _clause(text: str) -> tuple[str, str, str]:
    match = _CLAUSE.fullmatch(text)
    if match is None:
        raise Refusal(400, 151, "The filter is not an expression", {"filter": [f"cannot read {text.strip()!r}"]})
    return match[1], " ".join(match[2].lower().split()), (match[3] or "").strip("'")


def _holds(entry: Json, field: str, operator: str, wanted: str) -> bool:
    value = {name.lower(): it for name, it in entry.items()}.get(field.lower())
    if operator.endswith("exists"):
        return (value is not None) == (operator == "exists")
    if value is None:
        return False
    have: Any = value if isinstance(value, int) else str(value).lower()
    want: Any = int(wanted) if isinstance(value, int) and wanted.lstrip("-").isdigit() else wanted.lower()
    if operator in ("in", "not in"):
        return (str(have) in str(want).split(",")) == (operator == "in")
    if operator == "startswith":
        return str(have).startswith(str(want))
    if type(have) is not type(want):
        raise Refusal(400, 151, f"{wanted} cannot be compared with {field}")
    order = (have > want) - (have < want)
    outcomes = {"eq": (0,), "neq": (-1, 1), "gt": (1,), "gte": (0, 1), "lt": (-1,), "lte": (-1, 0)}
    return order in outcomes[operator]
