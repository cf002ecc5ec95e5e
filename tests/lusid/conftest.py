"""A local scheduler, logins for it, and a client of the face under test."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.lusid import AsyncSchedulerImages, SchedulerImages, auth
from imageapis.testing.lusid import LusidServer
from imageapis.testing.registry import PROGRAM, DockerRegistry, EmbeddedRegistry
from imageapis.testing.registry.facade import RegistryFacade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imageapis.core.login import Login
    from tests.conftest import Face, FakeClock


@pytest.fixture(scope="session")
def scheduler() -> Iterator[LusidServer]:
    """One server for all tests: starting one takes longer than most of them."""
    with LusidServer() as running:
        yield running


@pytest.fixture
def server(scheduler: LusidServer) -> Iterator[LusidServer]:
    """That server, as new."""
    scheduler.clear()
    yield scheduler
    violations, scheduler.violations = scheduler.violations, []
    assert violations == []


def token_login(server: LusidServer, **options: Any) -> Login:
    return auth.personal_access_token(scheduler_url=server.scheduler_url, access_token=server.access_token, **options)


def password_login(server: LusidServer, **options: Any) -> Login:
    oauth = server.oauth
    settings: dict[str, Any] = {
        "scheduler_url": server.scheduler_url,
        "token_url": server.token_url,
        "username": oauth.username,
        "password": oauth.password,
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
    }
    return auth.password(**settings | options)


def open_images(face: Face, login: Login, **options: Any) -> Any:
    return face.open(SchedulerImages, AsyncSchedulerImages, login, **options)


@pytest.fixture
def images(face: Face, server: LusidServer, clock: FakeClock) -> Any:
    return open_images(face, token_login(server), clock=clock)


@pytest.fixture(scope="session")
def embedded() -> Iterator[EmbeddedRegistry]:
    """One embedded registry for all tests."""
    with EmbeddedRegistry() as running:
        yield running


@pytest.fixture(params=[pytest.param("docker", marks=pytest.mark.registry), "embedded"])
def registry(request: pytest.FixtureRequest, embedded: EmbeddedRegistry) -> Iterator[DockerRegistry | EmbeddedRegistry]:
    """Debian's registry, and ours: what is true of a push is true with both."""
    if request.param == "docker":
        need_registry()
        with DockerRegistry() as running:
            yield running
    else:
        embedded.clear()
        yield embedded


def need_registry(*programs: str) -> None:
    """Skip the test where the registry or another program is not installed; fail it where `CI` is set."""
    missing = [it for it in (PROGRAM, *programs) if shutil.which(it) is None]
    if missing:
        said = f"{' and '.join(missing)} not installed (apt-get install docker-registry skopeo)"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)


@pytest.fixture
def pushing(server: LusidServer, registry: DockerRegistry) -> LusidServer:
    """A scheduler whose uploads go to the registry."""
    server.registry = registry
    return server


@pytest.fixture(scope="session")
def front() -> Iterator[RegistryFacade]:
    """One facade for all tests."""
    with RegistryFacade() as running:
        yield running


@pytest.fixture
def facade(front: RegistryFacade, registry: DockerRegistry) -> RegistryFacade:
    """A facade before the registry, without quirks."""
    front.clear(registry)
    return front


def pushing_images(face: Face, server: LusidServer, clock: FakeClock, **options: Any) -> Any:
    """A client of that scheduler. The clock stands still but starts at the present, which passwords expire by."""
    clock.moment = time.time()
    return open_images(face, token_login(server), clock=clock, **options)
