"""How long a request is on its way, from the moment that its connection stands, whatever this machine is busy with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imageapis.core.clock import Clock
from imageapis.core.concurrency import FEW, start_for
from imageapis.core.round_trip import RoundTrip
from tests.conftest import FakeClock

if TYPE_CHECKING:
    from pathlib import Path


def _measured(wall: float, *, worked: float = 0.0, set_up: float = 0.0) -> float | None:
    clock = FakeClock()
    trip = RoundTrip(clock)
    hears = trip.leaves()
    hears("connection.connect_tcp.started", {})
    clock.moment += set_up
    hears("connection.start_tls.complete", {})
    hears("http11.send_request_headers.started", {})
    clock.moment += wall
    clock.work += worked
    trip.is_back()
    return trip.seconds


def test_handshakes_do_not_count() -> None:
    assert _measured(0.002, set_up=0.3) == pytest.approx(0.002)


def test_work_of_this_thread_does_not_count() -> None:
    assert _measured(0.5, worked=0.49) == pytest.approx(0.01)


def test_a_way_is_never_shorter_than_nothing() -> None:
    assert _measured(0.01, worked=0.02) == 0.0


def test_where_others_want_the_processors_nobody_can_say_how_long_the_way_is() -> None:
    clock = FakeClock()
    clock.full = True
    trip = RoundTrip(clock)
    trip.leaves()
    clock.moment += 0.05
    trip.is_back()
    assert trip.seconds is None
    assert start_for(trip.seconds) == FEW


def test_that_the_other_end_wants_a_processor_as_well_does_not_count() -> None:
    clock = FakeClock()
    trip = RoundTrip(clock)
    trip.leaves()
    clock.full = True
    clock.moment += 0.05
    trip.is_back()
    assert trip.seconds == pytest.approx(0.05)


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


@pytest.mark.parametrize(("running", "crowded"), [(1, False), (4, False), (5, True), (20, True)])
def test_a_machine_is_crowded_when_more_threads_want_to_run_than_it_has_processors(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, running: int, crowded: bool
) -> None:
    (tmp_path / "loadavg").write_text(f"9.99 9.99 9.99 {running}/80 11206\n")
    _tells(monkeypatch, tmp_path / "loadavg")
    assert Clock().crowded() is crowded


@pytest.mark.parametrize(("load", "crowded"), [(0.5, False), (7.5, True)])
def test_a_machine_that_does_not_count_them_tells_its_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, load: float, crowded: bool
) -> None:
    _tells(monkeypatch, tmp_path / "missing")
    monkeypatch.setattr("os.getloadavg", lambda: (load, 9.9, 9.9), raising=False)
    assert Clock().crowded() is crowded


def test_a_machine_that_tells_nothing_counts_as_free(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _tells(monkeypatch, tmp_path / "missing")
    monkeypatch.delattr("os.getloadavg", raising=False)
    assert not Clock().crowded()


def _tells(monkeypatch: pytest.MonkeyPatch, loads: Path) -> None:
    monkeypatch.setattr("imageapis.core.clock.LOADS", str(loads))
    monkeypatch.setattr("os.cpu_count", lambda: 4)
