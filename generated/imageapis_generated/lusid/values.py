# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The values of LUSID Scheduler images: what its answers hold and its requests send."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from .._values import (
    PROBLEMS,
    array,
    flag,
    moment_or_none,
    text,
    twin,
    unreadable,
    whole,
)
from .._writing import present


@attrs.frozen(kw_only=True, weakref_slot=False)
class Image:
    """One image with its scan report.

    Attributes:
        name: Repository, without tag.
        push_time: When it was pushed.
        pull_time: When it was last pulled.
        digest: Digest of the manifest.
        size: Size in bytes.
        tags: Tags that point to this digest.
        scan_report: Result of the scan.
    """

    name: str | None = None
    push_time: dt.datetime | None = None
    pull_time: dt.datetime | None = None
    digest: str | None = None
    size: int | None = None
    tags: tuple[Tag, ...] = ()
    scan_report: ScanReport | None = None

    @staticmethod
    def from_json(data: Any, /) -> Image:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ImageTwin()
        at = ""
        try:
            get = data.get
            at = "name"
            it = get(at)
            made.name = it if it.__class__ is str or it is None else text(it)
            at = "pushTime"
            it = get(at)
            made.push_time = moment_or_none(it, "0001-01-01")
            at = "pullTime"
            it = get(at)
            made.pull_time = moment_or_none(it, "0001-01-01")
            at = "digest"
            it = get(at)
            made.digest = it if it.__class__ is str or it is None else text(it)
            at = "size"
            it = get(at)
            made.size = it if it.__class__ is int or it is None else whole(it)
            at = "tags"
            it = get(at)
            made.tags = () if it is None else array(it, Tag.from_json)
            at = "scanReport"
            it = get(at)
            made.scan_report = None if it is None else ScanReport.from_json(it)
        except PROBLEMS as problem:
            error = unreadable("Image", at, problem)
        else:
            made.__class__ = Image
            value: Image = made
            return value
        raise error


_ImageTwin = twin(Image)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageSummary:
    """One image in a list.

    Attributes:
        name: Repository, without tag.
        push_time: When it was pushed.
        pull_time: When it was last pulled.
        digest: Digest of the manifest.
        size: Size in bytes.
        tags: Tags that point to this digest.
        scan_status: State of the scan; an open set of words.
        scan_summary: Vulnerabilities found, counted.
        link: Where the service shows it.
    """

    name: str | None = None
    push_time: dt.datetime | None = None
    pull_time: dt.datetime | None = None
    digest: str | None = None
    size: int | None = None
    tags: tuple[Tag, ...] = ()
    scan_status: str | None = None
    scan_summary: ScanSummary | None = None
    link: Link | None = None

    @staticmethod
    def from_json(data: Any, /) -> ImageSummary:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ImageSummaryTwin()
        at = ""
        try:
            get = data.get
            at = "name"
            it = get(at)
            made.name = it if it.__class__ is str or it is None else text(it)
            at = "pushTime"
            it = get(at)
            made.push_time = moment_or_none(it, "0001-01-01")
            at = "pullTime"
            it = get(at)
            made.pull_time = moment_or_none(it, "0001-01-01")
            at = "digest"
            it = get(at)
            made.digest = it if it.__class__ is str or it is None else text(it)
            at = "size"
            it = get(at)
            made.size = it if it.__class__ is int or it is None else whole(it)
            at = "tags"
            it = get(at)
            made.tags = () if it is None else array(it, Tag.from_json)
            at = "scanStatus"
            it = get(at)
            made.scan_status = it if it.__class__ is str or it is None else text(it)
            at = "scanSummary"
            it = get(at)
            made.scan_summary = None if it is None else ScanSummary.from_json(it)
            at = "link"
            it = get(at)
            made.link = None if it is None else Link.from_json(it)
        except PROBLEMS as problem:
            error = unreadable("ImageSummary", at, problem)
        else:
            made.__class__ = ImageSummary
            value: ImageSummary = made
            return value
        raise error


_ImageSummaryTwin = twin(ImageSummary)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Link:
    """A related resource.

    Attributes:
        relation: What the link leads to.
        href: Its address, usually relative to the base of the API.
        description: Text for people.
        method: HTTP method to use.
    """

    relation: str
    href: str
    description: str | None = None
    method: str

    @staticmethod
    def from_json(data: Any, /) -> Link:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _LinkTwin()
        at = ""
        try:
            get = data.get
            at = "relation"
            it = data[at]
            made.relation = it if it.__class__ is str else text(it)
            at = "href"
            it = data[at]
            made.href = it if it.__class__ is str else text(it)
            at = "description"
            it = get(at)
            made.description = it if it.__class__ is str or it is None else text(it)
            at = "method"
            it = data[at]
            made.method = it if it.__class__ is str else text(it)
        except PROBLEMS as problem:
            error = unreadable("Link", at, problem)
        else:
            made.__class__ = Link
            value: Link = made
            return value
        raise error


_LinkTwin = twin(Link)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Repository:
    """One image repository.

    Attributes:
        name: Name of the repository.
        creation_time: When it was made.
        last_update: When it last changed; year 1 means never.
        description: Text set by its owner.
        pull_count: How often its images were pulled.
        image_count: Number of images in it.
        images: Where the service shows it.
        links: Related resources.
    """

    name: str | None = None
    creation_time: dt.datetime | None = None
    last_update: dt.datetime | None = None
    description: str | None = None
    pull_count: int | None = None
    image_count: int | None = None
    images: Link | None = None
    links: tuple[Link, ...] = ()

    @staticmethod
    def from_json(data: Any, /) -> Repository:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _RepositoryTwin()
        at = ""
        try:
            get = data.get
            at = "name"
            it = get(at)
            made.name = it if it.__class__ is str or it is None else text(it)
            at = "creationTime"
            it = get(at)
            made.creation_time = moment_or_none(it, "0001-01-01")
            at = "lastUpdate"
            it = get(at)
            made.last_update = moment_or_none(it, "0001-01-01")
            at = "description"
            it = get(at)
            made.description = it if it.__class__ is str or it is None else text(it)
            at = "pullCount"
            it = get(at)
            made.pull_count = it if it.__class__ is int or it is None else whole(it)
            at = "imageCount"
            it = get(at)
            made.image_count = it if it.__class__ is int or it is None else whole(it)
            at = "images"
            it = get(at)
            made.images = None if it is None else Link.from_json(it)
            at = "links"
            it = get(at)
            made.links = () if it is None else array(it, Link.from_json)
        except PROBLEMS as problem:
            error = unreadable("Repository", at, problem)
        else:
            made.__class__ = Repository
            value: Repository = made
            return value
        raise error


_RepositoryTwin = twin(Repository)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ResourceListOfImageSummary:
    """One page of images.

    Attributes:
        values: Images on this page.
        href: Address of this page.
        links: Related resources.
        next_page: Token of the next page; absent, null or empty on the last one.
        previous_page: Token of the page before.
    """

    values: tuple[ImageSummary, ...]
    href: str | None = None
    links: tuple[Link, ...] = ()
    next_page: str | None = None
    previous_page: str | None = None

    @staticmethod
    def from_json(data: Any, /) -> ResourceListOfImageSummary:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ResourceListOfImageSummaryTwin()
        at = ""
        try:
            get = data.get
            at = "values"
            it = data[at]
            made.values = () if it is None else array(it, ImageSummary.from_json)
            at = "href"
            it = get(at)
            made.href = it if it.__class__ is str or it is None else text(it)
            at = "links"
            it = get(at)
            made.links = () if it is None else array(it, Link.from_json)
            at = "nextPage"
            it = get(at)
            made.next_page = it if it.__class__ is str or it is None else text(it)
            at = "previousPage"
            it = get(at)
            made.previous_page = it if it.__class__ is str or it is None else text(it)
        except PROBLEMS as problem:
            error = unreadable("ResourceListOfImageSummary", at, problem)
        else:
            made.__class__ = ResourceListOfImageSummary
            value: ResourceListOfImageSummary = made
            return value
        raise error


_ResourceListOfImageSummaryTwin = twin(ResourceListOfImageSummary)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ResourceListOfRepository:
    """One page of repositories.

    Attributes:
        values: Repositories on this page.
        href: Address of this page.
        links: Related resources.
        next_page: Token of the next page; absent, null or empty on the last one.
        previous_page: Token of the page before.
    """

    values: tuple[Repository, ...]
    href: str | None = None
    links: tuple[Link, ...] = ()
    next_page: str | None = None
    previous_page: str | None = None

    @staticmethod
    def from_json(data: Any, /) -> ResourceListOfRepository:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ResourceListOfRepositoryTwin()
        at = ""
        try:
            get = data.get
            at = "values"
            it = data[at]
            made.values = () if it is None else array(it, Repository.from_json)
            at = "href"
            it = get(at)
            made.href = it if it.__class__ is str or it is None else text(it)
            at = "links"
            it = get(at)
            made.links = () if it is None else array(it, Link.from_json)
            at = "nextPage"
            it = get(at)
            made.next_page = it if it.__class__ is str or it is None else text(it)
            at = "previousPage"
            it = get(at)
            made.previous_page = it if it.__class__ is str or it is None else text(it)
        except PROBLEMS as problem:
            error = unreadable("ResourceListOfRepository", at, problem)
        else:
            made.__class__ = ResourceListOfRepository
            value: ResourceListOfRepository = made
            return value
        raise error


_ResourceListOfRepositoryTwin = twin(ResourceListOfRepository)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ScanReport:
    """Full result of a vulnerability scan.

    Attributes:
        severity: Worst severity found; an open set of words.
        status: State of the scan; an open set of words.
        start_time: When the scan began.
        end_time: When the scan ended.
        scan_duration: Length of the scan in seconds.
        summary: Vulnerabilities found, counted.
        vulnerabilities: What was found.
    """

    severity: str | None = None
    status: str | None = None
    start_time: dt.datetime | None = None
    end_time: dt.datetime | None = None
    scan_duration: int | None = None
    summary: ScanSummary | None = None
    vulnerabilities: tuple[Vulnerability, ...] = ()

    @staticmethod
    def from_json(data: Any, /) -> ScanReport:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ScanReportTwin()
        at = ""
        try:
            get = data.get
            at = "severity"
            it = get(at)
            made.severity = it if it.__class__ is str or it is None else text(it)
            at = "status"
            it = get(at)
            made.status = it if it.__class__ is str or it is None else text(it)
            at = "startTime"
            it = get(at)
            made.start_time = moment_or_none(it, "0001-01-01")
            at = "endTime"
            it = get(at)
            made.end_time = moment_or_none(it, "0001-01-01")
            at = "scanDuration"
            it = get(at)
            made.scan_duration = it if it.__class__ is int or it is None else whole(it)
            at = "summary"
            it = get(at)
            made.summary = None if it is None else ScanSummary.from_json(it)
            at = "vulnerabilities"
            it = get(at)
            made.vulnerabilities = () if it is None else array(it, Vulnerability.from_json)
        except PROBLEMS as problem:
            error = unreadable("ScanReport", at, problem)
        else:
            made.__class__ = ScanReport
            value: ScanReport = made
            return value
        raise error


_ScanReportTwin = twin(ScanReport)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ScanSummary:
    """Vulnerabilities counted by severity.

    Attributes:
        fixable: Those with a fix available.
        total: All.
        critical: Critical ones.
        high: High ones.
        medium: Medium ones.
        low: Low ones.
        negligible: Negligible ones.
        unknown: Those of unknown severity.
    """

    fixable: int | None = None
    total: int | None = None
    critical: int | None = None
    high: int | None = None
    medium: int | None = None
    low: int | None = None
    negligible: int | None = None
    unknown: int | None = None

    @staticmethod
    def from_json(data: Any, /) -> ScanSummary:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ScanSummaryTwin()
        at = ""
        try:
            get = data.get
            at = "fixable"
            it = get(at)
            made.fixable = it if it.__class__ is int or it is None else whole(it)
            at = "total"
            it = get(at)
            made.total = it if it.__class__ is int or it is None else whole(it)
            at = "critical"
            it = get(at)
            made.critical = it if it.__class__ is int or it is None else whole(it)
            at = "high"
            it = get(at)
            made.high = it if it.__class__ is int or it is None else whole(it)
            at = "medium"
            it = get(at)
            made.medium = it if it.__class__ is int or it is None else whole(it)
            at = "low"
            it = get(at)
            made.low = it if it.__class__ is int or it is None else whole(it)
            at = "negligible"
            it = get(at)
            made.negligible = it if it.__class__ is int or it is None else whole(it)
            at = "unknown"
            it = get(at)
            made.unknown = it if it.__class__ is int or it is None else whole(it)
        except PROBLEMS as problem:
            error = unreadable("ScanSummary", at, problem)
        else:
            made.__class__ = ScanSummary
            value: ScanSummary = made
            return value
        raise error


_ScanSummaryTwin = twin(ScanSummary)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Tag:
    """One tag of an image.

    Attributes:
        name: The tag.
        pull_time: When it was last pulled; year 1 means never.
        push_time: When it was pushed; year 1 means never.
        signed: Whether it is signed.
        immutable: Whether it can be moved to another image.
    """

    name: str | None = None
    pull_time: dt.datetime | None = None
    push_time: dt.datetime | None = None
    signed: bool | None = None
    immutable: bool | None = None

    @staticmethod
    def from_json(data: Any, /) -> Tag:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _TagTwin()
        at = ""
        try:
            get = data.get
            at = "name"
            it = get(at)
            made.name = it if it.__class__ is str or it is None else text(it)
            at = "pullTime"
            it = get(at)
            made.pull_time = moment_or_none(it, "0001-01-01")
            at = "pushTime"
            it = get(at)
            made.push_time = moment_or_none(it, "0001-01-01")
            at = "signed"
            it = get(at)
            made.signed = it if it.__class__ is bool or it is None else flag(it)
            at = "immutable"
            it = get(at)
            made.immutable = it if it.__class__ is bool or it is None else flag(it)
        except PROBLEMS as problem:
            error = unreadable("Tag", at, problem)
        else:
            made.__class__ = Tag
            value: Tag = made
            return value
        raise error


_TagTwin = twin(Tag)


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadImageInstructions:
    """Shell commands that push the image.

    They hold credentials: do not log them, do not run them unread.

    Attributes:
        docker_login_command: Logs in to the registry, with user and password in the text.
        build_versioned_docker_image_command: Builds the image under its own tag.
        tag_versioned_docker_image_command: Gives the image its name in the registry.
        push_versioned_docker_image_command: Pushes the image under its own tag.
        tag_latest_docker_image_command: Tags the image as latest.
        push_latest_docker_image_command: Pushes the latest tag.
        expiry_time: When the credentials end.
    """

    docker_login_command: str
    build_versioned_docker_image_command: str
    tag_versioned_docker_image_command: str
    push_versioned_docker_image_command: str
    tag_latest_docker_image_command: str | None = None
    push_latest_docker_image_command: str | None = None
    expiry_time: dt.datetime | None = None

    @staticmethod
    def from_json(data: Any, /) -> UploadImageInstructions:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _UploadImageInstructionsTwin()
        at = ""
        try:
            get = data.get
            at = "dockerLoginCommand"
            it = data[at]
            made.docker_login_command = it if it.__class__ is str else text(it)
            at = "buildVersionedDockerImageCommand"
            it = data[at]
            made.build_versioned_docker_image_command = it if it.__class__ is str else text(it)
            at = "tagVersionedDockerImageCommand"
            it = data[at]
            made.tag_versioned_docker_image_command = it if it.__class__ is str else text(it)
            at = "pushVersionedDockerImageCommand"
            it = data[at]
            made.push_versioned_docker_image_command = it if it.__class__ is str else text(it)
            at = "tagLatestDockerImageCommand"
            it = get(at)
            made.tag_latest_docker_image_command = (
                it if it.__class__ is str or it is None else text(it)
            )
            at = "pushLatestDockerImageCommand"
            it = get(at)
            made.push_latest_docker_image_command = (
                it if it.__class__ is str or it is None else text(it)
            )
            at = "expiryTime"
            it = get(at)
            made.expiry_time = moment_or_none(it, "0001-01-01")
        except PROBLEMS as problem:
            error = unreadable("UploadImageInstructions", at, problem)
        else:
            made.__class__ = UploadImageInstructions
            value: UploadImageInstructions = made
            return value
        raise error


_UploadImageInstructionsTwin = twin(UploadImageInstructions)


@attrs.frozen(kw_only=True, weakref_slot=False)
class UploadImageRequest:
    """An image about to be pushed.

    Attributes:
        image_name: Repository and tag, joined by a colon.
    """

    image_name: str

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object; what is absent is left out."""
        return present(
            {
                "imageName": self.image_name,
            }
        )


@attrs.frozen(kw_only=True, weakref_slot=False)
class Vulnerability:
    """One vulnerability.

    Attributes:
        name: Its identifier, such as a CVE number.
        package: Package that has it.
        version: Installed version of the package.
        fix_version: Version that mends it.
        severity: Severity; an open set of words.
        description: What it is.
        links: Where to read more.
    """

    name: str | None = None
    package: str | None = None
    version: str | None = None
    fix_version: str | None = None
    severity: str | None = None
    description: str | None = None
    links: tuple[str, ...] = ()

    @staticmethod
    def from_json(data: Any, /) -> Vulnerability:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _VulnerabilityTwin()
        at = ""
        try:
            get = data.get
            at = "name"
            it = get(at)
            made.name = it if it.__class__ is str or it is None else text(it)
            at = "package"
            it = get(at)
            made.package = it if it.__class__ is str or it is None else text(it)
            at = "version"
            it = get(at)
            made.version = it if it.__class__ is str or it is None else text(it)
            at = "fixVersion"
            it = get(at)
            made.fix_version = it if it.__class__ is str or it is None else text(it)
            at = "severity"
            it = get(at)
            made.severity = it if it.__class__ is str or it is None else text(it)
            at = "description"
            it = get(at)
            made.description = it if it.__class__ is str or it is None else text(it)
            at = "links"
            it = get(at)
            made.links = () if it is None else array(it, text)
        except PROBLEMS as problem:
            error = unreadable("Vulnerability", at, problem)
        else:
            made.__class__ = Vulnerability
            value: Vulnerability = made
            return value
        raise error


_VulnerabilityTwin = twin(Vulnerability)
