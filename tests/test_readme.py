"""What README.md says is true: its code runs, its commands are those of the machines that check, its table is complete.

`tests/<service>/readme.py` sets the stage for a service's code: `stage(folder)` is a context manager that puts files
into the folder, sets variables, and gives the texts to replace (an address by that of a local server).
"""

from __future__ import annotations

import importlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.benchmarks._readme import FOUND, PAGES, PLACE, shown

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CODE = re.findall(r"<!-- run: (\w+) -->\n```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("service", "code"), CODE, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CODE)])
def test_the_code_of_the_readme_runs(service: str, code: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with importlib.import_module(f"tests.{service}.readme").stage(folder) as replacements:
        for old, new in replacements.items():
            code = code.replace(old, new)
        exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out


def test_every_block_of_python_in_the_readme_is_run() -> None:
    assert len(CODE) == README.count("```python")


def _command(name: str) -> str:
    found = re.search(rf"<!-- command: {name} -->\n```sh\n(.*?)\n```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_readmes_test_command_is_what_continuous_integration_runs() -> None:
    assert _command("tests") in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_session_that_the_readme_names_exists() -> None:
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    named = set(re.findall(r"nox -s (\w+)", README)) | set(re.findall(r"nox --session (\w+)", README))
    assert {name for name in named if f"def {name}(" not in noxfile} == set()


def table() -> str:
    """Return the table of operations as the README shows it."""
    rows = tomllib.loads((ROOT / "tests" / "seed_operations.toml").read_text("utf-8"))["operation"]
    lines = ["| there | request | generated module | method |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{row['seed']}` | `{row['verb']} {row['path']}` | `{row['service']}.endpoints.{row['module']}` "
        f"| `{row['service']}`: `{row['method']}` |"
        for row in rows
    ]
    return "\n".join(lines)


def test_the_table_of_operations_is_the_one_that_is_tested() -> None:
    assert f"<!-- table: operations -->\n{table()}\n<!-- end -->" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_figures_that_people_read_are_those_of_the_last_benchmarks(page: Path) -> None:
    text = page.read_text("utf-8")
    assert len(PLACE.findall(text)) == 1
    assert shown(text, json.loads(FOUND.read_text("utf-8"))) == text
