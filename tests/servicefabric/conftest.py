"""A local cluster and a client of it on each face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Face, FakeClock


@pytest.fixture(scope="session")
def windows_cluster() -> Iterator[ServiceFabricServer]:
    with ServiceFabricServer() as running:
        yield running


@pytest.fixture(scope="session")
def linux_cluster() -> Iterator[ServiceFabricServer]:
    with ServiceFabricServer(windows=False, runtime="6.4") as running:
        yield running


@pytest.fixture
def server(windows_cluster: ServiceFabricServer) -> Iterator[ServiceFabricServer]:
    """A Windows cluster, empty."""
    windows_cluster.reset()
    yield windows_cluster
    assert windows_cluster.violations == []


@pytest.fixture
def linux_server(linux_cluster: ServiceFabricServer) -> Iterator[ServiceFabricServer]:
    """A Linux cluster of runtime 6.4, empty."""
    linux_cluster.reset()
    yield linux_cluster
    assert linux_cluster.violations == []


@pytest.fixture
def open_store(face: Face, clock: FakeClock) -> Callable[..., Any]:
    """Opens a client of a server on the face of the test; its waits pass at once."""

    def opened(server: ServiceFabricServer, **options: Any) -> Any:
        return face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url), clock=clock, **options)

    return opened


@pytest.fixture
def store(open_store: Callable[..., Any], server: ServiceFabricServer) -> Any:
    """A client of the Windows cluster."""
    return open_store(server)
