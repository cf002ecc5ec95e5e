"""Reading the config file of sfctl 11, the Service Fabric CLI; `auth.from_sfctl` calls it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from imageapis.core.addresses import base_address, private
from imageapis.core.auth import NoAuth
from imageapis.core.login import Login
from imageapis.core.secrets import read_file, read_json
from imageapis.errors import LoginError
from imageapis.servicefabric.certificates import CertificateAuth, ClientCertificate, cluster_context
from imageapis.servicefabric.tokens import SfctlToken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.core.auth import Auth

SECTION = "servicefabric"


def read(path: Path) -> Login:
    """Return the login that sfctl has been set up with.

    Raises:
        LoginError: The file cannot be read, or tells no cluster.
    """
    values = _values(path)
    if not values.get("endpoint"):
        raise LoginError(f"{path} selects no cluster: run `sfctl cluster select`.")
    endpoint = base_address(values["endpoint"], f"The endpoint in {path}", "http://localhost:19080")
    ca = values.get("ca_path") if values.get("use_ca", "false").lower() == "true" else None
    check = values.get("no_verify", "false").lower() != "true"
    security = values.get("security", "none")
    verify: Callable[[], Any] = partial(cluster_context, ca, check=check)
    auth: Auth = NoAuth()
    if security in ("pem", "cert"):
        certificate = values.get("pem_path" if security == "pem" else "cert_path")
        if not certificate:
            raise LoginError(f"{path} tells of a certificate and not where it lies: run `sfctl cluster select` anew.")
        key = values.get("key_path") if security == "cert" else None
        verify, auth = ClientCertificate(certificate, key, None, ca, check), CertificateAuth()
    elif security == "aad":
        private(endpoint, "The token")
        auth = _token(values, path)
    return Login(endpoint=endpoint, auth=auth, verify=verify)


def _values(path: Path) -> dict[str, str]:
    import configparser

    parser = configparser.RawConfigParser()
    text = read_file(path, "sfctl's config file")
    try:
        parser.read_string(text)
        return dict(parser[SECTION])
    except (configparser.Error, KeyError):
        pass  # the error quotes lines of the file, and one may be the token's
    raise LoginError(f"{path} is not a config file of sfctl: run `sfctl cluster select`.")


def _token(values: dict[str, str], path: Path) -> SfctlToken:
    anew = f"{path} holds no usable token: run `sfctl cluster select --aad` anew."
    missing = {"aad_token", "authority_uri", "aad_resource", "aad_client"} - set(values)
    if missing:
        raise LoginError(anew)
    authority = base_address(values["authority_uri"], f"The authority_uri in {path}", "https://login.example/tenant")
    private(authority, "The refresh token")
    kept = read_json(values["aad_token"], f"{anew} It")
    if not isinstance(kept, dict) or not isinstance(kept.get("accessToken"), str):
        raise LoginError(anew)
    return SfctlToken(authority, values["aad_resource"], values["aad_client"], kept)
