"""What a Keystone token gives access to: which endpoint of the catalog, which calls; and the 401s that Nova answers.

How a token is got is in `keystone` and `plugins`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote, urlsplit

import attrs

from imageapis.core.addresses import base_address, is_unencrypted, shown
from imageapis.core.log import logger
from imageapis.core.tokens import TokenAuth
from imageapis.errors import Forbidden, LoginError
from imageapis.openstack.faults import said

if TYPE_CHECKING:
    from imageapis.core.http import Response
    from imageapis.core.io import Io
    from imageapis.core.tokens import Token


@attrs.frozen(kw_only=True)
class EndpointFilter:
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
            LoginError: There is no such endpoint, or its address is none.
            KeyError, TypeError, AttributeError: That is no catalog.
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
            f"Keystone's catalog has no {self.service_type} endpoint that is {wanted}. It has: {there[:500]}. "
            "Set region_name (upper and lower case matter) and interface to one of these."
        )


def versioned(url: object) -> str:
    """Return a compute address with its version: some catalogs leave it out.

    Raises:
        LoginError: It is no address, or holds a user name or a password.
    """
    address = base_address(url, "The compute endpoint", "https://nova.example/v2.1")
    return address if re.search(r"/v2(\.1)?(/|$)", urlsplit(address).path) else f"{address}/v2.1"


def kept_private(endpoint: str, auth_url: object) -> str:
    """Return an endpoint that only a catalog names, if its token, which came from `auth_url`, may go there.

    Raises:
        LoginError: The token came by https, and would go there by http over the network.
    """
    if is_unencrypted(endpoint) and isinstance(auth_url, str) and auth_url.strip().lower().startswith("https:"):
        raise LoginError(
            f"Keystone's catalog names {shown(endpoint)}: a token that came by https would go there unencrypted, for "
            "all on the way to read. Have the catalog mended, or give that address as compute_endpoint_override if "
            "nobody is on the way."
        )
    return endpoint


#: Characters of all rules' paths that are compared with a refused call's. Keystone keeps up to 128 a rule.
LONGEST_RULES = 32 << 10


@attrs.frozen
class Rule:
    """An access rule of an application credential: one kind of call that it allows."""

    service: str
    method: str
    path: str

    def allows(self, service: str, method: str, path: str) -> bool:
        """Say whether a call is of this kind, as Keystone's middleware in front of Nova judges it."""
        called = (self.service, self.method) == (service, method)
        return called and (_fits(self.path, path) or _fits(self.path, unquote(path)))

    def __str__(self) -> str:
        return f"{self.method} {self.path} of {self.service}"


def rules_of(found: Any) -> tuple[Rule, ...] | None:
    """Return the access rules that a token tells; `None` if it may do all that its roles may, or they are too long.

    Raises:
        TypeError: They are no rules.
    """
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(rule, dict) for rule in found):
        raise TypeError("access rules are a list of objects")
    texts = [tuple(rule.get(part, "") for part in ("service", "method", "path")) for rule in found]
    if not all(isinstance(text, str) for rule in texts for text in rule):
        raise TypeError("an access rule has a service, a method and a path")
    if sum(len(path) for _, _, path in texts) > LONGEST_RULES:
        return None
    return tuple(Rule(*rule) for rule in texts)


_ANY, _ONE, _MORE = "any characters", "one character of a segment", "more of a segment"
_STEPS = {"**": (_ANY,), "*": (_ONE, _MORE), "{": (_ONE, _MORE)}


def _fits(pattern: str, path: str) -> bool:
    """Say whether a path is of a pattern: `**` is anything, `*` and `{name}` are one segment.

    Not a regular expression: the pattern is a server's, and a few `**` in it would take years to try.
    """
    parts = re.findall(r"\{[^}]*\}|\*\*|.", pattern, re.DOTALL)
    steps = [step for part in parts for step in _STEPS.get("{" if len(part) > 1 and part[0] == "{" else part, (part,))]
    places = _skipped({0}, steps)
    for character in path:
        following = set()
        for place in places - {len(steps)}:
            step = steps[place]
            if step == _ANY or (step == _MORE and character != "/"):
                following.add(place)
            elif step == character or (step == _ONE and character != "/"):
                following.add(place + 1)
        places = _skipped(following, steps)
    return len(steps) in places


def _skipped(places: set[int], steps: list[str]) -> set[int]:
    """Return the places, and those behind steps that may stand for nothing."""
    reached = set(places)
    for place in places:
        while place < len(steps) and steps[place] in (_ANY, _MORE):
            place += 1
            if place in reached:
                break  # what lies behind it is looked at from there
            reached.add(place)
    return reached


@attrs.frozen
class Access:
    """What a token says besides who asks.

    Attributes:
        endpoint: The address of the compute API.
        rules: The access rules of an application credential, or `None` if it may do all that its roles may.
    """

    endpoint: str
    rules: tuple[Rule, ...] | None = None


class XAuthToken(TokenAuth):
    """Proof by a Keystone token, and the two kinds of 401 that Nova does not tell apart."""

    header: ClassVar[str] = "X-Auth-Token"
    scheme: ClassVar[str] = ""

    def __init__(self, endpoints: EndpointFilter, **options: Any) -> None:
        super().__init__(**options)
        self._endpoints = endpoints

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
        service = self._endpoints.service_type
        if access.rules is None or any(rule.allows(service, asked.method, path) for rule in access.rules):
            self.drop(proof)
            return True
        allowed = "; ".join(str(rule) for rule in access.rules[:10])
        raise Forbidden(
            401,
            said(response).code,
            "an access rule of the application credential forbids it",
            response.headers.get("x-openstack-request-id"),
            method=asked.method,
            path=asked.url.path,
            advice=f"It allows only: {allowed[:500] or 'nothing'}. Use a credential with a rule for this call.",
        )
