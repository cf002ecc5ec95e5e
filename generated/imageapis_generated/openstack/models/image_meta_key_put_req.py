# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.image_meta_key_put_req_meta import ImageMetaKeyPutReqMeta


T = TypeVar("T", bound="ImageMetaKeyPutReq")


@_attrs_define
class ImageMetaKeyPutReq:
    """One metadata item.

    Attributes:
        meta (ImageMetaKeyPutReqMeta): The item by its name.
    """

    meta: ImageMetaKeyPutReqMeta

    def to_dict(self) -> dict[str, Any]:
        meta = self.meta.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "meta": meta,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.image_meta_key_put_req_meta import ImageMetaKeyPutReqMeta  # noqa: PLC0415

        d = dict(src_dict)
        meta = ImageMetaKeyPutReqMeta.from_dict(d.pop("meta"))

        image_meta_key_put_req = cls(
            meta=meta,
        )

        return image_meta_key_put_req
