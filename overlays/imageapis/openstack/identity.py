"""Who logs in and for what, as Keystone wants to be told: users, credentials and scopes from checked settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imageapis.core.secrets import Secret, checked_text, header_text
from imageapis.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Mapping


def identity_and_scope(method: str, values: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return what a method takes, secrets wrapped, and what the token is to be for.

    Args:
        method: `password`, `token` or `application_credential`.
        values: The settings under `auth`, as text.

    Raises:
        LoginError: Something is missing, or two settings contradict each other.
    """
    _spread_domains(values)
    if method == "application_credential":
        return _credential(values), None
    scope = _scope(values)
    if method == "password":
        secret = Secret(required(values, "password", "the user's password"))
        return {"user": {**_user(values), "password": secret}}, scope
    token = header_text(required(values, "token", "a Keystone token"), "The login's token")
    return {"id": Secret(token)}, scope


def text_of(name: str, value: Any) -> str:
    """Return a setting as text: YAML reads `password: 2024` as a number, and `system_scope: true` as it is.

    Raises:
        LoginError: It is a list, a mapping or something else that was not meant to be one text.
    """
    if isinstance(value, (list, tuple, dict, set, bytes)):
        raise LoginError(f"{name} is one text, not {type(value).__name__}.")
    return checked_text(value if isinstance(value, str) else str(value), name)


def required(values: Mapping[str, str], name: str, what: str) -> str:
    """Return a setting that has to be there.

    Raises:
        LoginError: It is not; `what` says what it would have been.
    """
    if not values.get(name):
        raise LoginError(f"The login lacks {name}: {what}.")
    return values[name]


def _spread_domains(values: dict[str, str]) -> None:
    """Let one domain stand for user's and project's, as openstacksdk does; without a project it stays the scope."""
    project = "project_name" in values or "project_id" in values
    for kind in ("name", "id"):
        sources = [f"default_domain_{kind}"] + ([f"domain_{kind}"] if project else [])
        for source in sources:
            domain = values.pop(source, None)
            if domain is None:
                continue
            for owner in ("user", "project"):
                if f"{owner}_domain_name" not in values and f"{owner}_domain_id" not in values:
                    values[f"{owner}_domain_{kind}"] = domain


def _named(values: Mapping[str, str], owner: str, name_key: str) -> dict[str, Any]:
    """Return how Keystone finds a user or a project: by id, or by name and domain."""
    if f"{owner}_id" in values:
        return {"id": values[f"{owner}_id"]}
    for kind in ("id", "name"):
        if f"{owner}_domain_{kind}" in values:
            return {"name": values[name_key], "domain": {kind: values[f"{owner}_domain_{kind}"]}}
    raise LoginError(
        f"The login names {name_key}={values[name_key]!r} but no domain for it. Give {owner}_domain_name (most often "
        f"'Default'), {owner}_domain_id, or {owner}_id instead."
    )


def _user(values: Mapping[str, str]) -> dict[str, Any]:
    if "user_id" not in values:
        required(values, "username", "who logs in (or user_id)")
    return _named(values, "user", "username")


def _credential(values: Mapping[str, str]) -> dict[str, Any]:
    """An application credential is for the project that it was made in: asking for one, even the same, gets a 401."""
    secret = Secret(required(values, "application_credential_secret", "the application credential's secret"))
    if "application_credential_id" in values:
        return {"id": values["application_credential_id"], "secret": secret}
    name = required(values, "application_credential_name", "which application credential (or its _id)")
    return {"name": name, "user": _user(values), "secret": secret}


def _scope(values: Mapping[str, str]) -> dict[str, Any] | None:
    scopes: dict[str, dict[str, Any]] = {}
    if "project_name" in values or "project_id" in values:
        scopes["project"] = _named(values, "project", "project_name")
    if "domain_id" in values or "domain_name" in values:
        kind = "id" if "domain_id" in values else "name"
        scopes["domain"] = {kind: values[f"domain_{kind}"]}
    if "system_scope" in values:
        if values["system_scope"] not in ("all", "True"):
            raise LoginError(f"system_scope is 'all', not {values['system_scope']!r}.")
        scopes["system"] = {"all": True}
    if "trust_id" in values:
        scopes["OS-TRUST:trust"] = {"id": values["trust_id"]}
    if len(scopes) > 1:
        kinds = " and ".join(scopes).replace("OS-TRUST:trust", "trust")
        raise LoginError(f"The login is for {kinds} at once, which Keystone refuses: leave all but one out.")
    return scopes or None
