# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.disk_info import DiskInfo
    from ..models.usage_info import UsageInfo


T = TypeVar("T", bound="ImageStoreInfo")


@_attrs_define
class ImageStoreInfo:
    """How the store uses its disk.

    Attributes:
        disk_info (DiskInfo | Unset): Disk of the primary replica.
        used_by_metadata (UsageInfo | Unset): Share of the store used for one purpose.
        used_by_staging (UsageInfo | Unset): Share of the store used for one purpose.
        used_by_copy (UsageInfo | Unset): Share of the store used for one purpose.
        used_by_register (UsageInfo | Unset): Share of the store used for one purpose.
    """

    disk_info: DiskInfo | Unset = UNSET
    used_by_metadata: UsageInfo | Unset = UNSET
    used_by_staging: UsageInfo | Unset = UNSET
    used_by_copy: UsageInfo | Unset = UNSET
    used_by_register: UsageInfo | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        disk_info: dict[str, Any] | Unset = UNSET
        if not isinstance(self.disk_info, Unset):
            disk_info = self.disk_info.to_dict()

        used_by_metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.used_by_metadata, Unset):
            used_by_metadata = self.used_by_metadata.to_dict()

        used_by_staging: dict[str, Any] | Unset = UNSET
        if not isinstance(self.used_by_staging, Unset):
            used_by_staging = self.used_by_staging.to_dict()

        used_by_copy: dict[str, Any] | Unset = UNSET
        if not isinstance(self.used_by_copy, Unset):
            used_by_copy = self.used_by_copy.to_dict()

        used_by_register: dict[str, Any] | Unset = UNSET
        if not isinstance(self.used_by_register, Unset):
            used_by_register = self.used_by_register.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if disk_info is not UNSET:
            field_dict["DiskInfo"] = disk_info
        if used_by_metadata is not UNSET:
            field_dict["UsedByMetadata"] = used_by_metadata
        if used_by_staging is not UNSET:
            field_dict["UsedByStaging"] = used_by_staging
        if used_by_copy is not UNSET:
            field_dict["UsedByCopy"] = used_by_copy
        if used_by_register is not UNSET:
            field_dict["UsedByRegister"] = used_by_register

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.disk_info import DiskInfo  # noqa: PLC0415
        from ..models.usage_info import UsageInfo  # noqa: PLC0415

        d = dict(src_dict)
        _disk_info = d.pop("DiskInfo", UNSET)
        disk_info: DiskInfo | Unset
        if isinstance(_disk_info, Unset):
            disk_info = UNSET
        else:
            disk_info = DiskInfo.from_dict(_disk_info)

        _used_by_metadata = d.pop("UsedByMetadata", UNSET)
        used_by_metadata: UsageInfo | Unset
        if isinstance(_used_by_metadata, Unset):
            used_by_metadata = UNSET
        else:
            used_by_metadata = UsageInfo.from_dict(_used_by_metadata)

        _used_by_staging = d.pop("UsedByStaging", UNSET)
        used_by_staging: UsageInfo | Unset
        if isinstance(_used_by_staging, Unset):
            used_by_staging = UNSET
        else:
            used_by_staging = UsageInfo.from_dict(_used_by_staging)

        _used_by_copy = d.pop("UsedByCopy", UNSET)
        used_by_copy: UsageInfo | Unset
        if isinstance(_used_by_copy, Unset):
            used_by_copy = UNSET
        else:
            used_by_copy = UsageInfo.from_dict(_used_by_copy)

        _used_by_register = d.pop("UsedByRegister", UNSET)
        used_by_register: UsageInfo | Unset
        if isinstance(_used_by_register, Unset):
            used_by_register = UNSET
        else:
            used_by_register = UsageInfo.from_dict(_used_by_register)

        image_store_info = cls(
            disk_info=disk_info,
            used_by_metadata=used_by_metadata,
            used_by_staging=used_by_staging,
            used_by_copy=used_by_copy,
            used_by_register=used_by_register,
        )

        image_store_info.additional_properties = d
        return image_store_info

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
