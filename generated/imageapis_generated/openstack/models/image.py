# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.image_server import ImageServer
    from ..models.link import Link
    from ..models.metadata import Metadata


T = TypeVar("T", bound="Image")


@_attrs_define
class Image:
    """An image with all its fields.

    Attributes:
        id (str): Id of the image.
        name (None | str): Its name; an image may have none.
        links (list[Link]): Related resources.
        status (str): ACTIVE, SAVING, DELETED, ERROR or UNKNOWN; an open set.
        progress (int): Per cent saved.
        created (datetime.datetime): When it was made, UTC.
        updated (datetime.datetime | None): When it last changed, UTC.
        min_disk (int): Smallest disk it runs on, in GiB.
        min_ram (int): Smallest memory it runs in, in MiB.
        metadata (Metadata): Metadata items by name. Values are text, except that block_device_mapping and mappings are
            lists.
        os_ext_img_siz_esize (int): Size in bytes; 0 until it is saved.
        os_dc_fdisk_config (str | Unset): AUTO or MANUAL, when the image says so.
        server (ImageServer | Unset): The server that an image was made from.
    """

    id: str
    name: None | str
    links: list[Link]
    status: str
    progress: int
    created: datetime.datetime
    updated: datetime.datetime | None
    min_disk: int
    min_ram: int
    metadata: Metadata
    os_ext_img_siz_esize: int
    os_dc_fdisk_config: str | Unset = UNSET
    server: ImageServer | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name: None | str
        name = self.name

        links = []
        for links_item_data in self.links:
            links_item = links_item_data.to_dict()
            links.append(links_item)

        status = self.status

        progress = self.progress

        created = self.created.isoformat()

        updated: None | str
        if isinstance(self.updated, datetime.datetime):
            updated = self.updated.isoformat()
        else:
            updated = self.updated

        min_disk = self.min_disk

        min_ram = self.min_ram

        metadata = self.metadata.to_dict()

        os_ext_img_siz_esize = self.os_ext_img_siz_esize

        os_dc_fdisk_config = self.os_dc_fdisk_config

        server: dict[str, Any] | Unset = UNSET
        if not isinstance(self.server, Unset):
            server = self.server.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "links": links,
                "status": status,
                "progress": progress,
                "created": created,
                "updated": updated,
                "minDisk": min_disk,
                "minRam": min_ram,
                "metadata": metadata,
                "OS-EXT-IMG-SIZE:size": os_ext_img_siz_esize,
            }
        )
        if os_dc_fdisk_config is not UNSET:
            field_dict["OS-DCF:diskConfig"] = os_dc_fdisk_config
        if server is not UNSET:
            field_dict["server"] = server

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.image_server import ImageServer  # noqa: PLC0415
        from ..models.link import Link  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        links = []
        _links = d.pop("links")
        for links_item_data in _links:
            links_item = Link.from_dict(links_item_data)

            links.append(links_item)

        status = d.pop("status")

        progress = d.pop("progress")

        created = datetime.datetime.fromisoformat(d.pop("created"))

        def _parse_updated(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                updated_type_0 = datetime.datetime.fromisoformat(data)

                return updated_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        updated = _parse_updated(d.pop("updated"))

        min_disk = d.pop("minDisk")

        min_ram = d.pop("minRam")

        metadata = Metadata.from_dict(d.pop("metadata"))

        os_ext_img_siz_esize = d.pop("OS-EXT-IMG-SIZE:size")

        os_dc_fdisk_config = d.pop("OS-DCF:diskConfig", UNSET)

        _server = d.pop("server", UNSET)
        server: ImageServer | Unset
        if isinstance(_server, Unset):
            server = UNSET
        else:
            server = ImageServer.from_dict(_server)

        image = cls(
            id=id,
            name=name,
            links=links,
            status=status,
            progress=progress,
            created=created,
            updated=updated,
            min_disk=min_disk,
            min_ram=min_ram,
            metadata=metadata,
            os_ext_img_siz_esize=os_ext_img_siz_esize,
            os_dc_fdisk_config=os_dc_fdisk_config,
            server=server,
        )

        image.additional_properties = d
        return image

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
