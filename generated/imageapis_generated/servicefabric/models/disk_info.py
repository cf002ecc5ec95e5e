# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="DiskInfo")


@_attrs_define
class DiskInfo:
    """Disk of the primary replica.

    Attributes:
        capacity (str | Unset): Size of the disk in bytes, in decimal.
        available_space (str | Unset): Free bytes, in decimal.
    """

    capacity: str | Unset = UNSET
    available_space: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        capacity = self.capacity

        available_space = self.available_space

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if capacity is not UNSET:
            field_dict["Capacity"] = capacity
        if available_space is not UNSET:
            field_dict["AvailableSpace"] = available_space

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        capacity = d.pop("Capacity", UNSET)

        available_space = d.pop("AvailableSpace", UNSET)

        disk_info = cls(
            capacity=capacity,
            available_space=available_space,
        )

        disk_info.additional_properties = d
        return disk_info

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
