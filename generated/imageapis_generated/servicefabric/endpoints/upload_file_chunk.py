# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""PUT /ImageStore/{contentPath}/$/UploadChunk: Send one chunk of an upload session."""

from __future__ import annotations

from typing import Any

from ... import _requests


def build(
    content_path: str,
    body: Any,
    *,
    session_id: str,
    content_range: str,
    api_version: str = "6.0",
    timeout: int | None = None,
) -> _requests.Call:
    """Send one chunk of an upload session.

    Args:
        content_path: Path of a file or folder, relative to the root of the store. No segment
            may be "$".
        body: Bytes of the range that Content-Range names, no more and no fewer. Bytes, or what
            the client streams.
        session_id: GUID chosen by the client for one upload: 36 characters, no braces.
        content_range: Inclusive byte range of this chunk and the size of the whole file: "bytes
            first-last/size".
        api_version: REST API version; any value from the one that introduced the call up to the
            runtime's own is accepted.
        timeout: Seconds the gateway may spend on the work behind the request; it does not cover
            receiving the body.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "PUT",
        f"/ImageStore/{_requests.segment(content_path)}/$/UploadChunk",
        query=_requests.query(
            ("api-version", api_version), ("session-id", session_id), ("timeout", timeout)
        ),
        headers=_requests.headers(("Content-Range", content_range)),
        content=body,
        content_type="application/octet-stream",
    )


def parse(answer: _requests.Answer, /) -> None:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return None
    raise _requests.undeclared(answer)
