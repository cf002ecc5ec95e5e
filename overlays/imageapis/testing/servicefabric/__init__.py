"""A local Service Fabric gateway with its image store: `ServiceFabricServer`."""

from imageapis.testing.servicefabric.server import ServiceFabricServer

__all__ = ["ServiceFabricServer"]
