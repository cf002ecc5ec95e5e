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
    from ..models.upload_chunk_range import UploadChunkRange


T = TypeVar("T", bound="UploadSessionInfo")


@_attrs_define
class UploadSessionInfo:
    """State of one upload session.

    Attributes:
        store_relative_path (str): Destination, spelled as the chunks spelled it.
        session_id (str): Id that the client chose.
        file_size (str): Size of the whole file in bytes, in decimal.
        modified_date (datetime.datetime | Unset): When the last chunk was stored, UTC.
        expected_ranges (list[UploadChunkRange] | Unset): Ranges still missing, ascending; empty when the session can be
            committed.
    """

    store_relative_path: str
    session_id: str
    file_size: str
    modified_date: datetime.datetime | Unset = UNSET
    expected_ranges: list[UploadChunkRange] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        store_relative_path = self.store_relative_path

        session_id = self.session_id

        file_size = self.file_size

        modified_date: str | Unset = UNSET
        if not isinstance(self.modified_date, Unset):
            modified_date = self.modified_date.isoformat()

        expected_ranges: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.expected_ranges, Unset):
            expected_ranges = []
            for expected_ranges_item_data in self.expected_ranges:
                expected_ranges_item = expected_ranges_item_data.to_dict()
                expected_ranges.append(expected_ranges_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "StoreRelativePath": store_relative_path,
                "SessionId": session_id,
                "FileSize": file_size,
            }
        )
        if modified_date is not UNSET:
            field_dict["ModifiedDate"] = modified_date
        if expected_ranges is not UNSET:
            field_dict["ExpectedRanges"] = expected_ranges

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.upload_chunk_range import UploadChunkRange  # noqa: PLC0415

        d = dict(src_dict)
        store_relative_path = d.pop("StoreRelativePath")

        session_id = d.pop("SessionId")

        file_size = d.pop("FileSize")

        _modified_date = d.pop("ModifiedDate", UNSET)
        modified_date: datetime.datetime | Unset
        if isinstance(_modified_date, Unset):
            modified_date = UNSET
        else:
            modified_date = datetime.datetime.fromisoformat(_modified_date)

        _expected_ranges = d.pop("ExpectedRanges", UNSET)
        expected_ranges: list[UploadChunkRange] | Unset = UNSET
        if _expected_ranges is not UNSET:
            expected_ranges = []
            for expected_ranges_item_data in _expected_ranges:
                expected_ranges_item = UploadChunkRange.from_dict(expected_ranges_item_data)

                expected_ranges.append(expected_ranges_item)

        upload_session_info = cls(
            store_relative_path=store_relative_path,
            session_id=session_id,
            file_size=file_size,
            modified_date=modified_date,
            expected_ranges=expected_ranges,
        )

        upload_session_info.additional_properties = d
        return upload_session_info

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
