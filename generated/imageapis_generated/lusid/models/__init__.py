# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""The models of the service, each imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .image import Image as Image
    from .image_summary import ImageSummary as ImageSummary
    from .link import Link as Link
    from .lusid_problem_details import LusidProblemDetails as LusidProblemDetails
    from .lusid_problem_details_error_details_type_0_item import (
        LusidProblemDetailsErrorDetailsType0Item as LusidProblemDetailsErrorDetailsType0Item,
    )
    from .lusid_validation_problem_details import (
        LusidValidationProblemDetails as LusidValidationProblemDetails,
    )
    from .lusid_validation_problem_details_error_details_type_0_item import (
        LusidValidationProblemDetailsErrorDetailsType0Item as LusidValidationProblemDetailsErrorDetailsType0Item,
    )
    from .lusid_validation_problem_details_errors_type_0 import (
        LusidValidationProblemDetailsErrorsType0 as LusidValidationProblemDetailsErrorsType0,
    )
    from .repository import Repository as Repository
    from .resource_list_of_image_summary import (
        ResourceListOfImageSummary as ResourceListOfImageSummary,
    )
    from .resource_list_of_repository import (
        ResourceListOfRepository as ResourceListOfRepository,
    )
    from .scan_report import ScanReport as ScanReport
    from .scan_summary import ScanSummary as ScanSummary
    from .tag import Tag as Tag
    from .upload_image_instructions import (
        UploadImageInstructions as UploadImageInstructions,
    )
    from .upload_image_request import UploadImageRequest as UploadImageRequest
    from .vulnerability import Vulnerability as Vulnerability

__all__ = (
    "Image",
    "ImageSummary",
    "Link",
    "LusidProblemDetails",
    "LusidProblemDetailsErrorDetailsType0Item",
    "LusidValidationProblemDetails",
    "LusidValidationProblemDetailsErrorDetailsType0Item",
    "LusidValidationProblemDetailsErrorsType0",
    "Repository",
    "ResourceListOfImageSummary",
    "ResourceListOfRepository",
    "ScanReport",
    "ScanSummary",
    "Tag",
    "UploadImageInstructions",
    "UploadImageRequest",
    "Vulnerability",
)

if not TYPE_CHECKING:
    _HOMES = {
        "Image": "image",
        "ImageSummary": "image_summary",
        "Link": "link",
        "LusidProblemDetails": "lusid_problem_details",
        "LusidProblemDetailsErrorDetailsType0Item": "lusid_problem_details_error_details_type_0_item",
        "LusidValidationProblemDetails": "lusid_validation_problem_details",
        "LusidValidationProblemDetailsErrorDetailsType0Item": "lusid_validation_problem_details_error_details_type_0_item",
        "LusidValidationProblemDetailsErrorsType0": "lusid_validation_problem_details_errors_type_0",
        "Repository": "repository",
        "ResourceListOfImageSummary": "resource_list_of_image_summary",
        "ResourceListOfRepository": "resource_list_of_repository",
        "ScanReport": "scan_report",
        "ScanSummary": "scan_summary",
        "Tag": "tag",
        "UploadImageInstructions": "upload_image_instructions",
        "UploadImageRequest": "upload_image_request",
        "Vulnerability": "vulnerability",
    }

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
            return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
