"""Reading LUSID's lists, ours against FINBOURNE's own SDK and against bare json; and requests sent to a busy service.

`nox -s bench -- lusid`. To reach: a page of 5,000 images at least 4 times faster than the SDK; a walk with `prefetch=1`
at 40 ms round trip at least 1.5 times faster than without; 3 requests for a budget of 2 retries.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from imageapis.errors import RateLimited
from imageapis.lusid import SchedulerImages, auth
from imageapis_generated.lusid.values import ResourceListOfImageSummary
from tests.benchmarks._lusid_pages import page
from tests.benchmarks._ratios import Figures, interleaved, quotients, table
from tests.tools import Unavailable, build

if TYPE_CHECKING:
    from collections.abc import Iterator

SDK = "lusid-scheduler-sdk==2.3.9"
PAGE, SMALL_PAGE = 5_000, 500
IMAGES = 100_000
FIGURES = Figures()
ROUND_TRIP = 0.040
#: Seconds that whoever reads a walk spends with each page, e.g. to store it. Tokens come one after the other, so that
#: a walk cannot be faster than its round trips: what prefetching hides is this work, or the round trips behind it.
WORK = (0.0, 0.020, 0.040, 0.080)


@contextmanager
def pages(count: int, size: int, delay: float = 0.0) -> Iterator[str]:
    """Run the list in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks._lusid_pages", str(count), str(size), str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate()


def official(python: Path | None, *arguments: str) -> float | None:
    """Return what the SDK's script prints, or `None` without the SDK."""
    if python is None:
        return None
    script = Path(__file__).with_name("_lusid_official.py")
    done = subprocess.run([python, script, *arguments], capture_output=True, text=True, check=True)
    return float(done.stdout)


def client(url: str, **options: Any) -> SchedulerImages:
    return SchedulerImages(auth.personal_access_token(scheduler_url=url, access_token="not-a-secret"), **options)


def row(name: str, seconds: float | None, ours: float) -> list[str]:
    if seconds is None:
        return [name, "not installed", ""]
    return [name, f"{seconds * 1000:.1f} ms", f"{seconds / ours:.2f}"]


def parsing(python: Path | None) -> None:
    content = page(0, PAGE, None)

    def read() -> ResourceListOfImageSummary:
        return ResourceListOfImageSummary.from_json(json.loads(content))

    own, raw = interleaved([read, lambda: json.loads(content)], rounds=9, clock=time.thread_time)
    FIGURES.ratio(f"lusid/a page of {PAGE:,} images, to bare json", quotients(own, raw))
    ours, bare = min(own), min(raw)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.json"
        file.write_bytes(content)
        theirs = official(python, "parse", str(file), "5")
    if theirs is not None:
        FIGURES.ratio(f"lusid/a page of {PAGE:,} images, times faster than the SDK", [theirs / one for one in own])
    rows = [row("ours", ours, ours), row("official SDK", theirs, ours), row("bare json", bare, ours)]
    table(f"a page of {PAGE:,} images ({len(content) / 1e6:.1f} MB)", ["", "best", "of ours"], rows)


def walking(python: Path | None) -> None:
    with pages(IMAGES, PAGE) as url:

        def ours() -> None:
            with client(url) as images:
                assert sum(1 for _ in images.images("my-job", limit=PAGE)) == IMAGES

        def bare() -> None:
            with httpx.Client(headers={"Authorization": "Bearer not-a-secret"}) as raw:
                count, parameters = 0, {"limit": str(PAGE)}
                while True:
                    read = raw.get(f"{url}/api/images/repository/my-job", params=parameters).json()
                    count += len(read["values"])
                    if not read["nextPage"]:
                        break
                    parameters["page"] = read["nextPage"]
                assert count == IMAGES

        own, bares = interleaved([ours, bare], rounds=3)
        FIGURES.ratio(f"lusid/a walk over {IMAGES:,} images, to bare json over httpx", quotients(own, bares))
        low, raw = min(own), min(bares)
        theirs = official(python, "walk", url, "3")
    rows = [row("ours", low, low), row("official SDK", theirs, low), row("bare json over httpx", raw, low)]
    table(f"a walk over {IMAGES:,} images in pages of {PAGE:,}", ["", "best", "of ours"], rows)


def prefetching() -> None:
    rows = []
    with pages(20 * SMALL_PAGE, SMALL_PAGE, ROUND_TRIP) as url, client(url) as images:
        for work in WORK:

            def walk(prefetch: int, work: float = work) -> None:
                for found in images.images("my-job", limit=SMALL_PAGE, prefetch=prefetch).by_page():
                    assert len(found.items) == SMALL_PAGE
                    time.sleep(work)

            without, with_one = interleaved([lambda: walk(0), lambda: walk(1)], rounds=3)
            name = f"{work * 1000:.0f} ms"
            times = FIGURES.ratio(f"lusid/prefetch=1 with {name} of work a page", quotients(without, with_one))
            rows.append([name, f"{min(without):.2f} s", f"{min(with_one):.2f} s", times])
    table(
        f"a walk of 20 pages of {SMALL_PAGE:,} at {ROUND_TRIP * 1000:.0f} ms round trip",
        ["work a page", "prefetch=0", "prefetch=1", "times faster"],
        rows,
    )


def requests(python: Path | None) -> None:
    with pages(1, 1) as url:
        try:
            with client(url, retries=2) as images:
                images.image("busy:1")
        except RateLimited:
            pass
        ours = httpx.get(f"{url}/count").text
        theirs = "not installed"
        if official(python, "busy", url) is not None:
            theirs = httpx.get(f"{url}/count").text
    rows = [["ours", ours], ["official SDK", theirs]]
    table("requests for a budget of 2 retries, to a service that stays at 429", ["", "sent"], rows)


def main() -> None:
    """Measure all."""
    try:
        python: Path | None = build("lusid-scheduler-sdk", SDK) / "python"
    except Unavailable as reason:
        python = None
        print(reason)
    parsing(python)
    walking(python)
    prefetching()
    requests(python)


if __name__ == "__main__":
    main()
