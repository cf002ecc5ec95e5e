# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /v2.1/images/{image_id}/metadata/{key}: Read one metadata item."""

from __future__ import annotations

from ... import _requests
from ..values import MetaAnswer


def build(image_id: str, key: str) -> _requests.Call:
    """Read one metadata item.

    Args:
        image_id: Id of the image.
        key: Name of the metadata item, at most 255 characters.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        f"/v2.1/images/{_requests.segment(image_id)}/metadata/{_requests.segment(key)}",
    )


def parse(answer: _requests.Answer, /) -> MetaAnswer:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, MetaAnswer.from_json)
    raise _requests.undeclared(answer)
