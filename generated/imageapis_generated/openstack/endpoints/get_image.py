# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /v2.1/images/{image_id}: Show an image."""

from __future__ import annotations

from ... import _requests
from ..values import ImageShow


def build(image_id: str) -> _requests.Call:
    """Show an image.

    Args:
        image_id: Id of the image.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        f"/v2.1/images/{_requests.segment(image_id)}",
    )


def parse(answer: _requests.Answer, /) -> ImageShow:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, ImageShow.from_json)
    raise _requests.undeclared(answer)
