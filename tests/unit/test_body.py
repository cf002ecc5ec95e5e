"""Bodies that are streamed and can be read again, and values off the wire."""

from __future__ import annotations

import gc
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from imageapis.core.body import Body, bytes_body
from imageapis.core.uploadable import open_source
from imageapis.core.values import moment
from imageapis.errors import ConnectionFailed, StatusError
from tests.unit import raw_server
from tests.unit.raw_server import RawServer
from tests.unit.toy import Answer, AsyncToy, Toy, ToyServer, endpoint, login

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Face, FakeClock


def _upload(face: Face, clock: FakeClock, body: Body, *script: Answer) -> ToyServer:
    with ToyServer(*script) as server:
        toy = face.open(Toy, AsyncToy, login(server), clock=clock)
        toy.call(endpoint("put", "/thing", content=body))
    return server


def test_a_body_is_streamed_with_its_length_announced(face: Face, clock: FakeClock, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"0123456789" * 60_000)
    server = _upload(face, clock, open_source(file).body(block=1000))
    assert server.bodies == [file.read_bytes()]
    assert server.seen[0].headers["content-length"] == "600000"


def test_a_body_is_read_again_for_a_retry(face: Face, clock: FakeClock) -> None:
    server = _upload(face, clock, bytes_body(b"abc"), Answer(503), Answer(200, {}))
    assert server.bodies == [b"abc", b"abc"]


def test_a_range_of_a_file_is_sent_alone(face: Face, clock: FakeClock, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"0123456789")
    assert _upload(face, clock, open_source(file).body(2, 5, block=2)).bodies == [b"23456"]


def test_what_was_taken_is_counted_and_taken_back_on_a_retry(face: Face, clock: FakeClock) -> None:
    counted: list[int] = []
    _upload(face, clock, bytes_body(b"abc", sent=counted.append), Answer(503), Answer(200, {}))
    assert counted == [3, -3, 3]


def test_a_memoryview_of_wider_items_is_sent_as_its_bytes(face: Face, clock: FakeClock) -> None:
    view = memoryview(b"\x01\x00\x02\x00").cast("H")
    assert _upload(face, clock, bytes_body(view)).bodies == [b"\x01\x00\x02\x00"]


class Asked:
    """Blocks that note in which thread each was asked for."""

    def __init__(self) -> None:
        self.threads: list[int] = []

    def __call__(self) -> Iterator[bytes]:
        for block in (b"a", b"b", b"c"):
            self.threads.append(threading.get_ident())
            yield block


def _threads(ready: Callable[[int], bool] | None) -> list[bool]:
    """Send blocks on an event loop, and say of each whether the loop's own thread got it."""
    blocks = Asked()

    async def send() -> int:
        got = [block async for block in Body(3, blocks, ready=ready)]
        assert got == [b"a", b"b", b"c"]
        return threading.get_ident()

    loop = anyio.run(send)
    return [thread == loop for thread in blocks.threads]


def test_what_may_wait_for_a_disk_is_read_outside_the_event_loop() -> None:
    assert _threads(None) == [False, False, False]
    assert _threads(lambda _: False) == [False, False, False]


def test_what_is_at_hand_spares_the_event_loop_a_thread() -> None:
    assert _threads(lambda _: True) == [True, True, True]


def test_each_block_is_asked_for_by_its_position() -> None:
    asked: list[int] = []

    def first(position: int) -> bool:
        asked.append(position)
        return position == 0

    assert _threads(first) == [True, False, False]
    assert asked == [0, 1, 3]


def test_a_failing_source_is_raised_as_itself(face: Face, clock: FakeClock) -> None:
    def blocks() -> Iterator[bytes]:
        yield b"a"
        raise LookupError("the disk is gone")

    with pytest.raises(LookupError):
        _upload(face, clock, Body(2, blocks))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        ("2026-11-21T10:00:00Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21T10:00:00", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21T10:00:00.1234567+02:00", datetime(2026, 11, 21, 10, 0, 0, 123456, timezone(timedelta(hours=2)))),
        ("2017-09-28T17:28:11.627Z", datetime(2017, 9, 28, 17, 28, 11, 627000, UTC)),
        ("2026-11-21T24:00:00Z", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-325T10:00:00Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_an_aware_datetime(text: str | None, expected: datetime | None) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize("value", ["yesterday", 0, False, [], {}, 5, ["2026-11-21T10:00:00Z"]])
def test_what_is_not_a_time_is_refused(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        moment(value)


def test_an_answer_that_comes_before_the_end_of_the_request_leaves_no_iterator_half_read(face: Face) -> None:
    # pytest makes an error of what the event loops say of such iterators.
    early = raw_server.whole(b"", "Connection: close", status="413 Too Large")

    def hang_up(_: bytes) -> Iterator[bytes]:
        yield early
        raise ConnectionResetError

    with RawServer(hang_up, bodies=False) as server:
        toy = face.open(Toy, AsyncToy, server.login, retries=0)
        for _ in range(5):
            with pytest.raises((StatusError, ConnectionFailed)):
                toy.call(endpoint("post", "/thing", content=b"x" * 5_000_000))
    gc.collect()
