# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file_version import FileVersion


T = TypeVar("T", bound="FileInfo")


@_attrs_define
class FileInfo:
    """One stored file.

    Attributes:
        file_size (str): Size in bytes, in decimal.
        store_relative_path (str): Path from the root of the store.
        file_version (FileVersion | Unset): Version the store gave to a file.
        modified_date (datetime.datetime | Unset): When the file was stored, UTC.
    """

    file_size: str
    store_relative_path: str
    file_version: FileVersion | Unset = UNSET
    modified_date: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_size = self.file_size

        store_relative_path = self.store_relative_path

        file_version: dict[str, Any] | Unset = UNSET
        if not isinstance(self.file_version, Unset):
            file_version = self.file_version.to_dict()

        modified_date: str | Unset = UNSET
        if not isinstance(self.modified_date, Unset):
            modified_date = self.modified_date.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "FileSize": file_size,
                "StoreRelativePath": store_relative_path,
            }
        )
        if file_version is not UNSET:
            field_dict["FileVersion"] = file_version
        if modified_date is not UNSET:
            field_dict["ModifiedDate"] = modified_date

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_version import FileVersion  # noqa: PLC0415

        d = dict(src_dict)
        file_size = d.pop("FileSize")

        store_relative_path = d.pop("StoreRelativePath")

        _file_version = d.pop("FileVersion", UNSET)
        file_version: FileVersion | Unset
        if isinstance(_file_version, Unset):
            file_version = UNSET
        else:
            file_version = FileVersion.from_dict(_file_version)

        _modified_date = d.pop("ModifiedDate", UNSET)
        modified_date: datetime.datetime | Unset
        if isinstance(_modified_date, Unset):
            modified_date = UNSET
        else:
            modified_date = datetime.datetime.fromisoformat(_modified_date)

        file_info = cls(
            file_size=file_size,
            store_relative_path=store_relative_path,
            file_version=file_version,
            modified_date=modified_date,
        )

        file_info.additional_properties = d
        return file_info

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
