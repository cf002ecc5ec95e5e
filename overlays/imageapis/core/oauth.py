"""Access tokens by the two grants of OAuth 2.0 (RFC 6749) that need no browser: client credentials and password."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from imageapis.core import login
from imageapis.core.addresses import checked_address
from imageapis.core.secrets import Secret, masked
from imageapis.core.tokens import Token, TokenAuth, lifetime
from imageapis.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imageapis.core.http import Response
    from imageapis.core.io import Io

#: Seconds that a token lives if its reply does not say.
LIFETIME = 3600.0


class Grant(TokenAuth):
    """An access token from a token endpoint, fetched anew before its end.

    Args:
        token_url: The token endpoint.
        client_id: The client; it names itself in the header Authorization, or without a secret in the form.
        client_secret: Its secret, if it has one.
        scopes: What the token shall be good for.
        username: A user, for the password grant; without one it is the client's own token.
        password: The user's password.

    Raises:
        LoginError: The address is none, or something is no text.
    """

    def __init__(
        self,
        *,
        token_url: str,
        client_id: str,
        client_secret: str | None = None,
        scopes: Sequence[str] = (),
        username: str | None = None,
        password: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._url = checked_address(token_url, "The token URL")
        self._client_id = client_id
        self._client_secret = None if client_secret is None else Secret(client_secret)
        self._scopes = " ".join(scopes)
        self._username = username
        self._password = None if password is None else Secret(password)

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Get an access token."""
        fields = {"grant_type": "client_credentials"}
        if self._username is not None and self._password is not None:
            fields = {"grant_type": "password", "username": self._username, "password": self._password.reveal()}
        if self._scopes:
            fields["scope"] = self._scopes
        headers = {"Accept": "application/json"}
        if self._client_secret is None:
            fields["client_id"] = self._client_id
        else:
            # Section 2.3.1: both halves are form-encoded before they are joined.
            pair = f"{quote(self._client_id, safe='')}:{quote(self._client_secret.reveal(), safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
        return self._read(await io.send(login.request(io, "POST", self._url, headers=headers, data=fields)))

    def _read(self, response: Response) -> Token:
        reply = login.answered(response)
        url = response.request.url
        where = f"The token endpoint {url.scheme}://{url.netloc.decode('ascii')}{url.path}"
        if response.status_code >= 300:
            said = ": ".join(str(reply[key]) for key in ("error", "error_description") if reply.get(key))
            said = masked(said, (self._password, self._client_secret))
            raise LoginError(
                f"{where} refused the login{f' ({said})' if said else ''}. It answered {response.status_code}: "
                "check the client, the user and the scopes."
            )
        value = reply.get("access_token")
        if not isinstance(value, str) or not value:
            raise LoginError(
                f"{where} answered {response.status_code} without an access token. "
                "Is the token URL that of an OAuth token endpoint?"
            )
        return Token(value, self._clock() + lifetime(reply.get("expires_in"), LIFETIME))
