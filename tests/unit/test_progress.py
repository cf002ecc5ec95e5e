"""Progress events: acknowledged bytes only, never backwards, with a rate."""

from __future__ import annotations

from imageapis.core.progress import Meter, Progress
from tests.conftest import FakeClock


def meter_with_events(total: int | None = None) -> tuple[Meter, list[Progress], FakeClock]:
    clock = FakeClock()
    events: list[Progress] = []
    return Meter(events.append, clock, total), events, clock


def test_each_acknowledgement_is_reported_with_the_sum_so_far() -> None:
    meter, events, _ = meter_with_events(30)
    meter.add(10, "a")
    meter.add(20, "b")
    assert [(event.sent, event.total, event.file) for event in events] == [(10, 30, "a"), (30, 30, "b")]


def test_bytes_that_the_server_lost_do_not_take_the_progress_back() -> None:
    meter, events, _ = meter_with_events(30)
    for size in (20, -20, 10, 10, 10):
        meter.add(size, "a")
    assert [event.sent for event in events] == [20, 30]
    assert meter.acknowledged == 30


def test_the_start_of_an_empty_transfer_is_reported_once() -> None:
    meter, events, _ = meter_with_events(0)
    meter.add(0, "a")
    meter.add(0, "a")
    assert [event.sent for event in events] == [0]


def test_the_rate_is_taken_over_the_last_seconds_and_leaves_out_what_was_found() -> None:
    meter, events, clock = meter_with_events()
    meter.add(1000, "a", fresh=False)
    for _ in range(30):
        clock.sleep(1)
        meter.add(50, "a")
    assert events[0].rate is None
    assert events[-1].rate == 50


def test_an_event_prints_as_a_line() -> None:
    assert (
        str(Progress(1 << 20, 4 << 20, "big.bin", 2 << 20)) == "big.bin, 1,048,576 of 4,194,304 bytes, 25%, 2.0 MiB/s"
    )
    assert str(Progress(5, None, "x", None)) == "x, 5"
