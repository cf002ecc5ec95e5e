"""OpenStack compute's image calls (v2.1): `ComputeImages`, its async twin, the values they return, and `auth`."""

from imageapis.openstack import auth
from imageapis.openstack.client import AsyncComputeImages, ComputeImages
from imageapis.openstack.models import Image

__all__ = ["AsyncComputeImages", "ComputeImages", "Image", "auth"]
