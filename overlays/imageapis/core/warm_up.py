"""Warm connections: requests that go over one that is open already, for servers that ask a new one for more at first.

A service that needs it sends its large bodies by `send_on_warm_connection`, with a small request of its own to open it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imageapis.core.http import Request, Response

#: How often a connection is opened for one request whose idle connection others keep taking.
TRIES = 10


class _NotOpen(Exception):
    """No idle connection was there; nothing was sent."""


async def send_on_warm_connection(
    build: Callable[[], Awaitable[Request]],
    send: Callable[[Request], Awaitable[Response]],
    warm_up: Callable[[], Awaitable[Any]],
    *,
    suspends: bool,
) -> Response:
    """Send a request over a connection that has carried another before.

    Args:
        build: Makes the request.
        send: Sends it.
        warm_up: Sends a small request, which leaves an open connection behind.
        suspends: Whether this is the async face.
    """
    for _ in range(TRIES):
        request = await build()
        request.extensions["trace"] = _areuse_only if suspends else _reuse_only
        try:
            return await send(request)
        except _NotOpen:
            await warm_up()
    # Others are quicker each time; by now the server knows this client well enough to be worth the attempt.
    return await send(await build())


def _reuse_only(event: str, _details: dict[str, Any]) -> None:
    # httpcore tells this before it opens a connection for a request that found no idle one.
    if event in ("connection.connect_tcp.started", "connection.connect_unix_socket.started"):
        raise _NotOpen


async def _areuse_only(event: str, details: dict[str, Any]) -> None:
    _reuse_only(event, details)
