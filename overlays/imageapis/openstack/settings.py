"""The settings of a login, by their names in clouds.yaml, checked and turned into a `Login`.

The factories of `auth`, the file of `clouds` and the variables of `environment` all end here. Nothing is sent.
"""

from __future__ import annotations

import math
import os
import re
from typing import TYPE_CHECKING, Any

from imageapis.core.addresses import base_address
from imageapis.core.login import Login
from imageapis.errors import LoginError
from imageapis.openstack.access import EndpointFilter, XAuthToken, versioned
from imageapis.openstack.identity import identity_and_scope, required, text_of
from imageapis.openstack.keystone import KeystoneAuth

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

_USER = ("username", "user_id", "user_domain_name", "user_domain_id")
_SCOPE = (
    *("project_name", "project_id", "project_domain_name", "project_domain_id"),
    *("domain_name", "domain_id", "system_scope", "trust_id"),
)
_DEFAULTS = ("default_domain_name", "default_domain_id")

#: What each method reads of the settings under `auth`, besides `auth_url`.
READS: dict[str, frozenset[str]] = {
    "password": frozenset({"password", *_USER, *_SCOPE, *_DEFAULTS}),
    "token": frozenset({"token", *_SCOPE, *_DEFAULTS}),
    "application_credential": frozenset(
        {
            *("application_credential_id", "application_credential_name", "application_credential_secret"),
            *_USER,
            *_DEFAULTS,
        }
    ),
}
#: Names of authentication types, and the method that each stands for.
METHODS = {
    "password": "password",
    "v3password": "password",
    "token": "token",
    "v3token": "token",
    "v3applicationcredential": "application_credential",
    "application_credential": "application_credential",
}
#: What a login reads besides: which endpoint, TLS, time-out.
OPTIONS = frozenset(
    {
        *("region_name", "interface", "cacert", "cert", "key", "verify", "insecure", "api_timeout"),
        *("compute_endpoint_override", "compute_default_microversion"),
        *("compute_service_type", "compute_service_name", "compute_interface"),
    }
)
#: The last microversions of the calls on images and of those on their metadata.
_LAST_FOR_IMAGES, _LAST_FOR_METADATA = 35, 38


def method_of(auth_type: Any, given: Mapping[str, Any]) -> str:
    """Return the method that an authentication type names, or that fits what is given.

    Raises:
        LoginError: It is a type that only keystoneauth knows.
    """
    if auth_type:
        method = METHODS.get(str(auth_type))
        if method is None:
            raise LoginError(
                f"auth_type {auth_type!r} is none of {', '.join(METHODS)}. Make its plugin with keystoneauth1 and "
                "log in with auth.keystoneauth(plugin)."
            )
        return method
    if given.get("application_credential_secret"):
        return "application_credential"
    return "token" if given.get("token") and not given.get("password") else "password"


def why_ignored(name: str, method: str) -> str:
    """Return why a method does not read a setting."""
    if method == "application_credential" and name in _SCOPE:
        return "an application credential carries its project"
    known = any(name in names for names in READS.values())
    return f"a login by {method} does not read it" if known else "no login reads it"


def options_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options among settings from a file or from variables, where booleans and numbers may be text.

    Raises:
        LoginError: One of them is neither.
    """
    options = {name: found[name] for name in OPTIONS if found.get(name) not in (None, "")}
    verify = _truth(options, "verify", default=True)
    options["verify"] = verify and not _truth(options, "insecure", default=False)
    options["interface"] = options.pop("compute_interface", None) or options.get("interface")
    return options


def _truth(options: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = options.get(name, default)
    if isinstance(value, bool):
        return value
    said = str(value).strip().lower()
    if said in {"1", "true", "yes", "on"}:
        return True
    if said in {"0", "false", "no", "off"}:
        return False
    raise LoginError(f"{name} is true or false, not {value!r}.")


def login(method: str, given: Mapping[str, Any], options: Mapping[str, Any]) -> Login:
    """Return the login of a method.

    Args:
        method: A key of `READS`.
        given: The settings under `auth`; names that the method does not read are left out by the caller.
        options: The other settings: which endpoint, TLS, time-out.

    Raises:
        LoginError: Something is missing, or two settings contradict each other.
    """
    values = {name: text_of(name, value) for name, value in given.items() if value not in (None, "")}
    auth_url = required(values, "auth_url", "the address of Keystone")
    auth_url = base_address(auth_url, "auth_url", "https://keystone.example/v3")
    identity, scope = identity_and_scope(method, values)
    auth = KeystoneAuth(auth_url, method, identity, scope, endpoint_filter(options))
    return deployment(auth, options)


def deployment(auth: XAuthToken, options: Mapping[str, Any]) -> Login:
    """Return the login of an authentication at the deployment that the options describe."""
    override = options.get("compute_endpoint_override")
    microversion = options.get("compute_default_microversion")
    return Login(
        endpoint=versioned(override) if override else "",
        auth=auth,
        verify=_tls(options),
        headers={} if microversion is None else {"OpenStack-API-Version": f"compute {checked_version(microversion)}"},
        timeout=_seconds(options),
        address=auth.address,
    )


def _seconds(options: Mapping[str, Any]) -> float | None:
    told = options.get("api_timeout")
    if told is None:
        return None
    try:
        seconds = math.nan if isinstance(told, bool) else float(told)
    except (TypeError, ValueError, OverflowError):
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise LoginError(f"api_timeout is a number of seconds, not {told!r}.")
    return seconds


def endpoint_filter(options: Mapping[str, Any]) -> EndpointFilter:
    """Return which endpoint of the catalog the options mean."""
    wanted = options.get("interface") or "public"
    listed = list(wanted) if isinstance(wanted, (list, tuple)) else [wanted]
    interfaces = tuple(text_of("interface", name).removesuffix("URL") for name in listed)
    if unknown := set(interfaces) - {"public", "internal", "admin"}:
        raise LoginError(f"interface is public, internal or admin, not {', '.join(sorted(unknown))}.")
    override = options.get("compute_endpoint_override")
    return EndpointFilter(
        region=optional(options, "region_name"),
        interfaces=interfaces,
        service_type=optional(options, "compute_service_type") or "compute",
        service_name=optional(options, "compute_service_name"),
        override=versioned(override) if override else None,
    )


def checked_version(microversion: Any) -> str:
    """Return a microversion that has all ten calls.

    Raises:
        LoginError: It has not.
    """
    text = str(microversion)
    parts = re.fullmatch(r"2\.(\d+)", text)
    if parts is None or not 1 <= int(parts[1]) <= _LAST_FOR_IMAGES:
        raise LoginError(
            f"compute_default_microversion={text!r} has no image calls: Nova ended those on images after "
            f"2.{_LAST_FOR_IMAGES} and those on their metadata after 2.{_LAST_FOR_METADATA}, and answers 404 to all "
            f"beyond. Log in with compute_default_microversion='2.{_LAST_FOR_IMAGES}' or lower, or without."
        )
    return text


def optional(options: Mapping[str, Any], name: str) -> str | None:
    """Return a setting as text, if it is given."""
    value = options.get(name)
    return None if value in (None, "") else text_of(name, value)


def _path(options: Mapping[str, Any], name: str) -> str | None:
    value = options.get(name)
    return optional({name: os.fspath(value)} if isinstance(value, os.PathLike) else options, name)


def _tls(options: Mapping[str, Any]) -> Callable[[], ssl.SSLContext] | None:
    """Return what makes the TLS context, or `None` for the default one."""
    cacert, cert, key = (
        None if path is None else os.path.expanduser(path)  # noqa: PTH111 - files name `~` as text
        for path in (_path(options, name) for name in ("cacert", "cert", "key"))
    )
    verify = options.get("verify", True)
    if verify and not (cacert or cert):
        return None

    def context() -> ssl.SSLContext:
        import ssl

        from imageapis.core.login import ca_context

        made = ca_context(cacert)
        if not verify:
            made.check_hostname = False
            made.verify_mode = ssl.CERT_NONE
        if cert:
            try:
                made.load_cert_chain(cert, key)
            except (OSError, ValueError) as failure:  # ssl.SSLError is an OSError
                raise LoginError(f"The client certificate {cert} cannot be used ({failure}).") from failure
        return made

    return context
