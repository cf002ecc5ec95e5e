"""The settings of the services. Everything here was found by trial; what is not obvious says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from pathlib import Path

ADMIN_PASSWORD = "admin-not-a-secret"  # noqa: S105 - of a server on loopback that lives for one test run
SERVICE_PASSWORD = "service-not-a-secret"  # noqa: S105


@attrs.frozen(kw_only=True)
class Settings:
    """What of a stack can be chosen.

    Attributes:
        keystone, glance, nova, placement: Ports on 127.0.0.1.
        max_limit: Nova's largest page that still has a link to the next.
        token_life: Seconds that a token lives.
        images: Plain numbered images.
    """

    keystone: int
    glance: int
    nova: int
    placement: int
    max_limit: int = 1000
    token_life: int = 3600
    images: int = 120

    @property
    def keystone_url(self) -> str:
        """Keystone's address, with its version."""
        return f"http://127.0.0.1:{self.keystone}/v3"

    @property
    def glance_url(self) -> str:
        """Glance's address."""
        return f"http://127.0.0.1:{self.glance}"

    @property
    def nova_url(self) -> str:
        """Nova's address, with its version."""
        return f"http://127.0.0.1:{self.nova}/v2.1"

    @property
    def placement_url(self) -> str:
        """Placement's address."""
        return f"http://127.0.0.1:{self.placement}"


def write(folder: Path, settings: Settings) -> None:
    """Write all configuration files and make the folders that they name."""
    services = ("keystone", "glance", "nova", "placement")
    for name in (*(f"etc/{name}" for name in services), "db", "log", "run", "images", "staging", "tasks", "state"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "etc/keystone/keystone.conf").write_text(_keystone(folder, settings), "utf-8")
    (folder / "etc/glance/glance-api.conf").write_text(_glance(folder, settings), "utf-8")
    (folder / "etc/nova/nova.conf").write_text(_nova(folder, settings), "utf-8")
    (folder / "etc/placement/placement.conf").write_text(_placement(folder, settings), "utf-8")
    for service, paste in (("glance", "glance/glance-api-paste.ini"), ("nova", "nova/api-paste.ini")):
        target = folder / "etc" / service / paste.rpartition("/")[2]
        target.write_bytes((folder / "venv/etc" / paste).read_bytes())


def _tokens(settings: Settings, user: str, kind: str, cached: int) -> str:
    """What a service needs to judge tokens; `cached` is how many seconds it believes its last judgement."""
    return f"""
[keystone_authtoken]
www_authenticate_uri = {settings.keystone_url}
auth_url = {settings.keystone_url}
auth_type = password
project_domain_name = Default
user_domain_name = Default
project_name = service
username = {user}
password = {SERVICE_PASSWORD}
region_name = RegionOne
interface = public
service_type = {kind}
token_cache_time = {cached}
"""


def _keystone(folder: Path, settings: Settings) -> str:
    # Cheap password hashes: a login would take a third of a second otherwise.
    return f"""
[DEFAULT]
public_endpoint = http://127.0.0.1:{settings.keystone}
[database]
connection = sqlite:///{folder}/db/keystone.sqlite
sqlite_synchronous = false
[token]
provider = fernet
expiration = {settings.token_life}
[fernet_tokens]
key_repository = {folder}/etc/keystone/fernet-keys
[credential]
key_repository = {folder}/etc/keystone/credential-keys
[identity]
password_hash_algorithm = bcrypt
password_hash_rounds = 4
[trust]
allow_redelegation = true
"""


def _glance(folder: Path, settings: Settings) -> str:
    return f"""
[DEFAULT]
enabled_backends = files:file
worker_self_reference_url = {settings.glance_url}
public_endpoint = {settings.glance_url}
transport_url = fake:///
[glance_store]
default_backend = files
[files]
filesystem_store_datadir = {folder}/images
[os_glance_staging_store]
filesystem_store_datadir = {folder}/staging
[os_glance_tasks_store]
filesystem_store_datadir = {folder}/tasks
[database]
connection = sqlite:///{folder}/db/glance.sqlite
sqlite_synchronous = false
[oslo_concurrency]
lock_path = {folder}/run
[paste_deploy]
flavor = keystone
config_file = {folder}/etc/glance/glance-api-paste.ini
""" + _tokens(settings, "glance", "image", 300)


def _nova(folder: Path, settings: Settings) -> str:
    # A token that was revoked is to be refused at once (-1), and a Glance that is down to be reported at once (0).
    return f"""
[DEFAULT]
transport_url = fake:///
state_path = {folder}/state
host = stack
[api]
max_limit = {settings.max_limit}
[database]
connection = sqlite:///{folder}/db/nova_cell0.sqlite
sqlite_synchronous = false
[api_database]
connection = sqlite:///{folder}/db/nova_api.sqlite
sqlite_synchronous = false
[oslo_concurrency]
lock_path = {folder}/run
[glance]
region_name = RegionOne
service_type = image
valid_interfaces = public
num_retries = 0
[cache]
enabled = false
""" + _tokens(settings, "nova", "compute", -1)


def _placement(folder: Path, settings: Settings) -> str:
    return f"""
[DEFAULT]
[placement_database]
connection = sqlite:///{folder}/db/placement.sqlite
sqlite_synchronous = false
""" + _tokens(settings, "placement", "placement", 300)
