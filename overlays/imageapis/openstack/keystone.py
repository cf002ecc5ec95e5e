"""Keystone v3 over our own HTTP: getting a token, reading the catalog in it, judging a 401.

What the settings of a login are called and how they are checked is in `settings`; single flight, renewal and replay
are core's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote, urlsplit

import attrs

from imageapis.core.log import logger
from imageapis.core.login import Token, TokenAuth, request
from imageapis.core.values import moment
from imageapis.errors import Forbidden, LoginError
from imageapis.openstack.faults import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from imageapis.core.http import Response
    from imageapis.core.io import Io
    from imageapis.core.login import Secret

_ADVICE = {
    "password": "The user, the password, the domain or a role in what the login is for does not fit; "
    "Keystone does not say which.",
    "application_credential": "The id, the secret, or the user of the application credential does not fit, or it ran "
    "out or was deleted.",
    "token": "The token ran out or was revoked, or its user has no role in what the login is for: get a new one.",
}


@attrs.frozen(kw_only=True)
class Place:
    """Which of the catalog's endpoints is meant.

    Attributes:
        region: Its region; the first one with a fitting endpoint by default.
        interfaces: `public`, `internal` or `admin`, in order of liking.
        service_type: The kind of service.
        service_name: Its name, where there are several of a kind.
        override: An address to use whatever the catalog says.
    """

    region: str | None = None
    interfaces: tuple[str, ...] = ("public",)
    service_type: str = "compute"
    service_name: str | None = None
    override: str | None = None

    def choose(self, catalog: list[dict[str, Any]]) -> str:
        """Return the address of the endpoint.

        Raises:
            LoginError: There is no such endpoint.
        """
        offers = [
            (endpoint["interface"], endpoint.get("region_id") or endpoint.get("region"), endpoint["url"])
            for service in catalog
            if service["type"] == self.service_type and self.service_name in (None, service.get("name"))
            for endpoint in service["endpoints"]
        ]
        for interface in self.interfaces:
            fitting = [offer for offer in offers if offer[0] == interface and self.region in (None, offer[1])]
            if fitting:
                others = sorted({str(region) for _, region, _ in fitting} - {str(fitting[0][1])})
                if others:
                    logger.warning(
                        "the catalog has several regions and the login names none: region_name=%r was taken, not %s",
                        fitting[0][1],
                        ", ".join(others),
                    )
                return versioned(fitting[0][2])
        there = ", ".join(sorted({f"{interface} in {region}" for interface, region, _ in offers})) or "none at all"
        wanted = f"{' or '.join(self.interfaces)}" + (f" in region {self.region!r}" if self.region else "")
        raise LoginError(
            f"Keystone's catalog has no {self.service_type} endpoint that is {wanted}. It has: {there}. "
            "Set region_name (upper and lower case matter) and interface to one of these."
        )


def versioned(url: str) -> str:
    """Return a compute address with its version: some catalogs leave it out."""
    url = url.rstrip("/")
    return url if re.search(r"/v2(\.1)?(/|$)", urlsplit(url).path) else f"{url}/v2.1"


@attrs.frozen
class Access:
    """What a token says besides who asks.

    Attributes:
        endpoint: The address of the compute API.
        rules: The access rules of an application credential, or `None` if it may do all that its roles may.
    """

    endpoint: str
    rules: list[dict[str, Any]] | None = None


class XAuthToken(TokenAuth):
    """Proof by a Keystone token, and the two kinds of 401 that Nova does not tell apart."""

    header: ClassVar[str] = "X-Auth-Token"
    scheme: ClassVar[str] = ""

    def __init__(self, place: Place, **options: Any) -> None:
        super().__init__(**options)
        self._place = place

    async def address(self, io: Io) -> str:
        """Return the address of the compute API that the login's catalog names."""
        access: Access = (await self.token(io)).details
        return access.endpoint

    async def refused(self, io: Io, proof: Token, response: Response) -> bool:
        """Say whether a 401 is worth one login.

        Raises:
            Forbidden: An access rule of the application credential forbids the call; another token would not help.
        """
        access: Access = proof.details
        asked = response.request
        path = asked.url.raw_path.decode("ascii").partition("?")[0]
        if access.rules is not None and not self._allows(access.rules, asked.method, path):
            rules = "; ".join(f"{r.get('method')} {r.get('path')} of {r.get('service')}" for r in access.rules)
            said = fault(response)
            raise Forbidden(
                401,
                said.code,
                "an access rule of the application credential forbids it",
                response.headers.get("x-openstack-request-id"),
                method=asked.method,
                path=asked.url.path,
                advice=f"It allows only: {rules or 'nothing'}. Use a credential with a rule for this call.",
            )
        self.drop(proof)
        return True

    def _allows(self, rules: list[dict[str, Any]], method: str, path: str) -> bool:
        """Say whether one of the rules is for this call, as Keystone's middleware in front of Nova judges it."""
        for rule in rules:
            pattern = re.sub(
                r"\{[^}]*\}|\*\*|\*|[^{}*]+",
                lambda part: (
                    {"**": ".*", "*": "[^/]+"}.get(part[0]) or ("[^/]+" if part[0][0] == "{" else re.escape(part[0]))
                ),
                rule.get("path", ""),
            )
            fits = re.fullmatch(pattern, path) or re.fullmatch(pattern, unquote(path))
            if fits and rule.get("method") == method and rule.get("service") == self._place.service_type:
                return True
        return False


class KeystoneAuth(XAuthToken):
    """A login at Keystone v3.

    Args:
        auth_url: Keystone's address, with or without `/v3`.
        method: `password`, `token` or `application_credential`.
        identity: What the method takes, secrets wrapped.
        scope: What the token is to be for, in Keystone's words; `None` for what the user or credential is for.
        place: Which endpoint of the catalog is meant.
    """

    def __init__(
        self,
        auth_url: str,
        method: str,
        identity: Mapping[str, Any],
        scope: Mapping[str, Any] | None,
        place: Place,
        *,
        clock: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(place, **({} if clock is None else {"clock": clock}))
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
            token = response.json()["token"]
            expires = moment(token.get("expires_at"))
            value = response.headers["X-Subject-Token"]
            endpoint = self._place.override or self._endpoint(token)
            rules = token.get("application_credential", {}).get("access_rules")
        except (ValueError, KeyError, TypeError, AttributeError) as failure:
            raise self._stranger(f"its answer to a login is not a token ({type(failure).__name__})") from failure
        return Token(value, None if expires is None else expires.timestamp(), Access(endpoint, rules))

    def _endpoint(self, token: dict[str, Any]) -> str:
        catalog = token.get("catalog")
        if not catalog:
            raise LoginError(
                f"Keystone at {self._auth_url} gave a token for no project, with which Nova does nothing. Give "
                "project_name (with project_domain_name) or project_id; administrators also system_scope='all'."
            )
        return self._place.choose(catalog)

    async def _discovered(self, io: Io) -> str:
        """Return Keystone's address with its version, asking for its versions if the settings name none."""
        if re.search(r"/v3$", self._auth_url):
            return self._auth_url
        if re.search(r"/v2\.0$", self._auth_url):
            raise LoginError(f"{self._auth_url} is Keystone v2, which is gone: end auth_url with /v3 or with neither.")
        response = await io.send(request(io, "GET", self._auth_url + "/", headers={"Accept": "application/json"}))
        try:
            versions = response.json()["versions"]["values"]
            found = [v for v in versions if v["id"].startswith("v3") and v["status"] in {"stable", "current"}]
        except (ValueError, KeyError, TypeError, AttributeError) as failure:
            raise self._stranger(f"it answered {response.status_code} with no list of versions") from failure
        if not found:
            ids = ", ".join(str(version["id"]) for version in versions)
            raise LoginError(f"Keystone at {self._auth_url} has no version 3, only {ids or 'none'}.")
        # Its own link may name a host that only its administrators reach; the settings' address did answer.
        return f"{self._auth_url}/v3"

    def _refusal(self, response: Response) -> LoginError:
        try:
            said = fault(response).message
        except (ValueError, KeyError, TypeError, AttributeError):
            said = None
        status = response.status_code
        if status == 429 or status >= 500:
            because = f": {said}" if said else ""
            return LoginError(f"Keystone at {self._auth_url} cannot log in anybody now ({status}{because}). Try later.")
        if said is None and status not in {401, 404}:
            return self._stranger(f"it answered {status} to a login")
        # A token that Keystone cannot read gets a 404.
        known = status == 401 or (status == 404 and self._method == "token")
        advice = _ADVICE[self._method] if known else "Check the login's settings."
        return LoginError(f"Keystone at {self._auth_url} refused the login ({status}: {said}). {advice}")

    def _stranger(self, what: str) -> LoginError:
        return LoginError(f"There is no Keystone v3 at {self._auth_url}: {what}. Check auth_url.")

    def __repr__(self) -> str:
        return f"<KeystoneAuth {self._method} at {self._auth_url} token={self._token!r}>"


def _revealed(identity: Any) -> Any:
    """Return what is sent to Keystone, secrets in the clear; made for one request and not kept."""
    if isinstance(identity, dict):
        return {key: _revealed(value) for key, value in identity.items()}
    reveal: Secret | None = identity if hasattr(identity, "reveal") else None
    return identity if reveal is None else reveal.reveal()
