"""The command line in this process, in an empty home, against local servers."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from imageapis.cli.app import app
from imageapis.core.clock import Clock
from imageapis.testing.lusid import LusidServer
from imageapis.testing.openstack import PASSWORD, OpenStackServer
from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@attrs.frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and an empty folder to work in: nothing of this machine's settings counts."""
    for name in list(os.environ):
        if name.startswith(("OS_", "FBN_", "IMAGEAPIS_", "XDG_")):
            monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs a command."""

    def ran(*arguments: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            app([str(one) for one in arguments], prog_name="imageapis")
        out, err = capsys.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    return ran


@pytest.fixture(scope="session")
def _cluster() -> Iterator[ServiceFabricServer]:
    with ServiceFabricServer() as running:
        yield running


@pytest.fixture
def cluster(_cluster: ServiceFabricServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> ServiceFabricServer:
    """An empty cluster, which the variable names."""
    _cluster.reset()
    monkeypatch.setenv("IMAGEAPIS_SERVICEFABRIC_ENDPOINT", _cluster.url)
    return _cluster


@pytest.fixture(scope="session")
def _scheduler() -> Iterator[LusidServer]:
    with LusidServer() as running:
        yield running


@pytest.fixture
def scheduler(_scheduler: LusidServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> LusidServer:
    """A scheduler as new, with a token for it in the environment."""
    _scheduler.clear()
    monkeypatch.setenv("FBN_SCHEDULER_URL", _scheduler.scheduler_url)
    monkeypatch.setenv("FBN_ACCESS_TOKEN", _scheduler.access_token)
    return _scheduler


@pytest.fixture(scope="session")
def _cloud() -> Iterator[OpenStackServer]:
    with OpenStackServer() as running:
        yield running


@pytest.fixture
def cloud(_cloud: OpenStackServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> OpenStackServer:
    """A cloud without images, with the login of user demo in the environment."""
    _cloud.reset()
    for name, value in {
        "OS_AUTH_URL": _cloud.auth_url,
        "OS_USERNAME": "demo",
        "OS_PASSWORD": PASSWORD,
        "OS_PROJECT_NAME": "demo",
        "OS_USER_DOMAIN_NAME": "Default",
        "OS_PROJECT_DOMAIN_NAME": "Default",
    }.items():
        monkeypatch.setenv(name, value)
    return _cloud


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits between tries pass at once: a command has no clock of its own to be told."""
    monkeypatch.setattr(Clock, "sleep", lambda self, seconds: None)
