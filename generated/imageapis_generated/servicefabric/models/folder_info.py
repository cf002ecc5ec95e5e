# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="FolderInfo")


@_attrs_define
class FolderInfo:
    """One folder.

    Attributes:
        store_relative_path (str): Path from the root of the store.
        file_count (str | Unset): Files at all depths below it, `_.dir` marks included, in decimal.
    """

    store_relative_path: str
    file_count: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        store_relative_path = self.store_relative_path

        file_count = self.file_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "StoreRelativePath": store_relative_path,
            }
        )
        if file_count is not UNSET:
            field_dict["FileCount"] = file_count

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        store_relative_path = d.pop("StoreRelativePath")

        file_count = d.pop("FileCount", UNSET)

        folder_info = cls(
            store_relative_path=store_relative_path,
            file_count=file_count,
        )

        folder_info.additional_properties = d
        return folder_info

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
