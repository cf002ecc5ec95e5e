"""The stage for the README's code: a cloud with some images, and the clouds.yaml that logs in at it."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from imageapis.testing.openstack import PASSWORD, OpenStackServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, str]]:
    """Put clouds.yaml into the folder."""
    with OpenStackServer(images=3) as server:
        server.add("big", min_ram=1024)
        auth = {
            "auth_url": server.auth_url,
            "username": "demo",
            "password": PASSWORD,
            "project_name": "demo",
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        }
        clouds = {"mycloud": {"auth": auth, "region_name": "RegionOne"}}
        # JSON is YAML.
        (folder / "clouds.yaml").write_text(json.dumps({"clouds": clouds}), "utf-8")
        without = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
        with mock.patch.dict(os.environ, without, clear=True):
            yield {}
