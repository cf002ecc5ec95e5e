"""Redaction of what a server or a proxy says: some show the secrets that the request carried, all again."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

#: Headers whose values are secrets.
_SECRET_HEADERS = ("Authorization", "X-Auth-Token", "X-Subject-Token", "Proxy-Authorization", "Cookie")
#: Characters below which a text is no secret but a word that messages are made of.
_SHORTEST = 6


#: What proxies are asked with: of that a request's headers know nothing, and any connection of the process may use one.
_of_proxies: set[str] = set()


def remember_proxy(address: str) -> None:
    """Redact the user's name and password of a proxy from now on.

    Args:
        address: The proxy's, as it was given; also one that is none.
    """
    before_host, at, _ = address.rpartition("@")
    if not at:
        return
    userinfo = before_host.rpartition("://")[2]
    username, _, password = (unquote(part) for part in userinfo.partition(":"))
    pair = f"{username}:{password}"
    found = (userinfo, pair, password, base64.b64encode(pair.encode("utf-8", "replace")).decode())
    # A user without a password may have a token for a name.
    _of_proxies.update(each for each in (*found, *(() if password else (username,))) if len(each) >= _SHORTEST)


def redacted(text: str, request: httpx.Request) -> str:
    """Return a text with a mark in place of each secret of the request that it holds."""
    for secret in _secrets(request):
        for form in {secret, quote(secret, safe="")}:
            text = text.replace(form, "***")
    return text


def holds_secrets(text: str, request: httpx.Request) -> bool:
    """Say whether a text holds a secret of the request."""
    return redacted(text, request) != text


def _secrets(request: httpx.Request) -> Iterator[str]:
    # The longest first: of a pair, what is left would stay.
    yield from sorted(_of_proxies, key=len, reverse=True)
    for name in _SECRET_HEADERS:
        value = request.headers.get(name, "")
        scheme, _, proof = value.partition(" ")
        found = [value, proof]
        if scheme.lower() == "basic":
            user_and_password = _decoded(proof)
            found += [user_and_password, user_and_password.partition(":")[2]]
        yield from (secret for secret in found if len(secret) >= _SHORTEST)


def _decoded(proof: str) -> str:
    try:
        return base64.b64decode(proof).decode("utf-8", "replace")
    except ValueError:
        return ""
