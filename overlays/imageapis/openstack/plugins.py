"""Logins by a keystoneauth1 plugin, for every way that is not ours: OpenID Connect, SAML, Kerberos, TOTP.

The plugin blocks and brings its own HTTP; it is run off the event loop and asked for as little as possible.
"""

from __future__ import annotations

import importlib
from datetime import UTC
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.fork_safety import PerProcess
from imageapis.core.secrets import header_text
from imageapis.core.tokens import Token
from imageapis.errors import ConnectionFailed, ImageApiError, LoginError
from imageapis.openstack.access import Access, EndpointFilter, XAuthToken, kept_private, rules_of, versioned

if TYPE_CHECKING:
    from imageapis.core.http import Request
    from imageapis.core.io import Io

#: Stands for the token of a plugin that proves itself by other headers.
NO_TOKEN = "none"  # noqa: S105 - it is none


@attrs.frozen
class _PluginAccess(Access):
    headers: dict[str, str] = attrs.field(factory=dict, repr=False)


class PluginAuth(XAuthToken):
    """Proof by whatever headers a plugin gives.

    Args:
        plugin: The plugin.
        session: A keystoneauth1 session for the plugin's own requests; one with its defaults if `None`.
        endpoints: Which endpoint of the catalog is meant.
    """

    def __init__(self, plugin: Any, session: Any, endpoints: EndpointFilter) -> None:
        super().__init__(endpoints)
        self._plugin = plugin
        self._given = session
        # Of our own there is one a process: a forked child would read its parent's answers from a shared connection.
        self._own: PerProcess[Any] = PerProcess(lambda: importlib.import_module("keystoneauth1.session").Session())

    async def apply(self, io: Io, request: Request) -> Token:
        """Put the plugin's headers on the request."""
        token = await self.token(io)
        request.headers.update(token.details.headers)
        return token

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Ask the plugin, in a thread if an event loop would wait for it.

        Raises:
            LoginError: The plugin could not log in, or knows no endpoint.
            ConnectionFailed: It could not reach Keystone.
        """
        return await io.run(self._ask, previous)

    def _ask(self, previous: Token | None) -> Token:
        try:
            # Any: the library is an extra, and has no types.
            exceptions: Any = importlib.import_module("keystoneauth1.exceptions")
            session = self._own.get() if self._given is None else self._given
        except ImportError:
            raise LoginError("Plugins need keystoneauth1: pip install 'imageapis[keystoneauth]'.") from None
        failed: ImageApiError
        try:
            if previous is not None:
                self._plugin.invalidate()
            return self._asked(session)
        except ImageApiError:
            raise
        except (exceptions.ConnectFailure, exceptions.ConnectTimeout):
            failed = ConnectionFailed(
                f"The keystoneauth plugin {self._name} could not connect. Check its auth_url and the network.",
                sent=False,
            )
        except Exception as failure:
            # A plugin may be anybody's code. What it says of its requests may hold what it sent.
            status = getattr(failure, "http_status", None)
            told = f", HTTP {status}" if isinstance(status, int) else ""
            failed = LoginError(
                f"The keystoneauth plugin {self._name} could not log in ({type(failure).__name__}{told}). "
                "Check what it was made with, and region_name and interface."
            )
        raise failed

    @property
    def _name(self) -> str:
        return type(self._plugin).__name__

    def _asked(self, session: Any) -> Token:
        plugin, endpoints = self._plugin, self._endpoints
        headers = {
            str(name): header_text(value, f"The header {name} of the keystoneauth plugin {self._name}")
            for name, value in (plugin.get_headers(session) or {}).items()
        }
        access = plugin.get_access(session) if hasattr(plugin, "get_access") else None
        endpoint = endpoints.override or plugin.get_endpoint(
            session,
            service_type=endpoints.service_type,
            service_name=endpoints.service_name,
            interface=list(endpoints.interfaces),
            region_name=endpoints.region,
        )
        if not endpoint:
            raise LoginError(
                f"The keystoneauth plugin {self._name} knows no compute endpoint. Give "
                "compute_endpoint_override, or check region_name and interface."
            )
        endpoint = versioned(endpoint)
        if not endpoints.override:
            # A plugin without Keystone has no auth_url: its endpoint is its user's own word.
            kept_private(endpoint, getattr(plugin, "auth_url", None))
        expires = getattr(access, "expires", None)
        if expires is not None and expires.tzinfo is None:
            expires = expires.replace(tzinfo=UTC)
        rules = rules_of(getattr(access, "application_credential_access_rules", None))
        details = _PluginAccess(endpoint, rules, headers)
        value = headers.get("X-Auth-Token", NO_TOKEN)
        return Token(value, None if expires is None else expires.timestamp(), details)

    def __repr__(self) -> str:
        return f"<PluginAuth {self._name} token={self.current!r}>"

    def __str__(self) -> str:
        return f"by the keystoneauth plugin {self._name}"
