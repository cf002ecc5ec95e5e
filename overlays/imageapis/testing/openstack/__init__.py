"""A local Keystone and Nova: `OpenStackServer`."""

from imageapis.testing import extra  # noqa: F401 - says what to install where it is not
from imageapis.testing.openstack.server import PASSWORD, OpenStackServer, StoredImage, identifier

__all__ = ["PASSWORD", "OpenStackServer", "StoredImage", "identifier"]
