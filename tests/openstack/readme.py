"""The stage for the README's code: a cloud, with its clouds.yaml and secure.yaml in the current folder."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from imageapis.testing.openstack import PASSWORD, OpenStackServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CLOUDS = """\
clouds:
  mycloud:
    auth:
      auth_url: {auth_url}
      username: demo
      project_name: demo
      user_domain_name: Default
      project_domain_name: Default
    region_name: RegionOne
"""
_SECURE = "clouds: {{mycloud: {{auth: {{password: {password}}}}}}}\n"


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, str]]:
    """Put the two files into the folder; no variable of the caller's gets in the way."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
    with OpenStackServer(120) as server, mock.patch.dict(os.environ, bare, clear=True):
        server.add("large", min_ram=1024)
        (folder / "clouds.yaml").write_text(_CLOUDS.format(auth_url=server.auth_url))
        (folder / "secure.yaml").write_text(_SECURE.format(password=PASSWORD))
        yield {}
