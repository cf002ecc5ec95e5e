# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of LUSID Scheduler images, each a module that is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import delete_image as delete_image
    from . import download_image as download_image
    from . import get_image as get_image
    from . import list_images as list_images
    from . import list_repositories as list_repositories
    from . import upload_image as upload_image

__all__ = (
    "upload_image",
    "list_repositories",
    "list_images",
    "get_image",
    "delete_image",
    "download_image",
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in __all__:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
