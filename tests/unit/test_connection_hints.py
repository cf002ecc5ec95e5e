"""What a failed connection says to do, for the slips that everybody makes."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from imageapis.errors import ConnectionFailed, NotFound
from imageapis.lusid import AsyncSchedulerImages, SchedulerImages
from imageapis.lusid import auth as lusid_auth
from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.testing.lusid import LusidServer
from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Face, FakeClock


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def secured(authority: trustme.CA) -> Iterator[ServiceFabricServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with ServiceFabricServer(tls=context, token="made-up-token") as running:
        yield running


@pytest.fixture(scope="module")
def plain() -> Iterator[ServiceFabricServer]:
    with ServiceFabricServer() as running:
        yield running


def _said(face: Face, clock: FakeClock, url: str) -> str:
    store = face.open(ImageStore, AsyncImageStore, auth.unsecured(url), clock=clock)
    with pytest.raises(ConnectionFailed) as caught:
        store.info()
    return str(caught.value)


def test_http_to_a_port_that_speaks_tls_is_told(face: Face, clock: FakeClock, secured: ServiceFabricServer) -> None:
    said = _said(face, clock, secured.url.replace("https", "http"))
    assert "its address begins with https://" in said
    assert "carried out" not in said


@pytest.fixture
def resetting() -> Iterator[str]:
    """The address of a server that resets each connection as soon as something comes in."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.recv(1)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    listener.close()


def test_http_to_a_server_that_resets_what_is_no_tls_is_told(face: Face, clock: FakeClock, resetting: str) -> None:
    assert _said(face, clock, resetting).endswith("If it speaks TLS, its address begins with https://.")


def test_https_to_a_port_that_speaks_none_is_told(face: Face, clock: FakeClock, plain: ServiceFabricServer) -> None:
    assert "Its address begins with http://" in _said(face, clock, plain.url.replace("http", "https"))


def test_an_authority_that_is_not_trusted_is_told(face: Face, clock: FakeClock, secured: ServiceFabricServer) -> None:
    assert "certificate is not trusted here" in _said(face, clock, secured.url)


def test_a_token_goes_with_authorities_of_ones_own(
    face: Face, clock: FakeClock, secured: ServiceFabricServer, authority: trustme.CA, tmp_path: Any
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    login = auth.bearer(secured.url, "made-up-token", ca=tmp_path / "ca.pem")
    assert face.items(face.open(ImageStore, AsyncImageStore, login, clock=clock).list()) == []


def test_a_path_with_nothing_is_told_from_a_wrong_address(
    face: Face, clock: FakeClock, plain: ServiceFabricServer
) -> None:
    store = face.open(ImageStore, AsyncImageStore, auth.unsecured(plain.url), clock=clock)
    with pytest.raises(NotFound, match="There is nothing at this path"):
        store.stat("nothing")


def test_an_address_without_its_path_is_told(face: Face, clock: FakeClock) -> None:
    with LusidServer() as server:
        login = lusid_auth.personal_access_token(scheduler_url=server.url, access_token=server.access_token)
        images = face.open(SchedulerImages, AsyncSchedulerImages, login, clock=clock)
        with pytest.raises(NotFound, match="check the address"):
            face.items(images.repositories())


def test_an_address_where_no_image_store_is_is_told(face: Face, clock: FakeClock) -> None:
    with LusidServer() as server:
        store = face.open(ImageStore, AsyncImageStore, auth.unsecured(f"{server.url}/elsewhere"), clock=clock)
        with pytest.raises(NotFound, match="There is no image store at this address: check host, port and path"):
            face.items(store.list())
