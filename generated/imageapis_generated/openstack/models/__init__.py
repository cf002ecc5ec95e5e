# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""Contains all the data models used in inputs/outputs"""

from .fault import Fault
from .image import Image
from .image_basic import ImageBasic
from .image_detail_list import ImageDetailList
from .image_list import ImageList
from .image_meta_key_put_req import ImageMetaKeyPutReq
from .image_meta_key_put_req_meta import ImageMetaKeyPutReqMeta
from .image_metadata_post_req import ImageMetadataPostReq
from .image_metadata_post_req_metadata import ImageMetadataPostReqMetadata
from .image_metadata_put_req import ImageMetadataPutReq
from .image_metadata_put_req_metadata import ImageMetadataPutReqMetadata
from .image_server import ImageServer
from .image_show import ImageShow
from .link import Link
from .meta_answer import MetaAnswer
from .metadata import Metadata
from .metadata_answer import MetadataAnswer

__all__ = (
    "Fault",
    "Image",
    "ImageBasic",
    "ImageDetailList",
    "ImageList",
    "ImageMetadataPostReq",
    "ImageMetadataPostReqMetadata",
    "ImageMetadataPutReq",
    "ImageMetadataPutReqMetadata",
    "ImageMetaKeyPutReq",
    "ImageMetaKeyPutReqMeta",
    "ImageServer",
    "ImageShow",
    "Link",
    "MetaAnswer",
    "Metadata",
    "MetadataAnswer",
)
