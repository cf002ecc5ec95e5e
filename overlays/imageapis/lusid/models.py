"""What LUSID's image operations return: frozen values, and the decoders that make them from JSON.

Fields are the API's own in snake_case. An absent or null field is `None`, and so is .NET's "never" (0001-01-01).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.values import moment, whole

if TYPE_CHECKING:
    from datetime import datetime

Json = dict[str, Any]


@attrs.frozen
class Link:
    """Where the service shows a thing; `href` is relative to the address of the scheduler."""

    relation: str
    href: str
    method: str
    description: str | None = None


@attrs.frozen
class Tag:
    """A tag of an image; a time is `None` if that never happened."""

    name: str | None
    pull_time: datetime | None
    push_time: datetime | None
    signed: bool | None
    immutable: bool | None


@attrs.frozen
class ScanSummary:
    """How many vulnerabilities a scan found, by severity; `None` where the service does not say."""

    fixable: int | None
    total: int | None
    critical: int | None
    high: int | None
    medium: int | None
    low: int | None
    negligible: int | None
    unknown: int | None


@attrs.frozen
class Vulnerability:
    """One vulnerability of one package; severities are the service's own words, e.g. `Critical`."""

    name: str | None
    package: str | None
    version: str | None
    fix_version: str | None
    severity: str | None
    description: str | None
    links: tuple[str, ...]


@attrs.frozen
class ScanReport:
    """What the scan of an image found.

    Attributes:
        severity: The worst severity found, in the service's words, e.g. `Critical` or `None`.
        status: The state of the scan in the service's words, e.g. `Success`.
        start_time: When it began.
        end_time: When it ended; `None` while it runs.
        scan_duration: Seconds that it took.
        summary: The vulnerabilities, counted.
        vulnerabilities: Each of them.
    """

    severity: str | None
    status: str | None
    start_time: datetime | None
    end_time: datetime | None
    scan_duration: int | None
    summary: ScanSummary | None
    vulnerabilities: tuple[Vulnerability, ...]


@attrs.frozen
class Image:
    """One image with its tags and the report of its scan.

    Attributes:
        name: The repository's name; the tags are in `tags`.
        push_time: When it was pushed.
        pull_time: When it was last pulled, `None` if never.
        digest: The digest of its manifest.
        size: Bytes.
        tags: Its tags.
        scan_report: What the scan found; `None` before it began.
    """

    name: str | None
    push_time: datetime | None
    pull_time: datetime | None
    digest: str | None
    size: int | None
    tags: tuple[Tag, ...]
    scan_report: ScanReport | None


@attrs.frozen
class ImageSummary:
    """One image in a list; `name` is the repository's, the tags are in `tags`, `size` is in bytes."""

    name: str | None
    push_time: datetime | None
    pull_time: datetime | None
    digest: str | None
    size: int | None
    tags: tuple[Tag, ...]
    scan_status: str | None
    scan_summary: ScanSummary | None
    link: Link | None


@attrs.frozen
class Repository:
    """A repository: the images of one name."""

    name: str | None
    creation_time: datetime | None
    last_update: datetime | None
    description: str | None
    pull_count: int | None
    image_count: int | None
    images: Link | None
    links: tuple[Link, ...]


@attrs.frozen
class PushedImage:
    """An image that is in the registry.

    Attributes:
        name: Its name in LUSID, e.g. `my-job:1.4`.
        reference: Its full reference in the registry.
        digest: The digest of its manifest.
        size: Bytes of its config and layers.
        uploaded: Bytes that this push sent; the rest was there already.
        latest: Whether it is also tagged `latest`.
    """

    name: str
    reference: str
    digest: str
    size: int
    uploaded: int
    latest: bool


def time(text: str | None) -> datetime | None:
    """Return a time of the wire, or `None` for an absent one and for .NET's "never"."""
    return None if text is None or text.startswith("0001-01-01") else moment(text)


def _link(data: Json | None) -> Link | None:
    return None if data is None else Link(data["relation"], data["href"], data["method"], data.get("description"))


def _links(data: list[Json] | None) -> tuple[Link, ...]:
    return tuple([Link(it["relation"], it["href"], it["method"], it.get("description")) for it in data or ()])


def _tags(data: list[Json] | None) -> tuple[Tag, ...]:
    return tuple(
        [
            Tag(get("name"), time(get("pullTime")), time(get("pushTime")), get("signed"), get("immutable"))
            for get in [it.get for it in data or ()]
        ]
    )


_COUNTS = ("fixable", "total", "critical", "high", "medium", "low", "negligible", "unknown")


def _scan_summary(data: Json | None) -> ScanSummary | None:
    if data is None:
        return None
    # Half of all values of a long list pass here: the call is spared where it would change nothing.
    return ScanSummary(*[it if it.__class__ is int else whole(it) for it in map(data.get, _COUNTS)])


def _vulnerability(data: Json) -> Vulnerability:
    get = data.get
    return Vulnerability(
        get("name"),
        get("package"),
        get("version"),
        get("fixVersion"),
        get("severity"),
        get("description"),
        tuple(get("links") or ()),
    )


def _scan_report(data: Json | None) -> ScanReport | None:
    if data is None:
        return None
    get = data.get
    return ScanReport(
        get("severity"),
        get("status"),
        time(get("startTime")),
        time(get("endTime")),
        whole(get("scanDuration")),
        _scan_summary(get("summary")),
        tuple([_vulnerability(it) for it in get("vulnerabilities") or ()]),
    )


def image(data: Json) -> Image:
    """Return the image of an answer of GetImage."""
    get = data.get
    return Image(
        get("name"),
        time(get("pushTime")),
        time(get("pullTime")),
        get("digest"),
        whole(get("size")),
        _tags(get("tags")),
        _scan_report(get("scanReport")),
    )


def image_summary(data: Json) -> ImageSummary:
    """Return one entry of an answer of ListImages."""
    get = data.get
    return ImageSummary(
        get("name"),
        time(get("pushTime")),
        time(get("pullTime")),
        get("digest"),
        whole(get("size")),
        _tags(get("tags")),
        get("scanStatus"),
        _scan_summary(get("scanSummary")),
        _link(get("link")),
    )


def repository(data: Json) -> Repository:
    """Return one entry of an answer of ListRepositories."""
    get = data.get
    return Repository(
        get("name"),
        time(get("creationTime")),
        time(get("lastUpdate")),
        get("description"),
        whole(get("pullCount")),
        whole(get("imageCount")),
        _link(get("images")),
        _links(get("links")),
    )
