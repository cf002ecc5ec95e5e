"""What the services need of Keystone before they run: their accounts, a second region, and the catalog."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import httpx

from scripts.openstack_stack.configs import ADMIN_PASSWORD, SERVICE_PASSWORD

if TYPE_CHECKING:
    from scripts.openstack_stack.configs import Settings


class Api:
    """Calls of one address with one token; whatever is refused ends the script."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url
        self._http = httpx.Client(trust_env=False, timeout=60, headers={"X-Auth-Token": token} if token else {})

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(self, method: str, path: str, json: Any = None, content: bytes | None = None) -> httpx.Response:
        """Make a call and return its answer."""
        headers = {"Content-Type": "application/octet-stream"} if content is not None else {}
        answer = self._http.request(method, self._url + path, json=json, content=content, headers=headers)
        if answer.status_code >= 400:
            raise SystemExit(f"{method} {self._url}{path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def made(self, path: str, kind: str, **fields: Any) -> Any:
        """Make a thing and return it."""
        return self.call("POST", path, {kind: fields}).json()[kind]


def token(settings: Settings, user: str, password: str, project: str) -> tuple[str, Any]:
    """Log in by password for a project; return the token and what it says."""
    domain = {"id": "default"}
    identity = {"methods": ["password"], "password": {"user": {"name": user, "domain": domain, "password": password}}}
    auth = {"identity": identity, "scope": {"project": {"name": project, "domain": domain}}}
    with contextlib.closing(Api(settings.keystone_url)) as keystone:
        answer = keystone.call("POST", "/auth/tokens", {"auth": auth})
    return answer.headers["X-Subject-Token"], answer.json()["token"]


def bootstrap(settings: Settings) -> None:
    """Make the accounts and the catalog."""
    keystone = Api(settings.keystone_url, token(settings, "admin", ADMIN_PASSWORD, "admin")[0])
    roles = {role["name"]: role["id"] for role in keystone.call("GET", "/roles").json()["roles"]}
    project = keystone.made("/projects", "project", name="service", domain_id="default")["id"]
    for name in ("nova", "glance", "placement"):
        user = keystone.made("/users", "user", name=name, domain_id="default", password=SERVICE_PASSWORD)["id"]
        for role in {"admin", "service"} & set(roles):
            keystone.call("PUT", f"/projects/{project}/users/{user}/roles/{roles[role]}")
    keystone.made("/regions", "region", id="RegionTwo")
    for (kind, name), endpoints in catalog(settings).items():
        service = keystone.made("/services", "service", type=kind, name=name)["id"]
        for interface, region, url in endpoints:
            place = {"interface": interface, "region_id": region, "url": url}
            keystone.made("/endpoints", "endpoint", service_id=service, **place)


def catalog(settings: Settings) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    """Return the endpoints: addresses with and without a project id, another host's name, a region that lacks some."""
    nova, glance = settings.nova_url, settings.glance_url
    with_project = nova + "/%(project_id)s"
    return {
        ("compute", "nova"): [
            ("public", "RegionOne", nova),
            ("internal", "RegionOne", nova.replace("127.0.0.1", "localhost")),
            ("admin", "RegionOne", with_project),
            ("public", "RegionTwo", with_project),
        ],
        ("image", "glance"): [
            *((interface, "RegionOne", glance) for interface in ("public", "internal", "admin")),
            ("public", "RegionTwo", glance),
        ],
        ("placement", "placement"): [("public", "RegionOne", settings.placement_url)],
    }
