"""A command that is killed, interrupted or run beside another one leaves the old files or the new ones.

The next command repairs: that is what `project_lock` does before it hands over the project.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.check import check
from scripts.pipeline import documents
from scripts.pipeline.project import Project
from scripts.pipeline.project_lock import locked
from tests.pipeline.killed import KILLER
from tests.pipeline.samples import contents, pets

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
NEVER = 10**9
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by signals")


@dataclass(frozen=True)
class Command:
    """A command that changes the scratch project, and its arguments."""

    module: str
    arguments: tuple[str, ...]

    def line(self, project: Project, event: int = NEVER, sign: int = signal.SIGKILL) -> list[str]:
        """How to run it so that it gets a signal before its change number `event` to the project's files."""
        arguments = [*self.arguments, "--project", str(project.root)]
        code = (
            f"import sys; {KILLER}; from {self.module} import main; "
            "from scripts.pipeline import verification; verification.verify = lambda *_, **__: verification.Outcome(); "
            f"count = kill_before({event}, {str(project.root)!r}, {int(sign)}); "
            f"status = main({arguments!r}); print(count(), file=sys.stderr) if {event} == {NEVER} else None; "
            "sys.exit(status)"
        )
        return [sys.executable, "-c", code]

    def run(self, project: Project, event: int = NEVER, sign: int = signal.SIGKILL) -> subprocess.CompletedProcess[str]:
        """Run it in a process of its own."""
        return subprocess.run(self.line(project, event, sign), cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def commands(project: Project, tmp_path: Path) -> dict[str, Command]:
    """Each command that writes, with something to write."""
    published = pets()
    published["components"]["schemas"]["Pet"]["properties"]["color"] = {"type": "string"}
    (tmp_path / "published.yaml").write_text(documents.to_yaml(published))
    (tmp_path / "plain.yaml").write_text(documents.to_yaml(pets()))
    document = project.specs / "pets" / "openapi.yaml"
    changed = json.loads(document.read_text())
    changed["components"]["schemas"]["Owner"]["properties"]["email"] = {"type": "string"}
    document.write_text(json.dumps(changed))
    return {
        "regenerate": Command("scripts.regenerate", ()),
        "add_service": Command("scripts.add_service", ("cats", str(tmp_path / "plain.yaml"), "--select", "/pets")),
        "add another": Command("scripts.add_service", ("dogs", str(tmp_path / "plain.yaml"), "--select", "/owners")),
        "upstream": Command("scripts.upstream", ("pets", str(tmp_path / "published.yaml"), "--write")),
    }


def copy(project: Project, target: Path) -> Project:
    shutil.copytree(project.root, target)
    return Project(target)


def repaired(project: Project) -> dict[str, bytes]:
    """The files of a project after the next command has begun."""
    with locked(project):
        return contents(project.root)


def after(project: Project, command: Command, target: Path) -> tuple[dict[str, bytes], int]:
    """What the whole command makes of a copy of the project, and the number of its changes to files."""
    whole = copy(project, target)
    done = command.run(whole)
    assert done.returncode == 0, done.stderr
    return contents(whole.root), int(done.stderr.split()[-1])


def points(changes: int, kills: int) -> list[int]:
    """Where to kill: before each of the last changes, with which a command publishes, and now and then before."""
    late = kills * 3 // 4
    early = kills - late
    return [1 + number * (changes - late) // early for number in range(early)] + list(
        range(changes - late + 1, changes + 1)
    )


def killed_everywhere(project: Project, command: Command, tmp_path: Path, where: Sequence[int]) -> set[str]:
    """Kill the command at each place, each time in a fresh copy; which trees were found after the repair."""
    old = contents(project.root)
    new, _ = after(project, command, tmp_path / "whole")
    assert new != old
    found = set()
    for event in where:
        victim = copy(project, tmp_path / f"killed-{event}")
        assert command.run(victim, event).returncode == -signal.SIGKILL
        tree = repaired(victim)
        assert tree in (old, new), f"killed before change {event}"
        found.add("new" if tree == new else "old")
        shutil.rmtree(victim.root)
    return found


@pytest.mark.parametrize("name", ["regenerate", "add_service", "upstream"])
def test_a_command_killed_while_it_publishes_is_repaired(
    project: Project, commands: dict[str, Command], tmp_path: Path, name: str
) -> None:
    _, changes = after(project, commands[name], tmp_path / "counted")
    assert killed_everywhere(project, commands[name], tmp_path, [1, changes - 3]) == {"old", "new"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["regenerate", "add_service", "upstream"])
def test_thirty_four_kills_of_a_command_leave_old_or_new(
    project: Project, commands: dict[str, Command], tmp_path: Path, name: str
) -> None:
    _, changes = after(project, commands[name], tmp_path / "counted")
    where = points(changes, 34)
    assert len(set(where)) == 34
    assert killed_everywhere(project, commands[name], tmp_path, where) == {"old", "new"}


@pytest.mark.parametrize("before_end", [NEVER, 12, 6])
def test_ctrl_c_takes_one_line_and_leaves_the_old_files(
    project: Project, commands: dict[str, Command], tmp_path: Path, before_end: int
) -> None:
    _, changes = after(project, commands["regenerate"], tmp_path / "counted")
    old = contents(project.root)
    done = commands["regenerate"].run(project, max(1, changes - before_end), signal.SIGINT)
    assert done.returncode == 130
    assert done.stderr == "Interrupted: nothing is half done.\n"
    assert contents(project.root) == old


def both(project: Project, one: Command, other: Command) -> None:
    """Run two commands at the same time to their end."""
    running = [
        subprocess.Popen(command.line(project), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in (one, other)
    ]
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said


def test_two_services_added_at_once_both_stay(project: Project, commands: dict[str, Command]) -> None:
    both(project, commands["add_service"], commands["add another"])
    assert {service.name for service in project.services()} == {"pets", "cats", "dogs"}
    assert check(project) == []


@pytest.mark.slow
def test_twenty_pairs_at_once_leave_what_one_after_the_other_leaves(
    project: Project, commands: dict[str, Command], tmp_path: Path
) -> None:
    names = ["regenerate", "add_service", "upstream", "add another"]
    pairs = [(one, other) for number, one in enumerate(names) for other in names[number + 1 :]]
    for number in range(20):
        one, other = pairs[number % len(pairs)]
        tried = copy(project, tmp_path / f"pair-{number}")
        both(tried, commands[one], commands[other])
        orders: list[dict[str, bytes]] = []
        for order in ((one, other), (other, one)):
            turn = copy(project, tmp_path / f"turn-{number}-{len(orders)}")
            assert all(commands[name].run(turn).returncode == 0 for name in order)
            orders.append(contents(turn.root))
        assert contents(tried.root) in orders, f"{one} beside {other}"
