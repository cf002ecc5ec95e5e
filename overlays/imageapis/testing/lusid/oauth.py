"""The OAuth token endpoint beside the local LUSID server: password and refresh grants, rotation, faults on demand."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request


class OAuth:
    """One user, one client, and the tokens that they were given.

    Attributes:
        grants: The grant type of each request so far.
        fields: The fields of each request so far.
        lifetime: Seconds, as `expires_in`; `None` leaves it out.
        refreshes: Whether replies bring a refresh token.
        rotates: Whether each refresh brings another refresh token and ends the one before.
        valid: The access tokens that the API takes now.
        delay: Seconds that an answer takes.
    """

    def __init__(self, username: str, password: str, client_id: str, client_secret: str) -> None:
        self.username = username
        self.password = password
        self.client_id = client_id
        self.client_secret = client_secret
        self.lifetime: float | None = 3600
        self.refreshes = True
        self.rotates = True
        self.grants: list[str] = []
        self.fields: list[dict[str, str]] = []
        self.valid: set[str] = set()
        self.delay = 0.0
        self._refresh: set[str] = set()

    def revoke(self, *, refresh: bool = False) -> None:
        """End all access tokens, and all refresh tokens on request."""
        self.valid = set()
        if refresh:
            self._refresh = set()

    async def answer(self, request: Request) -> Response:
        """Answer a token request."""
        await asyncio.sleep(self.delay)
        # By hand: whoever forgets to encode a field shows up as a stray one here.
        pairs = parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True)
        fields = dict(pairs)
        self.fields.append(fields)
        grant = fields.get("grant_type", "")
        self.grants.append(grant)
        if self._client(request, fields) != (self.client_id, self.client_secret):
            return _refused(401, "invalid_client", "Invalid value for 'client_id' parameter.")
        if grant == "password":
            if (fields.get("username"), fields.get("password")) != (self.username, self.password):
                return _refused(400, "invalid_grant", "The credentials provided were invalid.")
        elif grant == "refresh_token":
            token = fields.get("refresh_token", "")
            if token not in self._refresh:
                return _refused(400, "invalid_grant", "The refresh token is invalid or expired.")
            if self.rotates:
                self._refresh.discard(token)
        else:
            return _refused(400, "unsupported_grant_type", "The authorization grant type is not supported.")
        return JSONResponse(self._issue(fresh=grant == "password" or self.rotates))

    def _issue(self, *, fresh: bool) -> dict[str, Any]:
        number = len(self.grants)
        # The characters that a client has to encode on its way back.
        reply: dict[str, Any] = {"token_type": "Bearer", "access_token": f"issued-{number}", "scope": "openid"}
        self.valid = {*self.valid, reply["access_token"]}
        if self.lifetime is not None:
            reply["expires_in"] = self.lifetime
        if self.refreshes and fresh:
            reply["refresh_token"] = f"renew+{number}/&="
            self._refresh.add(reply["refresh_token"])
        return reply

    def _client(self, request: Request, fields: dict[str, str]) -> tuple[str, str]:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            name, _, secret = base64.b64decode(value).decode("utf-8").partition(":")
            return unquote(name), unquote(secret)
        return fields.get("client_id", ""), fields.get("client_secret", "")


def _refused(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)
