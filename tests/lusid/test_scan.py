"""Waiting for a scan: appearing late, states, the gate, and the end of patience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import Forbidden, NotFound, TimedOut
from imageapis.lusid import InvalidName, ScanFailed
from imageapis.testing.lusid import Trouble
from imageapis.testing.lusid.images import finished, new_image, running

if TYPE_CHECKING:
    from imageapis.testing.lusid import LusidServer
    from tests.conftest import FakeClock


def test_a_scan_is_waited_for_until_it_ends(server: LusidServer, images: Any, clock: FakeClock) -> None:
    server.add(new_image("a", ["1"], scans=[None, running(), running(), finished()]))
    assert images.wait_for_scan("a:1", interval=3).scan_report.status == "Success"
    assert clock.slept == [3, 3, 3]


def test_an_image_that_appears_late_is_waited_for(server: LusidServer, images: Any, clock: FakeClock) -> None:
    server.add(new_image("a", ["1"]))
    server.troubles.append(Trouble(404, times=2))
    assert images.wait_for_scan("a:1").name == "a"
    assert clock.slept == [5, 5]


def test_an_image_that_never_appears_is_not_found(images: Any, clock: FakeClock) -> None:
    with pytest.raises(NotFound):
        images.wait_for_scan("a:1", timeout=12, interval=5)
    assert clock.slept == [5, 5, 2]


def test_a_scan_that_does_not_end_in_time_is_timed_out(server: LusidServer, images: Any, clock: FakeClock) -> None:
    server.add(new_image("a", ["1"], scans=[running()]))
    with pytest.raises(TimedOut, match="12 s"):
        images.wait_for_scan("a:1", timeout=12)
    assert sum(clock.slept) == 12


@pytest.mark.parametrize(
    ("fail_on", "critical", "high", "passes"),
    [
        (None, 5, 5, True),
        ("critical", 0, 5, True),
        ("critical", 1, 0, False),
        ("high", 0, 0, True),
        ("high", 0, 1, False),
        ("high", 1, 0, False),
        ("unknown", 0, 1, False),
    ],
)
def test_the_gate_lets_through_what_is_less_severe(
    server: LusidServer, images: Any, fail_on: str | None, critical: int, high: int, passes: bool
) -> None:
    server.add(new_image("a", ["1"], scans=[finished(critical=critical, high=high)]))
    if passes:
        assert images.wait_for_scan("a:1", fail_on=fail_on).name == "a"
        return
    with pytest.raises(ScanFailed, match=f"{critical or high} ") as caught:
        images.wait_for_scan("a:1", fail_on=fail_on)
    report = caught.value.image.scan_report
    assert report is not None
    assert report.summary is not None
    assert report.summary.critical == critical


def test_vulnerabilities_count_also_where_the_summary_is_missing(server: LusidServer, images: Any) -> None:
    server.add(new_image("a", ["1"], scans=[{**finished(high=2), "summary": None}]))
    with pytest.raises(ScanFailed, match="2 high"):
        images.wait_for_scan("a:1", fail_on="high")


def test_a_severity_without_counts_does_not_pass_the_gate(server: LusidServer, images: Any) -> None:
    report = {"status": "Success", "severity": "Critical"}
    server.add(new_image("a", ["1"], scans=[report]))
    with pytest.raises(ScanFailed, match="Critical"):
        images.wait_for_scan("a:1", fail_on="high")


def test_a_scan_that_failed_is_no_result(server: LusidServer, images: Any) -> None:
    server.add(new_image("a", ["1"], scans=[finished(status="Error")]))
    with pytest.raises(ScanFailed, match="without a result"):
        images.wait_for_scan("a:1")


def test_a_refusal_that_is_not_for_now_ends_the_waiting(server: LusidServer, images: Any) -> None:
    server.troubles.append(Trouble(403))
    with pytest.raises(Forbidden):
        images.wait_for_scan("a:1")


def test_arguments_are_checked_before_anything_is_sent(server: LusidServer, images: Any) -> None:
    nan = float("nan")
    for arguments in ({"fail_on": "terrible"}, {"interval": 0}, {"interval": nan}, {"timeout": nan}, {"timeout": -1}):
        with pytest.raises(ValueError):
            images.wait_for_scan("a:1", **arguments)
    with pytest.raises(InvalidName):
        images.wait_for_scan("a")
    assert server.seen == []
