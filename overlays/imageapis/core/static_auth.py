"""Proofs of identity that are the same on every request: user and password, and keys in a header, query or cookie.

Logins of `<service>.auth` are made of them; those that fetch tokens are in `tokens` and `oauth`.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from imageapis.core.secrets import Secret, checked_text, header_text

if TYPE_CHECKING:
    from imageapis.core.http import Request, Response
    from imageapis.core.io import Io

Place = Literal["header", "query", "cookie"]


class StaticAuth:
    """A proof that does not change: when it is refused, another try would be the same one."""

    async def apply(self, io: Io, request: Request) -> None:
        """Put the proof on the request."""
        raise NotImplementedError

    async def refused(self, io: Io, proof: None, response: Response) -> bool:
        """Another try would be the same one."""
        return False


class BasicAuth(StaticAuth):
    """Proof by user name and password (RFC 7617).

    Raises:
        LoginError: One of them is no text that can be sent.
    """

    def __init__(self, username: str, password: str | Secret) -> None:
        self._username = checked_text(username, "The user name")
        self._password = password if isinstance(password, Secret) else Secret(password)

    async def apply(self, io: Io, request: Request) -> None:
        """Put both into the header Authorization."""
        pair = f"{self._username}:{self._password.reveal()}".encode()
        request.headers["Authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")


class ApiKeyAuth(StaticAuth):
    """Proof by a key.

    Args:
        place: Where it goes.
        name: Of the header, the parameter of the query, or the cookie.
        key: The key; it shows in no text of ours.

    Raises:
        LoginError: The key cannot stand there.
    """

    def __init__(self, place: Place, name: str, key: str | Secret) -> None:
        plain = key.reveal() if isinstance(key, Secret) else key
        self._place = place
        self._name = name
        self._key = Secret(header_text(plain, "The key"))

    async def apply(self, io: Io, request: Request) -> None:
        """Put the key on the request, once however often it is sent."""
        if self._place == "header":
            request.headers[self._name] = self._key.reveal()
            return
        told = f"{quote(self._name, safe='')}={quote(self._key.reveal(), safe='')}"
        if self._place == "query":
            pairs = request.url.query.decode("ascii").split("&") if request.url.query else []
            if told not in pairs:
                request.url = request.url.copy_with(query="&".join([*pairs, told]).encode("ascii"))
            return
        crumbs = [crumb for crumb in request.headers.get("Cookie", "").split("; ") if crumb]
        if told not in crumbs:
            request.headers["Cookie"] = "; ".join([*crumbs, told])


class CombinedAuth(StaticAuth):
    """Several proofs on every request, for a service that asks for more than one."""

    def __init__(self, *proofs: StaticAuth) -> None:
        self._proofs = proofs

    async def apply(self, io: Io, request: Request) -> None:
        """Put each of them on the request."""
        for proof in self._proofs:
            await proof.apply(io, request)
