# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The models of the service, each imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .fault import Fault as Fault
    from .image import Image as Image
    from .image_list import ImageList as ImageList
    from .image_meta_key_put_req import ImageMetaKeyPutReq as ImageMetaKeyPutReq
    from .image_meta_key_put_req_meta import (
        ImageMetaKeyPutReqMeta as ImageMetaKeyPutReqMeta,
    )
    from .image_metadata_post_req import ImageMetadataPostReq as ImageMetadataPostReq
    from .image_metadata_post_req_metadata import (
        ImageMetadataPostReqMetadata as ImageMetadataPostReqMetadata,
    )
    from .image_metadata_put_req import ImageMetadataPutReq as ImageMetadataPutReq
    from .image_metadata_put_req_metadata import (
        ImageMetadataPutReqMetadata as ImageMetadataPutReqMetadata,
    )
    from .image_server import ImageServer as ImageServer
    from .image_show import ImageShow as ImageShow
    from .link import Link as Link
    from .meta_answer import MetaAnswer as MetaAnswer
    from .metadata import Metadata as Metadata
    from .metadata_answer import MetadataAnswer as MetadataAnswer

__all__ = (
    "Fault",
    "Image",
    "ImageList",
    "ImageMetaKeyPutReq",
    "ImageMetaKeyPutReqMeta",
    "ImageMetadataPostReq",
    "ImageMetadataPostReqMetadata",
    "ImageMetadataPutReq",
    "ImageMetadataPutReqMetadata",
    "ImageServer",
    "ImageShow",
    "Link",
    "MetaAnswer",
    "Metadata",
    "MetadataAnswer",
)

if not TYPE_CHECKING:
    _HOMES = {
        "Fault": "fault",
        "Image": "image",
        "ImageList": "image_list",
        "ImageMetaKeyPutReq": "image_meta_key_put_req",
        "ImageMetaKeyPutReqMeta": "image_meta_key_put_req_meta",
        "ImageMetadataPostReq": "image_metadata_post_req",
        "ImageMetadataPostReqMetadata": "image_metadata_post_req_metadata",
        "ImageMetadataPutReq": "image_metadata_put_req",
        "ImageMetadataPutReqMetadata": "image_metadata_put_req_metadata",
        "ImageServer": "image_server",
        "ImageShow": "image_show",
        "Link": "link",
        "MetaAnswer": "meta_answer",
        "Metadata": "metadata",
        "MetadataAnswer": "metadata_answer",
    }

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
            return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
