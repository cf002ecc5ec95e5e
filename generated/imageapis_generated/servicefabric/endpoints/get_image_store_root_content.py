# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /ImageStore: List the root of the store."""

from __future__ import annotations

from ... import _requests
from ..values import ImageStoreContent


def build(
    *, api_version: str = "6.0", timeout: int | None = None, continuation_token: str | None = None
) -> _requests.Call:
    """List the root of the store.

    Args:
        api_version: REST API version; any value from the one that introduced the call up to the
            runtime's own is accepted.
        timeout: Seconds the gateway may spend on the work behind the request; it does not cover
            receiving the body.
        continuation_token: Token of the page before; leave it out for the first page.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        "/ImageStore",
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
