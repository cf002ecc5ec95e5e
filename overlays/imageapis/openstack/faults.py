"""What Nova's and Keystone's refusals mean, and what to do about them. Which error is raised is core's business."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from imageapis.core.decoding import MISSHAPEN
from imageapis.core.service import ErrorDetail

if TYPE_CHECKING:
    from imageapis.core.http import Response

_TAG = re.compile(r"<(?:br\s*/?|/?[a-zA-Z]\w*)>")

#: What part of a message, at which status, tells what to do. Nova calls many mistakes of its callers a 500.
_ADVICE: tuple[tuple[int, str, str], ...] = (
    (400, "No image found with ID", "The image that the page starts after is gone: begin the list anew."),
    (400, "unknown operator", "The image service reads what stands before a colon as an operator."),
    (400, "project_id", "The endpoint holds another project's id: let the catalog tell it."),
    (403, "limit exceeded", "Delete some of the image's metadata first."),
    (403, "Not authorized for image", "Only a member of the image's project may change it, and no read-only field."),
    (403, "delete the image", "It is protected, or belongs to another project, or this login may only read."),
    (403, "get_images", "This login is for a domain: log in for a project, or with system_scope='all'."),
    (404, "Invalid metadata key", "The image has no such metadata item."),
    (406, "Version", "Log in with a compute_default_microversion that this cloud has, e.g. '2.1'."),
    (500, "EmptyCatalog", "The token is for no project: log in with project_name, or with system_scope='all'."),
    (500, "GlanceConnectionFailed", "The image service behind Nova is down: try later."),
    (500, "ImageQuotaExceeded", "The image service allows fewer metadata items than Nova: delete some first."),
    (500, "ImageBadRequest", "The image service takes no characters above U+FFFF and no blank keys in metadata."),
    (500, "TypeError", "A metadata key has the name of one of the image's own fields: leave it out."),
    (503, "Keystone", "Keystone is down or cannot be reached by Nova: try later."),
)

_BY_STATUS = {
    401: "The token was refused, also a fresh one: the account may be locked, or Nova may trust another Keystone.",
    404: "It does not exist, or this project may not see it.",
    413: "Send fewer metadata items at a time.",
}


def fault(response: Response) -> ErrorDetail:
    """Read a refusal in any of its four shapes.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is none of them (a proxy's page).
    """
    if not response.content:
        return ErrorDetail(advice=_BY_STATUS.get(response.status_code))
    code, message = _said(response.json())
    return ErrorDetail(code, message, _advice(response.status_code, message))


def said(response: Response) -> ErrorDetail:
    """Read a refusal; nothing is known of one that has none of the shapes."""
    try:
        return fault(response)
    except MISSHAPEN:
        return ErrorDetail()


def _said(body: dict[str, Any]) -> tuple[str, str]:
    if "message" in body:
        # The frame around Nova: an unknown address, a body that is too large, Keystone being down.
        return plain(body["title"]), plain(body["message"])
    ((kind, told),) = body.items()
    return plain(told["title"]) if kind == "error" else kind, plain(told["message"])


def plain(message: str) -> str:
    """Return a message as text: without tags, with entities undone, on one line."""
    return " ".join(unescape(_TAG.sub(" ", message)).split())


def _advice(status: int, message: str) -> str | None:
    for known, part, advice in _ADVICE:
        if status == known and part in message:
            return advice
    return _BY_STATUS.get(status)
