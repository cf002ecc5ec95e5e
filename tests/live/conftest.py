"""The real stack that `python -m scripts.openstack_stack all` started; see `nox -s live_openstack`."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from scripts.openstack_stack.stack import default_folder
from tests.openstack.conftest import no_environment

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["no_environment"]


@pytest.fixture(scope="session")
def seed() -> dict[str, Any]:
    """What the stack was filled with."""
    path: Path = default_folder() / "seed.json"
    if not path.exists():
        pytest.fail(f"there is no seeded stack ({path}): run `python -m scripts.openstack_stack all`")
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told


@pytest.fixture(scope="session")
def recording() -> bool:
    """Whether this run records the cassettes."""
    return bool(os.environ.get("IMAGEAPIS_RECORD"))
