"""Where secrets may go: to the origin that a login names. What is asked of another server goes there without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from imageapis.core.http import Request
    from imageapis_generated._requests import Call

#: Headers of an httpx client that say what it understands, or how the request is framed. Any other may hold a secret.
_HARMLESS = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "transfer-encoding"}
)


def same_origin(one: httpx.URL, other: str) -> bool:
    """Say whether two addresses have the same scheme, host and port."""
    url = httpx.URL(other)
    return (one.scheme, one.host, _port(one)) == (url.scheme, url.host, _port(url))


def _port(url: httpx.URL) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)


def keep_secrets(request: Request, call: Call, ours: Mapping[str, str], login: Iterable[str]) -> None:
    """Take from a request to another server all that only the login's own server may see.

    What stays: the call's own headers and query, those headers of the client's that hold no secret, and the body.

    Args:
        request: The request.
        call: What the document and the arguments made of it.
        ours: The headers that every request of the client carries.
        login: The names of those that the login brings.
    """
    request.extensions["imageapis_foreign"] = True
    own = {name.lower() for name in ours} - {name.lower() for name in login}
    own.update(name.lower() for name in call.headers)
    for name in set(request.headers):
        if name not in own and name not in _HARMLESS:
            del request.headers[name]
    request.url = request.url.copy_with(query=call.query.encode("ascii") if call.query else None)


def is_foreign(request: Request) -> bool:
    """Say whether a request goes to another server than the login's, and so without its proof."""
    return bool(request.extensions.get("imageapis_foreign"))
