"""A local OpenStack server, a login at it, and a client of each face."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.openstack import AsyncComputeImages, ComputeImages, auth
from imageapis.testing.openstack import PASSWORD, OpenStackServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from imageapis.core.login import Login
    from tests.conftest import Face, FakeClock


@pytest.fixture(scope="session")
def _checked() -> Iterator[OpenStackServer]:
    with OpenStackServer() as server:
        yield server


@pytest.fixture(scope="session")
def _unchecked() -> Iterator[OpenStackServer]:
    with OpenStackServer(check=False) as server:
        yield server


@pytest.fixture
def cloud(_checked: OpenStackServer) -> Iterator[OpenStackServer]:
    """A server without images; a request that breaks the service's document fails the test."""
    _checked.reset()
    yield _checked
    assert _checked.violations == []


@pytest.fixture
def loose_cloud(_unchecked: OpenStackServer) -> OpenStackServer:
    """A server to which requests may be sent that break the service's document."""
    _unchecked.reset()
    return _unchecked


def demo(server: OpenStackServer, **settings: Any) -> Login:
    """Return the login of user demo in project demo."""
    named = {
        "auth_url": server.auth_url,
        "username": "demo",
        "password": PASSWORD,
        "project_name": "demo",
        "user_domain_name": "Default",
        "project_domain_name": "Default",
        "region_name": "RegionOne",
    }
    return auth.password(**{**named, **settings})


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No OS_* variable and no clouds.yaml of this machine; returns the current directory, which is empty."""
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(home / "etc"))
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def open_images(face: Face, clock: FakeClock) -> Callable[..., Any]:
    """Make a client of the face at hand."""

    def opened(login: Login, **options: Any) -> Any:
        return face.open(ComputeImages, AsyncComputeImages, login, clock=clock, **options)

    return opened


@pytest.fixture
def images(cloud: OpenStackServer, open_images: Callable[..., Any]) -> Any:
    """A client of the face at hand, logged in as demo."""
    return open_images(demo(cloud))


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Make calls at the same time, each from a thread of its own; return what they came to."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [job.result() for job in [pool.submit(call) for call in calls]]
