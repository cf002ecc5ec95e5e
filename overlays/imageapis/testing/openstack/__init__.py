"""A local Keystone and Nova: `OpenStackServer`."""

from imageapis.testing.openstack.server import PASSWORD, OpenStackServer, StoredImage, identifier

__all__ = ["PASSWORD", "OpenStackServer", "StoredImage", "identifier"]
