"""A local HTTP server in a thread of this process: start, address, stop. What it answers is a subclass's business."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

import attrs
import uvicorn

from imageapis.testing.faults import disturb

if TYPE_CHECKING:
    import ssl
    from types import TracebackType
    from typing import Self

    from imageapis.testing.asgi import Receive, Scope, Send
    from imageapis.testing.faults import WireKind


@attrs.frozen
class Seen:
    """A request as the server received it.

    Attributes:
        method: Its method.
        target: Its path and query as they came over the wire, still percent-encoded.
        headers: Its headers, names in lower case.
    """

    method: str
    target: str
    headers: dict[str, str]


class LocalServer:
    """The base of the local servers: an ASGI application on a free loopback port, for as long as the context lasts.

    Subclasses override `app`. Everything they keep is reached from the test's thread and from the server's; keep it in
    plain attributes that are replaced, or behind `self.lock`.

    Attributes:
        url: The server's address, without a slash at the end.
        seen: The requests received so far, in their order.
        violations: What `contract.Contract` had to say against requests; raised when the context ends without error.
    """

    #: Seconds to wait for the server to start or stop before giving up.
    PATIENCE = 20.0

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.lock = threading.RLock()
        self.url = ""
        self.seen: list[Seen] = []
        self.violations: list[str] = []

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        raise NotImplementedError

    def disturbance(self, method: str, target: str) -> WireKind | None:
        """Return what goes wrong on the wire with a request, if anything does."""
        return None

    async def _observed(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        query = scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1")
        # httptools hands the query in raw_path to some versions of uvicorn, not to others.
        target = target.partition("?")[0] + (f"?{query}" if query else "")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.seen.append(Seen(scope["method"], target, headers))
        fault = self.disturbance(scope["method"], target)
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await disturb(fault, self.app, scope, receive, send)

    def start(self) -> Self:
        """Start on a free port and return when it answers."""
        # With the protocol named, asyncio turns Nagle off; without, answers wait 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        config = uvicorn.Config(
            self._observed,
            log_config=None,
            access_log=False,
            lifespan="off",
            interface="asgi3",
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        if self._tls is not None:
            # uvicorn builds contexts from files only; this one was built by the caller.
            config.load()
            config.ssl = self._tls
        scheme = "http" if self._tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        server = self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(_serve(server, listener)), name=type(self).__name__, daemon=True
        )
        self._thread.start()
        # The socket listens already: whoever connects before the loop runs waits in its backlog.
        return self

    def stop(self) -> None:
        """Stop; connections that are still open are cut after a second."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(self.PATIENCE)
        if self._thread.is_alive():
            raise RuntimeError(f"{type(self).__name__} did not stop within {self.PATIENCE:g} s")
        self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        if kind is None and self.violations:
            raise AssertionError("requests broke the service's document:\n" + "\n".join(self.violations))


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    with listener:  # uvicorn leaves it open if it is told to stop before it has begun
        await server.serve(sockets=[listener])
    # A TLS connection waits for the other side's farewell; the loop does not.
    for connection in list(server.server_state.connections):
        if (transport := getattr(connection, "transport", None)) is not None:
            transport.abort()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    # Transports close one turn of the loop after they are told to.
    for _ in range(3):
        await asyncio.sleep(0)
