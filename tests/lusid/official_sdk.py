"""Calls of FINBOURNE's own SDK, run in its environment: `python official_sdk.py <sync|async> <json of settings>`.

Prints what it got as JSON. Imports nothing of ours: it must run where only that SDK is installed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import lusid_scheduler  # type: ignore[import-not-found,unused-ignore]
from lusid_scheduler.extensions import (  # type: ignore[import-not-found,unused-ignore]
    ApiClientFactory,
    ArgsConfigurationLoader,
    SyncApiClientFactory,
)

ORDER = ["-pushTime"]
FILTER = "size gt 10"


def seen(images: list[Any]) -> list[list[Any]]:
    """Return digest, size, tags and scan of each image."""
    return [[it.digest, it.size, [tag.name for tag in it.tags], it.scan_summary.high] for it in images]


def shown(image: Any, instructions: Any, repositories: Any) -> dict[str, Any]:
    """Return what the other calls gave."""
    return {
        "image": [image.name, image.digest, image.scan_report.status],
        "pushed": image.push_time.isoformat(),
        "login": instructions.docker_login_command,
        "repositories": [it.name for it in repositories.values],
    }


def blocking(loader: Any) -> dict[str, Any]:
    """Walk, look and announce with the blocking client."""
    api = SyncApiClientFactory(config_loaders=[loader]).build(lusid_scheduler.ImagesApi)
    found: list[Any] = []
    page = None
    while True:
        answer = api.list_images("my-job", page=page, sort_by=ORDER, filter=FILTER, limit=7)
        found += answer.values
        page = answer.next_page
        if not page:
            break
    rest = shown(api.get_image("my-job:1"), api.upload_image({"imageName": "new:1"}), api.list_repositories())
    return {"images": seen(found), **rest}


async def nonblocking(loader: Any) -> dict[str, Any]:
    """Walk, look and announce with the async client."""
    async with ApiClientFactory(config_loaders=[loader]) as factory:
        api = factory.build(lusid_scheduler.ImagesApi)
        found: list[Any] = []
        page = None
        while True:
            answer = await api.list_images("my-job", page=page, sort_by=ORDER, filter=FILTER, limit=7)
            found += answer.values
            page = answer.next_page
            if not page:
                break
        image = await api.get_image("my-job:1")
        instructions = await api.upload_image({"imageName": "new:1"})
        return {"images": seen(found), **shown(image, instructions, await api.list_repositories())}


def busy(loader: Any) -> dict[str, Any]:
    """Ask a service that is busy, with a budget of two retries."""
    api = SyncApiClientFactory(config_loaders=[loader]).build(lusid_scheduler.ImagesApi)
    try:
        api.get_image("my-job:1")
    except lusid_scheduler.ApiException as failure:
        return {"status": failure.status}
    return {}


if __name__ == "__main__":
    kind, settings = sys.argv[1], ArgsConfigurationLoader(**json.loads(sys.argv[2]))
    if kind == "async":
        print(json.dumps(asyncio.run(nonblocking(settings))))
    else:
        print(json.dumps({"sync": blocking, "busy": busy}[kind](settings)))
