# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""POST /ImageStore/$/Copy: Copy a file or a folder inside the store."""

from __future__ import annotations

from ... import _requests
from ..values import ImageStoreCopyDescription


def build(
    body: ImageStoreCopyDescription, *, api_version: str = "6.0", timeout: int | None = None
) -> _requests.Call:
    """Copy a file or a folder inside the store.

    Args:
        body: What to copy, and where to.
        api_version: REST API version; any value from the one that introduced the call up to the
            runtime's own is accepted.
        timeout: Seconds the gateway may spend on the work behind the request; it does not cover
            receiving the body.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "POST",
        "/ImageStore/$/Copy",
        query=_requests.query(("api-version", api_version), ("timeout", timeout)),
        content=_requests.json_body(body),
        content_type="application/json",
    )


def parse(answer: _requests.Answer, /) -> None:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return None
    raise _requests.undeclared(answer)
