# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /ImageStore/{contentPath}/$/GetUploadSession: List the upload sessions of a path."""

from __future__ import annotations

from ... import _requests
from ..values import UploadSessions


def build(
    content_path: str, *, api_version: str = "6.0", timeout: int | None = None
) -> _requests.Call:
    """List the upload sessions of a path.

    Args:
        content_path: Path of a file or folder, relative to the root of the store. No segment
            may be "$".
        api_version: REST API version; any value from the one that introduced the call up to the
            runtime's own is accepted.
        timeout: Seconds the gateway may spend on the work behind the request; it does not cover
            receiving the body.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        f"/ImageStore/{_requests.segment(content_path)}/$/GetUploadSession",
        query=_requests.query(("api-version", api_version), ("timeout", timeout)),
    )


def parse(answer: _requests.Answer, /) -> UploadSessions | None:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, UploadSessions.from_json)
    if status == 204:
        return None
    raise _requests.undeclared(answer)
