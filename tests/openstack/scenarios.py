"""What is done to a real cloud: once live, and ever after from the recording of it. Each scenario is one function.

A scenario takes a `World`: the seeded cloud, and the face under test. It must not depend on another one, nor on the
face: what it destroys it picks by `world.turn`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest

from imageapis.errors import BadRequest, Forbidden, LoginError, NotFound, ServerError
from imageapis.openstack import AsyncComputeImages, ComputeImages, auth
from imageapis_generated.openstack.endpoints import list_images, set_image_metadata_item, update_image_metadata
from imageapis_generated.openstack.values import ImageMetadataPostReq, ImageMetaKeyPutReq

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Face

SERVER = "a0000000-0000-4000-8000-000000000000"


@attrs.define
class World:
    """A seeded cloud.

    Attributes:
        face: The face under test.
        seed: What `scripts.openstack_stack.seed` wrote down.
        turn: Which of the images that can be destroyed once is this run's.
        folder: An empty folder, the current one.
        environ: Sets a variable until the scenario ends.
    """

    face: Face
    seed: dict[str, Any]
    turn: int
    folder: Path
    environ: Any

    def id(self, name: str) -> str:
        """Return the id of a seeded image."""
        return str(self.seed["images"][name])

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Return the login of user demo as settings."""
        named = {
            "auth_url": self.seed["keystone"],
            "username": "demo",
            "password": self.seed["password"],
            "project_name": "demo",
            "user_domain_name": "Default",
            "project_domain_name": "Default",
            "region_name": "RegionOne",
        }
        return {name: value for name, value in {**named, **changes}.items() if value is not None}

    def demo(self, **changes: Any) -> Any:
        """Return a client of user demo."""
        return self.open(auth.password(**self.settings(**changes)))

    def credential(self, name: str) -> Any:
        """Return a client of an application credential."""
        return self.open(
            auth.application_credential(
                auth_url=self.seed["keystone"],
                application_credential_id=self.seed["application_credentials"][name],
                application_credential_secret=self.seed["password"],
                region_name="RegionOne",
            )
        )

    def open(self, login: Any) -> Any:
        """Return a client of the face under test."""
        return self.face.open(ComputeImages, AsyncComputeImages, login)

    def names(self, pager: Any) -> list[str | None]:
        """Return the names of the images of a list."""
        return [image.name for image in self.face.items(pager)]


def reading(world: World) -> None:
    """The five operations that change nothing."""
    images = world.demo()
    short = world.face.items(images.list())
    full = world.face.items(images.list(detail=True))
    assert [image.id for image in short] == [image.id for image in full]
    assert short[0].status is None
    shown = images.image(world.id("img-0003"))
    assert shown in full
    assert (shown.name, shown.status, shown.progress, shown.server.id) == ("img-0003", "ACTIVE", 100, SERVER)
    assert (shown.min_disk, shown.min_ram, shown.size) == (20, 2048, 1027)
    assert shown.created.tzinfo is not None
    assert images.metadata(shown.id) == shown.metadata
    assert images.metadata_item(shown.id, "seq") == "3"
    assert images.last_request_id.startswith("req-")


def writing(world: World) -> None:
    """The five operations that change something."""
    images, scratch = world.demo(), world.id("scratch")
    assert images.replace_metadata(scratch, {"colour": "red"}) == {"colour": "red"}
    assert images.update_metadata(scratch, {"shade": "größe"}) == {"colour": "red", "shade": "größe"}
    assert images.set_metadata_item(scratch, "a b", "") == ""
    assert images.delete_metadata_item(scratch, "colour") is None
    assert images.metadata(scratch) == {"shade": "größe", "a b": ""}
    victim = world.id(f"victim-{world.turn:02d}")
    assert images.delete(victim) is None
    with pytest.raises(NotFound, match="itemNotFound"):
        images.delete(victim)


def values(world: World) -> None:
    """Images of every odd kind, as values."""
    images = world.demo()
    states = {name: images.image(world.id(name)) for name in ("queued", "deactivated", "empty")}
    assert {name: image.status for name, image in states.items()} == {
        "queued": "SAVING",
        "deactivated": "UNKNOWN",
        "empty": "ACTIVE",
    }
    assert images.image(world.id("nameless")).name is None
    assert images.image(world.id("unicode")).name == "Ünïcödé 画像"
    assert images.image(world.id("auto")).disk_config == "AUTO"
    assert images.image(world.id("manual")).disk_config == "MANUAL"
    assert images.metadata_item(world.id("lists"), "mappings") == [{"device": "vda", "virtual": "root"}]
    assert len(images.metadata_item(world.id("long-value"), "big")) == 3000


def visibility(world: World) -> None:
    """What is listed, what is only shown, what is neither."""
    images = world.demo()
    names = world.names(images.list())
    for listed in ("community image", "public image", "other shared"):
        assert listed in names
    for unlisted in ("hidden image", "other community", "other private"):
        assert unlisted not in names
    for shown in ("hidden", "other-community"):
        assert images.image(world.id(shown)).id == world.id(shown)
    for absent in ("other-private", "deleted"):
        with pytest.raises(NotFound):
            images.image(world.id(absent))


def pages(world: World) -> None:
    """Walks with small pages, on from a token, and over an image that vanished."""
    images = world.demo()
    every = [image.id for image in world.face.items(images.list())]
    for size in (29, len(every)):
        assert [image.id for image in world.face.items(images.list(page_size=size))] == every
    with pytest.raises(BadRequest, match="begin the list anew"):
        world.face.items(images.list(marker=world.id("deleted")))


def filters(world: World) -> None:
    """Filters mean what they say."""
    images = world.demo()
    assert world.names(images.list(name='a/b c,d:"e"+f&g=h%20?#')) == ['a/b c,d:"e"+f&g=h%20?#']
    assert world.names(images.list(name="same name")) == ["same name"] * 3
    assert "queued image" in world.names(images.list(status="SAVING"))
    assert world.names(images.list(status="UNKNOWN")) == ["deactivated image"]
    assert world.names(images.list(status="ERROR")) == []
    big = world.face.items(images.list(min_disk=5))
    assert {image.min_disk for image in big} == {5, 20}
    assert {image.min_ram for image in world.face.items(images.list(min_ram=600))} == {1024, 2048}
    assert {image.server.id for image in world.face.items(images.list(server=SERVER, detail=True))} == {SERVER}
    snapshots = world.face.items(images.list(type="snapshot", detail=True))
    assert {image.metadata["image_type"] for image in snapshots} == {"snapshot"}
    assert world.names(images.list(changes_since="2099-01-01T00:00:00+02:00")) == []
    assert world.names(images.list(changes_since="2020-01-01T00:00:00Z", page_size=500)) == world.names(images.list())


def metadata_traps(world: World) -> None:
    """Reserved keys, and keys that no path can name."""
    images, scratch = world.demo(), world.id("scratch")
    images.replace_metadata(scratch, {"colour": "red"})
    images.call(update_image_metadata, scratch, body=ImageMetadataPostReq(metadata={"name": "x"}))
    assert images.metadata(scratch) == {"colour": "red"}
    with pytest.raises(ValueError, match="would answer 200 and store nothing"):
        images.update_metadata(scratch, {"name": "x"})
    with pytest.raises(ServerError, match="one of the image's own fields"):
        images.call(set_image_metadata_item, scratch, "size", body=ImageMetaKeyPutReq(meta={"size": "1"}))
    odd = world.id("odd-keys")
    for key, value in {"a b": "1", "c:d": "2", "e%41": "3", "f/g": "4", "h?": "5", "i+": "6", "j#": "7"}.items():
        assert images.metadata_item(odd, key) == value
    assert images.metadata_item(world.id("unicode"), "schlüssel") == "wert"
    assert images.set_metadata_item(scratch, "..", "up") == "up"
    images.delete_metadata_item(scratch, "..")
    slash = world.id(f"slash-key-{world.turn}")
    images.delete_metadata_item(slash, "a/b")
    assert images.metadata(slash) == {"kept": "2"}


def refusals(world: World) -> None:
    """What may not be done, and by whom."""
    images = world.demo()
    with pytest.raises(Forbidden, match="It is protected"):
        images.delete(world.id("protected"))
    with pytest.raises(Forbidden, match="Only a member of the image's project"):
        images.set_metadata_item(world.id("public"), "fine", "1")
    viewer = world.demo(username="viewer")
    assert viewer.image(world.id("scratch")).name == "scratch"
    with pytest.raises(Forbidden):
        viewer.delete(world.id("scratch"))
    with pytest.raises(BadRequest, match="operator"):
        images.call(list_images, name="x:y")


def access_rules(world: World) -> None:
    """A 401 that means that an access rule forbids the call."""
    images = world.credential("app-ro")
    assert images.image(world.id("scratch")).name == "scratch"
    with pytest.raises(Forbidden, match=r"access rule.*GET /v2\.1/images/\*\* of compute"):
        images.set_metadata_item(world.id("scratch"), "a", "1")
    assert world.credential("app").image(world.id("scratch")).name == "scratch"
    with pytest.raises(Forbidden, match="answered 403"):
        world.credential("app-reader").delete(world.id("scratch"))


def logins(world: World) -> None:
    """Every kind of login, each proven by one call."""
    seed, scratch = world.seed, world.id("scratch")
    users, projects = seed["users"], seed["projects"]
    nobody = {"project_name": None, "project_domain_name": None}
    clients = [
        world.demo(username=None, user_domain_name=None, user_id=users["demo"]),
        world.demo(**nobody, project_id=projects["demo"]),
        world.demo(user_domain_name=None, project_domain_name=None, default_domain_id="default"),
        world.demo(username="alice", **nobody, trust_id=seed["trust_id"]),
        world.demo(username="admin", password=seed["admin_password"], **nobody, system_scope="all"),
        world.demo(auth_url=seed["keystone"].removesuffix("/v3")),
        world.demo(interface="admin"),
        world.demo(interface=["internal", "public"]),
        world.demo(region_name="RegionTwo"),
        world.open(
            auth.application_credential(
                auth_url=seed["keystone"],
                application_credential_name="app",
                application_credential_secret=seed["password"],
                username="demo",
                user_domain_name="Default",
                region_name="RegionOne",
            )
        ),
    ]
    for images in clients:
        assert images.image(scratch).name == "scratch"


def tokens(world: World) -> None:
    """A token is exchanged; a revoked one is replaced once; an unknown one is refused."""
    scratch = world.id("scratch")
    login = auth.password(**world.settings())
    images = world.open(login)
    images.image(scratch)
    kept: Any = login.auth
    value = kept.current.value
    named = {"auth_url": world.seed["keystone"], "project_name": "demo", "project_domain_name": "Default"}
    exchanged = world.open(auth.token(token=value, region_name="RegionOne", **named))
    assert exchanged.image(scratch).name == "scratch"
    headers = {"X-Auth-Token": value, "X-Subject-Token": value}
    revoked = httpx.delete(f"{world.seed['keystone']}/auth/tokens", headers=headers, trust_env=False)
    assert revoked.status_code == 204
    assert images.image(scratch).name == "scratch"
    with pytest.raises(LoginError, match="get a new one"):
        world.open(auth.token(token="no-such-token", **named)).image(scratch)


def refused_logins(world: World) -> None:
    """Logins that Keystone or Nova refuses, each with what to do."""
    nobody = {"project_name": None, "project_domain_name": None}
    for images, kind, why in (
        (world.demo(password="wrong"), LoginError, "Keystone does not say which"),
        (world.demo(username="lonely"), LoginError, "Keystone does not say which"),
        (world.demo(**nobody), LoginError, "gave a token for no project"),
        (world.demo(region_name="nowhere"), LoginError, "It has: admin in RegionOne"),
        (
            world.demo(username="admin", password=world.seed["admin_password"], **nobody, domain_id="default"),
            Forbidden,
            "This login is for a domain",
        ),
    ):
        with pytest.raises(kind, match=why):
            world.face.items(images.list())


def files_and_variables(world: World) -> None:
    """clouds.yaml with secure.yaml, and the OS_* variables."""
    import yaml

    settings = world.settings()
    region, password = settings.pop("region_name"), settings.pop("password")
    clouds = {"mine": {"auth": settings, "region_name": region}, "other": {"profile": "somebody"}}
    (world.folder / "clouds.yaml").write_text(yaml.safe_dump({"clouds": clouds}), "utf-8")
    secure = {"clouds": {"mine": {"auth": {"password": password}}}}
    (world.folder / "secure.yaml").write_text(yaml.safe_dump(secure), "utf-8")
    scratch = world.id("scratch")
    assert world.open(auth.cloud("mine")).image(scratch).name == "scratch"
    for name, value in world.settings().items():
        world.environ(f"OS_{name.upper()}", value)
    assert world.open(auth.from_env()).image(scratch).name == "scratch"


SCENARIOS = (
    reading,
    writing,
    values,
    visibility,
    pages,
    filters,
    metadata_traps,
    refusals,
    access_rules,
    logins,
    tokens,
    refused_logins,
    files_and_variables,
)
