# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""Service Fabric image store: `values` to hold, `endpoints` that build and parse, and the `operations` made of both."""
