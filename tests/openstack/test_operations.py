"""The ten operations, over both faces, as they go on a good day; and the values that they return."""

from __future__ import annotations

import functools
import inspect
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import BadRequest, Forbidden, NotFound, UnexpectedReply, UnsafePath, VerificationFailed
from imageapis.openstack import AsyncComputeImages, ComputeImages, Image, ImageServer
from imageapis_generated.openstack.endpoints import get_image, list_images
from tests.openstack.conftest import demo

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.testing.openstack import OpenStackServer
    from tests.conftest import Face

SERVER = "a0000000-0000-4000-8000-000000000000"


def test_a_short_list_gives_ids_and_names_newest_first(face: Face, cloud: OpenStackServer, images: Any) -> None:
    old, new = cloud.add("old"), cloud.add(None)
    assert face.items(images.list()) == [Image(id=new.id, name=None), Image(id=old.id, name="old")]


def test_a_detailed_list_gives_every_field(face: Face, cloud: OpenStackServer, images: Any) -> None:
    properties = {"instance_uuid": SERVER, "auto_disk_config": "True", "mappings": '[{"device": "vda"}]'}
    times = {"created": "2026-11-21T22:46:08Z", "updated": "2026-11-21T22:47:08Z"}
    stored = cloud.add("all", min_disk=5, min_ram=512, size=1027, properties=properties, **times)
    assert face.items(images.list(detail=True)) == [
        Image(
            id=stored.id,
            name="all",
            status="ACTIVE",
            created=datetime(2026, 11, 21, 22, 46, 8, tzinfo=UTC),
            updated=datetime(2026, 11, 21, 22, 47, 8, tzinfo=UTC),
            min_disk=5,
            min_ram=512,
            progress=100,
            size=1027,
            metadata={**properties, "mappings": [{"device": "vda"}]},
            server=ImageServer(id=SERVER),
            disk_config="AUTO",
        )
    ]


def test_one_image_is_shown_with_every_field(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("queued", status="queued", properties={"note": "no data"})
    shown = images.image(stored.id)
    assert (shown.name, shown.status, shown.progress, shown.size) == ("queued", "SAVING", 25, 0)
    assert shown.metadata == {"note": "no data"}
    assert (shown.server, shown.disk_config) == (None, None)


def test_a_deleted_image_is_gone(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("victim")
    assert images.delete(stored.id) is None
    with pytest.raises(NotFound):
        images.image(stored.id)


def test_metadata_is_listed(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch", properties={"colour": "red"})
    assert images.metadata(stored.id) == {"colour": "red"}


def test_metadata_is_replaced_as_a_whole(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch", properties={"colour": "red"})
    assert images.replace_metadata(stored.id, {"only": "this"}) == {"only": "this"}
    assert images.metadata(stored.id) == {"only": "this"}


def test_metadata_is_merged_and_the_whole_of_it_returned(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch", properties={"colour": "red"})
    assert images.update_metadata(stored.id, {"shade": "dark"}) == {"colour": "red", "shade": "dark"}


def test_one_metadata_item_is_read(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch", properties={"colour": "red"})
    assert images.metadata_item(stored.id, "colour") == "red"


def test_one_metadata_item_is_set(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch", properties={"colour": "red"})
    assert images.set_metadata_item(stored.id, "colour", "blue") == "blue"
    assert images.metadata(stored.id) == {"colour": "blue"}


def test_one_metadata_item_is_deleted(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch", properties={"colour": "red", "size_class": "small"})
    assert images.delete_metadata_item(stored.id, "colour") is None
    assert images.metadata(stored.id) == {"size_class": "small"}


def test_an_absent_image_is_not_found_and_the_error_tells_the_request_id(images: Any) -> None:
    with pytest.raises(NotFound, match="Image not found") as caught:
        images.image("00000000-0000-4000-8000-000000000000")
    assert caught.value.code == "itemNotFound"
    assert caught.value.request_id is not None
    assert caught.value.request_id.startswith("req-")
    assert images.last_request_id == caught.value.request_id


def test_a_protected_image_cannot_be_deleted(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("protected", protected=True)
    with pytest.raises(Forbidden, match="protected"):
        images.delete(stored.id)


@pytest.mark.parametrize("image_id", ["", ".", "..", "detail"])
def test_an_id_that_leads_elsewhere_is_not_sent(cloud: OpenStackServer, images: Any, image_id: str) -> None:
    with pytest.raises(UnsafePath):
        images.delete(image_id)
    assert cloud.calls() == []


@pytest.mark.parametrize("path", ["/v2.1", "/compute/v2.1"])
@pytest.mark.parametrize("interface", ["public", "admin"])
def test_the_catalogs_address_may_have_a_prefix_and_a_project_id(
    face: Face, open_images: Callable[..., Any], path: str, interface: str
) -> None:
    from imageapis.testing.openstack import OpenStackServer

    with OpenStackServer(images=1, compute_path=path) as cloud:
        images = open_images(demo(cloud, interface=interface))
        assert len(face.items(images.list())) == 1
        assert all(target.startswith(f"{path}/") for target in cloud.calls())


def test_any_generated_endpoint_can_be_called(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("typed")
    answer = images.call(get_image, stored.id)
    assert answer.image.size == stored.size


def test_a_generated_call_is_refused_as_an_operation_is(images: Any) -> None:
    with pytest.raises(BadRequest):
        images.call(list_images, marker="nonsense")


def test_both_faces_have_the_same_operations() -> None:
    names = [name for name in dir(ComputeImages) if not name.startswith("_")]
    assert names == [name for name in dir(AsyncComputeImages) if not name.startswith("_")]
    for name in set(names) - {"call", "close", "last_request_id"}:
        ours, theirs = (
            list(inspect.signature(getattr(kind, name)).parameters.values())[1:]
            for kind in (ComputeImages, AsyncComputeImages)
        )
        assert ours == theirs, name


def test_an_image_is_frozen_and_can_be_pickled() -> None:
    image = Image(id="1", name="n", metadata={"a": "b"})
    with pytest.raises(AttributeError):
        image.name = "m"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(image)) == image
    assert len({image, image}) == 1


def test_an_answer_that_is_not_novas_is_named_as_such(cloud: OpenStackServer, images: Any) -> None:
    cloud.compute.answer = lambda call: (200, {"hello": "world"})  # type: ignore[method-assign]
    with pytest.raises(UnexpectedReply, match="Is this address the service's"):
        images.image("11111111-0000-4000-8000-000000000000")


@pytest.mark.parametrize("of", ["image", "metadata item"])
def test_a_deletion_whose_answer_got_lost_is_one(cloud: OpenStackServer, images: Any, of: str) -> None:
    stored = cloud.add("victim", properties={"a": "1"})
    delete = images.delete if of == "image" else functools.partial(images.delete_metadata_item, key="a")
    real, lost = cloud.compute.answer, [True]

    def losing(call: Any) -> tuple[int, Any]:
        status, body = real(call)
        return (502, {"title": "Bad Gateway", "message": "lost"}) if lost and lost.pop() else (status, body)

    cloud.compute.answer = losing  # type: ignore[method-assign]
    assert delete(stored.id) is None
    assert len(cloud.calls("DELETE")) == 2
    with pytest.raises(NotFound):
        delete(stored.id)


@pytest.mark.parametrize("of", ["image", "metadata item"])
@pytest.mark.parametrize("status", [200, 202])
def test_a_deletion_counts_only_if_nova_itself_confirms_it(
    loose_cloud: OpenStackServer, open_images: Callable[..., Any], of: str, status: int
) -> None:
    images, stored = open_images(demo(loose_cloud)), loose_cloud.add("victim", properties={"a": "1"})
    delete = images.delete if of == "image" else functools.partial(images.delete_metadata_item, key="a")
    loose_cloud.compute.answer = lambda call: (status, {"welcome": "to the portal"})  # type: ignore[method-assign]
    with pytest.raises(UnexpectedReply):
        delete(stored.id)


def test_metadata_that_is_not_repeated_as_it_was_sent_is_not_taken_for_stored(
    loose_cloud: OpenStackServer, open_images: Callable[..., Any]
) -> None:
    images, stored = open_images(demo(loose_cloud)), loose_cloud.add("scratch")
    loose_cloud.compute.answer = lambda call: (200, {"metadata": {"a": "0"}, "meta": {"a": "0"}})  # type: ignore[method-assign]
    writes: list[Callable[[], object]] = [
        lambda: images.replace_metadata(stored.id, {"a": "1"}),
        lambda: images.update_metadata(stored.id, {"a": "1"}),
        lambda: images.set_metadata_item(stored.id, "a", "1"),
    ]
    for write in writes:
        with pytest.raises(VerificationFailed, match="'a' was not stored as sent"):
            write()
