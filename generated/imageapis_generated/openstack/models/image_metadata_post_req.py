# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.image_metadata_post_req_metadata import ImageMetadataPostReqMetadata


T = TypeVar("T", bound="ImageMetadataPostReq")


@_attrs_define
class ImageMetadataPostReq:
    """Metadata to merge.

    Attributes:
        metadata (ImageMetadataPostReqMetadata): Items by name.
    """

    metadata: ImageMetadataPostReqMetadata

    def to_dict(self) -> dict[str, Any]:
        metadata = self.metadata.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.image_metadata_post_req_metadata import (
            ImageMetadataPostReqMetadata,  # noqa: PLC0415
        )

        d = dict(src_dict)
        metadata = ImageMetadataPostReqMetadata.from_dict(d.pop("metadata"))

        image_metadata_post_req = cls(
            metadata=metadata,
        )

        return image_metadata_post_req
