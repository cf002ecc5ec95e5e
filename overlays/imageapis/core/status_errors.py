"""From an answer of 400 or more to the error of our tree that it becomes. Imported when the first one comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.core.decoding import MISSHAPEN, excerpt
from imageapis.core.redaction import redacted
from imageapis.core.retry import retry_after
from imageapis.core.service import ErrorDetail
from imageapis.errors import status_error_class

if TYPE_CHECKING:
    from imageapis.core.http import Response
    from imageapis.core.retry import Policy
    from imageapis.core.service import Service
    from imageapis.errors import StatusError


def status_error(service: Service, response: Response, policy: Policy) -> StatusError:
    """Return the error for an answer of 400 or more.

    Args:
        service: Who answered.
        response: The answer, read.
        policy: Reads `Retry-After`.
    """
    try:
        detail = service.read_error(response)
    except MISSHAPEN:
        # Not the service's own words: a proxy's page, an empty body, a truncated one.
        lost = "The service says nothing of it: check the address" if response.status_code == 404 else None
        detail = ErrorDetail(message=_excerpt(response), advice=lost)
    request = response.request
    code, message, request_id = (
        redacted(part, request) if isinstance(part, str) else part
        for part in (detail.code, detail.message, service.request_id(response) or detail.request_id)
    )
    return status_error_class(response.status_code)(
        response.status_code,
        code,
        message,
        request_id,
        retry_after(response.headers, policy),
        method=request.method,
        path=request.url.path,
        advice=detail.advice,
    )


def _excerpt(response: Response) -> str | None:
    """Return the beginning of what an answer says, if that is text for people."""
    if "html" in response.headers.get("Content-Type", ""):
        return None
    return excerpt(redacted(response.text, response.request)) or None
