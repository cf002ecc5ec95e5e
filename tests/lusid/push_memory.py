"""Pushes a small image and then a large one, and prints by how many KiB the large one raised the peak of memory.

`python -m tests.lusid.push_memory <blocking|async> <scheduler address> <token> <small> <large> <chunk size or 0>`, in a
process of its own: what a test session holds would hide it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from imageapis.lusid import AsyncSchedulerImages, SchedulerImages, auth


def peak() -> int:
    """Return the most memory that this process has held so far, in KiB."""
    # Not getrusage: what it calls the peak begins with that of the process which started this one.
    [line] = [it for it in Path("/proc/self/status").read_text().splitlines() if it.startswith("VmHWM:")]
    return int(line.split()[1])


def blocking(login: Any, small: str, large: str, options: Any) -> int:
    """Push with the blocking client."""
    with SchedulerImages(login) as images:
        images.push(small, "small:1", **options)
        before = peak()
        images.push(large, "large:1", **options)
        return peak() - before


async def nonblocking(login: Any, small: str, large: str, options: Any) -> int:
    """Push with the async client."""
    async with AsyncSchedulerImages(login) as images:
        await images.push(small, "small:1", **options)
        before = peak()
        await images.push(large, "large:1", **options)
        return peak() - before


if __name__ == "__main__":
    face, url, token, small, large, chunk_size = sys.argv[1:]
    login = auth.personal_access_token(scheduler_url=url, access_token=token)
    options = {"chunk_size": int(chunk_size) or None}
    work = (login, small, large, options)
    print(blocking(*work) if face == "blocking" else asyncio.run(nonblocking(*work)))
