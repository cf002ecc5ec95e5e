"""A gateway that only counts what it is sent, as fast as Python can: blocking sockets, a thread a connection.

`python -m tests.benchmarks._upload_sink [<uploads at a time> [<of how many>] | --tls <folder>]` prints its port and
serves until its standard input ends. Routes, sessions and listings are those of the local gateway; bodies are received
into one buffer and forgotten.
Uploads beyond the number at a time, if one is given, and one of so many whatever comes, if that is, are answered by 503
with `Retry-After`. With `--tls` it leaves in the folder whom to trust.
"""

from __future__ import annotations

import json
import random
import socket
import ssl
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from imageapis.testing.servicefabric import ServiceFabricServer
from imageapis.testing.servicefabric.records import Blob, Refusal
from imageapis.testing.servicefabric.routes import content_range, route

REASONS = {200: b"OK", 204: b"No Content", 400: b"Bad Request", 404: b"Not Found", 503: b"Service Unavailable"}
#: In the folder of a server with TLS: whom to trust.
AUTHORITY_FILE = "authority.pem"
#: Seconds after which a refused upload may come again.
PAUSE = 0.25


class Sink(ServiceFabricServer):
    """The local gateway's answers without its HTTP server."""

    def __init__(self, at_a_time: int = 1_000, faults: float = 0, secured: ssl.SSLContext | None = None) -> None:
        super().__init__(keep=False, contract=False, page_size=10_000)
        self._secured = secured
        self._faults = faults
        self._random = random.Random(1)
        self._free = threading.BoundedSemaphore(at_a_time)

    def serve(self) -> int:
        """Listen on a free port and return it."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return int(listener.getsockname()[1])

    def _accept(self, listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        if self._secured is not None:
            connection = self._secured.wrap_socket(connection, server_side=True)
        scrap = bytearray(1 << 20)
        with connection, connection.makefile("rb", buffering=65536) as reader:
            while (line := reader.readline()) not in (b"", b"\r\n"):
                method, target, _ = line.decode("latin-1").split(" ", 2)
                headers: dict[str, str] = {}
                while (line := reader.readline()) not in (b"", b"\r\n"):
                    name, _, value = line.decode("latin-1").partition(":")
                    headers[name.lower()] = value.strip()
                if "100-continue" in headers.get("expect", ""):
                    connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                size = int(headers.get("content-length", 0))
                kept = b""
                with ExitStack() as taken:
                    refused = method == "PUT" and self._random.random() < self._faults
                    if method == "PUT" and not refused:
                        refused = not self._free.acquire(blocking=False)
                        if not refused:
                            taken.callback(self._free.release)
                    if method == "POST":
                        kept = reader.read(size)
                    elif not _discard(reader, size, scrap):
                        return
                    status, said = (503, None) if refused else self._reply(method, target, headers, size, kept)
                body = b"" if said is None else json.dumps(said).encode()
                more = b"Retry-After: %g\r\n" % PAUSE if refused else b""
                connection.sendall(
                    b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n"
                    % (status, REASONS.get(status, b"Error"), len(body), more)
                    + body
                )

    def _reply(self, method: str, target: str, headers: dict[str, str], size: int, body: bytes) -> tuple[int, Any]:
        if target == "/":  # sfctl looks whether somebody is there
            return 200, {}
        try:
            call = route(method, target, windows=True, runtime=self._runtime)
            with self.lock:
                if call.operation in ("UploadFile", "UploadFileChunk"):
                    return self._put(call, content_range(headers.get("content-range")), Blob(size, None))
                return self._carry_out(call, body)
        except Refusal as refusal:
            return refusal.status, {"Error": {"Code": refusal.code, "Message": refusal.message}}


def _discard(reader: Any, size: int, scrap: bytearray) -> bool:
    """Receive so many bytes, or say that the other end went away."""
    while size:
        got = reader.readinto1(memoryview(scrap)[: min(size, len(scrap))])
        if not got:
            return False
        size -= got
    return True


def _secured(folder: Path) -> ssl.SSLContext:
    import trustme

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / AUTHORITY_FILE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def main() -> None:
    """Serve until nobody holds the other end of standard input."""
    match sys.argv[1:]:
        case ["--tls", folder]:
            sink = Sink(secured=_secured(Path(folder)))
        case numbers:
            at_a_time, of_how_many, *_ = [*map(int, numbers), *(1000, 0)[len(numbers) :]]
            sink = Sink(at_a_time, 1 / of_how_many if of_how_many else 0)
    print(sink.serve(), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
