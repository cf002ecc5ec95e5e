"""Users, credentials and images of the stack: enough of every kind that the image calls treat differently."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from scripts.openstack_stack.bootstrap import Api, token
from scripts.openstack_stack.configs import ADMIN_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scripts.openstack_stack.configs import Settings

#: Everybody's password, and every application credential's secret.
PASSWORD = "not-a-secret"  # noqa: S105
USERS = {
    "demo": [("demo", "member"), ("demo2", "member")],
    "viewer": [("demo", "reader")],
    "alice": [("other", "member")],
}
SERVER = "a0000000-0000-4000-8000-000000000000"


def seed(settings: Settings, report: Path) -> None:
    """Fill a fresh stack, and write down ids and secrets."""
    admin, admins = token(settings, "admin", ADMIN_PASSWORD, "admin")
    keystone = Api(settings.keystone_url, admin)
    projects, users = _people(keystone, admins["user"]["id"])
    demo, _ = token(settings, "demo", PASSWORD, "demo")
    alice, _ = token(settings, "alice", PASSWORD, "other")
    credentials, trust = _credentials(Api(settings.keystone_url, demo), projects, users)
    glance = {
        name: Api(settings.glance_url, value) for name, value in (("demo", demo), ("alice", alice), ("admin", admin))
    }
    images = {**_plain(glance["demo"], settings.images), **_special(glance, projects)}
    told = {
        "keystone": settings.keystone_url,
        "nova": settings.nova_url,
        "glance": settings.glance_url,
        "placement": settings.placement_url,
        "password": PASSWORD,
        "admin_password": ADMIN_PASSWORD,
        "projects": projects,
        "users": users,
        "application_credentials": credentials,
        "trust_id": trust,
        "images": images,
    }
    report.write_text(json.dumps(told, indent=1), "utf-8")


def _people(keystone: Api, admin: str) -> tuple[dict[str, str], dict[str, str]]:
    roles = {role["name"]: role["id"] for role in keystone.call("GET", "/roles").json()["roles"]}
    projects = {
        name: keystone.made("/projects", "project", name=name, domain_id="default")["id"]
        for name in ("demo", "demo2", "other")
    }
    users = {
        name: keystone.made("/users", "user", name=name, domain_id="default", password=PASSWORD)["id"]
        for name in (*USERS, "lonely")
    }
    for user, places in USERS.items():
        for project, role in places:
            keystone.call("PUT", f"/projects/{projects[project]}/users/{users[user]}/roles/{roles[role]}")
    # So that a token for the domain can be had, with which Nova does nothing.
    keystone.call("PUT", f"/domains/default/users/{admin}/roles/{roles['admin']}")
    return projects, users


def _credentials(keystone: Api, projects: dict[str, str], users: dict[str, str]) -> tuple[dict[str, str], str]:
    reading = [{"service": "compute", "method": "GET", "path": path} for path in ("/v2.1/images", "/v2.1/images/**")]
    kinds: dict[str, dict[str, Any]] = {
        "app": {},
        "app-ro": {"access_rules": reading},
        "app-reader": {"roles": [{"name": "reader"}]},
    }
    path = f"/users/{users['demo']}/application_credentials"
    credentials = {
        name: keystone.made(path, "application_credential", name=name, secret=PASSWORD, **kind)["id"]
        for name, kind in kinds.items()
    }
    trust = keystone.made(
        "/OS-TRUST/trusts",
        "trust",
        trustor_user_id=users["demo"],
        trustee_user_id=users["alice"],
        project_id=projects["demo"],
        impersonation=False,
        roles=[{"name": "member"}],
    )
    return credentials, str(trust["id"])


def image(
    glance: Api,
    name: str | None,
    *,
    data: bytes | None = b"x",
    properties: Mapping[str, str] | None = None,
    **fields: Any,
) -> str:
    """Make an image and return its id; without data it stays queued."""
    named = {} if name is None else {"name": name}
    body = {"disk_format": "raw", "container_format": "bare", **named, **fields, **(properties or {})}
    made: str = glance.call("POST", "/v2/images", body).json()["id"]
    if data is not None:
        glance.call("PUT", f"/v2/images/{made}/file", content=data)
    return made


def _plain(glance: Api, count: int) -> dict[str, str]:
    def numbered(number: int) -> tuple[str, str]:
        fields: dict[str, Any] = {
            "min_ram": (0, 512, 1024, 2048)[number % 4],
            "min_disk": (0, 1, 5, 20)[number % 4],
            "seq": str(number),
            "os_distro": ("debian", "ubuntu", "fedora")[number % 3],
        }
        if number % 10 == 3:
            fields |= {"image_type": "snapshot", "instance_uuid": SERVER, "base_image_ref": str(uuid.uuid4())}
        # The first hundred are real; more are for walking only, and made at half the price.
        data = b"x" * (1024 + number) if number < 100 else None
        return f"img-{number:04d}", image(glance, f"img-{number:04d}", data=data, **fields)

    # One after the other: SQLite refuses some of two writers at once.
    return dict(map(numbered, range(count)))


def _special(glance: dict[str, Api], projects: dict[str, str]) -> dict[str, str]:
    demo, alice, admin = glance["demo"], glance["alice"], glance["admin"]
    ids = {
        "queued": image(demo, "queued image", data=None, note="no data"),
        "protected": image(demo, "protected image", protected=True),
        "nameless": image(demo, None),
        "unicode": image(demo, "Ünïcödé 画像", schlüssel="wert", euro="€"),
        "odd-name": image(demo, 'a/b c,d:"e"+f&g=h%20?#'),
        "auto": image(demo, "auto", auto_disk_config="True"),
        "manual": image(demo, "manual", auto_disk_config="False"),
        "hidden": image(demo, "hidden image", os_hidden=True),
        "community": image(demo, "community image", visibility="community"),
        "empty": image(demo, "empty image", data=b""),
        "long-value": image(demo, "long value", big="v" * 3000),
        "lists": image(
            demo,
            "lists",
            mappings='[{"device": "vda", "virtual": "root"}]',
            block_device_mapping='[{"source_type": "snapshot", "boot_index": 0}]',
        ),
        "odd-keys": image(
            demo,
            "odd keys",
            properties={"a b": "1", "c:d": "2", "e%41": "3", "f/g": "4", "h?": "5", "i+": "6", "j#": "7"},
        ),
        "scratch": image(demo, "scratch", colour="red"),
        "deactivated": image(demo, "deactivated image"),
        "public": image(admin, "public image", visibility="public", os_distro="cirros"),
        "other-private": image(alice, "other private", visibility="private"),
        "other-community": image(alice, "other community", visibility="community"),
        "other-shared": image(alice, "other shared", visibility="shared"),
    }
    slashes = {"a/b": "1", "kept": "2"}
    ids |= {f"slash-key-{number}": image(demo, "slash key", properties=slashes) for number in range(3)}
    ids |= {f"same-{number}": image(demo, "same name") for number in range(3)}
    ids |= {f"victim-{number:02d}": image(demo, f"victim-{number:02d}") for number in range(12)}
    admin.call("POST", f"/v2/images/{ids['deactivated']}/actions/deactivate")
    alice.call("POST", f"/v2/images/{ids['other-shared']}/members", {"member": projects["demo"]})
    demo.call("PUT", f"/v2/images/{ids['other-shared']}/members/{projects['demo']}", {"status": "accepted"})
    ids["deleted"] = image(demo, "deleted image")
    demo.call("DELETE", f"/v2/images/{ids['deleted']}")
    return ids
