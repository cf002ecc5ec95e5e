"""A process that uploads a file with a journal; the kill test ends it at a random moment.

`python -m tests.servicefabric.uploader <url> <file> <path> <journal> <chunk size> <blocking|async>`
"""

from __future__ import annotations

import sys


def main() -> None:
    """Upload."""
    url, file, path, journal, chunk_size, face = sys.argv[1:]
    if face == "async":
        import asyncio

        asyncio.run(_upload(url, file, path, journal, int(chunk_size)))
        return
    from imageapis.servicefabric import ImageStore, auth

    with ImageStore(auth.unsecured(url)) as store:
        print("ready", flush=True)
        store.upload_file(file, path, journal=journal, chunk_size=int(chunk_size))


async def _upload(url: str, file: str, path: str, journal: str, chunk_size: int) -> None:
    from imageapis.servicefabric import AsyncImageStore, auth

    async with AsyncImageStore(auth.unsecured(url)) as store:
        print("ready", flush=True)
        await store.upload_file(file, path, journal=journal, chunk_size=chunk_size)


if __name__ == "__main__":
    main()
