"""Logins for a cluster's gateway: where it is, who asks, and TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.core.login import Login
from imageapis.errors import LoginError

if TYPE_CHECKING:
    import ssl

__all__ = ["unsecured"]


def unsecured(endpoint: str) -> Login:
    """Log in to a cluster without security.

    Args:
        endpoint: The gateway's address, e.g. `http://localhost:19080`.

    Raises:
        LoginError: That is no address of a gateway.
    """
    address = _address(endpoint)
    return Login(endpoint=address, verify=_no_authorities if address.startswith("http://") else None)


def _no_authorities() -> ssl.SSLContext:
    """Return a TLS context for a client that uses none: reading the authorities takes longer than a small upload."""
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _address(endpoint: str) -> str:
    scheme, separator, rest = endpoint.strip().partition("://")
    if not separator or scheme not in ("http", "https") or not rest.strip("/"):
        raise LoginError(
            f"{endpoint!r} is not the address of a gateway. Give scheme, host and port, e.g. http://localhost:19080."
        )
    return endpoint.strip().rstrip("/")
