"""The local gateway's side of the wire: reading bodies block by block, answers, refusals, cut and truncated replies.

Called by `server`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anyio

from imageapis.testing.faults import cut

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from imageapis.testing.asgi import Receive, Send
    from imageapis.testing.servicefabric.records import Refusal
    from imageapis.testing.servicefabric.store import Store

#: Bytes of a JSON body that the gateway takes.
MAX_ENTITY = 4 << 20


class Cut(Exception):
    """The connection was cut, or is to be."""


class Inbox:
    """The body of one request as it comes in.

    Attributes:
        store: What the request was sent to; the server may have begun anew since.
    """

    def __init__(self, receive: Receive, store: Store) -> None:
        self._receive = receive
        self.store = store
        self._finished = False

    async def blocks(self) -> AsyncIterator[bytes]:
        """Iterate over what is left of the body.

        Raises:
            Cut: The client went away in the middle.
        """
        while not self._finished:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Cut
            self._finished = not message.get("more_body")
            yield message.get("body", b"")

    async def drain(self) -> None:
        """Read the rest of the body, so that the answer is not lost on a connection that is reset."""
        async for _ in self.blocks():
            pass

    async def gone(self) -> None:
        """Wait until the client goes away, a minute at most."""
        with anyio.move_on_after(60):
            while (await self._receive())["type"] != "http.disconnect":
                pass

    def cut(self) -> None:
        """Cut the connection."""
        cut(self._receive)


async def answer(send: Send, status: int, value: Any) -> None:
    """Send an answer; 204 has neither body nor type, 200 without a body has a type."""
    if status == 204:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    content = b"" if value is None else json.dumps(value, separators=(",", ":")).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def refuse(send: Send, refusal: Refusal) -> None:
    """Send a refusal; one without a code has neither body nor type."""
    if refusal.code is not None:
        await answer(send, refusal.status, {"Error": {"Code": refusal.code, "Message": refusal.message}})
        return
    await send({"type": "http.response.start", "status": refusal.status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def truncate(send: Send) -> None:
    """Send the beginning of an answer and leave the rest out."""
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"64")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"StoreFiles": [', "more_body": True})
