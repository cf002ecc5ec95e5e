"""A scratch project that is generated once; each test that changes it gets its own copy."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from scripts.pipeline.project import Project
from scripts.regenerate import regenerate
from tests.pipeline.samples import pets_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def generated_pets(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A generated project; do not change it."""
    project = pets_project(tmp_path_factory.mktemp("pets"))
    regenerate(project)
    return project


@pytest.fixture
def project(generated_pets: Project, tmp_path: Path) -> Project:
    """A copy of the generated project, to change."""
    shutil.copytree(generated_pets.root, tmp_path / "project")
    return Project(tmp_path / "project")
