"""The ten traps of this API, each with a test that bears its number; what it is and what we do instead.

Each test shows the trap on the server first, where it is not plain, so that it cannot pass on a server without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.errors import BadRequest, Forbidden, LoginError, NotFound, ServerError, StatusError
from imageapis.openstack import auth
from imageapis.testing.openstack import PASSWORD, identifier
from imageapis_generated.openstack.endpoints import (
    list_images,
    set_image_metadata_item,
    update_image_metadata,
)
from imageapis_generated.openstack.values import ImageMetadataPostReq, ImageMetaKeyPutReq
from tests.openstack.conftest import demo, together

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.testing.openstack import OpenStackServer
    from tests.conftest import Face


def test_trap_1_a_limit_above_the_ceiling_gives_a_short_list_and_no_link(
    face: Face, cloud: OpenStackServer, images: Any
) -> None:
    cloud.compute.max_limit = 5
    for number in range(14):
        cloud.add(f"img-{number}")
    page = images.call(list_images, limit=6)
    assert (len(page.images), bool(page.images_links)) == (6, False)
    assert len(face.items(images.list(page_size=6))) == 14


def test_trap_2_a_default_microversion_makes_everything_404(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("there")
    grant = cloud.identity.authenticate(password_body())[0]
    headers = {"X-Auth-Token": grant, "OpenStack-API-Version": "compute 2.36"}
    assert httpx.get(f"{cloud.url}/v2.1/images/{stored.id}", headers=headers).status_code == 404
    with pytest.raises(LoginError, match=r"answers 404 to all beyond.*'2\.35' or lower"):
        demo(cloud, compute_default_microversion="2.36")
    assert images.image(stored.id).name == "there"
    assert cloud.seen[-1].headers["openstack-api-version"] == "compute 2.35"


@pytest.mark.parametrize("version", ["latest", "2.60", "2.0", "3.1", "abc", "2.38"])
def test_trap_2_versions_without_image_calls_are_refused(cloud: OpenStackServer, version: str) -> None:
    with pytest.raises(LoginError, match="has no image calls"):
        demo(cloud, compute_default_microversion=version)


def test_trap_2_an_older_version_is_sent_as_asked(cloud: OpenStackServer, open_images: Callable[..., Any]) -> None:
    stored = cloud.add("there")
    open_images(demo(cloud, compute_default_microversion="2.1")).image(stored.id)
    assert cloud.seen[-1].headers["openstack-api-version"] == "compute 2.1"


def test_trap_3_of_two_writers_at_once_one_loses_although_both_are_told_200(
    cloud: OpenStackServer, images: Any
) -> None:
    cloud.compute.pause = 0.01
    lost, kept = cloud.add("lost").id, cloud.add("kept").id

    def unguarded(key: str) -> Callable[[], Any]:
        body = ImageMetaKeyPutReq(meta={key: "1"})
        return lambda: images.call(set_image_metadata_item, lost, key, body=body)

    images.metadata(kept)  # so that nobody has to log in
    together(*[unguarded(f"k{number}") for number in range(6)])
    assert len(cloud.store.images[lost].properties) < 6
    together(*[lambda n=number: images.set_metadata_item(kept, f"k{n}", "1") for number in range(6)])
    assert len(cloud.store.images[kept].properties) == 6


def test_trap_3_all_kinds_of_writers_and_both_faces_take_turns(cloud: OpenStackServer, images: Any) -> None:
    from imageapis.openstack import ComputeImages

    cloud.compute.pause = 0.01
    stored = cloud.add("shared", properties={"old": "1", "schlüssel/1": "2"})
    with ComputeImages(demo(cloud)) as other:
        together(
            lambda: images.set_metadata_item(stored.id, "a", "1"),
            lambda: other.set_metadata_item(stored.id, "b", "1"),
            lambda: images.update_metadata(stored.id, {"c": "1", "d": "1"}),
            lambda: other.delete_metadata_item(stored.id, "old"),
        )
    assert set(cloud.store.images[stored.id].properties) == {"a", "b", "c", "d", "schlüssel/1"}


DROPPED = ["name", "id", "visibility", "owner", "min_ram", "min_disk", "checksum", "os_hidden", "stores"]
REFUSED = ["status", "size", "protected", "tags", "direct_url", "created_at", "os_glance_anything"]


@pytest.mark.parametrize("key", DROPPED)
def test_trap_4_a_reserved_key_gets_a_200_and_is_not_stored(cloud: OpenStackServer, images: Any, key: str) -> None:
    stored = cloud.add("scratch")
    body = ImageMetadataPostReq(metadata={key: "1"})
    images.call(update_image_metadata, stored.id, body=body)
    assert stored.properties == {}
    before = len(cloud.seen)
    for write in (images.update_metadata, images.replace_metadata):
        with pytest.raises(ValueError, match="would answer 200 and store nothing"):
            write(stored.id, {"fine": "1", key: "1"})
    with pytest.raises(ValueError, match="would answer 200 and store nothing"):
        images.set_metadata_item(stored.id, key, "1")
    assert len(cloud.seen) == before


@pytest.mark.parametrize("key", REFUSED)
def test_trap_4_a_key_that_nobody_may_write_is_not_sent(cloud: OpenStackServer, images: Any, key: str) -> None:
    stored = cloud.add("scratch")
    with pytest.raises(ValueError, match="reserved by the image service"):
        images.set_metadata_item(stored.id, key, "1")
    assert cloud.calls() == []


def test_trap_5_a_401_can_mean_that_an_access_rule_forbids_the_call(
    cloud: OpenStackServer, open_images: Callable[..., Any]
) -> None:
    stored = cloud.add("scratch")
    login = auth.application_credential(
        auth_url=cloud.auth_url,
        application_credential_id=identifier("app-ro"),
        application_credential_secret=PASSWORD,
        region_name="RegionOne",
    )
    images = open_images(login)
    assert images.image(stored.id).name == "scratch"
    for _ in range(3):
        with pytest.raises(Forbidden, match=r"access rule.*GET /v2\.1/images/\*\* of compute") as caught:
            images.set_metadata_item(stored.id, "a", "1")
    assert caught.value.status == 401
    assert cloud.identity.logins == 1
    assert len(cloud.calls("PUT")) == 3


def test_trap_6_the_marker_vanishes_and_the_link_names_another_host(
    face: Face, cloud: OpenStackServer, images: Any
) -> None:
    ids = [cloud.add(f"img-{number}").id for number in range(9)][::-1]
    real = cloud.compute.answer

    def elsewhere(call: Any) -> tuple[int, Any]:
        status, body = real(call)
        for link in (body or {}).get("images_links", ()):
            link["href"] = link["href"].replace(cloud.url, "http://thief.invalid")
        return status, body

    cloud.compute.answer = elsewhere  # type: ignore[method-assign]
    got: list[str] = []
    for page in face.each(images.list(page_size=3).by_page()):
        got += [image.id for image in page.items]
        if page.next:
            cloud.remove(page.next)
    assert got == ids


def test_trap_7_filters_do_not_mean_what_they_are_called(face: Face, cloud: OpenStackServer, images: Any) -> None:
    cloud.add("small", min_disk=1)
    cloud.add("medium", min_disk=5)
    cloud.add("large: x", min_disk=20, status="queued")
    assert [i.name for i in images.call(list_images, min_disk=5).images] == ["medium"]
    assert images.call(list_images, status="SAVING").images == ()
    with pytest.raises(BadRequest, match="operator"):
        images.call(list_images, name="large: x")
    assert [i.name for i in face.items(images.list(min_disk=5))] == ["large: x", "medium"]
    assert [i.name for i in face.items(images.list(status="SAVING"))] == ["large: x"]
    assert [i.name for i in face.items(images.list(name="large: x"))] == ["large: x"]


def test_trap_8_every_shape_of_a_refusal_is_read(loose_cloud: OpenStackServer, open_images: Callable[..., Any]) -> None:
    cloud = loose_cloud
    images = open_images(demo(cloud))
    stored = cloud.add("scratch")

    def refused(call: Callable[[], Any]) -> StatusError:
        with pytest.raises(StatusError) as caught:
            call()
        return caught.value

    nova = refused(lambda: images.image("nonsense"))
    assert (nova.status, nova.code, nova.reason) == (404, "itemNotFound", "Image not found.")
    frame = refused(lambda: images.image("a/b"))
    assert (frame.status, frame.code, frame.reason) == (404, "Not Found", "The resource could not be found.")
    entities = refused(lambda: images.call(list_images, name="x:y"))
    assert entities.reason == "HTTP 400 Bad Request: Unable to filter by unknown operator 'x'."
    cloud.keystone = False
    down = refused(lambda: images.image(stored.id))
    assert (down.status, down.code) == (503, "Service Unavailable")
    assert down.reason is not None
    assert "<br" not in down.reason
    assert "Keystone is down" in str(down)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html><body><h1>404 Not Found</h1></body></html>", "text/html"),
        (b"", "text/plain"),
        (b"{", "application/json"),
    ],
)
def test_trap_8_a_page_an_empty_body_and_half_a_body_are_refusals_too(
    face: Face, content: bytes, kind: str, cloud: OpenStackServer
) -> None:
    from imageapis.openstack import AsyncComputeImages, ComputeImages

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, content=content, headers={"Content-Type": kind})

    login = auth.keystoneauth(Plugin(cloud.url))
    transport = httpx.MockTransport(answer)
    client = httpx.Client(transport=transport) if face.blocking else httpx.AsyncClient(transport=transport)
    images = face.open(ComputeImages, AsyncComputeImages, login, http_client=client)
    with pytest.raises(NotFound, match="answered 404"):
        images.image("x")


class Plugin:
    """As little of a keystoneauth plugin as will do."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get_headers(self, session: Any) -> dict[str, str]:
        return {"X-Auth-Token": "not-a-secret"}

    def get_endpoint(self, session: Any, **what: Any) -> str:
        return self.url

    def invalidate(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("cause", "hint"),
    [
        ("quota", "allows fewer metadata items than Nova"),
        ("down", "image service behind Nova is down"),
    ],
)
def test_trap_8_a_500_for_a_known_cause_says_what_to_do(
    cloud: OpenStackServer, images: Any, cause: str, hint: str
) -> None:
    stored = cloud.add("scratch")
    cloud.compute.property_quota = 0 if cause == "quota" else 128
    cloud.compute.image_service = cause != "down"
    with pytest.raises(ServerError, match=hint):
        images.update_metadata(stored.id, {"a": "1"})


@pytest.mark.parametrize("key", ["a b", "percent%41", "question?", "hash#", "plus+", "a&b=c", "ü", "slash/key", ".."])
def test_trap_9_every_key_is_read_and_deleted_whatever_it_holds(cloud: OpenStackServer, images: Any, key: str) -> None:
    stored = cloud.add("odd", properties={key: "1", "other": "2"})
    assert images.metadata_item(stored.id, key) == "1"
    images.delete_metadata_item(stored.id, key)
    assert stored.properties == {"other": "2"}


def test_trap_9_values_that_are_lists_and_names_that_are_null_are_values(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add(None, properties={"mappings": '[{"device": "vda"}]'})
    assert images.image(stored.id).name is None
    assert images.metadata_item(stored.id, "mappings") == [{"device": "vda"}]


def password_body() -> dict[str, Any]:
    user = {"name": "demo", "domain": {"id": "default"}, "password": PASSWORD}
    scope = {"project": {"name": "demo", "domain": {"id": "default"}}}
    return {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}


@pytest.mark.usefixtures("no_environment")
def test_trap_10_a_project_left_over_beside_an_application_credential_does_not_spoil_the_login(
    cloud: OpenStackServer, open_images: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.add("seen")
    for name, value in {
        "OS_AUTH_URL": f"{cloud.url}/identity",
        "OS_APPLICATION_CREDENTIAL_ID": identifier("app"),
        "OS_APPLICATION_CREDENTIAL_SECRET": PASSWORD,
        "OS_PROJECT_NAME": "demo",
        "OS_REGION_NAME": "RegionOne",
        "OS_UNRELATED": "a{b}",
    }.items():
        monkeypatch.setenv(name, value)
    # Neither OS_AUTH_TYPE nor a version in OS_AUTH_URL is there; openstacksdk takes none of these three.
    assert auth.explain()["OS_PROJECT_NAME"] == "ignored, an application credential carries its project"
    assert open_images(auth.from_env()).metadata(next(iter(cloud.store.images))) == {}
