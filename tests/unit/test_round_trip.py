"""How long a request is on its way, from the moment that its connection stands, whatever this machine is busy with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imageapis.core.clock import Clock
from imageapis.core.concurrency import FEW, MOST, start_for
from imageapis.core.round_trip import RoundTrip
from tests.conftest import FakeClock

if TYPE_CHECKING:
    from pathlib import Path


def _measured(
    wall: float, *, worked: float = 0.0, waited: float = 0.0, set_up: float = 0.0, alone: bool = True
) -> float | None:
    clock = FakeClock()
    trip = RoundTrip(clock, alone=alone)
    on_event = trip.start()
    on_event("connection.connect_tcp.started", {})
    clock.moment += set_up
    on_event("connection.start_tls.complete", {})
    on_event("http11.send_request_headers.started", {})
    clock.moment += wall
    clock.work += worked
    clock.delay += waited
    trip.stop()
    return trip.seconds


def test_handshakes_do_not_count() -> None:
    assert _measured(0.002, set_up=0.3) == pytest.approx(0.002)


def test_work_of_this_thread_does_not_count() -> None:
    assert _measured(0.5, worked=0.49) == pytest.approx(0.01)


def test_a_way_is_never_shorter_than_nothing() -> None:
    assert _measured(0.01, worked=0.02) == 0.0


@pytest.mark.parametrize(("wall", "waited", "start"), [(0.05, 0.001, MOST), (0.05, 0.0125, FEW), (0.05, 0.03, FEW)])
def test_what_the_other_end_may_have_waited_for_a_processor_as_this_one_did_does_not_count(
    wall: float, waited: float, start: int
) -> None:
    assert start_for(_measured(wall, waited=waited)) == start


def test_where_the_shortest_of_several_tells_only_what_this_thread_waited_for_is_taken_off() -> None:
    assert _measured(0.05, waited=0.0125, alone=False) == pytest.approx(0.0375)


def test_each_try_is_measured_anew() -> None:
    clock = FakeClock()
    trip = RoundTrip(clock)
    trip.start()
    trip.stop()
    clock.moment += 10
    trip.start()
    clock.moment += 0.25
    trip.stop()
    assert trip.seconds == pytest.approx(0.25)


def test_linux_tells_how_long_a_thread_waited_for_a_processor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "schedstat").write_text("658958 2500000000 2\n")
    monkeypatch.setattr("imageapis.core.clock.DELAYS", str(tmp_path / "schedstat"))
    assert Clock().waited() == 2.5


@pytest.mark.parametrize("content", [None, "", "658958", "658958 much 2"])
def test_a_machine_that_does_not_tell_it_has_no_waits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "schedstat").write_text(content)
    monkeypatch.setattr("imageapis.core.clock.DELAYS", str(tmp_path / "schedstat"))
    assert Clock().waited() == 0.0
