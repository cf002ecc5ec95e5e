"""A local Service Fabric gateway with its image store: `ServiceFabricServer`."""

from imageapis.testing import extra  # noqa: F401 - says what to install where it is not
from imageapis.testing.servicefabric.server import ServiceFabricServer

__all__ = ["ServiceFabricServer"]
