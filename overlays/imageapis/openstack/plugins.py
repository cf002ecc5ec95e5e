"""Logins by a keystoneauth1 plugin, for every way that is not ours: OpenID Connect, SAML, Kerberos, TOTP.

The plugin blocks and brings its own HTTP; it is run off the event loop and asked for as little as possible.
"""

from __future__ import annotations

import importlib
from datetime import UTC
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.login import Token
from imageapis.errors import ConnectionFailed, LoginError
from imageapis.openstack.keystone import Access, Place, XAuthToken, versioned

if TYPE_CHECKING:
    from imageapis.core.http import Request
    from imageapis.core.io import Io


@attrs.frozen
class _PluginAccess(Access):
    headers: dict[str, str] = attrs.field(factory=dict, repr=False)


class PluginAuth(XAuthToken):
    """Proof by whatever headers a plugin gives.

    Args:
        plugin: The plugin.
        session: A keystoneauth1 session for the plugin's own requests; one with its defaults if `None`.
        place: Which endpoint of the catalog is meant.
    """

    def __init__(self, plugin: Any, session: Any, place: Place) -> None:
        super().__init__(place)
        self._plugin = plugin
        self._session = session

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
            sessions: Any = importlib.import_module("keystoneauth1.session")
        except ImportError:
            raise LoginError("Plugins need keystoneauth1: pip install 'imageapis[keystoneauth]'.") from None
        if self._session is None:
            self._session = sessions.Session()
        try:
            if previous is not None:
                self._plugin.invalidate()
            return self._asked()
        except (exceptions.ConnectFailure, exceptions.ConnectTimeout) as failure:
            raise ConnectionFailed(f"The keystoneauth plugin could not connect: {failure}", sent=False) from failure
        except exceptions.ClientException as failure:
            name = type(self._plugin).__name__
            raise LoginError(
                f"The keystoneauth plugin {name} could not log in ({type(failure).__name__}: {failure}). "
                "Check what it was made with, and region_name and interface."
            ) from failure

    def _asked(self) -> Token:
        plugin, session, place = self._plugin, self._session, self._place
        headers = plugin.get_headers(session) or {}
        access = plugin.get_access(session) if hasattr(plugin, "get_access") else None
        endpoint = place.override or plugin.get_endpoint(
            session,
            service_type=place.service_type,
            service_name=place.service_name,
            interface=list(place.interfaces),
            region_name=place.region,
        )
        if not endpoint:
            raise LoginError(
                f"The keystoneauth plugin {type(plugin).__name__} knows no compute endpoint. Give "
                "compute_endpoint_override, or check region_name and interface."
            )
        expires = getattr(access, "expires", None)
        if expires is not None and expires.tzinfo is None:
            expires = expires.replace(tzinfo=UTC)
        rules = getattr(access, "application_credential_access_rules", None)
        value = headers.get("X-Auth-Token", "")
        details = _PluginAccess(versioned(endpoint), rules, headers)
        return Token(value, None if expires is None else expires.timestamp(), details)

    def __repr__(self) -> str:
        return f"<PluginAuth {type(self._plugin).__name__} token={self._token!r}>"
