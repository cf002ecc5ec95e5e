"""OpenStack compute's image calls (v2.1): `ComputeImages`, its async twin, the values they return, and `auth`."""

from imageapis.openstack import auth
from imageapis.openstack.client import AsyncComputeImages, ComputeImages
from imageapis_generated.openstack.values import Image, ImageServer

__all__ = ["AsyncComputeImages", "ComputeImages", "Image", "ImageServer", "auth"]
