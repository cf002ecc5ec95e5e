"""How long a request is on its way, from the moment that its connection stands, whatever this machine is busy with."""

from __future__ import annotations

import pytest

from imageapis.core.clock import Clock
from imageapis.core.concurrency import FEW, LONG_WAY, start_for
from imageapis.core.round_trip import OTHER_END, RoundTrip
from tests.conftest import FakeClock


def _measured(wall: float, *, worked: float = 0.0, delayed: float = 0.0, set_up: float = 0.0) -> float:
    clock = FakeClock()
    trip = RoundTrip(clock)
    hears = trip.leaves()
    hears("connection.connect_tcp.started", {})
    clock.moment += set_up
    hears("connection.start_tls.complete", {})
    hears("http11.send_request_headers.started", {})
    clock.moment += wall
    clock.work += worked
    clock.delay += delayed
    trip.is_back()
    assert trip.seconds is not None
    return trip.seconds


def test_handshakes_do_not_count() -> None:
    assert _measured(0.002, set_up=0.3) == pytest.approx(0.002)


def test_work_of_this_thread_does_not_count() -> None:
    assert _measured(0.5, worked=0.49) == pytest.approx(0.01)


def test_on_a_busy_machine_a_short_way_does_not_seem_a_long_one() -> None:
    assert start_for(_measured(0.03, worked=0.002, delayed=0.009)) <= FEW


def test_on_a_busy_machine_a_long_way_still_is_one() -> None:
    assert start_for(_measured(0.08, worked=0.002, delayed=0.009)) == LONG_WAY


def test_a_way_is_never_shorter_than_nothing() -> None:
    assert _measured(0.01, delayed=1.0 / OTHER_END) == 0.0


def test_each_try_is_measured_anew() -> None:
    clock = FakeClock()
    trip = RoundTrip(clock)
    trip.leaves()
    trip.is_back()
    clock.moment += 10
    trip.leaves()
    clock.moment += 0.25
    trip.is_back()
    assert trip.seconds == pytest.approx(0.25)


def test_a_clock_tells_how_long_its_thread_had_no_processor_or_that_it_was_never_so() -> None:
    assert Clock().delayed() >= 0.0
