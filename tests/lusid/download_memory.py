"""Downloads a small image and then a large one, and prints by how many KiB the large one raised the peak of memory.

`python -m tests.lusid.download_memory <blocking|async> <scheduler address> <token> <folder>`, in a process of its own.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from imageapis.lusid import AsyncSchedulerImages, SchedulerImages, auth
from tests.lusid.push_memory import peak


def blocking(login: Any, folder: Path) -> int:
    """Download with the blocking client."""
    with SchedulerImages(login) as images:
        images.download("small:1", folder / "small")
        before = peak()
        images.download("large:1", folder / "large")
        return peak() - before


async def nonblocking(login: Any, folder: Path) -> int:
    """Download with the async client."""
    async with AsyncSchedulerImages(login) as images:
        await images.download("small:1", folder / "small")
        before = peak()
        await images.download("large:1", folder / "large")
        return peak() - before


if __name__ == "__main__":
    face, url, token, folder = sys.argv[1:]
    login = auth.personal_access_token(scheduler_url=url, access_token=token)
    work = (login, Path(folder))
    print(blocking(*work) if face == "blocking" else asyncio.run(nonblocking(*work)))
