"""Clients for three image services: `imageapis.servicefabric`, `imageapis.lusid`, `imageapis.openstack`.

Import the package of your service; this one imports none of them. Errors of all three are in `imageapis.errors`.
"""

__version__ = "0.1.0"
