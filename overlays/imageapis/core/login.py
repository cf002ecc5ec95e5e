"""A login is where + who + TLS in one object. Here is what every login has in common.

Which requests a particular kind of login sends is the service's business (`<service>/auth.py`); tokens are kept in
`tokens`, and what comes in is checked in `secrets` and `addresses`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.addresses import base_address, checked_address, shown
from imageapis.core.auth import NoAuth
from imageapis.core.secrets import Secret, header_text
from imageapis.errors import LoginError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from imageapis.core.auth import Auth
    from imageapis.core.http import Request, Response, Timeout
    from imageapis.core.io import Io


def _endpoint(told: str) -> str:
    return base_address(told, "The login's endpoint") if told else ""


def _secret(told: str | Secret | None) -> Secret | None:
    return Secret(told) if isinstance(told, str) else told


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: header_text(value, f"The header {name}") for name, value in headers.items()}


@attrs.frozen(kw_only=True, eq=False)
class Login:
    """Where + who + TLS: all that a client needs to know of one deployment of a service.

    Made by the factories of `<service>.auth`; a client class takes it as its only positional argument. One login may
    serve many clients, blocking and async: they share its token.

    Attributes:
        endpoint: The base address; `""` when only logging in tells it (`address`).
        auth: Who asks.
        verify: Makes the TLS context, or is `None` for the default one. Called once a client.
        proxy: The address of an HTTP proxy, which may hold a password; `None` for what the environment says.
        headers: Headers that every request of this login carries.
        timeout: Seconds or an `httpx.Timeout`, for clients that are not told otherwise.
        retries: Retries, for clients that are not told otherwise.
        deadline: Seconds for all tries of a request, for clients that are not told otherwise; `float("inf")`: no end.
        address: Finds the base address when `endpoint` is empty.

    Raises:
        LoginError: The endpoint is no address, or a header cannot be sent.
    """

    endpoint: str = attrs.field(default="", converter=_endpoint)
    auth: Auth = attrs.field(factory=NoAuth)
    verify: Callable[[], ssl.SSLContext] | None = attrs.field(default=None, repr=False)
    proxy: Secret | None = attrs.field(default=None, converter=_secret)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False, converter=_sendable)
    timeout: float | Timeout | None = None
    retries: int | None = None
    deadline: float | None = None
    address: Callable[[Io], Any] | None = attrs.field(default=None, repr=False)

    async def base(self, io: Io) -> str:
        """Return the base address, without a slash at its end.

        Raises:
            LoginError: The login does not tell any.
        """
        if self.endpoint or self.address is None:
            return self.endpoint.rstrip("/")
        found: str = await self.address(io)
        return found.rstrip("/")


def ca_context(ca: str | None = None) -> ssl.SSLContext:
    """Return a TLS context that trusts the given CA file, or httpx's default authorities.

    Raises:
        LoginError: The file cannot be read or holds no certificate.
    """
    import ssl

    if ca is None:
        import httpx

        return httpx.create_ssl_context()
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ValueError) as failure:  # ssl.SSLError is an OSError
        raise LoginError(
            f"The CA file {ca} cannot be used ({failure}). Give a PEM file of CA certificates."
        ) from failure


def request(
    io: Io,
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    data: Mapping[str, str] | None = None,
) -> Request:
    """Build a request that carries no proof of identity, for logging in; send it with `io.send`.

    Args:
        io: What it will be sent through.
        method: The HTTP method.
        url: The whole address.
        params: Query parameters; they are percent-encoded.
        headers: Headers besides the client's.
        json: A body to send as JSON.
        data: Fields to send as a form; they are percent-encoded.

    Raises:
        LoginError: The address is none, or what is to be sent cannot be.
    """
    import httpx

    checked_address(url, "The address to log in at")
    built: Request | None
    try:
        built = io.client.build_request(method, url, params=params, headers=headers, json=json, data=data)
    except (httpx.InvalidURL, TypeError, ValueError):
        built = None  # the error's own attributes would hold what was to be sent
    if built is None:
        raise LoginError(f"The login at {shown(url)} cannot be sent. Check its settings for characters that are none.")
    return built


def answered(response: Response) -> dict[str, Any]:
    """Return the JSON object of a login service's answer; an empty one for whatever else it answered."""
    try:
        reply = response.json()
    except ValueError:
        return {}
    return reply if isinstance(reply, dict) else {}
