# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UploadChunkRange")


@_attrs_define
class UploadChunkRange:
    """Inclusive byte range that has not arrived yet.

    Attributes:
        start_position (str): First missing byte, in decimal.
        end_position (str): Last missing byte, in decimal.
    """

    start_position: str
    end_position: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        start_position = self.start_position

        end_position = self.end_position

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "StartPosition": start_position,
                "EndPosition": end_position,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        start_position = d.pop("StartPosition")

        end_position = d.pop("EndPosition")

        upload_chunk_range = cls(
            start_position=start_position,
            end_position=end_position,
        )

        upload_chunk_range.additional_properties = d
        return upload_chunk_range

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
