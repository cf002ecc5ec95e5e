# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The operations of Service Fabric image store, each a module that is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import commit_image_store_upload_session as commit_image_store_upload_session
    from . import copy_image_store_content as copy_image_store_content
    from . import delete_image_store_content as delete_image_store_content
    from . import delete_image_store_upload_session as delete_image_store_upload_session
    from . import get_aad_metadata as get_aad_metadata
    from . import get_image_store_content as get_image_store_content
    from . import get_image_store_folder_size as get_image_store_folder_size
    from . import get_image_store_info as get_image_store_info
    from . import get_image_store_root_content as get_image_store_root_content
    from . import get_image_store_root_folder_size as get_image_store_root_folder_size
    from . import (
        get_image_store_upload_session_by_id as get_image_store_upload_session_by_id,
    )
    from . import (
        get_image_store_upload_session_by_path as get_image_store_upload_session_by_path,
    )
    from . import upload_file as upload_file
    from . import upload_file_chunk as upload_file_chunk

__all__ = (
    "get_image_store_content",
    "upload_file",
    "delete_image_store_content",
    "get_image_store_root_content",
    "copy_image_store_content",
    "delete_image_store_upload_session",
    "commit_image_store_upload_session",
    "get_image_store_upload_session_by_id",
    "get_image_store_upload_session_by_path",
    "upload_file_chunk",
    "get_image_store_root_folder_size",
    "get_image_store_folder_size",
    "get_image_store_info",
    "get_aad_metadata",
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in __all__:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
