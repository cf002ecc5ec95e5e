"""Keystone v3 over our own HTTP: getting a token.

What the settings of a login are called and how they are checked is in `settings`, what a token gives access to in
`access`; single flight, renewal and replay are core's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from imageapis.core.decoding import MISSHAPEN
from imageapis.core.login import answered, request
from imageapis.core.secrets import Secret, header_text, masked
from imageapis.core.tokens import Token
from imageapis.core.values import moment
from imageapis.errors import ImageApiError, LoginError
from imageapis.openstack.access import Access, XAuthToken, kept_private, rules_of
from imageapis.openstack.faults import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from imageapis.core.http import Response
    from imageapis.core.io import Io
    from imageapis.openstack.access import EndpointFilter

_ADVICE = {
    "password": "The user, the password, the domain or a role in what the login is for does not fit; "
    "Keystone does not say which.",
    "application_credential": "The id, the secret, or the user of the application credential does not fit, or it ran "
    "out or was deleted.",
    "token": "The token ran out or was revoked, or its user has no role in what the login is for: get a new one.",
}

#: What Keystone calls a version that is in use.
_USABLE = ("stable", "current")


class KeystoneAuth(XAuthToken):
    """A login at Keystone v3.

    Args:
        auth_url: Keystone's address, with or without `/v3`.
        method: `password`, `token` or `application_credential`.
        identity: What the method takes, secrets wrapped.
        scope: What the token is to be for, in Keystone's words; `None` for what the user or credential is for.
        endpoints: Which endpoint of the catalog is meant.
    """

    def __init__(
        self,
        auth_url: str,
        method: str,
        identity: Mapping[str, Any],
        scope: Mapping[str, Any] | None,
        endpoints: EndpointFilter,
        *,
        clock: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(endpoints, **({} if clock is None else {"clock": clock}))
        self._auth_url = auth_url.rstrip("/")
        self._method = method
        self._identity = identity
        self._scope = scope
        self._tokens: str | None = None

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Log in.

        Raises:
            LoginError: Keystone refused, or is not Keystone, or its catalog lacks the endpoint.
            ConnectionFailed: It could not be reached.
        """
        if self._tokens is None:
            self._tokens = await self._discovered(io) + "/auth/tokens"
        identity = {"methods": [self._method], self._method: _revealed(self._identity)}
        auth = {"identity": identity} if self._scope is None else {"identity": identity, "scope": self._scope}
        headers = {"Accept": "application/json"}
        asking = request(io, "POST", self._tokens, headers=headers, json={"auth": auth})
        response = await io.send(asking)
        if response.status_code != 201:
            raise self._refusal(response)
        try:
            return self._token(answered(response)["token"], response.headers["X-Subject-Token"])
        except ImageApiError:
            raise
        except MISSHAPEN as failure:
            kind = type(failure).__name__
        raise self._stranger(f"its answer to a login is not a token ({kind})")

    def _token(self, told: dict[str, Any], value: str) -> Token:
        endpoint = self._endpoints.override or self._endpoint(told)
        credential = told.get("application_credential") or {}
        value = header_text(value, f"The token that Keystone at {self._auth_url} gave")
        return Token(value, self._end(told), Access(endpoint, rules_of(credential.get("access_rules"))))

    def _end(self, told: dict[str, Any]) -> float | None:
        """Return when a token ends, by our own clock: Keystone's may differ."""
        end, begin = moment(told.get("expires_at")), moment(told.get("issued_at"))
        if end is None:
            return None
        return end.timestamp() if begin is None else self._clock() + (end - begin).total_seconds()

    def _endpoint(self, token: dict[str, Any]) -> str:
        catalog = token.get("catalog")
        if not catalog:
            raise LoginError(
                f"Keystone at {self._auth_url} gave a token for no project, with which Nova does nothing. Give "
                "project_name (with project_domain_name) or project_id; administrators also system_scope='all'."
            )
        return kept_private(self._endpoints.choose(catalog), self._auth_url)

    async def _discovered(self, io: Io) -> str:
        """Return Keystone's address with its version, asking for its versions if the settings name none."""
        if re.search(r"/v3$", self._auth_url):
            return self._auth_url
        if re.search(r"/v2\.0$", self._auth_url):
            raise LoginError(f"{self._auth_url} is Keystone v2, which is gone: end auth_url with /v3 or with neither.")
        response = await io.send(request(io, "GET", self._auth_url + "/", headers={"Accept": "application/json"}))
        try:
            versions = {v["id"]: v["status"] for v in answered(response)["versions"]["values"]}
            found = [name for name, status in versions.items() if name.startswith("v3") and status in _USABLE]
        except MISSHAPEN:
            found, versions = [], {}
        if not versions:
            raise self._stranger(f"it answered {response.status_code} with no list of versions")
        if not found:
            raise LoginError(f"Keystone at {self._auth_url} has no version 3, only {', '.join(versions)[:200]}.")
        # Its own link may name a host that only its administrators reach; the settings' address did answer.
        return f"{self._auth_url}/v3"

    def _refusal(self, response: Response) -> LoginError:
        told = said(response).message
        if told is not None:
            told = masked(told, _secrets(self._identity))
        status = response.status_code
        if status == 429 or status >= 500:
            because = f": {told}" if told else ""
            return LoginError(f"Keystone at {self._auth_url} cannot log in anybody now ({status}{because}). Try later.")
        if told is None and status not in {401, 404}:
            return self._stranger(f"it answered {status} to a login")
        # A token that Keystone cannot read gets a 404.
        known = status == 401 or (status == 404 and self._method == "token")
        advice = _ADVICE[self._method] if known else "Check the login's settings."
        return LoginError(f"Keystone at {self._auth_url} refused the login ({status}: {told}). {advice}")

    def _stranger(self, what: str) -> LoginError:
        return LoginError(f"There is no Keystone v3 at {self._auth_url}: {what}. Check auth_url.")

    def __repr__(self) -> str:
        return f"<KeystoneAuth {self._method} at {self._auth_url} token={self.current!r}>"

    def __str__(self) -> str:
        return f"at {self._auth_url} by the method {self._method}"


def _revealed(identity: Any) -> Any:
    """Return what is sent to Keystone, secrets in the clear; made for one request and not kept."""
    if isinstance(identity, dict):
        return {key: _revealed(value) for key, value in identity.items()}
    return identity.reveal() if isinstance(identity, Secret) else identity


def _secrets(identity: Mapping[str, Any]) -> Iterator[Secret]:
    for value in identity.values():
        if isinstance(value, Secret):
            yield value
        elif isinstance(value, dict):
            yield from _secrets(value)
