"""Factories of logins for OpenStack; each returns a `Login`. All names are those of clouds.yaml.

No network is touched before the first call. Which requests a login sends is in `keystone`, which, as all that is
behind these functions, is imported by the first that is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from imageapis.core.login import Login

__all__ = ["Options", "application_credential", "cloud", "explain", "from_env", "keystoneauth", "password", "token"]


class Options(TypedDict, total=False):
    """What every login takes besides.

    Attributes:
        cacert: A PEM file of the authorities to trust instead of the usual ones.
        cert: A PEM file with a client certificate.
        key: A PEM file with its key, if it is not in the same file.
        verify: `False` takes any server for the right one.
        compute_endpoint_override: The address of the compute API, whatever the catalog says.
        compute_default_microversion: 2.35 or lower; 2.35 by default.
        compute_service_type: The catalog's word for the compute service; `compute` by default.
        compute_service_name: Its name, where the catalog has several.
        api_timeout: Seconds that a call may take.
    """

    cacert: str
    cert: str
    key: str
    verify: bool
    compute_endpoint_override: str
    compute_default_microversion: str
    compute_service_type: str
    compute_service_name: str
    api_timeout: float


def password(
    *,
    auth_url: str,
    password: str,
    username: str | None = None,
    user_id: str | None = None,
    user_domain_name: str | None = None,
    user_domain_id: str | None = None,
    project_name: str | None = None,
    project_id: str | None = None,
    project_domain_name: str | None = None,
    project_domain_id: str | None = None,
    domain_name: str | None = None,
    domain_id: str | None = None,
    system_scope: str | None = None,
    trust_id: str | None = None,
    default_domain_name: str | None = None,
    default_domain_id: str | None = None,
    region_name: str | None = None,
    interface: str | Sequence[str] = "public",
    **options: Unpack[Options],
) -> Login:
    """Log in with a user's password: `POST /v3/auth/tokens`.

    The token is for a project, or else for a domain, for the whole system, or for what a trust lends. Nova does
    nothing for a domain, and for the system only if the user administers it.

    Args:
        auth_url: Keystone's address; without `/v3` it is asked for its versions.
        password: The user's password.
        username: The user; needs a domain.
        user_id: The user by id, instead.
        user_domain_name: The user's domain, most often `Default`.
        user_domain_id: The same by id.
        project_name: The project whose images are meant; needs a domain.
        project_id: The project by id, instead.
        project_domain_name: The project's domain.
        project_domain_id: The same by id.
        domain_name: With a project: the domain of user and project, where they have no own. Without: what the token
            is for.
        domain_id: The same by id.
        system_scope: `all`, for a token that is for the whole system.
        trust_id: A trust that lends the user another's roles.
        default_domain_name: The domain of user and project, where they have no own.
        default_domain_id: The same by id.
        region_name: The region of the endpoint; without, the catalog's first.
        interface: `public`, `internal` or `admin`, or several in order of liking.
        **options: See `Options`.

    Raises:
        LoginError: Something is missing, or two settings contradict each other. A refused login is raised by the
            first call.
    """
    from imageapis.openstack import settings

    given = {
        "auth_url": auth_url,
        "password": password,
        "username": username,
        "user_id": user_id,
        "user_domain_name": user_domain_name,
        "user_domain_id": user_domain_id,
        "project_name": project_name,
        "project_id": project_id,
        "project_domain_name": project_domain_name,
        "project_domain_id": project_domain_id,
        "domain_name": domain_name,
        "domain_id": domain_id,
        "system_scope": system_scope,
        "trust_id": trust_id,
        "default_domain_name": default_domain_name,
        "default_domain_id": default_domain_id,
    }
    return settings.login("password", given, {"region_name": region_name, "interface": interface, **options})


def application_credential(
    *,
    auth_url: str,
    application_credential_secret: str,
    application_credential_id: str | None = None,
    application_credential_name: str | None = None,
    username: str | None = None,
    user_id: str | None = None,
    user_domain_name: str | None = None,
    user_domain_id: str | None = None,
    region_name: str | None = None,
    interface: str | Sequence[str] = "public",
    **options: Unpack[Options],
) -> Login:
    """Log in with an application credential, which is for the project that it was made in.

    A call that its access rules do not allow raises `Forbidden` with the rules; Nova's own answer to it is the same
    401 as for a token that ran out.

    Args:
        auth_url: Keystone's address; without `/v3` it is asked for its versions.
        application_credential_secret: Its secret.
        application_credential_id: Its id.
        application_credential_name: Its name, instead; needs the user.
        username: The user who made it; needs a domain.
        user_id: The user by id, instead.
        user_domain_name: The user's domain.
        user_domain_id: The same by id.
        region_name: The region of the endpoint; without, the catalog's first.
        interface: `public`, `internal` or `admin`, or several in order of liking.
        **options: See `Options`.

    Raises:
        LoginError: Something is missing.
    """
    from imageapis.openstack import settings

    given = {
        "auth_url": auth_url,
        "application_credential_secret": application_credential_secret,
        "application_credential_id": application_credential_id,
        "application_credential_name": application_credential_name,
        "username": username,
        "user_id": user_id,
        "user_domain_name": user_domain_name,
        "user_domain_id": user_domain_id,
    }
    options_ = {"region_name": region_name, "interface": interface, **options}
    return settings.login("application_credential", given, options_)


def token(
    *,
    auth_url: str,
    token: str,
    project_name: str | None = None,
    project_id: str | None = None,
    project_domain_name: str | None = None,
    project_domain_id: str | None = None,
    domain_name: str | None = None,
    domain_id: str | None = None,
    system_scope: str | None = None,
    trust_id: str | None = None,
    default_domain_name: str | None = None,
    default_domain_id: str | None = None,
    region_name: str | None = None,
    interface: str | Sequence[str] = "public",
    **options: Unpack[Options],
) -> Login:
    """Log in with a Keystone token that somebody else got.

    It is exchanged for one of our own, for what the scope says; both end when the first one would have.

    Args:
        auth_url: Keystone's address; without `/v3` it is asked for its versions.
        token: The token.
        project_name: What the new token is for; see `password` for this and the rest.
        project_id: See `password`.
        project_domain_name: See `password`.
        project_domain_id: See `password`.
        domain_name: See `password`.
        domain_id: See `password`.
        system_scope: See `password`.
        trust_id: See `password`.
        default_domain_name: See `password`.
        default_domain_id: See `password`.
        region_name: The region of the endpoint; without, the catalog's first.
        interface: `public`, `internal` or `admin`, or several in order of liking.
        **options: See `Options`.

    Raises:
        LoginError: Something is missing, or two settings contradict each other.
    """
    from imageapis.openstack import settings

    given = {
        "auth_url": auth_url,
        "token": token,
        "project_name": project_name,
        "project_id": project_id,
        "project_domain_name": project_domain_name,
        "project_domain_id": project_domain_id,
        "domain_name": domain_name,
        "domain_id": domain_id,
        "system_scope": system_scope,
        "trust_id": trust_id,
        "default_domain_name": default_domain_name,
        "default_domain_id": default_domain_id,
    }
    return settings.login("token", given, {"region_name": region_name, "interface": interface, **options})


def cloud(
    name: str | None = None,
    *,
    region_name: str | None = None,
    interface: str | Sequence[str] | None = None,
    **options: Unpack[Options],
) -> Login:
    """Log in as an entry of clouds.yaml says, with what secure.yaml adds.

    Both files are looked for, each on its own, where openstacksdk looks: `OS_CLIENT_CONFIG_FILE` and
    `OS_CLIENT_SECURE_FILE`, the current directory, `$XDG_CONFIG_HOME/openstack`, `~/.config/openstack`, the site's
    folder, `/etc/openstack`; with the endings .yaml, .yml and .json. The first one found counts. OS_* variables do not
    change a named cloud. Profiles are refused. Needs PyYAML (the extra `clouds`) for YAML.

    Args:
        name: Which entry; by default what `OS_CLOUD` names, or the only one there is.
        region_name: One of its regions instead of the first.
        interface: Another interface than the entry's.
        **options: What is to be other than in the entry; see `Options`.

    Raises:
        LoginError: There is no such file or entry, or it does not say enough.
    """
    from imageapis.openstack import clouds

    return clouds.from_file(name, {"region_name": region_name, "interface": interface, **options})


def from_env() -> Login:
    """Log in as the OS_* variables say.

    How is inferred from what is set if `OS_AUTH_TYPE` is not: an application credential, else a password, else a token.
    Variables that do not fit it (an `OS_PROJECT_NAME` left over beside an application credential, which would get a
    401) are ignored. Which were used and which ignored is logged at INFO, stands in the text of an error, and is what
    `explain()` returns. With `OS_CLOUD` this is `cloud()`.

    Raises:
        LoginError: The variables do not say enough.
    """
    from imageapis.openstack import environment

    return environment.from_environment()


def explain() -> dict[str, str]:
    """Return what `from_env()` makes of each OS_* variable: `used`, or `ignored` and why. Holds no value.

    Raises:
        LoginError: `OS_AUTH_TYPE` names a type that only keystoneauth knows.
    """
    from imageapis.openstack import environment

    return dict(sorted(environment.account().fates.items()))


def keystoneauth(
    plugin: Any,
    *,
    session: Any = None,
    region_name: str | None = None,
    interface: str | Sequence[str] = "public",
    **options: Unpack[Options],
) -> Login:
    """Log in with a keystoneauth1 plugin, for all ways of logging in that this module has no factory for.

    The plugin's own requests go through its `requests` session, in a worker thread if the client is async. Ours go
    through the client as ever. Needs the extra `keystoneauth`.

    Args:
        plugin: A `keystoneauth1` authentication plugin.
        session: A `keystoneauth1.session.Session` for its requests, with its TLS settings; a plain one by default.
        region_name: The region of the endpoint; without, the catalog's first.
        interface: `public`, `internal` or `admin`, or several in order of liking.
        **options: See `Options`; the TLS settings among them are for our requests only.

    Raises:
        TypeError: It is no plugin.
    """
    from imageapis.openstack import settings
    from imageapis.openstack.plugins import PluginAuth

    if not hasattr(plugin, "get_headers") or not hasattr(plugin, "get_endpoint"):
        raise TypeError(f"keystoneauth() takes a keystoneauth1 plugin, not {type(plugin).__name__}.")
    chosen = {"region_name": region_name, "interface": interface, **options}
    return settings.deployment(PluginAuth(plugin, session, settings.endpoint_filter(chosen)), chosen)
