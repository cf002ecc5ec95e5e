"""How LUSID says no: its problem documents, and the refusals of operations that it has withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imageapis.core.service import ErrorDetail
from imageapis.lusid.errors import OperationRetired

if TYPE_CHECKING:
    from imageapis.core.http import Response
    from imageapis.errors import StatusError

#: What to do about codes of the Scheduler API that concern images.
_ADVICE = {
    186: "Ask for a policy that grants this on images and repositories.",
    187: "Get another access token.",
    689: "The page token does not belong to this list, sorting and filter: start the walk anew.",
    731: "If this tag exists already, it may be immutable: push under another one.",
    756: "The scan of the image failed: look at the image's scan report.",
    939: "The domain refuses this network address: ask its administrator.",
}
_NOT_FOUND = "Look at its spelling, and at what the lists of repositories and images show."


def read_fault(response: Response) -> ErrorDetail:
    """Return what the service says in an answer of 400 or more."""
    body = response.json()
    if isinstance(body, str):
        return ErrorDetail(message=body)
    code = body.get("code")
    return ErrorDetail(
        code=None if code is None else str(code),
        message=_message(body),
        advice=_ADVICE.get(code) if isinstance(code, int) and code in _ADVICE else _of_status(response),
        request_id=_logged_as(body.get("instance")),
    )


def _of_status(response: Response) -> str | None:
    return _NOT_FOUND if response.status_code == 404 else None


def _message(body: dict[str, Any]) -> str | None:
    said = [str(body[key]) for key in ("title", "detail") if body.get(key)] or [str(body.get("name") or "")]
    said += [f"{field}: {' '.join(reasons)}" for field, reasons in (body.get("errors") or {}).items()]
    return "; ".join(part for part in said if part) or None


def _logged_as(instance: str | None) -> str | None:
    """Return the request id in the link to the logs that a problem carries: its seventh part."""
    parts = (instance or "").split("/")
    return parts[6] if len(parts) > 6 else None


def refusal(operation: str, response: Response, failure: StatusError) -> StatusError:
    """Return the error for a refused call of a withdrawn operation.

    A missing image is told from a missing operation by who speaks: the operation names the image in a JSON text or a
    problem with a code, routing answers 405, or 404 without a word of its own.
    """
    if failure.status == 405 or (failure.status == 404 and not _speaks(response)):
        return OperationRetired(
            failure.status,
            failure.code,
            failure.reason,
            failure.request_id,
            method=failure.method,
            path=failure.path,
            advice=f"LUSID withdrew {operation} in API build 0.0.1069 (2025-08-28) and this domain no longer has it: "
            "ask the domain's administrator.",
        )
    return failure


def _speaks(response: Response) -> bool:
    try:
        body = response.json()
    except ValueError:
        return False
    return isinstance(body, str) or (isinstance(body, dict) and body.get("code") is not None)
