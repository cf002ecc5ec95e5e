"""The walks that `openstack` measures, in turns: `_openstack_walks.py SIZE SEED NAME ...`.

What a walk costs depends on what the machine did while it waited for Nova, which takes a hundred times as long: in
turns each of them meets the same. Imports nothing of ours at its top: openstacksdk's walk is run by an interpreter that
has only openstacksdk.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

#: Rounds by the size of a page. The fewer the requests, the more one walk's CPU differs from the next one's: of two
#: requests with seconds between them, by half.
ROUNDS = {1000: 27, 100: 9}


def demo(seed: dict[str, Any]) -> dict[str, Any]:
    """Return the login of user demo, by names that all clients share."""
    return {
        "auth_url": seed["keystone"],
        "username": "demo",
        "password": seed["password"],
        "project_name": "demo",
        "user_domain_name": "Default",
        "project_domain_name": "Default",
        "region_name": "RegionOne",
    }


def measured(walks: dict[str, Callable[[], int]], rounds: int) -> dict[str, dict[str, Any]]:
    """Run walks so many times, in turns, and return CPU and wall seconds of each, and how many images it saw."""
    # The first one logs in and opens the connection.
    found: dict[str, dict[str, Any]] = {name: {"cpu": [], "wall": [], "images": walk()} for name, walk in walks.items()}
    for _ in range(rounds):
        for name, walk in walks.items():
            began, cpu_began = time.perf_counter(), time.process_time()
            found[name]["images"] = walk()
            found[name]["cpu"].append(time.process_time() - cpu_began)
            found[name]["wall"].append(time.perf_counter() - began)
    return found


def bare(seed: dict[str, Any], size: int) -> Callable[[], int]:
    """Walk with httpx and nothing else: ask, read the JSON, take the last id."""
    import httpx

    from tests.live.churn import token

    client = httpx.Client(trust_env=False, timeout=60, headers={"X-Auth-Token": token(seed)})

    def walk() -> int:
        images: list[Any] = []
        params: dict[str, Any] = {"limit": size}
        while True:
            page = client.get(f"{seed['nova']}/images/detail", params=params).json()["images"]
            images += page
            if len(page) < size:
                return len(images)
            params["marker"] = page[-1]["id"]

    return walk


def bare_async(seed: dict[str, Any], size: int) -> Callable[[], int]:
    """Walk so on an event loop."""
    import asyncio

    import httpx

    from tests.live.churn import token

    client = httpx.AsyncClient(trust_env=False, timeout=60, headers={"X-Auth-Token": token(seed)})
    runner = asyncio.Runner()

    async def walk() -> int:
        images: list[Any] = []
        params: dict[str, Any] = {"limit": size}
        while True:
            page = (await client.get(f"{seed['nova']}/images/detail", params=params)).json()["images"]
            images += page
            if len(page) < size:
                return len(images)
            params["marker"] = page[-1]["id"]

    return lambda: runner.run(walk())


def ours(seed: dict[str, Any], size: int) -> Callable[[], int]:
    """Walk with our blocking client."""
    from imageapis.openstack import ComputeImages, auth

    login = auth.password(**demo(seed))
    client = ComputeImages(login)
    return lambda: len(list(client.list(detail=True, page_size=size)))


def ours_async(seed: dict[str, Any], size: int) -> Callable[[], int]:
    """Walk with our async client, one event loop for all rounds."""
    import asyncio

    from imageapis.openstack import AsyncComputeImages, auth

    client = AsyncComputeImages(auth.password(**demo(seed)))
    runner = asyncio.Runner()

    async def walk() -> int:
        return len([image async for image in client.list(detail=True, page_size=size)])

    return lambda: runner.run(walk())


def openstacksdk(seed: dict[str, Any], size: int) -> Callable[[], int]:
    """Walk with openstacksdk; run by an interpreter that has it."""
    import importlib
    import warnings

    warnings.simplefilter("ignore")
    connection = importlib.import_module("openstack").connect(**demo(seed))
    return lambda: len(list(connection.compute.images(details=True, limit=size)))


#: It cannot run beside the others: its interpreter has only openstacksdk.
RIVAL = "openstacksdk 4.22.0"
WALKS = {
    "bare httpx": bare,
    "bare httpx, async": bare_async,
    "ours": ours,
    "ours, async": ours_async,
    RIVAL: openstacksdk,
}


if __name__ == "__main__":
    size, seed_file, *names = sys.argv[1:]
    seed = json.loads(Path(seed_file).read_text("utf-8"))
    print(json.dumps(measured({name: WALKS[name](seed, int(size)) for name in names}, ROUNDS[int(size)])))
