# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.image_metadata_put_req_metadata import ImageMetadataPutReqMetadata


T = TypeVar("T", bound="ImageMetadataPutReq")


@_attrs_define
class ImageMetadataPutReq:
    """Metadata to store instead of all that is there.

    Attributes:
        metadata (ImageMetadataPutReqMetadata): Items by name.
    """

    metadata: ImageMetadataPutReqMetadata

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
        from ..models.image_metadata_put_req_metadata import ImageMetadataPutReqMetadata  # noqa: PLC0415

        d = dict(src_dict)
        metadata = ImageMetadataPutReqMetadata.from_dict(d.pop("metadata"))

        image_metadata_put_req = cls(
            metadata=metadata,
        )

        return image_metadata_put_req
