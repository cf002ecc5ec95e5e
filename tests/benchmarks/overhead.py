"""What an operation costs over the same raw httpx call, on a transport that answers at once; and what importing costs.

`nox -s bench -- overhead`. To reach: at most 1.25 times the raw call; at most 40 ms of import above httpx.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

import imageapis
from imageapis.core.login import Login
from tests.benchmarks._ratios import interleaved, table
from tests.unit.toy import AsyncToy, Toy

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS, ROUNDS = 300, 15


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


def import_ms(statement: str, rounds: int = 7) -> float:
    """Return the milliseconds that `-X importtime` counts for a statement, the median of some fresh processes."""
    found = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True, check=True
        )
        # Self times add up to the whole without counting anything twice.
        found.append(sum(int(us) for us in re.findall(r"import time: +(\d+) \|", done.stderr)) / 1000)
    return statistics.median(found)


def main() -> None:
    """Print both tables."""
    rows = []
    for name, (low, ours) in (("blocking", _blocking()), ("async", asyncio.run(_nonblocking()))):
        rows.append((name, f"{low * 1e6:.0f}", f"{ours * 1e6:.0f}", f"{ours / low:.2f}"))
    table("one call on a mock transport", ("face", "raw httpx µs", "operation µs", "ratio"), rows)
    httpx_alone = import_ms("import httpx")
    rows = []
    for folder in sorted(Path(str(imageapis.__file__)).parent.iterdir()):
        if (folder / "client.py").exists() and folder.name != "core":
            ms = import_ms(f"import httpx; import imageapis.{folder.name}")
            rows.append((f"imageapis.{folder.name}", f"{ms:.1f}", f"{ms - httpx_alone:.1f}", f"{ms / httpx_alone:.2f}"))
    table(f"import, -X importtime (httpx alone: {httpx_alone:.1f} ms)", ("package", "ms", "above httpx", "ratio"), rows)


if __name__ == "__main__":
    main()
