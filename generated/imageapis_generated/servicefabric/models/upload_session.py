# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.upload_session_info import UploadSessionInfo


T = TypeVar("T", bound="UploadSession")


@_attrs_define
class UploadSession:
    """Upload sessions.

    Attributes:
        upload_sessions (list[UploadSessionInfo] | Unset): The sessions found.
    """

    upload_sessions: list[UploadSessionInfo] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        upload_sessions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.upload_sessions, Unset):
            upload_sessions = []
            for upload_sessions_item_data in self.upload_sessions:
                upload_sessions_item = upload_sessions_item_data.to_dict()
                upload_sessions.append(upload_sessions_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if upload_sessions is not UNSET:
            field_dict["UploadSessions"] = upload_sessions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.upload_session_info import UploadSessionInfo  # noqa: PLC0415

        d = dict(src_dict)
        _upload_sessions = d.pop("UploadSessions", UNSET)
        upload_sessions: list[UploadSessionInfo] | Unset = UNSET
        if _upload_sessions is not UNSET:
            upload_sessions = []
            for upload_sessions_item_data in _upload_sessions:
                upload_sessions_item = UploadSessionInfo.from_dict(upload_sessions_item_data)

                upload_sessions.append(upload_sessions_item)

        upload_session = cls(
            upload_sessions=upload_sessions,
        )

        upload_session.additional_properties = d
        return upload_session

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
