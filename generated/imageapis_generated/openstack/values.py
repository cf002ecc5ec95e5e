# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The values of OpenStack compute images: what its answers hold and its requests send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from .._values import (
    PROBLEMS,
    anything,
    array,
    mapping,
    moment_or_none,
    text,
    twin,
    unreadable,
    whole,
)
from .._writing import plain, present


@attrs.frozen(kw_only=True, weakref_slot=False)
class Image:
    """An image as Nova shows it. A short list tells id and name only.

    Attributes:
        id: Id of the image.
        name: Its name; an image may have none.
        status: ACTIVE, SAVING, DELETED, ERROR or UNKNOWN; an open set. The image service has
            more, Nova folds them.
        progress: Per cent saved.
        created: When it was made, UTC.
        updated: When it last changed, UTC.
        min_disk: Smallest disk it runs on, in GiB.
        min_ram: Smallest memory it runs in, in MiB.
        metadata: Metadata items by name. Values are text, except that block_device_mapping and
            mappings are lists.
        size: Size in bytes; 0 until it is saved.
        disk_config: AUTO or MANUAL, when the image says so.
        server: The server that an image was made from.
    """

    id: str
    name: str | None
    status: str | None = None
    progress: int | None = None
    created: dt.datetime | None = None
    updated: dt.datetime | None = None
    min_disk: int | None = None
    min_ram: int | None = None
    metadata: Mapping[str, Any] | None = attrs.field(default=None, hash=False)
    size: int | None = None
    disk_config: str | None = None
    server: ImageServer | None = None

    @staticmethod
    def from_json(data: Any, /) -> Image:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ImageTwin()
        at = ""
        try:
            get = data.get
            at = "id"
            it = data[at]
            made.id = it if it.__class__ is str else text(it)
            at = "name"
            it = data[at]
            made.name = it if it.__class__ is str or it is None else text(it)
            at = "status"
            it = get(at)
            made.status = it if it.__class__ is str or it is None else text(it)
            at = "progress"
            it = get(at)
            made.progress = it if it.__class__ is int or it is None else whole(it)
            at = "created"
            it = get(at)
            made.created = moment_or_none(it)
            at = "updated"
            it = get(at)
            made.updated = moment_or_none(it)
            at = "minDisk"
            it = get(at)
            made.min_disk = it if it.__class__ is int or it is None else whole(it)
            at = "minRam"
            it = get(at)
            made.min_ram = it if it.__class__ is int or it is None else whole(it)
            at = "metadata"
            it = get(at)
            made.metadata = None if it is None else mapping(it, anything)
            at = "OS-EXT-IMG-SIZE:size"
            it = get(at)
            made.size = it if it.__class__ is int or it is None else whole(it)
            at = "OS-DCF:diskConfig"
            it = get(at)
            made.disk_config = it if it.__class__ is str or it is None else text(it)
            at = "server"
            it = get(at)
            made.server = None if it is None else ImageServer.from_json(it)
        except PROBLEMS as problem:
            error = unreadable("Image", at, problem)
        else:
            made.__class__ = Image
            value: Image = made
            return value
        raise error


_ImageTwin = twin(Image)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageList:
    """A page of images.

    Attributes:
        images: Images on this page.
        images_links: Link to the next page; present when this page is full and its limit not
            above the server's.
    """

    images: tuple[Image, ...]
    images_links: tuple[Link, ...] = ()

    @staticmethod
    def from_json(data: Any, /) -> ImageList:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ImageListTwin()
        at = ""
        try:
            get = data.get
            at = "images"
            it = data[at]
            made.images = () if it is None else array(it, Image.from_json)
            at = "images_links"
            it = get(at)
            made.images_links = () if it is None else array(it, Link.from_json)
        except PROBLEMS as problem:
            error = unreadable("ImageList", at, problem)
        else:
            made.__class__ = ImageList
            value: ImageList = made
            return value
        raise error


_ImageListTwin = twin(ImageList)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageMetaKeyPutReq:
    """One metadata item.

    Attributes:
        meta: The item by its name.
    """

    meta: Mapping[str, str] = attrs.field(hash=False)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object; what is absent is left out."""
        return present(
            {
                "meta": plain(self.meta),
            }
        )


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageMetadataPostReq:
    """Metadata to merge.

    Attributes:
        metadata: Items by name.
    """

    metadata: Mapping[str, str] = attrs.field(hash=False)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object; what is absent is left out."""
        return present(
            {
                "metadata": plain(self.metadata),
            }
        )


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageMetadataPutReq:
    """Metadata to store instead of all that is there.

    Attributes:
        metadata: Items by name.
    """

    metadata: Mapping[str, str] = attrs.field(hash=False)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object; what is absent is left out."""
        return present(
            {
                "metadata": plain(self.metadata),
            }
        )


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageServer:
    """The server that an image was made from.

    Attributes:
        id: Id of the server; any text that the image's owner stored.
    """

    id: str

    @staticmethod
    def from_json(data: Any, /) -> ImageServer:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ImageServerTwin()
        at = ""
        try:
            get = data.get
            at = "id"
            it = data[at]
            made.id = it if it.__class__ is str else text(it)
        except PROBLEMS as problem:
            error = unreadable("ImageServer", at, problem)
        else:
            made.__class__ = ImageServer
            value: ImageServer = made
            return value
        raise error


_ImageServerTwin = twin(ImageServer)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ImageShow:
    """One image.

    Attributes:
        image: An image as Nova shows it. A short list tells id and name only.
    """

    image: Image

    @staticmethod
    def from_json(data: Any, /) -> ImageShow:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _ImageShowTwin()
        at = ""
        try:
            get = data.get
            at = "image"
            it = data[at]
            made.image = Image.from_json(it)
        except PROBLEMS as problem:
            error = unreadable("ImageShow", at, problem)
        else:
            made.__class__ = ImageShow
            value: ImageShow = made
            return value
        raise error


_ImageShowTwin = twin(ImageShow)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Link:
    """A related resource.

    Attributes:
        rel: What the link leads to, such as self, bookmark, alternate or next.
        href: Its address, on the host that the request named.
        type: Media type of the resource.
    """

    rel: str
    href: str
    type: str | None = None

    @staticmethod
    def from_json(data: Any, /) -> Link:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _LinkTwin()
        at = ""
        try:
            get = data.get
            at = "rel"
            it = data[at]
            made.rel = it if it.__class__ is str else text(it)
            at = "href"
            it = data[at]
            made.href = it if it.__class__ is str else text(it)
            at = "type"
            it = get(at)
            made.type = it if it.__class__ is str or it is None else text(it)
        except PROBLEMS as problem:
            error = unreadable("Link", at, problem)
        else:
            made.__class__ = Link
            value: Link = made
            return value
        raise error


_LinkTwin = twin(Link)


@attrs.frozen(kw_only=True, weakref_slot=False)
class MetaAnswer:
    """One metadata item.

    Attributes:
        meta: Metadata items by name. Values are text, except that block_device_mapping and
            mappings are lists.
    """

    meta: Mapping[str, Any] = attrs.field(hash=False)

    @staticmethod
    def from_json(data: Any, /) -> MetaAnswer:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _MetaAnswerTwin()
        at = ""
        try:
            get = data.get
            at = "meta"
            it = data[at]
            made.meta = mapping(it, anything)
        except PROBLEMS as problem:
            error = unreadable("MetaAnswer", at, problem)
        else:
            made.__class__ = MetaAnswer
            value: MetaAnswer = made
            return value
        raise error


_MetaAnswerTwin = twin(MetaAnswer)


@attrs.frozen(kw_only=True, weakref_slot=False)
class MetadataAnswer:
    """Metadata of an image.

    Attributes:
        metadata: Metadata items by name. Values are text, except that block_device_mapping and
            mappings are lists.
    """

    metadata: Mapping[str, Any] = attrs.field(hash=False)

    @staticmethod
    def from_json(data: Any, /) -> MetadataAnswer:
        """Return the value of a JSON object; `Unreadable` names what is not as the document says."""
        made = _MetadataAnswerTwin()
        at = ""
        try:
            get = data.get
            at = "metadata"
            it = data[at]
            made.metadata = mapping(it, anything)
        except PROBLEMS as problem:
            error = unreadable("MetadataAnswer", at, problem)
        else:
            made.__class__ = MetadataAnswer
            value: MetadataAnswer = made
            return value
        raise error


_MetadataAnswerTwin = twin(MetadataAnswer)
