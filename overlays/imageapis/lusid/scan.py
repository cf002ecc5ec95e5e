"""Waiting for the scan of a pushed image, with a gate on what it found.

The service's words for the state of a scan are not documented; only `Success` has been seen. A scan has ended when its
report has an end, or a state that says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.core.arguments import one_of, seconds
from imageapis.errors import InvalidArgument, NotFound, TimedOut
from imageapis.lusid.errors import ScanFailed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imageapis.core.io import Io
    from imageapis_generated.lusid.values import Image, ScanReport

#: From the worst to the least.
SEVERITIES = ("critical", "high", "medium", "low", "negligible", "unknown")
_SUCCEEDED = frozenset({"success", "succeeded", "complete", "completed", "finished"})
_FAILED = frozenset({"error", "failed", "failure", "stopped", "aborted", "unsupported"})


async def wait(
    io: Io,
    name: str,
    look: Callable[[], Awaitable[Image]],
    fail_on: str | None,
    timeout: float,
    interval: float,
) -> Image:
    """Look at an image until its scan has ended; see `SchedulerImages.wait_for_scan`."""
    if fail_on is not None:
        one_of("fail_on", fail_on, SEVERITIES)
    seconds("timeout", timeout)
    seconds("interval", interval)
    if interval <= 0:
        raise InvalidArgument(f"interval is more than 0 seconds, not {interval}")
    end = io.now() + timeout
    while True:
        missing: NotFound | None = None
        try:
            image = await look()
        except NotFound as failure:
            missing = failure
        else:
            report = image.scan_report
            if report is not None and _ended(report):
                _judge(name, image, report, fail_on)
                return image
        left = end - io.now()
        if left <= 0:
            if missing is not None:
                raise missing
            raise TimedOut(f"The scan of {name} has not ended within {timeout:g} s. Wait longer.", sent=True)
        await io.sleep(min(interval, left))


def _state(report: ScanReport) -> str:
    return (report.status or "").lower()


def _ended(report: ScanReport) -> bool:
    return report.end_time is not None or _state(report) in _SUCCEEDED | _FAILED


def _judge(name: str, image: Image, report: ScanReport, fail_on: str | None) -> None:
    if _state(report) in _FAILED:
        raise ScanFailed(f"The scan of {name} ended without a result ({report.status}). Push or scan it again.", image)
    if fail_on is None:
        return
    too_much = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    counts = {severity: _count(report, severity) for severity in too_much}
    found = [f"{count} {severity}" for severity, count in counts.items() if count]
    if found:
        raise ScanFailed(f"The scan of {name} found {', '.join(found)}. See the image's scan report.", image)
    if report.summary is None and not report.vulnerabilities and (report.severity or "none").lower() != "none":
        raise ScanFailed(f"The scan of {name} says {report.severity} without counts. See the service.", image)


def _count(report: ScanReport, severity: str) -> int:
    """Return how many vulnerabilities of a severity there are, by the counts or by the list, whichever has more."""
    counted = getattr(report.summary, severity, None) or 0
    listed = sum((it.severity or "unknown").lower() == severity for it in report.vulnerabilities)
    return max(counted, listed)
