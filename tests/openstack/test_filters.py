"""Filters that mean what they say, and refuse what can match nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from imageapis.testing.openstack import OpenStackServer
    from tests.conftest import Face

STATES = {
    "ACTIVE": ["active"],
    "SAVING": ["queued", "saving"],
    "ERROR": ["killed"],
    "UNKNOWN": ["deactivated", "importing", "uploading"],
}


@pytest.mark.parametrize("status", [*STATES, "saving", "DELETED"])
@pytest.mark.parametrize("detail", [False, True])
def test_a_status_is_the_one_that_is_shown(
    face: Face, cloud: OpenStackServer, images: Any, status: str, detail: bool
) -> None:
    for own in (own for group in STATES.values() for own in group):
        cloud.add(own, status=own)
    found = face.items(images.list(status=status, detail=detail))
    assert sorted(str(image.name) for image in found) == STATES.get(status.upper(), [])
    if detail:
        assert {image.status for image in found} <= {status.upper()}


def test_a_status_that_nova_never_shows_is_refused(images: Any) -> None:
    with pytest.raises(ValueError, match="Nova shows the image service's queued and saving as SAVING"):
        images.list(status="queued")


@pytest.mark.parametrize(
    "name", ["plain", "a:b", "in:x,y", "eq:", 'a/b c,d:"e"+f&g=h%20?#', "2026-01-01T00:00:00Z", ""]
)
def test_a_name_is_found_whatever_it_holds(face: Face, cloud: OpenStackServer, images: Any, name: str) -> None:
    cloud.add("x")
    stored = cloud.add(name)
    assert [image.id for image in face.items(images.list(name=name))] == [stored.id]


def test_an_image_service_without_the_operator_is_asked_without_it(
    face: Face, cloud: OpenStackServer, images: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imageapis.testing.openstack import images as stored_images

    def old(value: str) -> Any:
        raise stored_images.bad_request("Unable to filter by unknown operator 'eq'.")

    monkeypatch.setattr(stored_images, "_compared", old)
    stored = cloud.add("a:b")
    for number in range(3):
        cloud.add(f"other {number}")
    assert [image.id for image in face.items(images.list(name="a:b", page_size=2))] == [stored.id]


def test_minimums_are_at_least(face: Face, cloud: OpenStackServer, images: Any) -> None:
    for number in (0, 1, 5, 20):
        cloud.add(f"{number}", min_disk=number, min_ram=number * 100)
    assert [i.name for i in face.items(images.list(min_disk=5))] == ["20", "5"]
    assert [i.name for i in face.items(images.list(min_ram=101, page_size=1))] == ["20", "5"]
    assert [i.name for i in face.items(images.list(min_disk=1, min_ram=500, type=None))] == ["20", "5"]


@pytest.mark.parametrize(("value", "kind"), [(-1, ValueError), ("5", TypeError), (True, TypeError), (1.5, TypeError)])
def test_a_minimum_that_nova_would_answer_with_nothing_is_refused(
    images: Any, value: Any, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match="min_disk"):
        images.list(min_disk=value)


def test_type_and_server_are_asked_of_nova(face: Face, cloud: OpenStackServer, images: Any) -> None:
    server = "a0000000-0000-4000-8000-000000000000"
    cloud.add("plain")
    cloud.add("snapshot", properties={"image_type": "snapshot", "instance_uuid": server})
    assert [i.name for i in face.items(images.list(type="snapshot"))] == ["snapshot"]
    assert [i.name for i in face.items(images.list(server=server))] == ["snapshot"]
    url = f"http://nova.example/v2.1/servers/{server}"
    assert [i.name for i in face.items(images.list(server=url))] == ["snapshot"]


@pytest.mark.parametrize(
    "since",
    [
        datetime(2026, 6, 1, 12, tzinfo=UTC),
        datetime(2026, 6, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        "2026-06-01T12:00:00Z",
        "2026-06-01T14:00:00+02:00",
        "20260601T120000Z",
    ],
)
def test_times_with_an_offset_are_the_moment_that_they_name(
    face: Face, cloud: OpenStackServer, images: Any, since: Any
) -> None:
    cloud.add("before", updated="2026-06-01T11:59:59Z")
    cloud.add("after", updated="2026-06-01T12:00:00Z")
    assert [i.name for i in face.items(images.list(changes_since=since))] == ["after"]
    assert "changes-since=2026-06-01T12%3A00%3A00Z" in cloud.calls()[0]


@pytest.mark.parametrize("since", [datetime(2026, 6, 1), "2026-06-01T12:00:00", "2026-06-01"])  # noqa: DTZ001
def test_a_naive_time_is_refused(images: Any, since: Any) -> None:
    with pytest.raises(ValueError, match="does not say in which zone"):
        images.list(changes_since=since)


def test_text_that_is_no_time_is_refused(images: Any) -> None:
    with pytest.raises(ValueError, match="no ISO 8601 time"):
        images.list(changes_since="yesterday")
    with pytest.raises(TypeError, match="aware datetime or text"):
        images.list(changes_since=1_700_000_000)


def test_filters_hold_on_every_page(face: Face, cloud: OpenStackServer, images: Any) -> None:
    for number in range(6):
        cloud.add("same name" if number % 2 else "other", status="queued" if number % 3 else "active")
    found = face.items(images.list(name="same name", status="SAVING", page_size=1))
    assert len(found) == 2
    assert all("name=same%20name" in target.replace("+", "%20") for target in cloud.calls())


@pytest.mark.parametrize("name", ["name", "status", "server", "type"])
def test_a_filter_that_is_not_text_or_is_empty_is_refused(images: Any, name: str) -> None:
    with pytest.raises(TypeError, match=f"{name} takes text, not int"):
        images.list(**{name: 5})
    if name != "name":
        with pytest.raises(ValueError, match=f"{name} is empty, which can match nothing"):
            images.list(**{name: ""})
