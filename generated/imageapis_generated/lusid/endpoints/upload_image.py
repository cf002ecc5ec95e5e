# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""POST /api/images: Announce an image to push."""

from __future__ import annotations

from ... import _requests
from ..values import UploadImageInstructions, UploadImageRequest


def build(body: UploadImageRequest) -> _requests.Call:
    """Announce an image to push.

    Args:
        body: The image to announce.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "POST",
        "/api/images",
        content=_requests.json_body(body),
        content_type="application/json",
    )


def parse(answer: _requests.Answer, /) -> UploadImageInstructions:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, UploadImageInstructions.from_json)
    raise _requests.undeclared(answer)
