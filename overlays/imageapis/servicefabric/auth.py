"""Logins for a cluster's gateway: where it is, who asks, and TLS."""

from __future__ import annotations

from imageapis.core.login import Login
from imageapis.errors import LoginError

__all__ = ["unsecured"]


def unsecured(endpoint: str) -> Login:
    """Log in to a cluster without security.

    Args:
        endpoint: The gateway's address, e.g. `http://localhost:19080`.

    Raises:
        LoginError: That is no address of a gateway.
    """
    return Login(endpoint=_address(endpoint))


def _address(endpoint: str) -> str:
    scheme, separator, rest = endpoint.strip().partition("://")
    if not separator or scheme not in ("http", "https") or not rest.strip("/"):
        raise LoginError(
            f"{endpoint!r} is not the address of a gateway. Give scheme, host and port, e.g. http://localhost:19080."
        )
    return endpoint.strip().rstrip("/")
