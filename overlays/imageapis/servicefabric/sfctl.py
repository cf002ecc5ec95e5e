"""Reading the config file of sfctl 11, the Service Fabric CLI; `auth.from_sfctl` calls it."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from imageapis.core.login import Login, NoAuth
from imageapis.errors import LoginError
from imageapis.servicefabric.certificates import ByCertificate, ClientCertificate, cluster_context
from imageapis.servicefabric.tokens import KeptBySfctl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.core.login import Auth

SECTION = "servicefabric"


def read(path: Path) -> Login:
    """Return the login that sfctl has been set up with.

    Raises:
        LoginError: The file cannot be read, or tells no cluster.
    """
    values = _values(path)
    endpoint = values.get("endpoint", "").rstrip("/")
    if not endpoint:
        raise LoginError(f"{path} selects no cluster: run `sfctl cluster select`.")
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
        verify, auth = ClientCertificate(certificate, key, None, ca, check), ByCertificate()
    elif security == "aad":
        auth = _token(values, path)
    return Login(endpoint=endpoint, auth=auth, verify=verify)


def _values(path: Path) -> dict[str, str]:
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(path.read_text("utf-8"))
        return dict(parser[SECTION])
    except OSError as failure:
        raise LoginError(f"sfctl's config file {path} cannot be read ({failure.strerror}).") from failure
    except (configparser.Error, KeyError, UnicodeDecodeError) as failure:
        raise LoginError(f"{path} is not a config file of sfctl: run `sfctl cluster select`.") from failure


def _token(values: dict[str, str], path: Path) -> KeptBySfctl:
    try:
        kept = json.loads(values["aad_token"])
        return KeptBySfctl(values["authority_uri"], values["aad_resource"], values["aad_client"], kept)
    except (KeyError, ValueError, TypeError):
        # Not chained: the cause would show the token.
        raise LoginError(f"{path} holds no usable token: run `sfctl cluster select --aad` anew.") from None
