"""A scheduler that has nothing but one long list, its pages made beforehand: `python -m tests.benchmarks._lusid_pages`.

In a process of its own, so that it does not share the interpreter with the client that is measured. Prints its address;
ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from imageapis.testing.lusid.images import finished, new_image
from imageapis.testing.server import LocalServer

if TYPE_CHECKING:
    from imageapis.testing.asgi import Receive, Scope, Send


def page(first: int, count: int, following: int | None) -> bytes:
    """Return one page as JSON."""
    values = [
        new_image("my-job", [str(number)], number=number, scans=[finished(high=1)]).json
        for number in range(first, first + count)
    ]
    token = None if following is None else base64.b64encode(following.to_bytes(4, "big")).decode()
    return json.dumps({"values": values, "href": None, "links": [], "nextPage": token}).encode()


class Pages(LocalServer):
    """The list, and `/busy`, which is always too busy."""

    def __init__(self, count: int, size: int, delay: float) -> None:
        super().__init__()
        self._delay = delay
        self._size = size
        self._pages = [
            page(first, min(size, count - first), first + size if first + size < count else None)
            for first in range(0, count, size)
        ]
        self.busy = 0

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await asyncio.sleep(self._delay)
        status, headers, body = 200, [(b"content-type", b"application/json")], b""
        if scope["path"].endswith("/images/busy:1"):
            self.busy += 1
            status, headers = 429, [(b"retry-after", b"0")]
        elif scope["path"].endswith("/count"):
            body, self.busy = str(self.busy).encode(), 0
        else:
            token = parse_qs(scope["query_string"].decode()).get("page")
            number = 0 if token is None else int.from_bytes(base64.b64decode(token[0]), "big") // self._size
            body = self._pages[number]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    with Pages(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])) as server:
        print(server.url, flush=True)
        sys.stdin.read()
