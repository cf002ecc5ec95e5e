# Generated from specs/ by openapi-python-client 0.29.1.
# Do not edit: change a spec or its overlay, then run nox -s regenerate.

"""Generated packages, one a service; written by `nox -s regenerate`, read through `imageapis`."""
