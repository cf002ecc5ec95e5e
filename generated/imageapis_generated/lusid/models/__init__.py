# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""Contains all the data models used in inputs/outputs"""

from .image import Image
from .image_summary import ImageSummary
from .link import Link
from .lusid_problem_details import LusidProblemDetails
from .lusid_problem_details_error_details_type_0_item import (
    LusidProblemDetailsErrorDetailsType0Item,
)
from .lusid_validation_problem_details import LusidValidationProblemDetails
from .lusid_validation_problem_details_error_details_type_0_item import (
    LusidValidationProblemDetailsErrorDetailsType0Item,
)
from .lusid_validation_problem_details_errors_type_0 import (
    LusidValidationProblemDetailsErrorsType0,
)
from .repository import Repository
from .resource_list_of_image_summary import ResourceListOfImageSummary
from .resource_list_of_repository import ResourceListOfRepository
from .scan_report import ScanReport
from .scan_summary import ScanSummary
from .tag import Tag
from .upload_image_instructions import UploadImageInstructions
from .upload_image_request import UploadImageRequest
from .vulnerability import Vulnerability

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
