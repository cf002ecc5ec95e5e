"""What an operation costs over the same raw httpx call, on a transport that answers at once; and what importing costs.

`nox -s bench -- overhead`. To reach: at most 1.25 times the raw call; at most 40 ms of import above httpx.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

import imageapis
from imageapis import lusid, openstack, servicefabric
from imageapis.core.login import Login
from tests.benchmarks._ratios import interleaved, table
from tests.unit.toy import AsyncToy, Toy

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS, ROUNDS = 300, 15

_TIME = "2026-01-01T00:00:00.0000000+00:00"
#: A plain operation a service: its client on an httpx client, the call, and the answer it gets.
OPERATIONS: dict[str, tuple[Callable[[httpx.Client], Any], Callable[[Any], object], object]] = {
    "lusid: image": (
        lambda http: lusid.SchedulerImages(
            lusid.auth.personal_access_token(scheduler_url="http://x/scheduler2", access_token="t"), http_client=http
        ),
        lambda client: client.image("job:1"),
        {
            "name": "job",
            "pushTime": _TIME,
            "digest": "sha256:0",
            "size": 5,
            "tags": [{"name": "1", "pullTime": _TIME, "pushTime": _TIME, "signed": True, "immutable": False}],
        },
    ),
    "openstack: metadata": (
        lambda http: openstack.ComputeImages(Login(endpoint="http://x/v2.1"), http_client=http),
        lambda client: client.metadata("00000000-0000-0000-0000-000000000001"),
        {"metadata": {"a": "b"}},
    ),
    "servicefabric: folder_size": (
        lambda http: servicefabric.ImageStore(servicefabric.auth.unsecured("http://x"), http_client=http),
        lambda client: client.folder_size("a/b"),
        {"StoreRelativePath": "a", "FolderSize": "5"},
    ),
}


def _operation(make: Callable[[httpx.Client], Any], call: Callable[[Any], object], body: object) -> tuple[float, float]:
    """Return the seconds of the raw httpx call with the same request, and those of the operation."""
    sent: list[httpx.Request] = []
    content = json.dumps(body).encode()

    def answer(request: httpx.Request) -> httpx.Response:
        sent[:] = [request]
        return httpx.Response(200, content=content, headers={"Content-Type": "application/json"})

    transport = httpx.MockTransport(answer)
    with httpx.Client(transport=transport) as http, httpx.Client(transport=transport) as raw:
        client = make(http)
        call(client)
        request = sent[0]
        own = {"host", "accept-encoding", "connection"}
        headers = {name: value for name, value in request.headers.items() if name not in own}
        url, params = str(request.url.copy_with(query=None)), dict(request.url.params) or None

        def bare() -> object:
            response = raw.request(request.method, url, params=params, headers=headers)
            response.raise_for_status()
            return response.json()

        low, ours = interleaved([bare, lambda: call(client)], rounds=ROUNDS, calls=CALLS)
        return low, ours


def _answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b'{"number": 1}', headers={"Content-Type": "application/json"})


def _blocking() -> tuple[float, float]:
    with httpx.Client(transport=httpx.MockTransport(_answer), base_url="http://x") as raw:
        toy = Toy(Login(endpoint="http://x"), http_client=httpx.Client(transport=httpx.MockTransport(_answer)))
        headers = dict(toy._headers)

        def bare() -> Any:
            response = raw.get("/thing", params={"name": "x"}, headers=headers)
            response.raise_for_status()
            return response.json()

        low, ours = interleaved([bare, toy.get], rounds=ROUNDS, calls=CALLS)
        return low, ours


async def _nonblocking() -> tuple[float, float]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(_answer), base_url="http://x") as raw:
        toy = AsyncToy(
            Login(endpoint="http://x"), http_client=httpx.AsyncClient(transport=httpx.MockTransport(_answer))
        )
        headers = dict(toy._headers)

        async def bare() -> Any:
            response = await raw.get("/thing", params={"name": "x"}, headers=headers)
            response.raise_for_status()
            return response.json()

        async def timed(work: Callable[[], Any]) -> float:
            loop = asyncio.get_running_loop()
            began = loop.time()
            for _ in range(CALLS):
                await work()
            return (loop.time() - began) / CALLS

        low = ours = float("inf")
        for _ in range(ROUNDS):
            low, ours = min(low, await timed(bare)), min(ours, await timed(toy.get))
        return low, ours


def import_ms(statements: list[str], rounds: int = 30) -> list[float]:
    """Return the milliseconds that `-X importtime` counts for each statement, the least of some fresh processes.

    Other work on the machine only ever adds to it; the statements take turns, so that it hits all alike.
    """
    least = [float("inf")] * len(statements)
    for _ in range(rounds):
        for index, statement in enumerate(statements):
            done = subprocess.run(
                [sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True, check=True
            )
            # Self times add up to the whole without counting anything twice.
            took = sum(int(us) for us in re.findall(r"import time: +(\d+) \|", done.stderr)) / 1000
            least[index] = min(least[index], took)
    return least


def main() -> None:
    """Print both tables."""
    rows = []
    for name, (low, ours) in (("blocking", _blocking()), ("async", asyncio.run(_nonblocking()))):
        rows.append((f"no service, {name}", f"{low * 1e6:.0f}", f"{ours * 1e6:.0f}", f"{ours / low:.2f}"))
    for name, parts in OPERATIONS.items():
        low, ours = _operation(*parts)
        rows.append((name, f"{low * 1e6:.0f}", f"{ours * 1e6:.0f}", f"{ours / low:.2f}"))
    table("one call on a mock transport", ("operation", "raw httpx µs", "operation µs", "ratio"), rows)
    packages = [
        f"imageapis.{folder.name}"
        for folder in sorted(Path(str(imageapis.__file__)).parent.iterdir())
        if (folder / "client.py").exists() and folder.name != "core"
    ]
    alone, *found = import_ms(["import httpx", *(f"import httpx; import {name}" for name in packages)])
    rows = [
        (name, f"{ms:.1f}", f"{ms - alone:.1f}", f"{ms / alone:.2f}") for name, ms in zip(packages, found, strict=True)
    ]
    table(f"import, -X importtime (httpx alone: {alone:.1f} ms)", ("package", "ms", "above httpx", "ratio"), rows)


if __name__ == "__main__":
    main()
