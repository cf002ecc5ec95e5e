"""What a service's document (`specs/<service>/openapi.json`) says of a request: which operation, and what is wrong."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import attrs

if TYPE_CHECKING:
    from openapi_core import OpenAPI


def document_path(service: str) -> Path:
    """Return where a service's document lies: in the wheel beside this module, in a checkout under `specs/`."""
    for root in (Path(__file__).parent / "specs", Path(__file__).parents[3] / "specs"):
        path = root / service / "openapi.json"
        if path.is_file():
            return path
    raise FileNotFoundError(f"there is no document of {service!r}")


@functools.cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    """Return the operations of a service's document, those with fewer parameters in their paths first."""
    document = json.loads(document_path(service).read_text("utf-8"))
    return [
        (method.upper(), re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path))), operation["operationId"])
        for path, operations in sorted(document["paths"].items(), key=lambda it: it[0].count("{"))
        for method, operation in operations.items()
        if "operationId" in operation
    ]


def operation_id(service: str, method: str, path: str) -> str | None:
    """Return the id of the operation that a request asks for, as the service's document names it.

    Args:
        service: The folder under `specs/`.
        method: The request's method.
        path: Its path as in the document, still percent-encoded.
    """
    return next((name for verb, route, name in _routes(service) if verb == method and route.fullmatch(path)), None)


@attrs.define
class _Request:
    """A request in the form that openapi-core reads."""

    host_url: str
    path: str
    method: str
    parameters: Any
    content_type: str
    body: bytes | None
    full_url_pattern: str


class Contract:
    """Validates requests.

    Args:
        service: The folder under `specs/`.
        base: The path under which the service's paths lie on the local server, e.g. `/scheduler2`.
    """

    def __init__(self, service: str, base: str = "") -> None:
        document = json.loads(document_path(service).read_text("utf-8"))
        # Whatever host the document names, the local server stands for it; security is the server's own check.
        document["servers"] = [{"url": "http://localhost"}]
        self._base = base
        self._api = self._load(document)

    @staticmethod
    def _load(document: dict[str, Any]) -> OpenAPI:
        from openapi_core import OpenAPI

        return OpenAPI.from_dict(document)

    def violation(self, method: str, target: str, headers: dict[str, str], body: bytes | None) -> str | None:
        """Return what is wrong with a request, or `None`.

        Args:
            method: Its method.
            target: Its path and query as they came over the wire.
            headers: Its headers, names in lower case.
            body: Its body; for a streamed binary one any byte will do.
        """
        from openapi_core.datatypes import RequestParameters
        from openapi_core.exceptions import OpenAPIError
        from werkzeug.datastructures import Headers, ImmutableMultiDict

        path, _, query = target.partition("?")
        path = path.removeprefix(self._base)
        request = _Request(
            "http://localhost",
            path,
            method.lower(),
            RequestParameters(
                query=ImmutableMultiDict(parse_qsl(query, keep_blank_values=True)), header=Headers(headers)
            ),
            headers.get("content-type", ""),
            body,
            "http://localhost" + path,
        )
        try:
            self._api.validate_request(request)
        except OpenAPIError as failure:
            cause = failure.__cause__
            return f"{method} {unquote(path)}: {failure}" + (f" ({cause})" if cause else "")
        return None
