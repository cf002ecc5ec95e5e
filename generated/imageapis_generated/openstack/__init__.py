# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The generator's own clients, each imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient as AuthenticatedClient
    from .client import Client as Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)

if not TYPE_CHECKING:
    _HOMES = {"AuthenticatedClient": "client", "Client": "client"}

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
            return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
