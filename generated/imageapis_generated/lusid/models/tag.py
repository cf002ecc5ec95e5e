# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Tag")


@_attrs_define
class Tag:
    """One tag of an image.

    Attributes:
        name (None | str | Unset): The tag.
        pull_time (datetime.datetime | Unset): When it was last pulled; year 1 means never.
        push_time (datetime.datetime | Unset): When it was pushed; year 1 means never.
        signed (bool | Unset): Whether it is signed.
        immutable (bool | Unset): Whether it can be moved to another image.
    """

    name: None | str | Unset = UNSET
    pull_time: datetime.datetime | Unset = UNSET
    push_time: datetime.datetime | Unset = UNSET
    signed: bool | Unset = UNSET
    immutable: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        pull_time: str | Unset = UNSET
        if not isinstance(self.pull_time, Unset):
            pull_time = self.pull_time.isoformat()

        push_time: str | Unset = UNSET
        if not isinstance(self.push_time, Unset):
            push_time = self.push_time.isoformat()

        signed = self.signed

        immutable = self.immutable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if pull_time is not UNSET:
            field_dict["pullTime"] = pull_time
        if push_time is not UNSET:
            field_dict["pushTime"] = push_time
        if signed is not UNSET:
            field_dict["signed"] = signed
        if immutable is not UNSET:
            field_dict["immutable"] = immutable

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        _pull_time = d.pop("pullTime", UNSET)
        pull_time: datetime.datetime | Unset
        if isinstance(_pull_time, Unset):
            pull_time = UNSET
        else:
            pull_time = datetime.datetime.fromisoformat(_pull_time)

        _push_time = d.pop("pushTime", UNSET)
        push_time: datetime.datetime | Unset
        if isinstance(_push_time, Unset):
            push_time = UNSET
        else:
            push_time = datetime.datetime.fromisoformat(_push_time)

        signed = d.pop("signed", UNSET)

        immutable = d.pop("immutable", UNSET)

        tag = cls(
            name=name,
            pull_time=pull_time,
            push_time=push_time,
            signed=signed,
            immutable=immutable,
        )

        tag.additional_properties = d
        return tag

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
