# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="FileVersion")


@_attrs_define
class FileVersion:
    """Version the store gave to a file.

    Attributes:
        version_number (str | Unset): Number of the version, in decimal.
        epoch_data_loss_number (str | Unset): Data-loss part of the replica epoch, in decimal.
        epoch_configuration_number (str | Unset): Configuration part of the replica epoch, in decimal.
    """

    version_number: str | Unset = UNSET
    epoch_data_loss_number: str | Unset = UNSET
    epoch_configuration_number: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version_number = self.version_number

        epoch_data_loss_number = self.epoch_data_loss_number

        epoch_configuration_number = self.epoch_configuration_number

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if version_number is not UNSET:
            field_dict["VersionNumber"] = version_number
        if epoch_data_loss_number is not UNSET:
            field_dict["EpochDataLossNumber"] = epoch_data_loss_number
        if epoch_configuration_number is not UNSET:
            field_dict["EpochConfigurationNumber"] = epoch_configuration_number

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version_number = d.pop("VersionNumber", UNSET)

        epoch_data_loss_number = d.pop("EpochDataLossNumber", UNSET)

        epoch_configuration_number = d.pop("EpochConfigurationNumber", UNSET)

        file_version = cls(
            version_number=version_number,
            epoch_data_loss_number=epoch_data_loss_number,
            epoch_configuration_number=epoch_configuration_number,
        )

        file_version.additional_properties = d
        return file_version

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
