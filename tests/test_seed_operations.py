"""The floor: every operation of the reference pages is there and does its request, over both faces.

What a row of `seed_operations.toml` needs in order to be called is in `tests/<service>/seeds.py`: a context manager
`stage(face)` that gives a `Stage` with a local server and, by the names of the reference pages, the calls.
"""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

if TYPE_CHECKING:
    from tests.conftest import Face

ROWS: list[dict[str, str]] = tomllib.loads(Path(__file__).with_name("seed_operations.toml").read_text("utf-8"))[
    "operation"
]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(r".*?" + re.sub(r"\\{\w+\\}", r"[^?]+", re.escape(path)) + r"(\?.*)?")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["seed"])
def test_an_operation_of_the_reference_pages_is_carried_out(face: Face, row: dict[str, str]) -> None:
    seeds = importlib.import_module(f"tests.{row['service']}.seeds")
    with seeds.stage(face) as stage:
        stage.calls[row["seed"]]()
        wanted = _pattern(row["path"])
        sent = [(seen.method, unquote(seen.target)) for seen in stage.server.seen]
    assert any(method == row["verb"] and wanted.fullmatch(target) for method, target in sent), sent


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["seed"])
def test_the_table_names_a_generated_module_and_a_method_of_both_classes(row: dict[str, str]) -> None:
    module = importlib.import_module(f"imageapis_generated.{row['service']}.endpoints.{row['module']}")
    assert module.build
    assert module.parse
    package: Any = importlib.import_module(f"imageapis.{row['service']}")
    clients = [getattr(package, name) for name in package.__all__ if hasattr(getattr(package, name), "close")]
    assert len(clients) == 2
    assert all(getattr(client, row["method"]).__doc__ for client in clients)


def test_no_operation_waits_to_be_built() -> None:
    assert not [row for row in ROWS if row.get("pending")]
    assert len(ROWS) == 26
