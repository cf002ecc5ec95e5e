"""What is measured of FINBOURNE's SDK, run in its environment: `parse FILE ROUNDS`, `walk URL ROUNDS`, `busy URL`.

Prints the best seconds. Imports nothing of ours.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lusid_scheduler  # type: ignore[import-not-found,unused-ignore]
from lusid_scheduler.extensions import (  # type: ignore[import-not-found,unused-ignore]
    ArgsConfigurationLoader,
    SyncApiClient,
    SyncApiClientFactory,
)


def parse(path: str, rounds: str) -> float:
    """Read a page as the SDK's client does."""
    answer = SimpleNamespace(data=Path(path).read_text("utf-8"))
    client = SyncApiClient()
    return best(lambda: client.deserialize(answer, "ResourceListOfImageSummary"), int(rounds), time.thread_time)


def api(url: str, **more: Any) -> Any:
    """Return the images API."""
    loader = ArgsConfigurationLoader(api_url=url, access_token="not-a-secret", **more)
    return SyncApiClientFactory(config_loaders=[loader]).build(lusid_scheduler.ImagesApi)


def walk(url: str, rounds: str) -> float:
    """Walk the whole list."""
    images = api(url)

    def once() -> None:
        count, page = 0, None
        while True:
            answer = images.list_images("my-job", limit=5000, page=page)
            for _ in answer.values:
                count += 1
            page = answer.next_page
            if not page:
                break
        assert count

    return best(once, int(rounds))


def busy(url: str) -> float:
    """Ask a service that stays busy, with a budget of two retries."""
    try:
        api(url, rate_limit_retries=2).get_image("busy:1")
    except lusid_scheduler.ApiException:
        return 0.0
    return -1.0


def best(work: Any, rounds: int, clock: Any = time.perf_counter) -> float:
    """Return the seconds of the fastest round."""
    fastest = float("inf")
    for _ in range(rounds):
        began = clock()
        work()
        fastest = min(fastest, clock() - began)
    return fastest


if __name__ == "__main__":
    measures: dict[str, Any] = {"parse": parse, "walk": walk, "busy": busy}
    print(measures[sys.argv[1]](*sys.argv[2:]))
