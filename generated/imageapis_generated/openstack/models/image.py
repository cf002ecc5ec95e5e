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
    from ..models.metadata import Metadata


T = TypeVar("T", bound="Image")


@_attrs_define
class Image:
    """An image as Nova shows it. A short list tells id and name only.

    Attributes:
        id (str): Id of the image.
        name (None | str): Its name; an image may have none.
        status (str | Unset): ACTIVE, SAVING, DELETED, ERROR or UNKNOWN; an open set. The image service has more, Nova
            folds them.
        progress (int | Unset): Per cent saved.
        created (datetime.datetime | Unset): When it was made, UTC.
        updated (datetime.datetime | None | Unset): When it last changed, UTC.
        min_disk (int | Unset): Smallest disk it runs on, in GiB.
        min_ram (int | Unset): Smallest memory it runs in, in MiB.
        metadata (Metadata | Unset): Metadata items by name. Values are text, except that block_device_mapping and
            mappings are lists.
        os_ext_img_siz_esize (int | Unset): Size in bytes; 0 until it is saved.
        os_dc_fdisk_config (str | Unset): AUTO or MANUAL, when the image says so.
        server (ImageServer | Unset): The server that an image was made from.
    """

    id: str
    name: None | str
    status: str | Unset = UNSET
    progress: int | Unset = UNSET
    created: datetime.datetime | Unset = UNSET
    updated: datetime.datetime | None | Unset = UNSET
    min_disk: int | Unset = UNSET
    min_ram: int | Unset = UNSET
    metadata: Metadata | Unset = UNSET
    os_ext_img_siz_esize: int | Unset = UNSET
    os_dc_fdisk_config: str | Unset = UNSET
    server: ImageServer | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name: None | str
        name = self.name

        status = self.status

        progress = self.progress

        created: str | Unset = UNSET
        if not isinstance(self.created, Unset):
            created = self.created.isoformat()

        updated: None | str | Unset
        if isinstance(self.updated, Unset):
            updated = UNSET
        elif isinstance(self.updated, datetime.datetime):
            updated = self.updated.isoformat()
        else:
            updated = self.updated

        min_disk = self.min_disk

        min_ram = self.min_ram

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
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
            }
        )
        if status is not UNSET:
            field_dict["status"] = status
        if progress is not UNSET:
            field_dict["progress"] = progress
        if created is not UNSET:
            field_dict["created"] = created
        if updated is not UNSET:
            field_dict["updated"] = updated
        if min_disk is not UNSET:
            field_dict["minDisk"] = min_disk
        if min_ram is not UNSET:
            field_dict["minRam"] = min_ram
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if os_ext_img_siz_esize is not UNSET:
            field_dict["OS-EXT-IMG-SIZE:size"] = os_ext_img_siz_esize
        if os_dc_fdisk_config is not UNSET:
            field_dict["OS-DCF:diskConfig"] = os_dc_fdisk_config
        if server is not UNSET:
            field_dict["server"] = server

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.image_server import ImageServer  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        status = d.pop("status", UNSET)

        progress = d.pop("progress", UNSET)

        _created = d.pop("created", UNSET)
        created: datetime.datetime | Unset
        if isinstance(_created, Unset):
            created = UNSET
        else:
            created = datetime.datetime.fromisoformat(_created)

        def _parse_updated(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                updated_type_0 = datetime.datetime.fromisoformat(data)

                return updated_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        updated = _parse_updated(d.pop("updated", UNSET))

        min_disk = d.pop("minDisk", UNSET)

        min_ram = d.pop("minRam", UNSET)

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        os_ext_img_siz_esize = d.pop("OS-EXT-IMG-SIZE:size", UNSET)

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
