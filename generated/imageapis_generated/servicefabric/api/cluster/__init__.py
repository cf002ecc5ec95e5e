# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of one tag, each a module that is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import get_aad_metadata as get_aad_metadata

__all__ = ("get_aad_metadata",)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in __all__:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
