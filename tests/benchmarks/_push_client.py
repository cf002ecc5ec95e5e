"""One push, timed, in a process of its own: `<face> <scheduler> <token> <source> <name> <blobs at a time or 0>`."""

from __future__ import annotations

import asyncio
import sys
import time

from imageapis.lusid import AsyncSchedulerImages, SchedulerImages, auth


def blocking(url: str, token: str, source: str, name: str, concurrency: int | None) -> float:
    """Push with the blocking client and return the seconds that it took."""
    with SchedulerImages(auth.personal_access_token(scheduler_url=url, access_token=token)) as images:
        began = time.perf_counter()
        images.push(source, name, concurrency=concurrency)
        return time.perf_counter() - began


async def nonblocking(url: str, token: str, source: str, name: str, concurrency: int | None) -> float:
    """Push with the async client and return the seconds that it took."""
    async with AsyncSchedulerImages(auth.personal_access_token(scheduler_url=url, access_token=token)) as images:
        began = time.perf_counter()
        await images.push(source, name, concurrency=concurrency)
        return time.perf_counter() - began


if __name__ == "__main__":
    face, *arguments, count = sys.argv[1:]
    url, token, source, name = arguments
    work = (url, token, source, name, int(count) or None)
    print(blocking(*work) if face == "blocking" else asyncio.run(nonblocking(*work)))
