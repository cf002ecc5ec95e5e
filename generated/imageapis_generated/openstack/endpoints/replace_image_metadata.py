# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""PUT /v2.1/images/{image_id}/metadata: Replace all metadata of an image."""

from __future__ import annotations

from ... import _requests
from ..values import ImageMetadataPutReq, MetadataAnswer


def build(image_id: str, body: ImageMetadataPutReq) -> _requests.Call:
    """Replace all metadata of an image.

    Args:
        image_id: Id of the image.
        body: All items the image shall have.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "PUT",
        f"/v2.1/images/{_requests.segment(image_id)}/metadata",
        content=_requests.json_body(body),
        content_type="application/json",
    )


def parse(answer: _requests.Answer, /) -> MetadataAnswer:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, MetadataAnswer.from_json)
    raise _requests.undeclared(answer)
