# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of OpenStack compute images, each a module that is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import delete_image as delete_image
    from . import delete_image_metadata_item as delete_image_metadata_item
    from . import get_image as get_image
    from . import get_image_metadata_item as get_image_metadata_item
    from . import list_image_metadata as list_image_metadata
    from . import list_images as list_images
    from . import list_images_detail as list_images_detail
    from . import replace_image_metadata as replace_image_metadata
    from . import set_image_metadata_item as set_image_metadata_item
    from . import update_image_metadata as update_image_metadata

__all__ = (
    "list_images",
    "list_images_detail",
    "get_image",
    "delete_image",
    "list_image_metadata",
    "replace_image_metadata",
    "update_image_metadata",
    "get_image_metadata_item",
    "set_image_metadata_item",
    "delete_image_metadata_item",
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in __all__:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
