"""The walks that `openstack` measures, one a process: `_openstack_walks.py NAME SIZE SEED`.

Imports nothing of ours at its top: openstacksdk's walk is run by an interpreter that has only openstacksdk.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7


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


def measured(walk: Callable[[], int]) -> dict[str, Any]:
    """Run a walk some times and return its CPU and wall seconds, and how many images it saw."""
    count = walk()  # logs in, opens the connection
    cpu, wall = [], []
    for _ in range(ROUNDS):
        began, cpu_began = time.perf_counter(), time.process_time()
        count = walk()
        cpu.append(time.process_time() - cpu_began)
        wall.append(time.perf_counter() - began)
    return {"cpu": cpu, "wall": wall, "images": count}


def bare(seed: dict[str, Any], size: int) -> dict[str, Any]:
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

    return measured(walk)


def ours(seed: dict[str, Any], size: int) -> dict[str, Any]:
    """Walk with our blocking client."""
    from imageapis.openstack import ComputeImages, auth

    login = auth.password(**demo(seed))
    client = ComputeImages(login)
    return measured(lambda: len(list(client.list(detail=True, page_size=size))))


def ours_async(seed: dict[str, Any], size: int) -> dict[str, Any]:
    """Walk with our async client, one event loop for all rounds."""
    import asyncio

    from imageapis.openstack import AsyncComputeImages, auth

    login = auth.password(**demo(seed))
    with asyncio.Runner() as runner:

        async def opened() -> AsyncComputeImages:
            return AsyncComputeImages(login)

        client = runner.run(opened())

        async def walk() -> int:
            return len([image async for image in client.list(detail=True, page_size=size)])

        return measured(lambda: runner.run(walk()))


def openstacksdk(seed: dict[str, Any], size: int) -> dict[str, Any]:
    """Walk with openstacksdk; run by an interpreter that has it."""
    import importlib
    import warnings

    warnings.simplefilter("ignore")
    connection = importlib.import_module("openstack").connect(**demo(seed))
    return measured(lambda: len(list(connection.compute.images(details=True, limit=size))))


WALKS = {"bare httpx": bare, "ours": ours, "ours, async": ours_async, "openstacksdk 4.22.0": openstacksdk}


if __name__ == "__main__":
    name, size, seed_file = sys.argv[1:]
    print(json.dumps(WALKS[name](json.loads(Path(seed_file).read_text("utf-8")), int(size))))
