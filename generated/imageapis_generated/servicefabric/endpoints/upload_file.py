# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""PUT /ImageStore/{contentPath}: Store a whole file."""

from __future__ import annotations

from typing import Any

from ... import _requests


def build(
    content_path: str, body: Any, *, api_version: str = "6.0", timeout: int | None = None
) -> _requests.Call:
    """Store a whole file.

    Args:
        content_path: Path of a file or folder, relative to the root of the store. No segment
            may be "$".
        body: Bytes of the file; may be empty. Bytes, or what the client streams.
        api_version: REST API version; any value from the one that introduced the call up to the
            runtime's own is accepted.
        timeout: Seconds the gateway may spend on the work behind the request; it does not cover
            receiving the body.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "PUT",
        f"/ImageStore/{_requests.segment(content_path)}",
        query=_requests.query(("api-version", api_version), ("timeout", timeout)),
        content=body,
        content_type="application/octet-stream",
    )


def parse(answer: _requests.Answer, /) -> None:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return None
    raise _requests.undeclared(answer)
