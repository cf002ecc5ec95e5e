"""The one tree of errors that all three packages raise, and nothing that raises them.

Whatever a server or a network does reaches the caller as an `ImageApiError`. Every error can be pickled, and its
text is one line that says what happened, to what, and what to do next. No error text holds a secret.
"""

from __future__ import annotations

from typing import Any

from imageapis._plain import printable

#: Characters that an error takes of what a server says.
LONGEST = 2000


class ImageApiError(Exception):
    """The root of all errors of this library.

    Attributes:
        page_token: Where a failed walk can go on: pass it to `by_page(start=...)`. `None` when the first page
            failed or no walk was under way.
    """

    page_token: str | None = None

    def __init__(self, message: str) -> None:
        text = printable(" ".join(message.split()))
        # What a text quotes may be of any length; nobody reads on beyond a page.
        super().__init__(text if len(text) <= 4 * LONGEST else text[: 4 * LONGEST] + "…")
        self.message = self.args[0]

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the class with `args` alone; subclasses take keywords besides.
        return _restore, (type(self), self.args, self.__dict__.copy())

    def __str__(self) -> str:
        return str(self.message)


def _restore(kind: type[ImageApiError], args: tuple[Any, ...], state: dict[str, Any]) -> ImageApiError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class LoginError(ImageApiError):
    """No proof of identity could be had: settings that do not fit, or a login that was refused."""


class ConnectionFailed(ImageApiError):
    """No whole answer came back.

    Attributes:
        sent: Whether the request may have reached the server. `False` means it certainly did not.
    """

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class TimedOut(ConnectionFailed):
    """No whole answer came back in time."""


class StatusError(ImageApiError):
    """The server answered, and its answer is a refusal.

    Attributes:
        status: The HTTP status.
        code: The service's own error code, e.g. `FABRIC_E_TIMEOUT`, or `None`.
        reason: What the service said, or `None`. (`message` is this error's whole text.)
        request_id: The id under which the service logged the call, or `None`.
        retry_after: Seconds that the server asked to wait, or `None`.
        method: The HTTP method of the refused request.
        path: The path of the refused request, without its query.
    """

    def __init__(
        self,
        status: int,
        code: str | None = None,
        message: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        *,
        method: str = "",
        path: str = "",
        advice: str | None = None,
    ) -> None:
        # Whatever an answer holds where text belongs: only text goes on.
        code, message, request_id = text_or_none(code), text_or_none(message), text_or_none(request_id)
        said = ": ".join(part for part in (code, message) if part)
        parts = [f"{method} {path} answered {status}".strip()]
        if said:
            parts.append(f" ({said})")
        if request_id:
            parts.append(f" [request id {request_id}]")
        if advice:
            parts.append(f". {advice}" if advice.endswith((".", "?")) else f". {advice}.")
        super().__init__("".join(parts))
        self.status = status
        self.code = code
        self.reason = message
        self.request_id = request_id
        self.retry_after = retry_after
        self.method = method
        self.path = path
        self.advice = advice


class BadRequest(StatusError):
    """400: the request is not one that the service takes."""


class NotAuthenticated(StatusError):
    """401: the service does not take the proof of identity, also not a fresh one."""


class Forbidden(StatusError):
    """403: the service knows who asks and refuses."""


class NotFound(StatusError):
    """404: there is no such thing, or this identity may not see it."""


class Conflict(StatusError):
    """409: the call does not fit the state of the thing."""


class TooLarge(StatusError):
    """413: the body is larger than the service takes."""


class RateLimited(StatusError):
    """429: too many requests, also after the retries; see `retry_after`."""


class ServerError(StatusError):
    """5xx: the service or something before it failed, also after the retries."""


class InvalidArgument(ImageApiError, ValueError):
    """An argument is something that no request can carry; nothing was sent."""


class WrongType(InvalidArgument, TypeError):
    """An argument is of another kind than it can be: a number is text, a name is missing; nothing was sent."""


class UnexpectedReply(ImageApiError):
    """An answer that is neither what the service's document promises nor an error that it declares."""


class ResponseTooLarge(UnexpectedReply):
    """An answer of more bytes than the client takes, decoded; `max_response_size` says how many these are."""


class ClientClosed(ImageApiError, RuntimeError):
    """A call of a client that was closed, or whose `http_client` was; nothing was sent."""


class WrongEventLoop(ImageApiError, RuntimeError):
    """A call of an async client in another event loop than the one that it was first used in; nothing was sent."""


class UploadInterrupted(ImageApiError):
    """An upload stopped before its end and can go on.

    Attributes:
        resume: What the upload method takes as `resume=` to go on.
        sent: Bytes that the server has acknowledged.
        total: Bytes that there are in all.
    """

    def __init__(self, message: str, *, resume: Any, sent: int, total: int) -> None:
        super().__init__(message)
        self.resume = resume
        self.sent = sent
        self.total = total


class SourceChanged(ImageApiError):
    """A local file changed while it was being uploaded; nothing of it was committed."""


class VerificationFailed(ImageApiError):
    """What the server holds is not what was sent.

    Attributes:
        resume: What the upload method takes as `resume=` to go on, as that of `UploadInterrupted`; `None` where there
            is nothing to go on with.
    """

    resume: Any = None


class PageLoop(ImageApiError):
    """A server handed out a page token for the second time, or nothing but empty pages: going on would never end."""


class UnsafePath(ImageApiError, ValueError):
    """A path that the service would read as another one than was meant; nothing was sent."""


class UnusableFile(ImageApiError, ValueError):
    """A local path that cannot be used: a link, pipe or device where a file is to be, or a file of another kind."""


class JournalError(ImageApiError, ValueError):
    """A journal that is damaged, in use, or another cluster's, or a `resume=` that no error carried."""


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequest,
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    429: RateLimited,
}


def text_or_none(value: Any) -> str | None:
    """Return text from outside so that it can be printed, a number as text, and anything else as `None`."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return value[:LONGEST].encode("utf-8", "replace").decode()


def status_error_class(status: int) -> type[StatusError]:
    """Return the class of error for an HTTP status of 400 or more."""
    return ServerError if status >= 500 else _BY_STATUS.get(status, StatusError)
