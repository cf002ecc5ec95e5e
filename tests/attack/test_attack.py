"""The attack itself: where nothing is spoilt nothing is wrong, and a small share of it gets through nowhere."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.attack import trial
from tests.attack.checks import Ears
from tests.attack.plans import Plan, unspoilt
from tests.attack.worker import Opponent, attacked, local_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attack.operations import Files

TRIALS = 120


@pytest.fixture(scope="module")
def opponent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opponent]:
    made = Opponent(tmp_path_factory.mktemp("certificates"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder: Path = tmp_path_factory.mktemp("attack")
    (folder / "files").mkdir()
    (folder / "scratch" / "given").mkdir(parents=True)
    return local_files(folder / "files", folder / "scratch")


@pytest.mark.parametrize("plan", list(unspoilt()), ids=lambda plan: f"{plan.face}-{plan.part}-{plan.target.name}")
def test_where_nothing_is_spoilt_nothing_is_wrong(
    opponent: Opponent, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: Plan
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = attacked(plan, opponent, files)
    assert (told["outcome"], [wrong for wrong in told["wrong"] if wrong[0] not in LATER]) == ("value", [])


#: What the first call of a process opens for good, which the attack does before it counts.
LATER = {"descriptors", "threads", "memory"}


def test_a_small_attack_gets_through_nowhere() -> None:
    command = [sys.executable, "-m", "tests.attack", "--count", str(TRIALS), "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("deadline", "requests", "seconds", "worked", "slow"),
    [
        (60.0, 0, 50.0, 1.0, False),  # the machine was busy with something else
        (60.0, 0, 50.0, 10.0, True),
        (60.0, 1, 50.0, 1.0, False),  # a server that behaves may take its time
        (1.0, 1, 50.0, 1.0, True),
    ],
)
def test_a_trial_is_slow_by_what_it_did_itself(
    monkeypatch: pytest.MonkeyPatch, deadline: float, requests: int, seconds: float, worked: float, *, slow: bool
) -> None:
    monkeypatch.setattr(trial, "crowded", lambda: 1.0)
    plan, outcome = Plan(1), trial.Outcome()
    plan.deadline, outcome.seconds, outcome.worked, outcome.items = deadline, seconds, worked, []
    told = {"requests": [("GET", "/")] * requests, "outside": False, "open": 0}
    with Ears() as ears:
        assert ("slow" in [check for check, _ in trial.judged(plan, outcome, ears, told)]) == slow
