"""What an operation costs over the same raw httpx call, on a transport that answers at once; and what importing costs.

`nox -s bench -- overhead`. To reach: at most 1.25 times the processor time of the raw call; at most 40 ms of import
above httpx.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

import imageapis
from imageapis import lusid, openstack, servicefabric
from imageapis.core.login import Login
from tests.benchmarks._ratios import Figures, interleaved, quotients, table
from tests.unit.toy import AsyncToy, Toy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLS, ROUNDS = 300, 15
#: Seconds of the processor: nothing waits here, and what else the machine does counts for neither side.
CLOCK = time.thread_time

#: Seconds of a call in each round: of the raw httpx call, and of the operation.
Pair = tuple[list[float], list[float]]

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


@contextmanager
def pair(
    make: Callable[[httpx.Client], Any], call: Callable[[Any], object], body: object
) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """Give the raw httpx call with the same request as an operation, and the operation."""
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

        yield bare, lambda: call(client)


def _operation(make: Callable[[httpx.Client], Any], call: Callable[[Any], object], body: object) -> Pair:
    """Return the seconds a round of the raw httpx call with the same request, and those of the operation."""
    with pair(make, call, body) as (bare, ours):
        raw_times, times = interleaved([bare, ours], rounds=ROUNDS, calls=CALLS, clock=CLOCK)
        return raw_times, times


def _answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b'{"number": 1}', headers={"Content-Type": "application/json"})


def _blocking() -> Pair:
    with httpx.Client(transport=httpx.MockTransport(_answer), base_url="http://x") as raw:
        toy = Toy(Login(endpoint="http://x"), http_client=httpx.Client(transport=httpx.MockTransport(_answer)))
        headers = dict(toy._headers)

        def bare() -> Any:
            response = raw.get("/thing", params={"name": "x"}, headers=headers)
            response.raise_for_status()
            return response.json()

        raw_times, times = interleaved([bare, toy.get], rounds=ROUNDS, calls=CALLS, clock=CLOCK)
        return raw_times, times


async def _nonblocking() -> Pair:
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
            began = CLOCK()
            for _ in range(CALLS):
                await work()
            return (CLOCK() - began) / CALLS

        raw_times, times = [], []
        for _ in range(ROUNDS):
            raw_times.append(await timed(bare))
            times.append(await timed(toy.get))
        return raw_times, times


def import_ms(statements: list[str], rounds: int = 30) -> list[list[float]]:
    """Return the milliseconds that `-X importtime` counts for each statement in each of some fresh processes.

    Other work on the machine only ever adds to it; the statements take turns, so that it hits all alike.
    """
    found: list[list[float]] = [[] for _ in statements]
    for _ in range(rounds):
        for index, statement in enumerate(statements):
            done = subprocess.run(
                [sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True, check=True
            )
            # Self times add up to the whole without counting anything twice.
            found[index].append(sum(int(us) for us in re.findall(r"import time: +(\d+) \|", done.stderr)) / 1000)
    return found


def main() -> None:
    """Print both tables."""
    figures = Figures()
    found = {"no service, blocking": _blocking(), "no service, async": asyncio.run(_nonblocking())}
    found |= {name: _operation(*parts) for name, parts in OPERATIONS.items()}
    rows: list[tuple[str, ...]] = []
    for name, (raw, ours) in found.items():
        ratio = figures.ratio(f"overhead/{name}", quotients(ours, raw))
        rows.append((name, f"{min(raw) * 1e6:.0f}", f"{min(ours) * 1e6:.0f}", ratio))
    table("one call on a mock transport", ("operation", "raw httpx µs", "operation µs", "ratio"), rows)
    packages = [
        f"imageapis.{folder.name}"
        for folder in sorted(Path(str(imageapis.__file__)).parent.iterdir())
        if (folder / "client.py").exists() and folder.name != "core"
    ]
    alone, *imports = import_ms(["import httpx", *(f"import httpx; import {name}" for name in packages)])
    rows = [
        (name, f"{min(ms):.1f}", f"{min(ms) - min(alone):.1f}", figures.ratio(f"import/{name}", quotients(ms, alone)))
        for name, ms in zip(packages, imports, strict=True)
    ]
    table(f"import, -X importtime (httpx alone: {min(alone):.1f} ms)", ("package", "ms", "above httpx", "ratio"), rows)


if __name__ == "__main__":
    main()
