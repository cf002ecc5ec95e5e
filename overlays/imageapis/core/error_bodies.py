"""Reads the usual shapes of an error body, for services whose own is not known better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imageapis.core.service import ErrorDetail

if TYPE_CHECKING:
    from imageapis.core.http import Response

_CODES = ("code", "errorCode", "error_code", "type", "title", "reason", "status")
_MESSAGES = ("message", "detail", "error_description", "description", "msg", "title", "error", "reason")
_IDS = ("request_id", "requestId", "traceId", "trace_id", "instance")


def read_error(response: Response) -> ErrorDetail:
    """Return what an answer of 400 or more says.

    Read are `{"code", "message"}` and what is like it, alone, under `error` or under a name of the error's own; the
    first of a list under `errors` or `detail`; problem documents (RFC 9457); and plain text.

    Raises:
        ValueError: The body is nothing that can be shown.
    """
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/plain"):
        return ErrorDetail(message=" ".join(response.text.split()) or None)
    return _read(response.json())


def _read(said: Any) -> ErrorDetail:
    if isinstance(said, str):
        return ErrorDetail(message=said)
    if isinstance(said, list):
        return _read(said[0]) if said else ErrorDetail()
    if not isinstance(said, dict):
        raise ValueError(f"an object was expected, not {type(said).__name__}")
    for name in ("errors", "error", "detail", "status"):
        inner = said.get(name)
        if inner and isinstance(inner, list | dict):
            found = _read(_by_field(inner) or inner)
            own = _own(said)
            return ErrorDetail(
                found.code or own.code, found.message or own.message, None, found.request_id or own.request_id
            )
    if len(said) == 1 and isinstance(inner := next(iter(said.values())), dict):
        found = _read(inner)
        return found if found.code is None or found.message is None else found._replace(code=found.code)
    return _own(said)


def _by_field(errors: Any) -> Any:
    """Return the first list of errors that stand by the field that they are about: `{"name": ["is too long"]}`."""
    if isinstance(errors, dict) and all(isinstance(one, list) for one in errors.values()):
        return next(iter(errors.values()))
    return None


def _own(said: dict[str, Any]) -> ErrorDetail:
    code, message = _first(said, _CODES), _first(said, _MESSAGES)
    if "error" in said and isinstance(said["error"], str) and message != said["error"] and "code" not in said:
        code = said["error"]  # {"error": "invalid_grant", "error_description": "…"}
    return ErrorDetail(code, message, None, _first(said, _IDS))


def _first(said: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = said.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
    return None
