"""A local cluster and a client of it on each face."""

from __future__ import annotations

import threading
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


def _begin_anew(cluster: ServiceFabricServer) -> None:
    """Empty a cluster when nothing is on its way any more: what a cancelled upload sent would arrive in this test."""
    state = cluster._server.server_state  # type: ignore[union-attr]
    pause = threading.Event()
    for _ in range(50):
        if not (state.connections or state.tasks):
            break
        pause.wait(0.01)
    cluster.reset()


@pytest.fixture
def server(windows_cluster: ServiceFabricServer) -> Iterator[ServiceFabricServer]:
    """A Windows cluster, empty."""
    _begin_anew(windows_cluster)
    yield windows_cluster
    assert windows_cluster.violations == []


@pytest.fixture
def linux_server(linux_cluster: ServiceFabricServer) -> Iterator[ServiceFabricServer]:
    """A Linux cluster of runtime 6.4, empty."""
    _begin_anew(linux_cluster)
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
