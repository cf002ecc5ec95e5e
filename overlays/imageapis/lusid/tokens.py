"""The proofs of identity that LUSID takes: tokens of an OAuth password login, and a token kept in a file."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from imageapis.core import login
from imageapis.core.secrets import Secret, header_text, masked, read_file
from imageapis.core.tokens import Token, TokenAuth, lifetime
from imageapis.errors import LoginError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from imageapis.core.http import Request, Response
    from imageapis.core.io import Io

SCOPE = "openid client groups offline_access"
#: Seconds that a token lives if its reply does not say.
LIFETIME = 3600.0


class PasswordAuth(TokenAuth):
    """An access token from user name and password; renewed with the refresh token while that is taken.

    A refused refresh falls back to the password. One fetch serves all who wait; a failed one is raised to each and
    blocks nobody.
    """

    def __init__(
        self, *, token_url: str, username: str, password: Secret, client_id: str, client_secret: Secret, **options: Any
    ) -> None:
        super().__init__(**options)
        self._url = token_url
        self._username = username
        self._password = password
        self._client_id = client_id
        self._client_secret = client_secret

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Get an access token: with the refresh token of the previous one if there is any, else with the password."""
        refresh = None if previous is None else previous.details
        if refresh is not None:
            response = await io.send(self._refreshing(io, refresh))
            # 429 and 5xx say nothing about the refresh token; the password would fare no better.
            if response.status_code not in (400, 401, 403):
                return self._read_token(response, refresh)
        return self._read_token(await io.send(self._first(io)), None)

    def _first(self, io: Io) -> Request:
        fields = {
            "grant_type": "password",
            "username": self._username,
            "password": self._password.reveal(),
            "scope": SCOPE,
            "client_id": self._client_id,
            "client_secret": self._client_secret.reveal(),
        }
        return login.request(io, "POST", self._url, headers={"Accept": "application/json"}, data=fields)

    def _refreshing(self, io: Io, refresh: Secret) -> Request:
        fields = {"grant_type": "refresh_token", "scope": SCOPE, "refresh_token": refresh.reveal()}
        # RFC 6749, section 2.3.1: both halves are form-encoded before they are joined.
        pair = f"{quote(self._client_id, safe='')}:{quote(self._client_secret.reveal(), safe='')}"
        headers = {
            "Accept": "application/json",
            "Authorization": "Basic " + base64.b64encode(pair.encode()).decode("ascii"),
        }
        return login.request(io, "POST", self._url, headers=headers, data=fields)

    def _read_token(self, response: Response, refresh: Secret | None) -> Token:
        reply = login.answered(response)
        if response.status_code >= 300:
            raise LoginError(
                f"{self._where(response)} refused the login{self._said(reply, refresh)}. {_advice(response)}"
            )
        value = reply.get("access_token")
        if not isinstance(value, str) or not value:
            raise LoginError(
                f"{self._where(response)} answered {response.status_code} without an access token. "
                "Is the token URL that of an OAuth token endpoint?"
            )
        renewed = reply.get("refresh_token")
        if isinstance(renewed, str) and renewed:
            refresh = Secret(renewed)
        value = header_text(value, f"{self._where(response)}: its access token")
        return Token(value, self._clock() + lifetime(reply.get("expires_in"), LIFETIME), refresh)

    def _where(self, response: Response) -> str:
        url = response.request.url
        return f"The token endpoint {url.scheme}://{url.netloc.decode('ascii')}{url.path}"

    def _said(self, reply: Mapping[str, Any], refresh: Secret | None) -> str:
        """Return the reply's reason in brackets, without a secret that it may echo."""
        said = ": ".join(str(reply[key]) for key in ("error", "error_description") if reply.get(key))
        said = masked(said, (self._password, self._client_secret, refresh))
        return f" ({said})" if said else ""


def _advice(response: Response) -> str:
    status = response.status_code
    if status == 429 or status >= 500:
        return f"It answered {status}: try again later."
    if status in (404, 405):
        return f"It answered {status}: is the token URL that of an OAuth token endpoint?"
    return f"It answered {status}: check user name, password, client id and client secret."


class TokenFileAuth(TokenAuth):
    """An access token that somebody keeps fresh in a file: it is read again whenever the file has changed.

    Args:
        path: The file. White space around the token is not part of it.
    """

    def __init__(self, path: str | os.PathLike[str], **options: Any) -> None:
        super().__init__(**options)
        self._path = Path(path)

    async def apply(self, io: Io, request: Request) -> Token:
        """Put the token on the request, after a look at whether the file has changed."""
        known = self.current
        if known is not None and known.details != self._state_of_file():
            self.drop(known)
        return await super().apply(io, request)

    async def refused(self, io: Io, proof: Token, response: Response) -> bool:
        """Say whether the file holds another token by now."""
        self.drop(proof)
        return (await self.token(io)).value != proof.value

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Read the file."""
        state = self._state_of_file()
        text = await io.run(read_file, self._path, "The token file")
        return Token(header_text(text, f"The token in the token file {self._path}"), None, state)

    def _state_of_file(self) -> tuple[int, int, int]:
        try:
            state = self._path.stat()
        except (OSError, ValueError) as failure:
            reason = getattr(failure, "strerror", None) or type(failure).__name__
            raise LoginError(
                f"The token file {self._path} cannot be read ({reason}). Check its path and permissions."
            ) from failure
        return state.st_mtime_ns, state.st_size, state.st_ino
