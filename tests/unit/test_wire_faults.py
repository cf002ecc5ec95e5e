"""Each fault that a local server commits on the wire, as a client meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from imageapis.testing.faults import WIRE_KINDS, WireKind
from imageapis.testing.openstack import PASSWORD, OpenStackServer

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a client meets, and whether the image is gone afterwards.
MET: dict[WireKind, tuple[type[Exception] | int, bool]] = {
    "refuse": (httpx.TransportError, False),
    "reset-before": (httpx.TransportError, False),
    "reset-after": (httpx.TransportError, True),
    "truncate-reply": (httpx.TransportError, True),
    "busy": (503, False),
    "timeout": (504, False),
    "rate-limit": (429, False),
    "unauthorized": (401, False),
    "stall": (httpx.ReadTimeout, False),
    "stall-after": (httpx.ReadTimeout, True),
}


@pytest.fixture(scope="module")
def running() -> Iterator[OpenStackServer]:
    with OpenStackServer() as server:
        yield server


@pytest.fixture
def cloud(running: OpenStackServer) -> OpenStackServer:
    running.reset()
    return running


def _token(cloud: OpenStackServer) -> str:
    user = {"name": "demo", "password": PASSWORD, "domain": {"name": "Default"}}
    scope = {"project": {"name": "demo", "domain": {"name": "Default"}}}
    identity = {"methods": ["password"], "password": {"user": user}}
    answer = httpx.post(f"{cloud.auth_url}/auth/tokens", json={"auth": {"identity": identity, "scope": scope}})
    return answer.headers["X-Subject-Token"]


def test_every_fault_is_met_here() -> None:
    assert set(MET) == set(WIRE_KINDS)


@pytest.mark.parametrize("kind", WIRE_KINDS)
def test_a_fault_does_what_its_name_says(cloud: OpenStackServer, kind: WireKind) -> None:
    image, token = cloud.add("one"), _token(cloud)
    cloud.faults.add(kind, "delete_image")
    met, gone = MET[kind]

    def delete() -> httpx.Response:
        # Only what is waited for in vain may end by the clock.
        patience = 0.5 if met is httpx.ReadTimeout else 60
        return httpx.delete(f"{cloud.url}/v2.1/images/{image.id}", headers={"X-Auth-Token": token}, timeout=patience)

    if isinstance(met, int):
        assert delete().status_code == met
    else:
        with pytest.raises(met):
            delete()
    assert (image.id not in cloud.store.images) is gone
    assert len(cloud.faults) == 0


def test_a_fault_waits_for_its_operation(cloud: OpenStackServer) -> None:
    token = _token(cloud)
    cloud.faults.add("busy", "list_images_detail", skip=1)
    codes = [
        httpx.get(f"{cloud.url}/v2.1/{path}", headers={"X-Auth-Token": token}).status_code
        for path in ("images", "images/detail", "images/detail", "images/detail")
    ]
    assert codes == [200, 200, 503, 200]


def test_a_login_can_fail_too(cloud: OpenStackServer) -> None:
    cloud.faults.add("busy", "Login")
    assert httpx.get(f"{cloud.url}/identity/v3").status_code == 200
    assert httpx.post(f"{cloud.auth_url}/auth/tokens", json={}).status_code == 503
