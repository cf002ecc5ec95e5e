"""Metadata: what is refused before it is sent, what is noticed after, and keys that no path can name."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imageapis.core.clock import Clock
from imageapis.core.faces import run_blocking
from imageapis.core.work import AsyncWork, BlockingWork
from imageapis.errors import Forbidden, ImageApiError, NotFound, TimedOut, VerificationFailed
from imageapis.openstack import metadata as rules
from imageapis.openstack.write_locks import METADATA_LOCKS, WriteLocks
from tests.openstack.conftest import demo

if TYPE_CHECKING:
    from concurrent.futures import Future

    from imageapis.testing.openstack import OpenStackServer


T = TypeVar("T")


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("", "v", "none that Nova takes"),
        ("k" * 256, "v", "none that Nova takes"),
        ("a/b", "v", "none that Nova takes"),
        ("schlüssel", "v", "none that Nova takes"),
        ("a\n", "v", "none that Nova takes"),
        (" x", "v", "without the blanks"),
        ("x ", "v", "without the blanks"),
        ("k", "v" * 256, "255 fit"),
        ("k", "🖼", "above U\\+FFFF"),
    ],
)
def test_what_nova_would_refuse_or_change_is_not_sent(
    cloud: OpenStackServer, images: Any, key: str, value: str, why: str
) -> None:
    stored = cloud.add("scratch")
    with pytest.raises(ValueError, match=why):
        images.update_metadata(stored.id, {key: value})
    assert cloud.seen == []


@pytest.mark.parametrize("value", [1, None, ["a"], b"x"])
def test_a_value_that_is_not_text_is_not_sent(cloud: OpenStackServer, images: Any, value: Any) -> None:
    with pytest.raises(TypeError, match="takes text only"):
        images.set_metadata_item("some-id", "k", value)
    assert cloud.seen == []


@pytest.mark.parametrize(
    ("key", "value"), [("k" * 255, "v" * 255), ("a b", ""), ("A-z_0:9.x", "größe €\n\t"), ("..", "1")]
)
def test_what_nova_takes_is_stored_as_it_is(cloud: OpenStackServer, images: Any, key: str, value: str) -> None:
    stored = cloud.add("scratch")
    assert images.set_metadata_item(stored.id, key, value) == value
    assert stored.properties == {key: value}
    assert images.update_metadata(stored.id, {key: value})[key] == value


def test_keys_that_the_server_dropped_without_a_word_are_reported(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch")
    real = cloud.compute.answer

    def forgetful(call: Any) -> tuple[int, Any]:
        status, body = real(call)
        if call.method == "POST":
            body["metadata"].pop("novel")
        return status, body

    cloud.compute.answer = forgetful  # type: ignore[method-assign]
    with pytest.raises(VerificationFailed, match="'novel' was not stored as sent; the other items were"):
        images.update_metadata(stored.id, {"novel": "1", "fine": "1"})


def test_an_update_after_a_lost_answer_is_sent_again(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch")
    real = cloud.compute.answer
    failures = [503]

    def busy_once(call: Any) -> tuple[int, Any]:
        if call.method == "POST" and failures:
            return failures.pop(), {"title": "Busy", "message": "later"}
        return real(call)

    cloud.compute.answer = busy_once  # type: ignore[method-assign]
    assert images.update_metadata(stored.id, {"a": "1"}) == {"a": "1"}


def test_replacing_with_nothing_deletes_all(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch", properties={"a": "1"})
    assert images.replace_metadata(stored.id, {}) == {}
    assert stored.properties == {}


def test_an_item_that_is_not_there_is_not_found(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("scratch")
    for key in ("absent", "ünreachable", "a/b"):
        with pytest.raises(NotFound):
            images.metadata_item(stored.id, key)
        with pytest.raises(NotFound):
            images.delete_metadata_item(stored.id, key)


def test_an_unreachable_key_is_not_deleted_at_the_price_of_another(cloud: OpenStackServer, images: Any) -> None:
    properties = {"a/b": "1", "long": "v" * 3000}
    stored = cloud.add("odd", properties=properties)
    with pytest.raises(ImageApiError, match="Nothing was sent"):
        images.delete_metadata_item(stored.id, "a/b")
    assert stored.properties == properties
    assert cloud.calls("PUT") == []


def test_somebody_elses_image_cannot_be_written(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("public", "other", visibility="public", properties={"a": "1"})
    assert images.metadata(stored.id) == {"a": "1"}
    with pytest.raises(Forbidden, match="Only a member of the image's project"):
        images.set_metadata_item(stored.id, "b", "1")


def test_more_items_than_the_quota_are_refused_with_a_hint(cloud: OpenStackServer, images: Any) -> None:
    cloud.compute.metadata_items = 2
    stored = cloud.add("full", properties={"a": "1", "b": "1"})
    with pytest.raises(Forbidden, match="Delete some of the image's metadata first"):
        images.set_metadata_item(stored.id, "c", "1")


@given(st.dictionaries(st.text(max_size=300), st.text(max_size=300), max_size=4))
def test_what_the_check_lets_through_is_what_nova_stores(items: dict[str, str]) -> None:
    from imageapis.testing.openstack.compute import KEY
    from imageapis.testing.openstack.images import CRASHING, DROPPED, READ_ONLY

    try:
        sent = rules.checked(items)
    except ValueError:
        return
    for key, value in sent.items():
        assert KEY.fullmatch(key)
        assert key == key.strip()
        assert key not in DROPPED | CRASHING | READ_ONLY
        assert len(value) < 256


def test_the_reserved_names_are_those_of_the_recorded_server() -> None:
    from imageapis.testing.openstack.images import CRASHING, DROPPED, READ_ONLY

    assert rules.DROPPED == DROPPED
    assert rules.REFUSED == CRASHING | READ_ONLY


class _Io(BlockingWork):
    clock = Clock()

    async def wait(self, future: Future[T], seconds: float | None = None) -> T:
        """Wait for a turn, but not for one that never comes."""
        return await super().wait(future, seconds or 20)


def test_a_turn_that_ends_in_an_error_lets_the_next_one_in() -> None:
    locks = WriteLocks()

    async def fail() -> None:
        async with locks.hold(_Io(), "image"):  # type: ignore[arg-type]
            raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            run_blocking(fail())
    assert locks._here.get()._queues == {}


class _AsyncIo(AsyncWork):
    clock = Clock()

    async def wait(self, future: Future[T], seconds: float | None = None) -> T:
        """Wait for a turn, but not for one that never comes."""
        return await super().wait(future, seconds or 20)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("leaving", [None, 1, 2])
def test_writers_take_turns_as_they_come_and_one_who_leaves_the_queue_holds_nobody_up(
    backend: str, leaving: int | None
) -> None:
    locks, wrote, holds = WriteLocks(), [], 0

    async def write(number: int, scopes: list[anyio.CancelScope]) -> None:
        nonlocal holds
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            async with locks.hold(_AsyncIo(), "image"):  # type: ignore[arg-type]
                holds += 1
                assert holds == 1
                wrote.append(number)
                await anyio.wait_all_tasks_blocked()
                if number == 0 and leaving is not None:
                    scopes[leaving].cancel()
                    await anyio.wait_all_tasks_blocked()
                holds -= 1

    async def main() -> None:
        scopes: list[anyio.CancelScope] = []
        with anyio.fail_after(20):
            async with anyio.create_task_group() as group:
                for number in range(4):
                    group.start_soon(write, number, scopes)
                    while len(scopes) <= number:
                        await anyio.lowlevel.checkpoint()

    anyio.run(main, backend=backend)
    assert wrote == [number for number in range(4) if number != leaving]
    assert locks._here.get()._queues == {}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_blocking_writer_on_a_loops_own_thread_does_not_wait_for_a_task_of_it(backend: str) -> None:
    locks = WriteLocks()

    async def write() -> str:
        async with locks.hold(_Io(), "image"):  # type: ignore[arg-type]
            return "written"

    async def main() -> None:
        async with locks.hold(_AsyncIo(), "image"):  # type: ignore[arg-type]
            assert run_blocking(write()) == "written"

    anyio.run(main, backend=backend)


def test_a_blocking_writer_waits_for_a_task_of_another_threads_loop() -> None:
    locks, wrote, inside, enough = WriteLocks(), [], threading.Event(), threading.Event()

    async def write() -> None:
        async with locks.hold(_Io(), "image"):  # type: ignore[arg-type]
            wrote.append("blocking")

    async def main() -> None:
        async with locks.hold(_AsyncIo(), "image"):  # type: ignore[arg-type]
            inside.set()
            await anyio.to_thread.run_sync(enough.wait, 20)
            wrote.append("async")

    loop = threading.Thread(target=anyio.run, args=(main,), daemon=True)
    loop.start()
    assert inside.wait(20)
    writer = threading.Thread(target=run_blocking, args=(write(),), daemon=True)
    writer.start()
    for _ in range(1000):
        if len(locks._here.get()._queues["image"]) == 2 or not writer.is_alive():
            break
        writer.join(0.01)
    enough.set()
    writer.join(20)
    loop.join(20)
    assert wrote == ["async", "blocking"]


def test_nobody_waits_for_anothers_turn_longer_than_the_deadline(cloud: OpenStackServer, open_images: Any) -> None:
    stored = cloud.add("x").id
    login = demo(cloud)
    images, hurried = open_images(login), open_images(login, deadline=0.3)
    images.image(stored)
    base = images.client._login.auth.current.details.endpoint

    async def hold() -> None:
        async with METADATA_LOCKS.hold(_Io(), (base, stored)):  # type: ignore[arg-type]
            with pytest.raises(TimedOut, match="turn"):
                hurried.update_metadata(stored, {"a": "1"})

    run_blocking(hold())
    assert images.update_metadata(stored, {"a": "1"}) == {"a": "1"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_does_not_wait_for_a_writer_of_its_parent() -> None:
    locks = WriteLocks()

    async def write() -> None:
        async with locks.hold(_Io(), "image"):  # type: ignore[arg-type]
            pass

    async def hold() -> int:
        async with locks.hold(_Io(), "image"):  # type: ignore[arg-type]
            child = os.fork()
            if not child:
                signal.alarm(10)
                run_blocking(write())
                os._exit(0)
            return os.waitpid(child, 0)[1]  # noqa: ASYNC222 - this coroutine blocks by design

    assert run_blocking(hold()) == 0
