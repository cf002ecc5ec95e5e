"""OpenStack compute's image calls (v2.1): `ComputeImages`, its async twin, the values they return, and `auth`."""

from typing import TYPE_CHECKING

from imageapis.core.lazy_imports import lazy_imports
from imageapis.openstack import auth
from imageapis.openstack.client import AsyncComputeImages, ComputeImages

if TYPE_CHECKING:
    from imageapis_generated.openstack.values import Image, ImageServer

__all__ = ["AsyncComputeImages", "ComputeImages", "Image", "ImageServer", "auth"]

__getattr__, __dir__ = lazy_imports(__name__, {"imageapis_generated.openstack.values": ("Image", "ImageServer")})
