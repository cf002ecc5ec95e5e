"""What httpx raises for a request, and the errors of our tree that it becomes. Nothing else names its exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from imageapis.core.decoding import excerpt
from imageapis.core.redaction import redacted
from imageapis.core.retry import UNSENT
from imageapis.errors import ConnectionFailed, ImageApiError, TimedOut

if TYPE_CHECKING:
    from imageapis.core.http import Request

#: What a request may end in: httpx's own, and the codec's by which a host's name or a header goes out.
FAILURES = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
#: Those whose text holds what could not be sent: a token, for one.
UNSENDABLE = (httpx.LocalProtocolError, UnicodeError)


def connection_error(request: Request, failure: Exception) -> ImageApiError:
    """Return our error for a failure of httpx, or of the codec by which a host's name goes out."""
    what = f"{request.method} {request.url.scheme}://{request.url.netloc.decode('ascii')}{request.url.path}"
    said = excerpt(redacted(_words(failure), request)) or type(failure).__name__
    sent = not isinstance(failure, UNSENT)
    if isinstance(failure, httpx.TimeoutException):
        return TimedOut(
            f"{what} had no answer in time ({said}). Give `timeout=` more seconds, or look whether the server is up.",
            sent=sent,
        )
    if isinstance(failure, UNSENDABLE):
        return ConnectionFailed(
            f"{what} cannot be sent: its address or a header holds what HTTP does not carry. Check the login's address "
            "and secrets.",
            sent=False,
        )
    if isinstance(failure, httpx.UnsupportedProtocol):
        return ConnectionFailed(f"{what} cannot be sent ({said}). Check the login's address.", sent=False)
    return ConnectionFailed(f"{what} failed ({said}). {_hint(request, failure, sent=sent)}", sent=sent)


def _hint(request: Request, failure: Exception, *, sent: bool) -> str:
    """Return what to do next. The commonest slips are told apart by OpenSSL's words: there is nothing else to go by."""
    said = _words(failure)
    if "WRONG_VERSION_NUMBER" in said or "RECORD_LAYER_FAILURE" in said:
        return (
            "Nothing was sent: the server speaks no TLS there. Its address begins with http://, or the port is wrong."
        )
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return (
            "Nothing was sent: the server's certificate is not trusted here. Give the login the certificate of the "
            "authority that signed it, or the host's right name."
        )
    if not sent:
        return "Nothing was sent: check the address, the network and the TLS settings."
    repeat = "" if request.method == "GET" else " The request may have been carried out: look before you repeat it."
    if request.url.scheme == "http" and isinstance(failure, httpx.RemoteProtocolError):
        return f"If the server speaks TLS, its address begins with https://.{repeat}"
    usual = repeat.strip() or "Try again, or look whether the server is up."
    if request.url.scheme == "http" and isinstance(failure, httpx.ReadError):
        # Some servers reset a connection that does not begin with TLS.
        return f"{usual} If it speaks TLS, its address begins with https://."
    return usual


def _words(failure: BaseException) -> str:
    """Return what a failure says, or what it came from: under trio, httpx's own says nothing."""
    cause: BaseException | None = failure
    while cause is not None and not str(cause):
        cause = cause.__cause__ or cause.__context__
    return "" if cause is None else str(cause)
