# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /ImageStore/$/GetUploadSession: Ask what an upload session still needs."""

from __future__ import annotations

from ... import _requests
from ..values import UploadSessions


def build(
    *, session_id: str, api_version: str = "6.0", timeout: int | None = None
) -> _requests.Call:
    """Ask what an upload session still needs.

    Args:
        session_id: GUID chosen by the client for one upload: 36 characters, no braces.
        api_version: REST API version; any value from the one that introduced the call up to the
            runtime's own is accepted.
        timeout: Seconds the gateway may spend on the work behind the request; it does not cover
            receiving the body.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        "/ImageStore/$/GetUploadSession",
        query=_requests.query(
            ("api-version", api_version), ("session-id", session_id), ("timeout", timeout)
        ),
    )


def parse(answer: _requests.Answer, /) -> UploadSessions | None:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, UploadSessions.from_json)
    if status == 204:
        return None
    raise _requests.undeclared(answer)
