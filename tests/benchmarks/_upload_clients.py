"""The contestants that are Python, each in a process of its own, which prints what an upload cost.

`python -m tests.benchmarks._upload_clients <contestant> <url> <file> <times>` prints a JSON object with the seconds and
the CPU seconds of its best rounds.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import sys
import time
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK = 16 << 20
BLOCK = 256 << 10
#: What a bare httpx loop sends a request: bytes, so smaller chunks.
BYTES_CHUNK = 4 << 20


def http_client_loop(url: str, file: Path) -> None:
    """The bare loop: one connection, one chunk after the other, each read and handed over as bytes."""
    size = file.stat().st_size
    session = str(uuid.uuid4())
    connection = connect(url)
    with file.open("rb") as opened:
        for start in range(0, size, CHUNK):
            data = opened.read(CHUNK)
            headers = {"Content-Range": f"bytes {start}-{start + len(data) - 1}/{size}"}
            connection.request("PUT", _chunk_path(session), body=data, headers=headers)
            _check(connection)
    _commit(connection, session)


def http_client_blocks(url: str, file: Path) -> None:
    """The same, as cheap as it can be made: chunks streamed in blocks that stay in the processor's cache."""
    size = file.stat().st_size
    session = str(uuid.uuid4())
    connection = connect(url)
    with file.open("rb", buffering=0) as opened:
        for start in range(0, size, CHUNK):
            left = min(CHUNK, size - start)
            connection.putrequest("PUT", _chunk_path(session))
            connection.putheader("Content-Range", f"bytes {start}-{start + left - 1}/{size}")
            connection.putheader("Content-Length", str(left))
            connection.endheaders()
            while left:
                block = opened.read(min(BLOCK, left))
                connection.send(block)
                left -= len(block)
            _check(connection)
    _commit(connection, session)


def connect(url: str) -> http.client.HTTPConnection:
    """Return a connection for the bare loops."""
    address = urlsplit(url)
    if address.scheme == "https":
        # Trusts whom SSL_CERT_FILE names, as the other contestants do.
        return http.client.HTTPSConnection(address.hostname or "", address.port)
    return http.client.HTTPConnection(address.hostname or "", address.port)


def _chunk_path(session: str) -> str:
    return f"/ImageStore/loop.bin/$/UploadChunk?api-version=6.0&session-id={session}"


def _commit(connection: http.client.HTTPConnection, session: str) -> None:
    connection.request("POST", f"/ImageStore/$/CommitUploadSession?api-version=6.0&session-id={session}")
    _check(connection)
    connection.close()


def _check(connection: http.client.HTTPConnection) -> None:
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise SystemExit(f"answered {response.status}")


def httpx_loop(url: str, file: Path) -> None:
    """Httpx as most would use it: chunks as bytes."""
    import httpx

    size = file.stat().st_size
    session = str(uuid.uuid4())
    with httpx.Client(base_url=url, timeout=60) as client, file.open("rb") as opened:
        params = {"api-version": "6.0", "session-id": session}
        for start in range(0, size, BYTES_CHUNK):
            data = opened.read(BYTES_CHUNK)
            headers = {"Content-Range": f"bytes {start}-{start + len(data) - 1}/{size}"}
            client.put(
                "/ImageStore/httpx.bin/$/UploadChunk", params=params, content=data, headers=headers
            ).raise_for_status()
        client.post("/ImageStore/$/CommitUploadSession", params=params).raise_for_status()


def httpx_small(url: str, folder: Path) -> None:
    """Httpx as most would use it: one PUT a file, one after the other."""
    import httpx

    name = f"loop-{uuid.uuid4()}"
    with httpx.Client(base_url=url, timeout=60) as client:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            place = f"/ImageStore/{name}/{file.relative_to(folder).as_posix()}"
            client.put(place, params={"api-version": "6.0"}, content=file.read_bytes()).raise_for_status()


def _options(count: str) -> dict[str, Any]:
    return {"concurrency": int(count)} if count else {}


def blocking(url: str, file: Path, count: str = "", package: str = "") -> None:
    """Ours: a file or a package, by default or with so many requests at a time."""
    from imageapis.servicefabric import ImageStore, auth

    with ImageStore(auth.unsecured(url)) as store:
        if package:
            store.upload_package(file, f"package-{uuid.uuid4()}", **_options(count))
        else:
            store.upload_file(file, "ours.bin", **_options(count))


def nonblocking(url: str, file: Path, count: str = "", package: str = "") -> None:
    """Ours on an event loop."""
    asyncio.run(_nonblocking(url, file, count, package))


async def _nonblocking(url: str, file: Path, count: str, package: str) -> None:
    from imageapis.servicefabric import AsyncImageStore, auth

    async with AsyncImageStore(auth.unsecured(url)) as store:
        if package:
            await store.upload_package(file, f"package-{uuid.uuid4()}", **_options(count))
        else:
            await store.upload_file(file, "ours.bin", **_options(count))


#: Ours take further words: how many requests at a time, and `package`.
CONTESTANTS: dict[str, Callable[..., None]] = {
    "http.client": http_client_loop,
    "http.client (blocks)": http_client_blocks,
    "httpx": httpx_loop,
    "httpx small": httpx_small,
    "blocking": blocking,
    "async": nonblocking,
}


def contestant(name: str) -> Callable[[str, Path], None]:
    """Return a contestant by its name and further words, e.g. `blocking, 4, package`."""
    first, *words = name.split(", ")
    options: dict[str, str] = {}
    for word in words:
        options["package" if word == "package" else "count"] = word
    return partial(CONTESTANTS[first], **options)


def main() -> None:
    """Run one contestant."""
    name, url, path, times = sys.argv[1:]
    rounds = []
    for _ in range(int(times)):
        began, cpu = time.perf_counter(), time.process_time()
        contestant(name)(url, Path(path))
        rounds.append((time.perf_counter() - began, time.process_time() - cpu))
    print(
        json.dumps(
            {
                "seconds": min(seconds for seconds, _ in rounds),
                "cpu": min(cpu for _, cpu in rounds),
            }
        )
    )


if __name__ == "__main__":
    main()
