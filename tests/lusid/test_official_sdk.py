"""FINBOURNE's own SDK against our local scheduler: it is not tuned to our client."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.lusid import SchedulerImages
from imageapis.testing.lusid import Trouble
from tests.lusid.conftest import password_login
from tests.tools import environment

if TYPE_CHECKING:
    from imageapis.testing.lusid import LusidServer

SDK = "lusid-scheduler-sdk==2.3.9"

pytestmark = pytest.mark.tools


@pytest.fixture(scope="session")
def python() -> Path:
    return environment("lusid-scheduler-sdk", SDK) / "python"


def run(python: Path, server: LusidServer, kind: str, **more: Any) -> dict[str, Any]:
    settings = {"api_url": server.scheduler_url, **more}
    script = Path(__file__).with_name("official_sdk.py")
    done = subprocess.run(
        [python, script, kind, json.dumps(settings)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("last_page", ["null", "absent"])
def test_it_walks_looks_and_announces_as_ours_does(
    server: LusidServer, python: Path, kind: str, last_page: str
) -> None:
    server.last_page = last_page
    server.oauth.username = "svc"  # it does not encode the user name
    server.fill("my-job", 20)
    oauth = server.oauth
    login = {
        "token_url": server.token_url,
        "username": oauth.username,
        "password": oauth.password,
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
    }
    theirs = run(python, server, kind, **login)
    with SchedulerImages(password_login(server)) as images:
        ours = list(images.images("my-job", sort_by=["-pushTime"], filter="size gt 10", limit=7))
        image = images.image("my-job:1")
        assert image.push_time is not None
        assert image.scan_report is not None
        assert theirs == {
            "images": [
                [it.digest, it.size, [tag.name for tag in it.tags], it.scan_summary and it.scan_summary.high]
                for it in ours
            ],
            "image": [image.name, image.digest, image.scan_report.status],
            "pushed": image.push_time.isoformat(),
            "login": images.start_upload("new:1").docker_login_command,
            "repositories": [it.name for it in images.repositories()],
        }


def test_a_budget_of_two_retries_is_three_requests_of_ours_and_twelve_of_its(server: LusidServer, python: Path) -> None:
    server.troubles.append(Trouble(429, times=99, headers={"Retry-After": "0"}))
    run(python, server, "busy", access_token=server.access_token, rate_limit_retries=2)
    assert len(server.seen) == 12
