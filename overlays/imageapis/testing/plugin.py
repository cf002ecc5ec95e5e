"""A pytest plugin for the tests of those who use us: a local server a service, as fixtures.

pytest loads it by itself wherever `imageapis` is installed, so nothing heavy is imported before a fixture is used.
Needs the extra `testing`. Each test gets the server as new; what breaks the service's document fails the test that did
it.
Faults go by name: `servicefabric_server.faults.add("reset-after", "UploadFileChunk", skip=2)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imageapis.core.login import Login
    from imageapis.testing.lusid import LusidServer
    from imageapis.testing.openstack import OpenStackServer
    from imageapis.testing.registry import EmbeddedRegistry
    from imageapis.testing.server import LocalServer
    from imageapis.testing.servicefabric import ServiceFabricServer


def _checked(server: LocalServer) -> None:
    violations, server.violations = server.violations, []
    if violations:
        pytest.fail("requests broke the service's document:\n" + "\n".join(violations), pytrace=False)


@pytest.fixture(scope="session")
def _servicefabric_server() -> Iterator[ServiceFabricServer]:
    from imageapis.testing.servicefabric import ServiceFabricServer

    with ServiceFabricServer() as server:
        yield server


@pytest.fixture
def servicefabric_server(_servicefabric_server: ServiceFabricServer) -> Iterator[ServiceFabricServer]:
    """A local Service Fabric cluster with an empty image store."""
    _servicefabric_server.reset()
    yield _servicefabric_server
    _checked(_servicefabric_server)


@pytest.fixture
def servicefabric_login(servicefabric_server: ServiceFabricServer) -> Login:
    """A login for that cluster: `ImageStore(servicefabric_login)`."""
    from imageapis.servicefabric import auth

    return auth.unsecured(servicefabric_server.url)


@pytest.fixture(scope="session")
def _lusid_server() -> Iterator[LusidServer]:
    from imageapis.testing.lusid import LusidServer

    with LusidServer() as server:
        yield server


@pytest.fixture
def lusid_server(_lusid_server: LusidServer) -> Iterator[LusidServer]:
    """A local LUSID scheduler without images."""
    _lusid_server.clear()
    yield _lusid_server
    _checked(_lusid_server)


@pytest.fixture
def lusid_registry(lusid_server: LusidServer) -> Iterator[EmbeddedRegistry]:
    """An empty registry to which pushes by that scheduler go."""
    from imageapis.testing.registry import EmbeddedRegistry

    with EmbeddedRegistry() as registry:
        lusid_server.registry = registry
        yield registry


@pytest.fixture
def lusid_login(lusid_server: LusidServer) -> Login:
    """A login for that scheduler: `SchedulerImages(lusid_login)`."""
    from imageapis.lusid import auth

    return auth.personal_access_token(scheduler_url=lusid_server.scheduler_url, access_token=lusid_server.access_token)


@pytest.fixture
def lusid_environment(lusid_server: LusidServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The FBN_* variables of that scheduler's user, set for the test: for code that calls `auth.from_env()`."""
    variables = {
        "FBN_SCHEDULER_URL": lusid_server.scheduler_url,
        "FBN_TOKEN_URL": lusid_server.token_url,
        "FBN_USERNAME": lusid_server.oauth.username,
        "FBN_PASSWORD": lusid_server.oauth.password,
        "FBN_CLIENT_ID": lusid_server.oauth.client_id,
        "FBN_CLIENT_SECRET": lusid_server.oauth.client_secret,
    }
    return _set(variables, "FBN_", monkeypatch)


@pytest.fixture(scope="session")
def _openstack_server() -> Iterator[OpenStackServer]:
    from imageapis.testing.openstack import OpenStackServer

    with OpenStackServer() as server:
        yield server


@pytest.fixture
def openstack_server(_openstack_server: OpenStackServer) -> Iterator[OpenStackServer]:
    """A local Keystone and Nova without images."""
    _openstack_server.reset()
    yield _openstack_server
    _checked(_openstack_server)


@pytest.fixture
def openstack_login(openstack_environment: dict[str, str]) -> Login:  # noqa: ARG001 - a fixture asks for another so
    """A login at that cloud as user demo of project demo: `ComputeImages(openstack_login)`."""
    from imageapis.openstack import auth

    return auth.from_env()


@pytest.fixture
def openstack_environment(openstack_server: OpenStackServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The OS_* variables of user demo, set for the test: for code that calls `auth.from_env()`."""
    from imageapis.testing.openstack import PASSWORD

    variables = {
        "OS_AUTH_URL": openstack_server.auth_url,
        "OS_USERNAME": "demo",
        "OS_PASSWORD": PASSWORD,
        "OS_PROJECT_NAME": "demo",
        "OS_USER_DOMAIN_NAME": "Default",
        "OS_PROJECT_DOMAIN_NAME": "Default",
    }
    return _set(variables, "OS_", monkeypatch)


def _set(variables: dict[str, str], prefix: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    import os

    for name in [name for name in os.environ if name.startswith(prefix)]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables
