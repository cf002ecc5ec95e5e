# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""DELETE /api/images/{name}: Delete an image."""

from __future__ import annotations

from ... import _requests
from ..._values import (
    text,
)


def build(name: str) -> _requests.Call:
    """Delete an image.

    Args:
        name: Repository and tag, joined by a colon.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "DELETE",
        f"/api/images/{_requests.segment(name)}",
    )


def parse(answer: _requests.Answer, /) -> str:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, text)
    raise _requests.undeclared(answer)
