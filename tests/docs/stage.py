"""The stage for the pages' code: all three local servers, and a machine that is set up for them as its user would.

The folder holds what the pages name; home holds sfctl's choice; the environment has the FBN_* variables and OS_CLOUD.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from imageapis.testing.servicefabric import ServiceFabricServer
from tests.lusid import readme as lusid
from tests.openstack import readme as openstack
from tests.servicefabric import readme as servicefabric

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, str]]:
    """Set everything up in a folder; gives the texts to replace in the pages."""
    with ExitStack() as stack:
        replaced: dict[str, str] = {}
        for service in (servicefabric, lusid, openstack):
            replaced |= stack.enter_context(service.stage(folder))
        replaced["http://localhost:19081"] = stack.enter_context(ServiceFabricServer()).url
        home = folder / "home"
        (home / ".sfctl").mkdir(parents=True)
        gateway = replaced["http://localhost:19080"]
        (home / ".sfctl" / "config").write_text(f"[servicefabric]\nendpoint = {gateway}\nsecurity = none\n")
        (folder / "secrets.json").write_text('{"api": {}}')
        stack.enter_context(mock.patch.dict(os.environ, {"HOME": str(home), "OS_CLOUD": "mycloud"}))
        stack.enter_context(mock.patch.dict(os.environ, {"XDG_STATE_HOME": str(home / "state")}))
        yield replaced
