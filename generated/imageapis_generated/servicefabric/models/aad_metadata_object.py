# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.aad_metadata import AadMetadata


T = TypeVar("T", bound="AadMetadataObject")


@_attrs_define
class AadMetadataObject:
    """How clients log in.

    Attributes:
        type_ (str | Unset): Kind of login, "aad" or empty.
        metadata (AadMetadata | Unset): Directory and application ids.
    """

    type_: str | Unset = UNSET
    metadata: AadMetadata | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if type_ is not UNSET:
            field_dict["type"] = type_
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.aad_metadata import AadMetadata  # noqa: PLC0415

        d = dict(src_dict)
        type_ = d.pop("type", UNSET)

        _metadata = d.pop("metadata", UNSET)
        metadata: AadMetadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = AadMetadata.from_dict(_metadata)

        aad_metadata_object = cls(
            type_=type_,
            metadata=metadata,
        )

        aad_metadata_object.additional_properties = d
        return aad_metadata_object

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
