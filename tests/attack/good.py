"""What well-behaved services answer: one small state machine each, for the attack to spoil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.attack.good_lusid import Lusid
from tests.attack.good_openstack import OpenStack
from tests.attack.good_servicefabric import ServiceFabric

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICES: dict[str, Callable[[str], Any]] = {"servicefabric": ServiceFabric, "lusid": Lusid, "openstack": OpenStack}
