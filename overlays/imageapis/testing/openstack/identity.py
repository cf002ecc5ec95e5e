"""The Keystone of the local OpenStack server: who may log in how, what a token says, and when it stops being taken.

Version 3 only: password, token and application credential; project, domain, system and trust scope. Everybody's
password is `PASSWORD`. HTTP is not here.
"""

from __future__ import annotations

import re
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

#: The password of every user, and the secret of every application credential, of the local server.
PASSWORD = "not-a-secret"  # noqa: S105

REFUSED = "The request you have made requires authentication."
_MALFORMED = (
    "The server could not comply with the request since it is either malformed or otherwise incorrect. "
    "The client is assumed to be in error."
)


class Refusal(Exception):
    """An answer of 400 or more in Keystone's words."""

    def __init__(self, status: int, title: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.title = title


@attrs.frozen
class Grant:
    """What a token stands for."""

    user: str
    methods: tuple[str, ...]
    expires: float
    project: str | None = None
    domain: str | None = None
    system: bool = False
    trust: str | None = None
    roles: tuple[str, ...] = ()
    rules: tuple[dict[str, str], ...] | None = None
    project_id: str | None = None

    @property
    def admin(self) -> bool:
        """Whether the identity may see and do everything."""
        return "admin" in self.roles

    @property
    def writes(self) -> bool:
        """Whether the identity may change images."""
        return bool({"admin", "member"} & set(self.roles))

    def allows(self, method: str, path: str) -> bool:
        """Say whether the access rules let a call through; without rules all may pass."""
        if self.rules is None:
            return True
        for rule in self.rules:
            pattern = re.escape(rule["path"]).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
            if rule["service"] == "compute" and rule["method"] == method and re.fullmatch(pattern, path):
                return True
        return False


def identifier(name: str) -> str:
    """Return the id that a user, a project or a credential of this name has."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, name).hex


class Identity:
    """Users, projects, credentials and tokens.

    Attributes:
        life: Seconds that a token lives.
        clock: Seconds since the epoch; tests put in another.
        logins: How many tokens were given out.
        roles: The roles of a user in a project; a project `None` is the whole system.
        rules: The application credentials by name, with their owner, roles and access rules.
    """

    def __init__(self, catalog: Callable[[str | None], list[dict[str, Any]]]) -> None:
        self._catalog = catalog
        self.life = 3600.0
        self.clock: Callable[[], float] = time.time
        self.logins = 0
        self.tokens: dict[str, Grant] = {}
        self.roles: dict[tuple[str, str | None], tuple[str, ...]] = {
            ("demo", "demo"): ("member", "reader"),
            ("demo", "demo2"): ("member", "reader"),
            ("viewer", "demo"): ("reader",),
            ("alice", "other"): ("member", "reader"),
            ("admin", "admin"): ("admin", "member", "reader"),
            ("admin", None): ("admin", "member", "reader"),
        }
        self.users = {"demo", "viewer", "alice", "lonely", "admin"}
        images = ("/v2.1/images", "/v2.1/images/**")
        read_only = tuple({"service": "compute", "method": "GET", "path": path} for path in images)
        self.credentials: dict[str, tuple[tuple[str, ...], tuple[dict[str, str], ...] | None]] = {
            "app": (("member", "reader"), None),
            "app-ro": (("member", "reader"), read_only),
            "app-reader": (("reader",), None),
        }
        self.trust = identifier("trust of demo in alice")

    # --- tokens -----------------------------------------------------------------------------------------------------

    def grant(self, token: str | None) -> Grant | None:
        """Return what a token stands for, or `None` for one that is not taken (any more)."""
        grant = self.tokens.get(token or "")
        return grant if grant is not None and self.clock() < grant.expires else None

    def revoke_all(self) -> None:
        """Take no token that was given out so far."""
        self.tokens = {}

    def describe(self, grant: Grant, *, catalog: bool = True) -> dict[str, Any]:
        """Return the body that tells what a token stands for."""

        def moment(seconds: float) -> str:
            return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")

        domain = {"id": "default", "name": "Default"}
        token: dict[str, Any] = {
            "methods": list(grant.methods),
            "user": {
                "domain": domain,
                "id": identifier(grant.user),
                "name": grant.user,
                "password_expires_at": None,
            },
            "audit_ids": [uuid.uuid4().hex[:22]],
            "expires_at": moment(grant.expires),
            "issued_at": moment(self.clock()),
        }
        if grant.trust:
            token["OS-TRUST:trust"] = {
                "id": grant.trust,
                "trustor_user": {"id": identifier("demo")},
                "trustee_user": {"id": identifier(grant.user)},
                "impersonation": False,
            }
        if grant.project:
            token["project"] = {"domain": domain, "id": grant.project_id, "name": grant.project}
            token["is_domain"] = False
        if grant.domain:
            token["domain"] = domain
        if grant.system:
            token["system"] = {"all": True}
        if grant.roles:
            token["roles"] = [{"id": identifier(role), "name": role} for role in grant.roles]
            if catalog:
                token["catalog"] = self._catalog(grant.project_id)
        if grant.methods == ("application_credential",):
            token["application_credential"] = {"id": "", "name": "", "restricted": True}
            if grant.rules is not None:
                token["application_credential"]["access_rules"] = [dict(rule) for rule in grant.rules]
        return token

    # --- logging in -------------------------------------------------------------------------------------------------

    def authenticate(self, body: Any) -> tuple[str, Grant]:
        """Return a new token and what it stands for."""
        if not isinstance(body, dict) or "auth" not in body:
            raise Refusal(400, "Bad Request", f"Expecting to find auth in request body. {_MALFORMED}")
        auth = body["auth"]
        identity = auth.get("identity", {})
        methods = identity.get("methods", [])
        expires = self.clock() + self.life
        used: tuple[str, ...]
        if methods == ["password"]:
            user, used = self._by_password(identity["password"]["user"]), ("password",)
        elif methods == ["token"]:
            old = self.grant(identity["token"]["id"])
            if old is None:
                raise Refusal(404, "Not Found", "Could not recognize Fernet token")
            user, used, expires = old.user, ("token", *old.methods), old.expires
        elif methods == ["application_credential"]:
            return self._keep(self._by_credential(identity["application_credential"], auth.get("scope"), expires))
        else:
            raise Refusal(401, "Unauthorized", "Attempted to authenticate with an unsupported method.")
        return self._keep(self._scoped(Grant(user, used, expires), auth.get("scope")))

    def _keep(self, grant: Grant) -> tuple[str, Grant]:
        token = f"gAAAA-{uuid.uuid4().hex}"
        self.tokens = {**self.tokens, token: grant}
        self.logins += 1
        return token, grant

    def _user(self, asked: dict[str, Any], what: str) -> str:
        if "id" not in asked and "domain" not in asked:
            raise Refusal(400, "Bad Request", f"Expecting to find domain in {what}. {_MALFORMED}")
        if "domain" in asked and asked["domain"] not in ({"id": "default"}, {"name": "Default"}):
            raise Refusal(401, "Unauthorized", REFUSED)
        for user in self.users:
            if asked.get("name") == user or asked.get("id") == identifier(user):
                return user
        raise Refusal(401, "Unauthorized", REFUSED)

    def _by_password(self, asked: dict[str, Any]) -> str:
        user = self._user(asked, "user")
        if asked.get("password") != PASSWORD:
            raise Refusal(401, "Unauthorized", REFUSED)
        return user

    def _by_credential(self, asked: dict[str, Any], scope: Any, expires: float) -> Grant:
        if scope is not None:
            said = "Error authenticating with application credential: Application credentials cannot request a scope."
            raise Refusal(401, "Unauthorized", said)
        if "id" not in asked:
            if "user" not in asked:
                raise Refusal(400, "Bad Request", f"Expecting to find user in application credential. {_MALFORMED}")
            self._user(asked["user"], "user")
        for name, (roles, rules) in self.credentials.items():
            named = asked.get("id") == identifier(name) or ("id" not in asked and asked.get("name") == name)
            if named and asked.get("secret") == PASSWORD:
                project_id = identifier("demo")
                methods = ("application_credential",)
                return Grant("demo", methods, expires, "demo", roles=roles, rules=rules, project_id=project_id)
        raise Refusal(401, "Unauthorized", REFUSED)

    def _scoped(self, grant: Grant, scope: Any) -> Grant:
        if scope is None or scope == "unscoped":
            return grant
        if not isinstance(scope, dict) or len(scope) != 1:
            wanted = "system, project, domain, OS-TRUST:trust or unscoped"
            raise Refusal(400, "Bad Request", f"Expecting to find {wanted} in scope. {_MALFORMED}")
        ((kind, asked),) = scope.items()
        project = None
        if kind == "OS-TRUST:trust":
            if asked.get("id") != self.trust or grant.user != "alice":
                raise Refusal(401, "Unauthorized", REFUSED)
            roles: tuple[str, ...] = ("member", "reader")
            return attrs.evolve(grant, project="demo", project_id=identifier("demo"), trust=self.trust, roles=roles)
        if kind == "project":
            if "id" not in asked and "domain" not in asked:
                raise Refusal(400, "Bad Request", f"Expecting to find domain in project. {_MALFORMED}")
            names = {name for _, name in self.roles if name is not None}
            project = next((n for n in names if asked.get("name") == n or asked.get("id") == identifier(n)), None)
            roles = self.roles.get((grant.user, project), ()) if project else ()
        else:
            roles = self.roles.get((grant.user, None), ())
        if not roles:
            raise Refusal(401, "Unauthorized", REFUSED)
        if kind == "domain":
            return attrs.evolve(grant, domain="default", roles=roles)
        if kind == "system":
            return attrs.evolve(grant, system=True, roles=roles)
        assert project is not None
        return attrs.evolve(grant, project=project, project_id=identifier(project), roles=roles)
