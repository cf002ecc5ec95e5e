# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FolderSizeInfo")


@_attrs_define
class FolderSizeInfo:
    """Bytes below one folder.

    Attributes:
        store_relative_path (str): Path from the root of the store.
        folder_size (str): Sum of the file sizes in bytes, in decimal.
    """

    store_relative_path: str
    folder_size: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        store_relative_path = self.store_relative_path

        folder_size = self.folder_size

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "StoreRelativePath": store_relative_path,
                "FolderSize": folder_size,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        store_relative_path = d.pop("StoreRelativePath")

        folder_size = d.pop("FolderSize")

        folder_size_info = cls(
            store_relative_path=store_relative_path,
            folder_size=folder_size,
        )

        folder_size_info.additional_properties = d
        return folder_size_info

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
