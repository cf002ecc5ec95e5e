# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ImageStoreCopyDescription")


@_attrs_define
class ImageStoreCopyDescription:
    """A copy inside the store.

    Attributes:
        remote_source (str): Path to copy from; Windows clusters want backslashes in it.
        remote_destination (str): Path to copy to.
        skip_files (list[str] | Unset): Bare file names to leave out, at any depth.
        check_mark_file (bool | Unset): Ask for the `_.dir` mark to be checked during the copy.
    """

    remote_source: str
    remote_destination: str
    skip_files: list[str] | Unset = UNSET
    check_mark_file: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        remote_source = self.remote_source

        remote_destination = self.remote_destination

        skip_files: list[str] | Unset = UNSET
        if not isinstance(self.skip_files, Unset):
            skip_files = self.skip_files

        check_mark_file = self.check_mark_file

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "RemoteSource": remote_source,
                "RemoteDestination": remote_destination,
            }
        )
        if skip_files is not UNSET:
            field_dict["SkipFiles"] = skip_files
        if check_mark_file is not UNSET:
            field_dict["CheckMarkFile"] = check_mark_file

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        remote_source = d.pop("RemoteSource")

        remote_destination = d.pop("RemoteDestination")

        skip_files = cast(list[str], d.pop("SkipFiles", UNSET))

        check_mark_file = d.pop("CheckMarkFile", UNSET)

        image_store_copy_description = cls(
            remote_source=remote_source,
            remote_destination=remote_destination,
            skip_files=skip_files,
            check_mark_file=check_mark_file,
        )

        image_store_copy_description.additional_properties = d
        return image_store_copy_description

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
