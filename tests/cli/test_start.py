"""What happens before a command runs: help, completion, and what is not imported for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imageapis import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ran

COMMANDS = {
    "servicefabric": ("upload", "ls", "stat", "rm", "cp", "sessions", "info"),
    "lusid": ("ls", "show", "push", "scan"),
    "openstack": ("ls", "show", "meta", "rm"),
    "login": ("explain",),
}
EVERY = [(group, name) for group, names in COMMANDS.items() for name in names]


@pytest.mark.parametrize(("group", "name"), EVERY)
def test_the_help_of_a_command_shows_a_use_of_it(run: Callable[..., Ran], group: str, name: str) -> None:
    done = run(group, name, "--help")
    assert done.code == 0
    assert f"Example: imageapis {group} {name}" in done.out


@pytest.mark.parametrize("command", [(), ("servicefabric",), ("servicefabric", "upload")])
def test_help_is_also_short(run: Callable[..., Ran], command: tuple[str, ...]) -> None:
    assert run(*command, "-h").out == run(*command, "--help").out != ""


@pytest.mark.parametrize(("group", "name"), EVERY)
def test_no_command_takes_a_secret_on_the_command_line(run: Callable[..., Ran], group: str, name: str) -> None:
    options = [word for word in run(group, name, "--help").out.split() if word.startswith("--")]
    assert [option for option in options if "password" in option or "token" in option or option == "--secret"] == []


def test_help_imports_no_service_and_nothing_that_takes_long() -> None:
    code = (
        "import sys, json\nfrom imageapis.cli.app import app\n"
        "try:\n    app(['--help'], prog_name='imageapis')\nexcept SystemExit:\n    pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stderr.splitlines()[-1])
    heavy = ("httpx", "attrs", "attr", "anyio", "rich", "imageapis_generated", "asyncio", "ssl", "platformdirs")
    assert [name for name in loaded if name.partition(".")[0] in heavy] == []
    assert [name for name in loaded if name.startswith(("imageapis.core", "imageapis.servicefabric"))] == []


def test_the_version_is_the_packages(run: Callable[..., Ran]) -> None:
    assert run("--version").out.strip() == __version__


def test_a_mistyped_command_is_wrong_use(run: Callable[..., Ran]) -> None:
    done = run("servicefabric", "upolad")
    assert done.code == 2
    assert "upolad" in done.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_are_told_how_to_complete(run: Callable[..., Ran], shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_IMAGEAPIS_COMPLETE", f"source_{shell}")
    done = run()
    assert done.code == 0
    assert "_IMAGEAPIS_COMPLETE" in done.out


def test_without_the_extra_the_command_says_what_to_install() -> None:
    code = "import sys; sys.modules['typer'] = None\nfrom imageapis.cli import main\nmain()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "The command line is an extra: pip install 'imageapis[cli]'\n"


def test_ctrl_c_before_a_command_has_begun_is_one_line() -> None:
    code = (
        "import sys\nfrom imageapis.cli import main\n"
        "class Stop:\n    def find_spec(self, name, *_):\n        if name == 'typer': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "imageapis: Cancelled by Ctrl-C.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "imageapis.cli", "--help"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "imageapis: The output cannot be written: No space left on device.\n"
