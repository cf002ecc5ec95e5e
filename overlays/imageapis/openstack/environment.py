"""Logins from the OS_* variables, and an account of what became of each of them.

Which settings there are is in `settings`. A named cloud (OS_CLOUD) is not mixed with the other variables, as in every
other OpenStack client.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.log import logger
from imageapis.errors import LoginError
from imageapis.openstack import clouds, settings

if TYPE_CHECKING:
    from imageapis.core.login import Login

#: Variables with another name than their setting.
_ALIASES = {
    "OS_TENANT_NAME": "project_name",
    "OS_TENANT_ID": "project_id",
    "OS_ENDPOINT_TYPE": "interface",
    "OS_DEFAULT_DOMAIN": "default_domain_id",
}
_READ_FIRST = frozenset({"OS_AUTH_TYPE", "OS_IDENTITY_API_VERSION"})
_AUTH = frozenset().union(*settings.READS.values()) | {"auth_url"}
_CLOUD = frozenset({"OS_CLOUD", "OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE"})


@attrs.frozen
class Account:
    """What the variables come to.

    Attributes:
        method: How to log in; `None` for a named cloud.
        given: The settings under `auth`.
        options: The other settings.
        fates: By variable, what became of it. Holds no value.
    """

    method: str | None
    given: dict[str, Any]
    options: dict[str, Any]
    fates: dict[str, str]


def account() -> Account:
    """Read the variables.

    Raises:
        LoginError: They name an authentication type that only keystoneauth knows.
    """
    environ = {name: value for name, value in os.environ.items() if name.startswith("OS_") and value}
    if environ.get("OS_CLOUD"):
        named = {name: "used" for name in environ if name in _CLOUD}
        others = {name: "ignored, OS_CLOUD names a cloud" for name in environ if name not in _CLOUD}
        return Account(None, {}, {}, named | others)
    found: dict[str, Any] = {}
    fates: dict[str, str] = {}
    options_read = settings.OPTIONS
    # Aliases last: where both are set, today's name wins.
    for name in sorted(environ, key=lambda name: (name in _ALIASES, name)):
        setting = _ALIASES.get(name, name.removeprefix("OS_").lower())
        if name in _READ_FIRST:
            fates[name] = "used"
        elif setting not in _AUTH and setting not in options_read:
            fates[name] = "ignored, no login reads it"
        elif setting in found:
            fates[name] = f"ignored, OS_{setting.upper()} says the same"
        else:
            found[setting] = environ[name]
            fates[name] = "used"
    method = settings.method_of(environ.get("OS_AUTH_TYPE"), found)
    for name in fates:
        setting = _ALIASES.get(name, name.removeprefix("OS_").lower())
        if fates[name] == "used" and setting in _AUTH - settings.READS[method] - {"auth_url"}:
            fates[name] = f"ignored, {settings.why_ignored(setting, method)}"
            del found[setting]
    if environ.get("OS_IDENTITY_API_VERSION", "3").startswith("2"):
        raise LoginError("OS_IDENTITY_API_VERSION asks for Keystone v2, which is gone: set it to 3.")
    given = {key: value for key, value in found.items() if key in _AUTH}
    return Account(method, given, {key: value for key, value in found.items() if key not in _AUTH}, fates)


def from_environment() -> Login:
    """Return the login that the variables describe; see `auth.from_env`."""
    read = account()
    used = ", ".join(sorted(name for name, fate in read.fates.items() if fate == "used")) or "nothing"
    ignored = "; ".join(f"{name} {fate}" for name, fate in sorted(read.fates.items()) if fate != "used")
    logger.info("login from %s%s", used, f" ({ignored})" if ignored else "")
    if read.method is None:
        return clouds.from_file(None, {})
    if not read.fates:
        raise LoginError("No OS_* variable is set: source an openrc file, or log in with auth.cloud('name').")
    try:
        return settings.login(read.method, read.given, settings.options_of(read.options))
    except LoginError as failure:
        note = f" Ignored: {ignored}." if ignored else ""
        raise LoginError(f"{failure} (Log in by {read.method} from {used}.{note})") from None
