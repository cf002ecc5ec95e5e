"""Runs of a module's tests: once to see which test reaches which line, then once for each mutant, in a process."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ROOT / "overlays" / "imageapis"
#: A mutant whose test takes so many times as long as without a change, and a minute, counts as noticed: it hangs.
PATIENCE = 6
#: The file in which a mutant's process tells which test it runs.
RUNNING = "running"
#: One face runs nearly all of an engine, which knows of none; paging, retries, tokens and locks have parts for each.
ENGINES = ("tests/servicefabric", "tests/lusid")
FACES = "not asyncio and not trio"


class Reached(NamedTuple):
    """What the tests of a module reach of it, and what they take."""

    #: The tests by the lines that they reach.
    by_line: dict[int, set[str]]
    #: Seconds that each test took.
    seconds: dict[str, float]

    def order(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant's line, the quickest first."""
        names: set[str] = set()
        for line in range(mutant.line, mutant.end + 1):
            names |= self.by_line.get(line, set())
        return sorted(names & self.seconds.keys(), key=self.seconds.__getitem__)


def _reviewed() -> dict[tuple[str, str, str], str]:
    """Return what was found of survivors by somebody who looked: by module, function and change."""
    lines = (Path(__file__).parent / "reviewed.txt").read_text("utf-8").splitlines()
    told = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return {(path, where, what): why for path, where, what, why in told}


#: Survivors that lose nothing.
REVIEWED = _reviewed()


def warm() -> None:
    """Import what tests need and mutants do not change: each mutant's process is forked from this one."""
    for name in ("httpx", "trio", "uvicorn", "starlette.applications", "openapi_core", "hypothesis"):
        importlib.import_module(name)


class Measured:
    """A pytest plugin that tells which test reaches which lines of a module, and how long each takes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._coverage = Coverage(data_file=None, include=[str(path)], config_file=False)
        self._seconds: dict[str, float] = {}
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note what is run under the test's name."""
        self._coverage.switch_context(item.nodeid)
        began = time.monotonic()
        result = yield
        self._seconds[item.nodeid] = time.monotonic() - began
        return result

    def write(self, file: Path) -> None:
        """Write down what was measured."""
        self._coverage.stop()
        lines = self._coverage.get_data().contexts_by_lineno(str(self._path))
        file.write_text(json.dumps([{line: sorted(names) for line, names in lines.items()}, self._seconds]), "utf-8")


class Ordered:
    """A pytest plugin that runs some tests before all others, and ends the process when one of them does not end."""

    def __init__(self, first: list[str], seconds: dict[str, float], running: Path) -> None:
        self._places = {name: place for place, name in enumerate(first)}
        self._seconds = seconds
        self._running = running

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put them in front; the others stay in their order."""
        items.sort(key=lambda item: self._places.get(item.nodeid, len(self._places)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin a test's time."""
        self._running.write_text(item.nodeid, "utf-8")
        signal.alarm(60 + int(PATIENCE * self._seconds.get(item.nodeid, 0)))


def begin(
    made: Path, path: str, text: str, tests: list[str], noticing: tuple[list[str], dict[str, float]] | None
) -> int:
    """Run a module's tests with another text of it, in a process of their own; return its id.

    Args:
        made: An empty folder for the copy.
        path: The module.
        text: The text of it.
        tests: Where its tests are.
        noticing: The tests to begin with, and the seconds that each takes; `None` to measure them instead.
    """
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        copied = made / "overlays" / "imageapis"
        shutil.copytree(PACKAGES, copied, ignore=shutil.ignore_patterns("__pycache__"))
        # The local servers read the documents beside the packages.
        (made / "specs").symlink_to(ROOT / "specs")
        (copied / path).write_text(text, "utf-8")
        plugin = Ordered(*noticing, made / RUNNING) if noticing else Measured(copied / path)
        code = _tested([str(copied.parent), str(ROOT / "generated")], tests, plugin)
        if isinstance(plugin, Measured):
            plugin.write(made / "measured")
    finally:
        os._exit(code)


def _tested(places: list[str], tests: list[str], plugin: object) -> int:
    """Run tests on the packages in other places, without a word."""
    sys.path[:0] = places
    sys.dont_write_bytecode = True
    os.environ["PYTHONPATH"] = os.pathsep.join(places)
    os.chdir(ROOT)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    options = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore:Module already imported",
        "-p",
        "no:schemathesis",
        "-k",
        FACES if tests[0].startswith(ENGINES) else "not trio",
        "-m",
        "not slow and not live",
    ]
    return int(pytest.main([*options, *tests], plugins=[plugin]))


def ended(child: int, made: Path) -> int:
    """Take away what a process left, also one that the alarm ended; return its code, or its signal below nothing."""
    _, status = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    shutil.rmtree(made, ignore_errors=True)
    return os.waitstatus_to_exitcode(status)


def reached(path: str, text: str, tests: list[str]) -> Reached:
    """Run a module's tests without a change.

    Raises:
        SystemExit: They fail.
    """
    made = Path(tempfile.mkdtemp(prefix="mutant-"))
    child = begin(made, path, text, tests, None)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    measured = made / "measured"
    lines, seconds = json.loads(measured.read_text("utf-8")) if measured.exists() else ({}, {})
    if ended(child, made) != 0:
        raise SystemExit(f"{path}: its tests fail without any change")
    return Reached({int(line): set(names) for line, names in lines.items()}, seconds)


def survivors(path: str, drawn: list[Mutant], tests: list[str], known: Reached, jobs: int) -> list[Mutant]:
    """Return the mutants that the tests do not notice."""
    alive: list[Mutant] = []
    running: dict[int, tuple[Mutant, Path]] = {}
    waiting = list(reversed(drawn))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant, made = waiting.pop(), Path(tempfile.mkdtemp(prefix="mutant-"))
            running[begin(made, path, mutant.text, tests, (known.order(mutant), known.seconds))] = mutant, made
        child = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_pid  # type: ignore[union-attr]
        mutant, made = running.pop(child)
        test = (made / RUNNING).read_text("utf-8") if (made / RUNNING).exists() else "before the first test"
        code = ended(child, made)
        # One that the alarm ended did not end by itself: noticed as well, if it is the change that hangs.
        if code == 0:
            alive.append(mutant)
            why = REVIEWED.get((path, mutant.where, mutant.what))
            harmless = f"  (harmless: {why})" if why else ""
            print(f"  {path}:{mutant.line} {mutant.where}: {mutant.what}{harmless}", flush=True)
        elif code == -signal.SIGALRM:
            usual = known.seconds.get(test, 0)
            print(
                f"  ({path}:{mutant.line} {mutant.where}: {mutant.what}: no end of {test}, {usual:.1f} s)", flush=True
            )
    return alive
