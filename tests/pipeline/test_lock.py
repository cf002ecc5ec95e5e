"""generated/ is what specs/lock.toml says, recomputed with the standard library alone: a hand edit fails here."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = tomllib.loads((ROOT / "specs" / "lock.toml").read_text(encoding="utf-8"))
PACKAGE = ROOT / "generated" / "imageapis_generated"
CACHES = {"__pycache__", ".ruff_cache", ".mypy_cache"}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree_sha256(folder: Path) -> str:
    names = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and not CACHES & set(path.relative_to(folder).parts)
    }
    lines = [f"{sha256(path)}  {name}\n" for name, path in sorted(names.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_generated_tree_is_the_locked_one() -> None:
    assert tree_sha256(PACKAGE) == LOCK["generated"]["sha256"], "run nox -s regenerate; never edit generated/ by hand"


@pytest.mark.parametrize("service", LOCK["services"])
def test_the_generated_package_of_a_service_is_the_locked_one(service: str) -> None:
    assert tree_sha256(PACKAGE / service) == LOCK["services"][service]["sha256"]["generated"]


@pytest.mark.parametrize("service", LOCK["services"])
def test_the_files_that_a_package_was_made_of_are_the_locked_ones(service: str) -> None:
    folder = ROOT / "specs" / service
    (document,) = (
        folder / name for name in ("swagger.json", "swagger.yaml", "openapi.yaml") if (folder / name).exists()
    )
    found = {
        "document": sha256(document),
        "overlay": sha256(folder / "overlay.yaml"),
        "config": sha256(folder / "generator.yaml"),
        "openapi": sha256(folder / "openapi.json"),
    }
    locked = {name: LOCK["services"][service]["sha256"][name] for name in found}
    assert found == locked, "run nox -s regenerate"


def test_every_service_is_locked() -> None:
    assert set(LOCK["services"]) == {path.name for path in (ROOT / "specs").iterdir() if path.is_dir()}


def test_the_locked_tools_are_those_that_the_project_pins() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    for tool in ("openapi-python-client", "ruff"):
        assert f"{tool}=={LOCK['tools'][tool]}" in groups["generate"]


def test_every_generated_file_says_what_made_it() -> None:
    for path in PACKAGE.rglob("*.py"):
        made_of = ("# Generated from specs/", "# Copied from scripts/pipeline/runtime.")
        assert path.read_text(encoding="utf-8").startswith(made_of), path
