"""One push, timed, in a process of its own: its seconds and those of the processor.

`<contestant> <address> <token> <source> <name> <blobs at a time or 0> [https]`: the address is the scheduler's, for
`http.client` that of the registry. A registry on this machine is spoken to without TLS unless the last word is there.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from base64 import b64encode
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch
from urllib.parse import urlsplit

from imageapis.lusid import AsyncSchedulerImages, SchedulerImages, auth
from imageapis.lusid import push as push_module
from imageapis.testing.registry import PASSWORD, USERNAME
from tests.benchmarks._upload_clients import connect

if TYPE_CHECKING:
    import http.client
    from collections.abc import Callable

#: How long something took, and how much of the processor's time.
Took = tuple[float, float]

_LOGIN = {"Authorization": "Basic " + b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()}


def _clock() -> Callable[[], Took]:
    began, before = time.perf_counter(), time.process_time()
    return lambda: (time.perf_counter() - began, time.process_time() - before)


def blocking(url: str, token: str, source: str, name: str, concurrency: int | None) -> Took:
    """Push with the blocking client and return what that took."""
    with SchedulerImages(auth.personal_access_token(scheduler_url=url, access_token=token)) as images:
        took = _clock()
        images.push(source, name, concurrency=concurrency)
        return took()


async def nonblocking(url: str, token: str, source: str, name: str, concurrency: int | None) -> Took:
    """Push with the async client and return what that took."""
    async with AsyncSchedulerImages(auth.personal_access_token(scheduler_url=url, access_token=token)) as images:
        took = _clock()
        await images.push(source, name, concurrency=concurrency)
        return took()


def bare(url: str, source: str, name: str) -> Took:
    """Send one blob after the other over one connection, each read and handed over as bytes, then the manifest."""
    took = _clock()
    connection = connect(url)
    repository, tag = f"acme/{name}".split(":")
    for blob in blobs(Path(source)):
        connection.request("PUT", begin(connection, repository, blob), body=blob.read_bytes(), headers=_LOGIN)
        _check(connection, 201)
    described = _manifest(Path(source))
    kind = json.loads(described.read_bytes())["mediaType"]
    headers = {**_LOGIN, "Content-Type": kind}
    connection.request("PUT", f"/v2/{repository}/manifests/{tag}", body=described.read_bytes(), headers=headers)
    _check(connection, 201)
    connection.close()
    return took()


def blobs(source: Path) -> list[Path]:
    """Return the blobs of an OCI layout, its manifest aside."""
    described = _manifest(source)
    return [path for path in sorted(described.parent.iterdir()) if path != described]


def begin(connection: http.client.HTTPConnection, repository: str, blob: Path) -> str:
    """Begin to upload a blob, and return where it goes to."""
    connection.request("POST", f"/v2/{repository}/blobs/uploads/", headers=_LOGIN)
    place = urlsplit(_check(connection, 202)["Location"])
    return f"{place.path}?{place.query}&digest=sha256:{blob.name}"


def _manifest(source: Path) -> Path:
    index = json.loads((source / "index.json").read_bytes())
    return source.joinpath("blobs", *index["manifests"][0]["digest"].split(":"))


def _check(connection: http.client.HTTPConnection, status: int) -> http.client.HTTPMessage:
    response = connection.getresponse()
    told = response.read()
    if response.status != status:
        raise SystemExit(f"answered {response.status}: {told!r}")
    return response.headers


def main() -> None:
    """Push, and print what that took."""
    contestant, url, token, source, name, count, *secured = sys.argv[1:]
    work = (url, token, source, name, int(count) or None)
    # As if it were on another machine.
    with patch.object(push_module, "_scheme", lambda _: "https") if secured else nullcontext():
        if contestant == "http.client":
            took = bare(url, source, name)
        else:
            took = blocking(*work) if contestant == "blocking" else asyncio.run(nonblocking(*work))
    print(*took)


if __name__ == "__main__":
    main()
