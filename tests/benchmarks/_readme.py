"""The figures that README.md and the site show, from `bench.json`.

`python -m tests.benchmarks._readme` writes them there; `nox -s bench` does that at its end.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).with_name("bench.json")
PAGES = (ROOT / "README.md", ROOT / "scripts" / "docs" / "pages" / "compare.md")
PLACE = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)

FILE, SMALL, FAR = "1024 MiB", "2000 files of 2 KiB", "one file of 512 MiB, 40 ms, 20 MiB/s a connection"
PAGE = "a page of 5,000 images"
WALK, SHORT_WALK = (f"openstack/walk in pages of {size}, CPU" for size in (1000, 100))
#: What a row says, and its keys for both faces.
ROWS = (
    (
        "a file of 1 GiB on loopback: throughput, of an `http.client` loop's",
        f"upload/loopback, {FILE}/blocking to http.client, throughput",
        f"upload/loopback, {FILE}/async to http.client, throughput",
    ),
    (
        "the same: processor time, of that loop's",
        f"upload/loopback, {FILE}/blocking to http.client, CPU",
        f"upload/loopback, {FILE}/async to http.client, CPU",
    ),
    (
        "the same over TLS: throughput",
        f"upload/TLS, {FILE}/blocking to http.client, throughput",
        f"upload/TLS, {FILE}/async to http.client, throughput",
    ),
    (
        "a file of 512 MiB at 40 ms, 20 MiB/s a connection: times as fast as `sfctl`",
        f"upload/{FAR}/blocking, times sfctl",
        f"upload/{FAR}/async, times sfctl",
    ),
    (
        "2,000 small files on loopback: times as fast as `sfctl`",
        f"upload/{SMALL}, loopback/blocking, times sfctl",
        f"upload/{SMALL}, loopback/async, times sfctl",
    ),
    (
        "2,000 small files at 40 ms: times as fast as `sfctl`",
        f"upload/{SMALL}, 40 ms/blocking, times sfctl",
        f"upload/{SMALL}, 40 ms/async, times sfctl",
    ),
    ("one call: time, of the raw httpx call's", "overhead/no service, blocking", "overhead/no service, async"),
    (f"{PAGE} of LUSID: time, of `json.loads` alone", f"lusid/{PAGE}, to bare json", None),
    ("the same: times as fast as the official SDK", f"lusid/{PAGE}, times faster than the SDK", None),
    (
        "a walk over some 1,200 images of a real Nova: processor time, of a bare httpx loop's of the same face",
        f"{WALK}/ours to bare httpx",
        f"{WALK}/ours, async to bare httpx, async",
    ),
    (
        "the same in pages of 100, not of 1,000 as by default",
        f"{SHORT_WALK}/ours to bare httpx",
        f"{SHORT_WALK}/ours, async to bare httpx, async",
    ),
)


def table(figures: dict[str, dict[str, float]]) -> str:
    """Return the table for people."""

    def cell(key: str | None) -> str:
        if key is None:
            return ""
        found = figures[key]
        return f"{found['ratio']:.2f} ({found['low']:.2f} to {found['high']:.2f})"

    rows = [f"| {what} | {cell(blocking)} | {cell(nonblocking)} |" for what, blocking, nonblocking in ROWS]
    return "\n".join(["| | blocking | async |", "| --- | --- | --- |", *rows]) + "\n"


def shown(text: str, found: dict[str, Any]) -> str:
    """Return a page with the figures in their place."""
    return PLACE.sub(lambda place: place[1] + table(found["figures"]) + place[2], text)


def main() -> None:
    """Write the pages anew."""
    found = json.loads(FOUND.read_text("utf-8"))
    for page in PAGES:
        page.write_text(shown(page.read_text("utf-8"), found), "utf-8")


if __name__ == "__main__":
    main()
