"""Only the pinned tools run: another ruff, wherever it would come from, is refused."""

from __future__ import annotations

import os
import sysconfig
from typing import TYPE_CHECKING

import pytest

from scripts.pipeline import tools
from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pathlib import Path


def fake_ruff(folder: Path, body: str) -> None:
    program = folder / "ruff"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


def test_the_pinned_tools_pass() -> None:
    tools.check_tools()


@pytest.mark.skipif(os.name == "nt", reason="the impostor is a shell script")
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("echo ruff 0.15.0", "is 0.15.0, but 0.17.6 decides"),
        ("exit 3", "is unreadable"),
        ("echo hello", "is unreadable"),
    ],
)
def test_another_ruff_on_the_path_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, said: str
) -> None:
    fake_ruff(tmp_path, body)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(PipelineError) as refusal:
        tools.check_tools()
    assert said in str(refusal.value)
    assert str(tmp_path / "ruff") in str(refusal.value)
    assert "install the dependency group `generate`" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_path_without_ruff_is_fine_because_the_environment_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    tools.check_tools()
    assert tools.formatter().startswith(sysconfig.get_path("scripts"))
