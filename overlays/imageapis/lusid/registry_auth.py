"""Logging in to a registry: its challenge, the short-lived password as `Basic`, or a token that it buys as `Bearer`.

The password goes to the registry's own origin and nowhere else. Who asks LUSID is another login; the two never mix.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from imageapis.core import login
from imageapis.core.addresses import checked_address, shown
from imageapis.core.tokens import Token, TokenAuth, lifetime
from imageapis.errors import ImageApiError, LoginError, UnexpectedReply, status_error_class

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imageapis.core.auth import Auth
    from imageapis.core.http import Request, Response
    from imageapis.core.io import Io
    from imageapis.core.retry import Policy
    from imageapis.lusid.instructions import UploadInstructions

#: Possessive, and only from the beginning of a word: the time it takes grows with a challenge's length and not faster.
_PARAMETER = re.compile(r'(?<![A-Za-z_])([A-Za-z_]++)\s*+=\s*+(?:"([^"]*+)"|([^\s,"]++))')
#: Seconds that a registry's token lives if its reply does not say (the token specification's own default).
LIFETIME = 60.0
#: Seconds: a password that is refused so soon after its arrival is not replaced by yet another one.
SHORTEST_LIFE = 30.0


class RegistryPassword(TokenAuth):
    """The password of an upload's instructions, as `Basic`; another upload is announced when it has run out.

    Args:
        instructions: What LUSID answered.
        renew: Announces the image again, as often as that is worth while: what it raises is its last word.

    Attributes:
        gave_up: Whether it did so.
    """

    scheme = "Basic "

    def __init__(
        self, instructions: UploadInstructions, renew: Callable[[], Awaitable[UploadInstructions]], **options: Any
    ) -> None:
        super().__init__(**options)
        self.instructions = instructions
        self._renew = renew
        self._renewed = float("-inf")
        self.gave_up = False

    @property
    def _expired(self) -> bool:
        if self.instructions.password.lost:
            return True
        end = self.instructions.expiry_time
        return end is not None and end.timestamp() <= self._clock()

    @property
    def _just_renewed(self) -> bool:
        return self._clock() - self._renewed < SHORTEST_LIFE

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Use the password at hand, or get another if that one was refused or has run out."""
        if previous is not None or self._expired:
            await self._announce_again()
        instructions = self.instructions
        pair = f"{instructions.username}:{instructions.password.reveal()}"
        # A new password that seems to have run out tells of a clock that is wrong: the registry will judge it.
        end = None if self._expired else instructions.expiry_time
        return Token(base64.b64encode(pair.encode()).decode("ascii"), None if end is None else end.timestamp())

    async def refused(self, io: Io, proof: Token, response: Response) -> bool:
        """Say whether another password may help."""
        if self._just_renewed:
            # Another request may have brought a new password meanwhile: that one deserves its try.
            return (await self.token(io)).value != proof.value
        return await super().refused(io, proof, response)

    async def _announce_again(self) -> None:
        if self._just_renewed:
            raise LoginError(
                f"The registry {self.instructions.registry} takes none of the passwords that LUSID hands out for "
                f"{self.instructions.name}. Push again later."
            )
        before = self.instructions
        try:
            after = await self._renew()
        except ImageApiError:
            self.gave_up = True
            raise
        self._renewed = self._clock()
        if (after.registry, after.repository, after.tag) != (before.registry, before.repository, before.tag):
            raise UnexpectedReply(f"LUSID announced {before.name} to another place the second time. Start again.")
        self.instructions = after


class RegistryToken(TokenAuth):
    """A token that the registry's own token endpoint gives for the password, as `Bearer`."""

    def __init__(
        self, password: RegistryPassword, realm: str, service: str | None, scope: str, once: Policy, **options: Any
    ) -> None:
        super().__init__(**options)
        self._password = password
        self._once = once
        self._realm = realm
        self._query = {"scope": scope} if service is None else {"service": service, "scope": scope}

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Ask the token endpoint."""
        request = login.request(io, "GET", self._realm, params=self._query)
        request.extensions["retry"] = self._once
        proof = await self._password.apply(io, request)
        response = await io.send(request)
        if response.status_code == 401 and await self._password.refused(io, proof, response):
            await self._password.apply(io, request)
            response = await io.send(request)
        return self._read(response)

    def _read(self, response: Response) -> Token:
        if response.status_code >= 400:
            raise status_error_class(response.status_code)(
                response.status_code,
                method="GET",
                path=response.request.url.path,
                advice="The registry's token endpoint does not take the password that LUSID handed out.",
            )
        reply = login.answered(response) if response.status_code == 200 else {}
        value = reply.get("token") or reply.get("access_token")
        if value is None:
            raise LoginError("The registry's token endpoint answered without a token.")
        return Token(value, self._clock() + lifetime(reply.get("expires_in") or LIFETIME, LIFETIME))


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or usual


def challenged(base: str, response: Response, scope: str, password: RegistryPassword, once: Policy) -> Auth:
    """Return the kind of login that a registry's 401 asks for.

    Args:
        base: The registry's address.
        response: The 401.
        scope: What a token is to allow.
        password: The password at hand.
        once: The policy of a request whose effect must not come twice.

    Raises:
        LoginError: The registry asks for something else, or for the password to be sent elsewhere.
    """
    for challenge in response.headers.get_list("WWW-Authenticate"):
        scheme, _, rest = challenge.strip().partition(" ")
        parameters = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(rest)}
        if scheme.lower() == "basic":
            return password
        if scheme.lower() == "bearer" and parameters.get("realm"):
            return RegistryToken(password, _realm(base, parameters["realm"]), parameters.get("service"), scope, once)
    raise LoginError(f"The registry {base} asks for a login of a kind that is not known here.")


def _realm(base: str, said: str) -> str:
    realm = checked_address(said, "The token endpoint that the registry names")
    if origin(realm) != origin(base):
        raise LoginError(
            f"The registry {base} wants the password to be sent to another place ({shown(realm)[:200]!r}), which is "
            "not done."
        )
    return realm


def is_for(base: str, request: Request) -> bool:
    """Say whether a request goes to the registry itself, so that it may carry the proof."""
    url = request.url
    return origin(f"{url.scheme}://{url.netloc.decode('ascii')}") == origin(base)
