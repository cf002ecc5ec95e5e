# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /ImageStore/$/FolderSize: Size of the whole store."""

from __future__ import annotations

from ... import _requests
from ..values import FolderSize


def build(*, api_version: str = "6.5", timeout: int | None = None) -> _requests.Call:
    """Size of the whole store.

    Args:
        api_version: REST API version; runtimes before 6.5 refuse it with E_INVALIDARG.
        timeout: Seconds the gateway may spend on the work behind the request; it does not cover
            receiving the body.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        "/ImageStore/$/FolderSize",
        query=_requests.query(("api-version", api_version), ("timeout", timeout)),
    )


def parse(answer: _requests.Answer, /) -> FolderSize:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, FolderSize.from_json)
    raise _requests.undeclared(answer)
