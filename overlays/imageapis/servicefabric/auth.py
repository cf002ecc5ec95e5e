"""Logins for a cluster's gateway: where it is, who asks, and TLS. Each function returns a `Login` for a client."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from imageapis.errors import LoginError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from imageapis.core.login import Login

__all__ = ["azure_ad", "bearer", "client_certificate", "from_sfctl", "unsecured"]


def unsecured(endpoint: str) -> Login:
    """Log in to a cluster without security.

    Args:
        endpoint: The gateway's address, e.g. `http://localhost:19080`.

    Raises:
        LoginError: That is no address of a gateway.
    """
    from imageapis.core.login import Login

    address = _address(endpoint)
    return Login(endpoint=address, verify=_verify(address))


def client_certificate(
    endpoint: str,
    *,
    certificate: str | os.PathLike[str],
    key: str | os.PathLike[str] | None = None,
    password: str | None = None,
    ca: str | os.PathLike[str] | None = None,
) -> Login:
    """Log in with an X.509 certificate.

    The gateway asks for it late, after a request's headers; so each connection carries a small request before a large
    body goes over it.

    Args:
        endpoint: The gateway's address, e.g. `https://cluster:19080`.
        certificate: A PEM file of the certificate (and its key), or a PFX file (`.pfx`, `.p12`; needs
            `imageapis[pfx]`).
        key: A PEM file of the key, if it is not in the other.
        password: Of the key or the PFX file.
        ca: A PEM file of the authorities that signed the cluster's certificate; the system's by default.

    Raises:
        LoginError: That is no https address. (What is wrong with the files is raised when a client is made.)
    """
    from imageapis.core.login import Login
    from imageapis.core.secrets import Secret
    from imageapis.servicefabric.certificates import CertificateAuth, ClientCertificate

    address = _address(endpoint)
    if not address.startswith("https://"):
        raise LoginError(f"A client certificate goes over https only, and the address is {address}.")
    verify = ClientCertificate(
        os.fspath(certificate),
        None if key is None else os.fspath(key),
        None if password is None else Secret(password),
        None if ca is None else os.fspath(ca),
    )
    return Login(endpoint=address, auth=CertificateAuth(), verify=verify)


def azure_ad(
    endpoint: str,
    credential: Any,
    *,
    ca: str | os.PathLike[str] | None = None,
    application: str | None = None,
    allow_http: bool = False,
) -> Login:
    """Log in with Azure AD.

    Args:
        endpoint: The gateway's address, e.g. `https://cluster:19080`.
        credential: Any credential of `azure.identity`, or of `azure.identity.aio` for the async client.
        ca: A PEM file of the authorities that signed the cluster's certificate; the system's by default.
        application: The id of the application that stands for the cluster, for which a token is asked. Without it the
            gateway is asked (`GetAadMetadata`); what it names is taken if it is the id of an application that may be
            a cluster's, and none of Microsoft's own.
        allow_http: Let tokens go over http to another machine than this.

    Raises:
        LoginError: That is no address of a gateway, or one without TLS.
        TypeError: The credential is none.
    """
    from imageapis.core.login import Login
    from imageapis.core.secrets import header_text
    from imageapis.servicefabric.tokens import AzureAd

    if not callable(getattr(credential, "get_token", None)):
        raise TypeError(f"credential is an azure-identity credential, not {type(credential).__name__}")
    address = _protected(endpoint, allow_http)
    named = None if application is None else header_text(application, "The application")
    return Login(endpoint=address, auth=AzureAd(address, credential, named), verify=_verify(address, ca))


def bearer(endpoint: str, token: str, *, ca: str | os.PathLike[str] | None = None, allow_http: bool = False) -> Login:
    """Log in with a token that was fetched elsewhere.

    Args:
        endpoint: The gateway's address, e.g. `https://cluster:19080`.
        token: A token of Azure AD for the cluster's application; white space around it is not part of it.
        ca: A PEM file of the authorities that signed the cluster's certificate; the system's by default.
        allow_http: Let it go over http to another machine than this.

    Raises:
        LoginError: That is no address of a gateway, or one without TLS; or the token cannot be one.
    """
    from imageapis.core.login import Login
    from imageapis.core.tokens import FixedToken

    address = _protected(endpoint, allow_http)
    return Login(endpoint=address, auth=FixedToken(token), verify=_verify(address, ca))


def from_sfctl(path: str | os.PathLike[str] | None = None) -> Login:
    """Log in as `sfctl cluster select` has set it up: endpoint, certificate, authorities, or Azure AD.

    Args:
        path: sfctl's config file; `~/.sfctl/config` by default.

    Raises:
        LoginError: There is no such file, or no cluster is selected in it.
    """
    from imageapis.servicefabric.sfctl import read

    return read(Path.home() / ".sfctl" / "config" if path is None else Path(path))


def _address(endpoint: str) -> str:
    from imageapis.core.addresses import base_address

    return base_address(endpoint, "The endpoint", "http://localhost:19080")


def _protected(endpoint: str, allow_http: bool) -> str:
    from imageapis.core.addresses import private

    address = _address(endpoint)
    return address if allow_http else private(address, "The token")


def _verify(address: str, ca: str | os.PathLike[str] | None = None) -> Callable[[], ssl.SSLContext] | None:
    """Return what makes the TLS context; `None` is httpx's own."""
    if address.startswith("http://"):
        return _no_authorities
    if ca is None:
        return None
    from functools import partial

    from imageapis.core.login import ca_context

    return cast("Callable[[], ssl.SSLContext]", partial(ca_context, os.fspath(ca)))


def _no_authorities() -> ssl.SSLContext:
    """Return a TLS context for a client that uses none: reading the authorities takes longer than a small upload."""
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
