"""The scenarios again, on every face, from what a real cloud answered; with the network closed and no secret kept."""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.openstack import cassettes, scenarios

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Face

RECORDINGS = sorted(cassettes.FOLDER.glob("*.yaml"))


@pytest.fixture
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection leaves this process."""

    def closed(self: Any, address: Any) -> None:
        raise AssertionError(f"a replay went to the network: {address}")

    monkeypatch.setattr(socket.socket, "connect", closed)


@pytest.mark.usefixtures("closed_network")
@pytest.mark.parametrize("scenario", scenarios.SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_what_a_real_cloud_answered_is_understood_on_every_face(
    face: Face, scenario: Callable[..., None], no_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = json.loads(cassettes.WORLD.read_text("utf-8"))
    with cassettes.cassette(scenario.__name__, record=False) as tape:
        scenario(scenarios.World(face, seed, 0, no_environment, monkeypatch.setenv))
        face.close()
    assert tape.all_played


def test_every_scenario_is_recorded_and_nothing_else() -> None:
    assert {path.stem for path in RECORDINGS} == {scenario.__name__ for scenario in scenarios.SCENARIOS}


#: What must be in no cassette: tokens, passwords, secrets, and anything that looks like one of them.
SECRETS = re.compile(
    r"""gAAAA|not-a-secret|(?i:x-(?:auth|subject)-token:\s*\n\s*-\s*(?!scrubbed\b)\S+)"""
    r"""|"(?:password|secret)":\s*"(?!scrubbed")[^"]+"|(?i:authorization|set-cookie):"""
)


@pytest.mark.parametrize("path", [*RECORDINGS, cassettes.WORLD], ids=lambda path: path.stem)
def test_no_recording_holds_a_secret(path: Path) -> None:
    assert SECRETS.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "x-auth-token:\n      - gone",
        "X-Subject-Token:\n      - abc",
        '{"user": {"password": "wrong"}}',
        "gAAAAABm",
        "not-a-secret",
        "Authorization:\n - Basic",
    ],
)
def test_the_search_for_secrets_finds_them(text: str) -> None:
    assert SECRETS.search(text)
