"""A process that uploads a file and prints by how much that raised the peak of its memory.

`python -m tests.servicefabric.memory_probe <url> <file> <chunk size> <workers> <blocking|async>`
"""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path


def peak() -> int:
    """Return the peak of this process's resident memory in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # `ru_maxrss` would be the parent's if that was larger when it started this process.
        (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def blocking(url: str, file: Path, chunk_size: int, workers: int) -> None:
    """Upload with the blocking client."""
    from imageapis.servicefabric import ImageStore, auth

    with ImageStore(auth.unsecured(url)) as store:
        store.upload_file(b"x" * 100, "small")
        idle = peak()
        store.upload_file(file, "big", chunk_size=chunk_size, concurrency=workers)
        print(idle, peak())


async def nonblocking(url: str, file: Path, chunk_size: int, workers: int) -> None:
    """Upload with the async client."""
    from imageapis.servicefabric import AsyncImageStore, auth

    async with AsyncImageStore(auth.unsecured(url)) as store:
        await store.upload_file(b"x" * 100, "small")
        idle = peak()
        await store.upload_file(file, "big", chunk_size=chunk_size, concurrency=workers)
        print(idle, peak())


def main() -> None:
    """Upload on the face that was asked for."""
    url, file, chunk_size, workers, face = sys.argv[1:]
    if face == "blocking":
        blocking(url, Path(file), int(chunk_size), int(workers))
    else:
        asyncio.run(nonblocking(url, Path(file), int(chunk_size), int(workers)))


if __name__ == "__main__":
    main()
