"""The hunt: planted secrets must not show in a log, a repr, an error's text or a recorded test, whatever happens."""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import pickle
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import ImageApiError
from imageapis.lusid import auth
from imageapis.testing.lusid import Trouble
from imageapis.testing.lusid.images import new_image
from imageapis.testing.registry.facade import RegistryFault
from tests.lusid.conftest import open_images, password_login
from tests.lusid.local_images import SMALL, docker_tar, made

if TYPE_CHECKING:
    from imageapis.testing.lusid import LusidServer
    from imageapis.testing.registry import DockerRegistry
    from imageapis.testing.registry.facade import RegistryFacade
    from tests.conftest import Face, FakeClock

PLANTED = {
    "password": "PLANTED-password",
    "client_secret": "PLANTED-client-secret",
    "access_token": "PLANTED-access-token",
    "proxy_password": "PLANTED-proxy-password",
}
NAME = "my-job:1.4"


class Hunt(logging.Handler):
    """Keeps every line that anything logs at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        if record.exc_info:
            self.lines += traceback.format_exception(*record.exc_info)


@pytest.fixture
def hunt() -> Any:
    handler, root = Hunt(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def told(failure: BaseException) -> str:
    """All that an error tells, also to whoever pickles it."""
    copy = pickle.loads(pickle.dumps(failure))
    return "".join([*traceback.format_exception(failure), repr(failure), str(failure), repr(copy), repr(vars(failure))])


def ours() -> list[str]:
    """The repr of every object of ours that is alive."""
    kinds = [(it, str(type(it).__module__)) for it in gc.get_objects()]
    found = []
    for it, kind in kinds:
        if kind.startswith("imageapis.") and not kind.startswith("imageapis.testing"):
            with contextlib.suppress(AttributeError):  # of what was refused while it was made
                found.append(repr(it))
    return found


def plant(server: LusidServer) -> None:
    server.oauth.password = PLANTED["password"]
    server.oauth.client_secret = PLANTED["client_secret"]


def test_a_push_through_trouble_shows_no_secret(
    face: Face,
    server: LusidServer,
    facade: RegistryFacade,
    registry: DockerRegistry,
    clock: FakeClock,
    tmp_path: Path,
    hunt: Hunt,
) -> None:
    plant(server)
    server.registry = facade
    facade.clear(registry, acr=True)
    facade.faults = [
        RegistryFault("answer", "PATCH", status=401),
        RegistryFault("cut", "PATCH"),
        RegistryFault("answer", "PUT", "/manifests/", times=9),
    ]
    clock.moment = time.time()
    images = open_images(face, password_login(server), clock=clock)
    shown = []
    with pytest.raises(ImageApiError) as caught:
        images.push(docker_tar(tmp_path / "job.tar", made(*SMALL)), NAME, concurrency=2)
    shown += [told(caught.value), repr(caught.value.resume)]  # type: ignore[attr-defined]
    facade.faults = []
    pushed = images.push(tmp_path / "job.tar", NAME, resume=caught.value.resume)  # type: ignore[attr-defined]
    shown += [repr(pushed), repr(images.start_upload("other:1")), repr(images.client), *ours(), *hunt.lines]
    secrets = [*PLANTED.values(), registry.password, *server.oauth.valid, *facade.tokens, "renew+"]
    assert len(hunt.lines) > 50
    assert [it for it in shown if any(secret in it for secret in secrets)] == []
    # What authorizes an upload's address counts as one too.
    assert [it for it in hunt.lines if "_state=" in it and "_state=***" not in it] == []


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(400, body=json.dumps({"error": "x", "error_description": f"bad {PLANTED['password']}"}).encode()),
        Trouble(200, body=json.dumps({"token": PLANTED["access_token"]}).encode()),
        Trouble(502, body=PLANTED["client_secret"].encode()),
    ],
    ids=lambda it: str(it.status),
)
def test_a_login_service_that_echoes_a_secret_is_not_quoted(
    face: Face, server: LusidServer, trouble: Trouble, hunt: Hunt
) -> None:
    plant(server)
    trouble = Trouble(trouble.status, body=trouble.body, where="oauth2")
    server.troubles.append(trouble)
    login = password_login(server)
    images = open_images(face, login)
    with pytest.raises(ImageApiError) as caught:
        images.image("a:1")
    shown = [told(caught.value), repr(login), *hunt.lines]
    assert [it for it in shown if "PLANTED" in it] == []


def test_a_personal_access_token_shows_nowhere(face: Face, server: LusidServer, hunt: Hunt) -> None:
    server.access_token = PLANTED["access_token"]
    server.add(new_image("a", ["1"]))
    login = auth.personal_access_token(scheduler_url=server.scheduler_url, access_token=server.access_token)
    images = open_images(face, login)
    images.image("a:1")
    server.access_token = "another"
    with pytest.raises(ImageApiError) as caught:
        images.image("a:1")
    shown = [told(caught.value), repr(login), repr(login.auth), repr(images.client), *hunt.lines]
    assert [it for it in shown if "PLANTED" in it] == []


def test_settings_show_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hunt: Hunt) -> None:
    monkeypatch.setenv("FBN_PASSWORD", PLANTED["password"])
    path = tmp_path / "secrets.json"
    api = {"clientSecret": PLANTED["client_secret"], "accessToken": PLANTED["access_token"]}
    proxy = {"address": "http://proxy.example", "username": "u", "password": PLANTED["proxy_password"]}
    path.write_text(json.dumps({"api": {**api, "schedulerUrl": "https://acme.example"}, "proxy": proxy}))
    shown = [str(auth.explain(path)), repr(auth.explain(path)), repr(auth.secrets_file(path))]
    shown += [repr(it) for it in auth.explain(path).settings]
    assert [it for it in [*shown, *hunt.lines] if "PLANTED" in it] == []


def test_no_recorded_test_holds_a_secret() -> None:
    recorded = (Path(__file__).parents[1] / "cassettes" / "lusid").glob("**/*")
    for file in recorded:
        if file.is_file():
            text = file.read_text("utf-8")
            assert "not-a-secret" not in text, file
            assert "Bearer " not in text.replace("Bearer ***", ""), file
