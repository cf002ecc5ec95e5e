"""Logins for LUSID's scheduler. Each factory returns a `Login`, which the client classes take.

Settings come from arguments, then the environment, then a file; `explain` shows which gave what. Nothing is asked
over the network before the first call of a client. What only some logins need is imported by those.
"""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING, Any, Unpack
from urllib.parse import urlsplit

import attrs

from imageapis.core.addresses import base_address, checked_address, with_userinfo, without_userinfo
from imageapis.core.login import Login, ca_context
from imageapis.core.secrets import Secret, header_text
from imageapis.core.tokens import FixedToken
from imageapis.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from imageapis.core.auth import Auth
    from imageapis.core.http import Timeout
    from imageapis.lusid.settings import Arguments, Explanation, Setting

__all__ = ["explain", "from_env", "password", "personal_access_token", "secrets_file"]

_EXAMPLE = "https://acme.lusid.com/scheduler2"
_CORRELATION = frozenset(string.ascii_letters + string.digits + "-_.#:")
LONGEST_CORRELATION = 256
#: What proves who asks, the more particular first: it wins if one source gives several.
_PROOFS = ("access_token_file", "access_token", "username")
_PASSWORD_NEEDS = ("token_url", "username", "password", "client_id", "client_secret")


def password(
    *,
    scheduler_url: str,
    token_url: str,
    username: str,
    password: str,
    client_id: str,
    client_secret: str,
    application_name: str | None = None,
    correlation_id: str | None = None,
    ca: str | None = None,
    proxy: str | None = None,
    proxy_username: str | None = None,
    proxy_password: str | None = None,
) -> Login:
    """Log in with user name and password at the domain's OAuth endpoint.

    The token is fetched with the first call, kept, renewed before its end or when it is refused, and shared by all
    clients of this login.

    Args:
        scheduler_url: The address of the scheduler, e.g. `https://acme.lusid.com/scheduler2`.
        token_url: The OAuth token endpoint, e.g. `https://lusid-acme.okta.com/oauth2/.../v1/token`.
        username: The user's name.
        password: The user's password.
        client_id: The OAuth client's id.
        client_secret: The OAuth client's secret.
        application_name: Sent as `X-LUSID-Application`.
        correlation_id: Sent as `CorrelationId`: up to 256 letters, digits and `- _ . # :`.
        ca: A PEM file of the authorities to trust, for all servers talked to; httpx's default ones otherwise.
        proxy: The address of an HTTP proxy, `http://…` or `https://…`; the environment's otherwise.
        proxy_username: Who asks the proxy.
        proxy_password: The proxy's password.

    Raises:
        LoginError: A setting cannot be one. Refused logins are raised by the first call.
    """
    return _login(_gather(None, False, locals()))


def personal_access_token(
    *,
    scheduler_url: str,
    access_token: str,
    application_name: str | None = None,
    correlation_id: str | None = None,
    ca: str | None = None,
    proxy: str | None = None,
    proxy_username: str | None = None,
    proxy_password: str | None = None,
) -> Login:
    """Log in with a personal access token.

    Args:
        scheduler_url: The address of the scheduler, e.g. `https://acme.lusid.com/scheduler2`.
        access_token: The token.
        application_name: As for `password`, like the rest.
        correlation_id: See `password`.
        ca: See `password`.
        proxy: See `password`.
        proxy_username: See `password`.
        proxy_password: See `password`.

    Raises:
        LoginError: A setting cannot be one.
    """
    return _login(_gather(None, False, locals()))


def secrets_file(path: str | PathLike[str], **arguments: Unpack[Arguments]) -> Login:
    """Log in with what a `secrets.json` says, as FINBOURNE's SDKs read it; arguments and FBN_* variables come first.

    Args:
        path: The file: `{"api": {"tokenUrl": …, "schedulerUrl": …, …}, "proxy": {…}, "profiles": {…}}`.
        **arguments: Settings that beat the environment and the file; see `Arguments`.

    Raises:
        LoginError: The file cannot be read, or the settings do not make a login.
    """
    return _login(_gather(path, True, arguments))


def from_env(**arguments: Unpack[Arguments]) -> Login:
    """Log in with what the FBN_* variables say, read now.

    Args:
        **arguments: Settings that beat the environment; see `Arguments`.

    Raises:
        LoginError: The settings do not make a login.
    """
    return _login(_gather(None, True, arguments))


def explain(path: str | PathLike[str] | None = None, **arguments: Unpack[Arguments]) -> Explanation:
    """Tell which source gives which setting, without secrets: for a login that is not what it should be.

    Args:
        path: The secrets file, as for `secrets_file`; without it, what `from_env` would see.
        **arguments: As for those.

    Raises:
        LoginError: The file cannot be read.
    """
    given = _gather(path, True, arguments)
    proof = _proof(given)
    kind = {"username": "password"}.get(proof or "", (proof or "").replace("_", " ")) or None
    from imageapis.lusid.settings import Explanation

    # A secret is not even kept: an explanation may be pickled.
    settings = tuple(attrs.evolve(it, value=it.shown) for it in given.values())
    return Explanation(settings, kind, tuple(_missing(given, proof)))


def _gather(path: str | PathLike[str] | None, environment: bool, arguments: Mapping[str, Any]) -> dict[str, Setting]:
    from imageapis.lusid.settings import gather

    return gather(path, environment, arguments)


def _proof(given: dict[str, Setting]) -> str | None:
    """Return what proves who asks: of the source that comes first, so that a file's token never beats an argument."""
    names = [name for name in _PROOFS if name in given]
    return min(names, key=lambda name: given[name].rank, default=None)


def _missing(given: dict[str, Setting], proof: str | None) -> list[str]:
    needs = [] if _address(given) else ["scheduler_url"]
    if proof is None:
        needs.append("access_token, or username and password")
    elif proof == "username":
        needs += [name for name in _PASSWORD_NEEDS if name not in given]
    return needs


def _address(given: dict[str, Setting]) -> str | None:
    """Return the scheduler's address, told or derived from that of the domain: by the source that comes first."""
    told = [given[name] for name in ("scheduler_url", "base_url", "api_url") if name in given]
    if not told:
        return None
    first = min(told, key=lambda it: it.rank)
    url = first.value.rstrip("/")
    if first.name == "scheduler_url":
        return url
    return (url.removesuffix("/api") if first.name == "api_url" else url) + "/scheduler2"


def _login(given: dict[str, Setting]) -> Login:
    proof = _proof(given)
    address = _address(given)
    missing = _missing(given, proof)
    if address is None or missing:
        raise LoginError(
            f"These settings do not make a login: {', '.join(missing)} missing. Give them as arguments, "
            "FBN_* variables or in a secrets file; auth.explain() shows what is given."
        )
    ca = _value(given, "ca")
    return Login(
        endpoint=base_address(address, _named(given, "scheduler_url"), _EXAMPLE),
        auth=_auth(given, proof),
        verify=None if ca is None else functools.partial(ca_context, ca),
        proxy=_proxy(given),
        headers=_headers(given),
        timeout=_timeout(given),
        retries=_number(given, "rate_limit_retries"),
        deadline=_deadline(given),
    )


def _value(given: dict[str, Setting], name: str) -> str | None:
    return given[name].value if name in given else None


def _auth(given: dict[str, Setting], proof: str | None) -> Auth:
    from imageapis.lusid.tokens import PasswordAuth, TokenFileAuth

    if proof == "access_token_file":
        return TokenFileAuth(given["access_token_file"].value)
    if proof == "access_token":
        return FixedToken(given["access_token"].value)
    return PasswordAuth(
        token_url=checked_address(given["token_url"].value, _named(given, "token_url"), _EXAMPLE),
        username=given["username"].value,
        password=Secret(given["password"].value),
        client_id=given["client_id"].value,
        client_secret=Secret(given["client_secret"].value),
    )


def _named(given: dict[str, Setting], name: str) -> str:
    """Return a setting's name, and where it came from, as the beginning of a sentence."""
    return f"{name} (from {given[name].source}: {given[name].key})" if name in given else name


def _headers(given: dict[str, Setting]) -> dict[str, str]:
    headers = {}
    application = _value(given, "application_name")
    if application is not None:
        headers["X-LUSID-Application"] = header_text(application, "The application name")
    correlation = _value(given, "correlation_id")
    if correlation is not None:
        if len(correlation) > LONGEST_CORRELATION or not _CORRELATION.issuperset(correlation):
            raise LoginError("A correlation id is 1 to 256 letters, digits and '-', '_', '.', '#', ':'.")
        headers["CorrelationId"] = correlation
    return headers


def _proxy(given: dict[str, Setting]) -> Secret | None:
    if "proxy" not in given:
        return None
    told, username, password = without_userinfo(given["proxy"].value)
    address = base_address(told, _named(given, "proxy"), "http://proxy.example:8080")
    port = _number(given, "proxy_port")
    if port is not None and urlsplit(address).port is None:
        parts = urlsplit(address)
        address = parts._replace(netloc=f"{parts.netloc}:{port}").geturl()
    if "proxy_username" in given:
        username = given["proxy_username"].value
    if "proxy_password" in given:
        password = Secret(given["proxy_password"].value)
    return Secret(address) if username is None else with_userinfo(address, username, password)


def _number(given: dict[str, Setting], name: str) -> int | None:
    text = _value(given, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise LoginError(f"{name} is a whole number of 0 or more, not {text[:40]!r}.")
    return int(text)


def _timeout(given: dict[str, Setting]) -> Timeout | None:
    """Return the time-outs of one try; as in the SDKs, 0 means no limit."""
    limits = {kind: _number(given, f"{kind}_timeout_ms") for kind in ("connect", "read", "write")}
    if all(limit is None for limit in limits.values()):
        return None
    from imageapis.core.http import Timeout
    from imageapis.core.settings import TIMEOUT

    usual = {"connect": 10.0, "read": TIMEOUT, "write": TIMEOUT}
    seconds = {kind: usual[kind] if ms is None else ms / 1000 or None for kind, ms in limits.items()}
    return Timeout(TIMEOUT, **seconds)


def _deadline(given: dict[str, Setting]) -> float | None:
    total = _number(given, "total_timeout_ms")
    return None if total is None else total / 1000 or float("inf")
