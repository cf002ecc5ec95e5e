# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /api/images/{name}: Show an image."""

from __future__ import annotations

from ... import _requests
from ..values import Image


def build(name: str) -> _requests.Call:
    """Show an image.

    Args:
        name: Repository and tag, joined by a colon.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        f"/api/images/{_requests.segment(name)}",
    )


def parse(answer: _requests.Answer, /) -> Image:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, Image.from_json)
    raise _requests.undeclared(answer)
