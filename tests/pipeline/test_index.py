"""Package indexes are lazy: nothing is imported before it is used, and a misspelt name is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.pipeline.index import write_indexes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "made"
    for folder in ("api/things", "models"):
        (root / folder).mkdir(parents=True)
    for file in ("__init__.py", "api/__init__.py", "api/things/__init__.py"):
        (root / file).write_text("")
    (root / "api/things/get_thing.py").write_text("LOADED = True\n")
    (root / "models/thing.py").write_text("class Thing: ...\n")
    (root / "models/__init__.py").write_text('from .thing import Thing\n\n__all__ = ("Thing",)\n')
    write_indexes(root, "# header\n\n")
    return root


def _run(package: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import sys, json\n" + code],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_importing_an_index_imports_nothing_else(package: Path) -> None:
    code = (
        "from made.api import things\nimport made.models\nprint(json.dumps([n for n in sys.modules if 'thing' in n]))"
    )
    assert json.loads(_run(package, code).stdout) == ["made.api.things"]


def test_an_operation_is_imported_when_it_is_used(package: Path) -> None:
    assert _run(package, "from made.api import things\nprint(things.get_thing.LOADED)").stdout == "True\n"


def test_a_model_is_imported_when_it_is_used(package: Path) -> None:
    assert _run(package, "from made.models import Thing\nprint(Thing.__module__)").stdout == "made.models.thing\n"


@pytest.mark.parametrize("code", ["from made.api import things\nthings.got", "from made.models import Think"])
def test_a_misspelt_name_is_refused(package: Path, code: str) -> None:
    done = _run(package, code)
    assert done.returncode == 1
    assert "has no attribute" in done.stderr or "cannot import name" in done.stderr


def test_an_index_keeps_the_header(package: Path) -> None:
    assert (package / "models/__init__.py").read_text().startswith("# header\n")
