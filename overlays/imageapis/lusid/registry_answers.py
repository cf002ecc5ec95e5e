"""What the answers of a registry say: what they confirm, what they refuse, and which failures may pass.

A registry is a stranger: of what it says only what the protocol declares is believed, and only as far as it fits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from imageapis.core.addresses import checked_address
from imageapis.core.decoding import MISSHAPEN, excerpt
from imageapis.core.redaction import redacted
from imageapis.core.retry import retry_after
from imageapis.errors import (
    ConnectionFailed,
    ImageApiError,
    LoginError,
    ServerError,
    StatusError,
    UnexpectedReply,
    VerificationFailed,
    status_error_class,
)
from imageapis.lusid.registry_auth import is_for, origin

if TYPE_CHECKING:
    from imageapis.core.http import Request, Response
    from imageapis.lusid.local_image import Blob

#: Codes that mean: this upload is lost, but another may succeed.
_LOST = frozenset({"BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID", "DIGEST_INVALID", "SIZE_INVALID", "RANGE_INVALID"})
_ADVICE = {
    401: "The registry does not take the password that LUSID handed out: push again.",
    403: "The password that LUSID handed out does not allow this.",
    413: "The registry, or something before it, limits the size of a request: push with chunk_size=8 << 20.",
}
_ELSEWHERE = "No password was sent to this address, as it is not the registry's own: ask the registry's operator."
#: A number of bytes of which there can be so many.
_BYTES = re.compile(r"[0-9]{1,15}", re.ASCII)


def holds(response: Response, blob: Blob) -> bool:
    """Say whether an answer to a HEAD tells that the registry holds a blob.

    One that names another size or digest does not: the blob is sent, and the registry's next answers will tell.
    """
    if response.status_code != 200:
        return response.status_code != 404
    size, digest = str(blob.size), blob.digest
    said = response.headers.get("Content-Length", size), response.headers.get("Docker-Content-Digest", digest)
    return said == (size, digest)


def upload_address(base: str, response: Response, before: str | None) -> str:
    """Return where an upload goes on: always the newest address, which may be relative.

    Args:
        base: The registry's address.
        response: What the registry answered last.
        before: Where the upload went on so far, if it has begun.

    Raises:
        UnexpectedReply: The answer names no address that a blob could be sent to.
    """
    said: str | None = response.headers.get("Location") or before
    request = response.request
    try:
        place = checked_address(urldefrag(urljoin(str(request.url), said or ""))[0], "That") if said else ""
    except (ValueError, LoginError):
        place = ""
    if not place:
        raise UnexpectedReply(f"{called(request)} answered without an address to send the blob to.") from None
    scheme, host, _ = origin(place)
    if scheme == "http" and base.startswith("https:"):
        raise UnexpectedReply(f"{called(request)} wants the blob to be sent to {host} without TLS, which is not done.")
    return place


def least_chunk(started: Response) -> int:
    """Return the least size of a chunk that an upload's first answer asks for; 1 if it asks for none.

    Raises:
        UnexpectedReply: It asks for something that is no size.
    """
    said = started.headers.get("OCI-Chunk-Min-Length", "1")
    if _BYTES.fullmatch(said) is None:
        raise UnexpectedReply(f"{called(started.request)} asks for chunks of {said[:40]!r} bytes, which is no size.")
    return int(said)


def check_digest(response: Response, digest: str) -> None:
    """Compare the digest that an answer names, if it names one, with what was sent.

    Raises:
        VerificationFailed: It is another.
    """
    said = response.headers.get("Docker-Content-Digest", digest)
    if said != digest:
        raise VerificationFailed(
            f"{called(response.request)}: the registry holds {said[:100]!r} where {digest} was sent. Push again."
        )


def may_pass(failure: ImageApiError) -> bool:
    """Say whether what failed may succeed when it is begun anew.

    A request that was certainly not begun, or that came too soon (429), was tried again by itself already.
    """
    if isinstance(failure, StatusError):
        if failure.code in _LOST or isinstance(failure, ServerError) or failure.status in (408, 416):
            return True
        return failure.status == 404 and failure.code != "NAME_UNKNOWN"
    return isinstance(failure, ConnectionFailed) and failure.sent


def undeclared(response: Response) -> UnexpectedReply:
    """Return the error for a status below 400 that the protocol does not declare for the request."""
    status = response.status_code
    what = "a redirect, which is not followed" if status >= 300 else "which is not how a registry confirms that"
    return UnexpectedReply(
        f"{called(response.request)} answered {status}, {what}. Is a registry at this address, and nothing between "
        "that answers for it?"
    )


def refusal(base: str, response: Response) -> StatusError:
    """Return the error for an answer of 400 or more.

    Args:
        base: The registry's address. What goes elsewhere carries no password, and so none can be at fault.
        response: The answer.
    """
    code, message = _said(response)
    request, status = response.request, response.status_code
    advice = _ADVICE.get(status)
    if status in (401, 403) and not is_for(base, request):
        advice = _ELSEWHERE
    return status_error_class(status)(
        status,
        code,
        message,
        response.headers.get("x-ms-correlation-request-id"),
        retry_after(response.headers, request.extensions["retry"]),
        method=request.method,
        path=request.url.path,
        advice=advice,
    )


def _said(response: Response) -> tuple[str | None, str | None]:
    """Return the code and the words of a refusal; neither is in a proxy's page, nor in the answer to a HEAD."""
    try:
        fault = response.json()["errors"][0]
        found = [fault.get(name) for name in ("code", "message")]
    except MISSHAPEN:
        return None, None
    code, message = (excerpt(redacted(it, response.request), 300) if isinstance(it, str) else None for it in found)
    return code, message


def called(request: Request) -> str:
    """Return what a request is called in texts."""
    return f"{request.method} {request.url.path} of the registry"
