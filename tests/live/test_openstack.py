"""The scenarios against a real Keystone, Glance and Nova, on every face; and what only a live server can show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.errors import ServerError
from imageapis.openstack import auth
from imageapis_generated.openstack.endpoints import set_image_metadata_item
from imageapis_generated.openstack.values import ImageMetaKeyPutReq
from tests.openstack import cassettes, scenarios
from tests.openstack.conftest import together

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Face

pytestmark = pytest.mark.live
TURNS = {"blocking": 0, "asyncio": 1, "trio": 2}


@pytest.fixture
def world(face: Face, seed: dict[str, Any], no_environment: Path, monkeypatch: pytest.MonkeyPatch) -> scenarios.World:
    """The seeded stack, with this face's turn at what can be destroyed once."""
    return scenarios.World(face, seed, TURNS[face.name], no_environment, monkeypatch.setenv)


@pytest.mark.parametrize("scenario", scenarios.SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_a_scenario_holds_on_the_real_thing(
    scenario: Callable[..., None], world: scenarios.World, recording: bool
) -> None:
    if not recording:
        scenario(world)
        return
    if not world.face.blocking:
        pytest.skip("one recording serves all faces")
    secrets = {"password": cassettes.SCRUBBED, "admin_password": cassettes.SCRUBBED}
    cassettes.FOLDER.mkdir(parents=True, exist_ok=True)
    cassettes.WORLD.write_text(json.dumps({**world.seed, **secrets}, indent=1) + "\n", "utf-8")
    with cassettes.cassette(scenario.__name__, record=True):
        scenario(world)
        world.face.close()


def test_the_versions_document_has_what_the_calls_are_pinned_to(seed: dict[str, Any]) -> None:
    version = httpx.get(seed["nova"], trust_env=False).json()["version"]
    assert version["min_version"] == "2.1"
    assert int(version["version"].removeprefix("2.")) >= 35


def test_an_image_that_is_there_is_a_404_in_a_newer_microversion(world: scenarios.World) -> None:
    login = auth.password(**world.settings())
    images, scratch = world.open(login), world.id("scratch")
    assert images.image(scratch).name == "scratch"
    kept: Any = login.auth
    headers = {"X-Auth-Token": kept.current.value, "OpenStack-API-Version": "compute 2.36"}
    answer = httpx.get(f"{world.seed['nova']}/images/{scratch}", headers=headers, trust_env=False)
    assert (answer.status_code, "itemNotFound" in answer.json()) == (404, True)


def test_fifty_callers_whose_token_was_revoked_log_in_once(world: scenarios.World) -> None:
    login = auth.password(**world.settings())
    images, scratch = world.open(login), world.id("scratch")
    images.image(scratch)
    kept: Any = login.auth
    value, fetched = kept.current.value, []
    real = kept.fetch

    async def counting(*arguments: Any) -> Any:
        fetched.append(arguments)
        return await real(*arguments)

    kept.fetch = counting
    headers = {"X-Auth-Token": value, "X-Subject-Token": value}
    httpx.delete(f"{world.seed['keystone']}/auth/tokens", headers=headers, trust_env=False)
    assert together(*[lambda: images.image(scratch).id for _ in range(50)]) == [scratch] * 50
    assert len(fetched) == 1


def test_parallel_writers_of_one_image_lose_nothing(world: scenarios.World) -> None:
    images, image = world.demo(), world.id(f"victim-{world.turn + 3:02d}")

    def unguarded(number: int) -> bool:
        body = ImageMetaKeyPutReq(meta={f"k{number}": "1"})
        try:
            images.call(set_image_metadata_item, image, f"k{number}", body=body)
        except ServerError:
            # SQLite under Glance lets one of two writers at once fail; that is none of Nova's.
            return False
        return True

    told = sum(together(*[lambda n=number: unguarded(n) for number in range(8)]))
    kept = len(images.metadata(image))
    images.replace_metadata(image, {})
    together(*[lambda n=number: images.set_metadata_item(image, f"k{n}", "1") for number in range(8)])
    assert set(images.metadata(image)) == {f"k{number}" for number in range(8)}
    print(f"unguarded: {told} writes acknowledged, {kept} kept; in turns: 8 and 8")
