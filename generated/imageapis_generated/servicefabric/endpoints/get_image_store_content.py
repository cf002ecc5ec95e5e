# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /ImageStore/{contentPath}: List a folder, or describe a file."""

from __future__ import annotations

from ... import _requests
from ..values import ImageStoreContent


def build(
    content_path: str,
    *,
    api_version: str = "6.2",
    timeout: int | None = None,
    continuation_token: str | None = None,
) -> _requests.Call:
    """List a folder, or describe a file.

    Args:
        content_path: Path of a file or folder, relative to the root of the store. No segment
            may be "$".
        api_version: REST API version; 6.2 is the first whose answer for a missing path has
            neither body nor Content-Type.
        timeout: Seconds the gateway may spend on the work behind the request; it does not cover
            receiving the body.
        continuation_token: Token of the page before; leave it out for the first page.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        f"/ImageStore/{_requests.segment(content_path)}",
        query=_requests.query(
            ("api-version", api_version),
            ("timeout", timeout),
            ("ContinuationToken", continuation_token),
        ),
    )


def parse(answer: _requests.Answer, /) -> ImageStoreContent | None:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, ImageStoreContent.from_json)
    if status == 204:
        return None
    raise _requests.undeclared(answer)
