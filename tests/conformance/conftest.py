"""The local servers of all three services, as new for each test."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from imageapis import lusid, openstack, servicefabric
from imageapis.testing.lusid import LusidServer
from imageapis.testing.lusid.images import new_image
from imageapis.testing.openstack import OpenStackServer
from imageapis.testing.servicefabric import ServiceFabricServer
from tests.lusid.conftest import password_login, token_login
from tests.openstack.conftest import demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imageapis.core.login import Login
    from tests.conformance.table import Row

CLASSES: dict[str, tuple[type, type]] = {
    "servicefabric": (servicefabric.ImageStore, servicefabric.AsyncImageStore),
    "lusid": (lusid.SchedulerImages, lusid.AsyncSchedulerImages),
    "openstack": (openstack.ComputeImages, openstack.AsyncComputeImages),
}


class Service:
    """One service's local server, with what all of them are asked here.

    Attributes:
        name: The service.
        server: Its server.
        image: The id of an image that is there.
    """

    def __init__(self, name: str, server: Any) -> None:
        self.name = name
        self.server = server
        self.image = ""

    def begin(self) -> None:
        """Become as new, with an image and nothing seen."""
        if self.name == "lusid":
            self.server.clear(legacy=True)
            self.server.contents = {"a:1": b"bytes of an image"}
            self.server.images = {"a": [new_image("a", ["1"])]}
            return
        self.server.reset()
        if self.name == "openstack":
            self.image = self.server.add("one", properties={"key": "value"}).id

    def login(self, *, renewable: bool) -> Login:
        """Return a login that can get another token when one is refused, or one that cannot."""
        if self.name == "openstack":
            return demo(self.server)
        if self.name == "lusid":
            return password_login(self.server) if renewable else token_login(self.server)
        if renewable:
            return servicefabric.auth.azure_ad(self.server.url, Credential())
        return servicefabric.auth.unsecured(self.server.url)

    def sent(self, operation: str) -> int:
        """Return how many requests of an operation were seen."""
        return sum(self._operation(it.method, it.target.partition("?")[0]) == operation for it in self.server.seen)

    def _operation(self, method: str, path: str) -> str | None:
        from imageapis.testing.contract import operation_id

        if self.name == "lusid":
            return operation_id("lusid", method, path.removeprefix("/scheduler2"))
        if self.name == "openstack":
            _, images, rest = path.partition("/images")
            return operation_id("openstack", method, f"/v2.1{images}{rest}")
        return operation_id("servicefabric", method, path)


class Credential:
    """As much of an azure-identity credential as is asked for."""

    def get_token(self, *scopes: str, **options: Any) -> Any:
        return SimpleNamespace(token="a-token", expires_on=int(time.time()) + 3600)


@pytest.fixture(scope="session")
def all_services() -> Iterator[dict[str, Service]]:
    with ServiceFabricServer() as fabric, LusidServer() as scheduler, OpenStackServer() as cloud:
        servers: dict[str, Any] = {"servicefabric": fabric, "lusid": scheduler, "openstack": cloud}
        yield {name: Service(name, server) for name, server in servers.items()}


@pytest.fixture
def service(all_services: dict[str, Service], row: Row) -> Service:
    """The service of the test's row, as new."""
    all_services[row.service].begin()
    return all_services[row.service]
