"""What the site says is true: the code of its pages runs, page by page from top to bottom; its commands exist.

Blocks of `python` run in order in one namespace a page (those with tests, by pytest); lines of `sh` run through the
command line and must succeed; lines of `console` are for tools that are not here, or would change the machine.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest

from imageapis.cli.app import app
from tests.docs.stage import stage

ROOT = Path(__file__).parents[2]
SITE = ROOT / "scripts" / "docs"
PAGES = sorted((SITE / "pages").rglob("*.md"))
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
KNOWN = {"python", "sh", "console"}
#: Characters of code that the site shows without scrolling.
COLUMN = 84
OTHER_TOOLS = {"pip", "nox", "sfctl", "imageapis"}


def _blocks(page: Path) -> list[tuple[str, str]]:
    return [(kind, textwrap.dedent(code)) for _, kind, code in BLOCK.findall(page.read_text("utf-8"))]


def _named(page: Path) -> str:
    return page.relative_to(SITE / "pages").as_posix()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("page", [page for page in PAGES if _blocks(page)], ids=_named)
def test_the_code_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with stage(tmp_path) as replaced:
        namespace: dict[str, Any] = {"__name__": "page"}
        for kind, code in _blocks(page):
            for old, new in replaced.items():
                code = code.replace(old, new)
            if kind == "python" and "\ndef test_" in code:
                _test(code, tmp_path)
            elif kind == "python":
                exec(compile(code, _named(page), "exec"), namespace)
            elif kind == "sh":
                for line in code.splitlines():
                    _command(line)


def _command(line: str) -> None:
    name, *arguments = shlex.split(line, comments=True)
    assert name == "imageapis"
    with pytest.raises(SystemExit) as ended:
        app(arguments, prog_name=name)
    assert ended.value.code in (0, None), line


def _test(code: str, folder: Path) -> None:
    (folder / "test_page.py").write_text(code)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "imageapis.testing.plugin", "test_page.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_block_of_a_page_is_of_a_kind_that_is_checked(page: Path) -> None:
    text = page.read_text("utf-8")
    assert {kind for kind, _ in _blocks(page)} <= KNOWN
    assert text.count("```") == 2 * len(_blocks(page))


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_code_fits_into_its_column(page: Path) -> None:
    lines = [line for _, code in _blocks(page) for line in code.splitlines()]
    assert [line for line in lines if len(line) > COLUMN] == []


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_command_for_another_tool_is_one_we_know(page: Path) -> None:
    blocks = [code for kind, code in _blocks(page) if kind == "console"]
    lines = [line for code in blocks for line in code.replace("\\\n", "").splitlines()]
    assert [line for line in lines if not line.startswith("$ ") or line.split()[1] not in OTHER_TOOLS] == []
    sessions = (ROOT / "noxfile.py").read_text("utf-8")
    for line in re.findall(r"nox -s (\w+)", page.read_text("utf-8")):
        assert f"def {line}(" in sessions


def test_every_page_is_in_the_navigation() -> None:
    nav = str(tomllib.loads((SITE / "zensical.toml").read_text("utf-8"))["project"]["nav"])
    assert [page for page in map(_named, PAGES) if f"'{page}'" not in nav] == []


def test_every_exit_code_is_explained() -> None:
    from imageapis.cli.outcome import Code

    page = (SITE / "pages" / "command-line.md").read_text("utf-8")
    assert re.findall(r"^\| (\d+) \|", page, re.MULTILINE) == [str(code.value) for code in Code]


def test_every_error_is_explained() -> None:
    from imageapis import errors

    page = (SITE / "pages" / "errors.md").read_text("utf-8")
    named = [name for name, it in vars(errors).items() if isinstance(it, type) and issubclass(it, errors.ImageApiError)]
    bases = {"ImageApiError", "StatusError"}
    assert [name for name in named if name not in bases and f"`{name}`" not in page] == []


def test_every_extra_is_explained() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    page = (SITE / "pages" / "index.md").read_text("utf-8")
    assert [extra for extra in extras if f"| `{extra}` |" not in page] == []


def test_every_fault_on_the_wire_is_explained() -> None:
    from imageapis.testing.faults import WIRE_KINDS

    page = (SITE / "pages" / "testing.md").read_text("utf-8")
    assert [kind for kind in WIRE_KINDS if f"`{kind}`" not in page] == []
