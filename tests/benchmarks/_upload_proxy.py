"""A TCP relay that makes loopback a path: a round trip takes longer, and connections and the line carry only so much.

`python -m tests.benchmarks._upload_proxy <port> <way> [<seconds> <way>]` prints its port and serves until its standard
input ends. A way is `round trip in ms,MiB/s a connection,MiB/s in all`; the second one holds so many seconds after the
first byte of a body.
"""

from __future__ import annotations

import queue
import socket
import sys
import threading
import time

import attrs

BLOCK = 64 << 10
#: Bytes that come before the way counts as used: requests that only ask do not start the clock of a change.
A_BODY = 256 << 10


@attrs.frozen
class Way:
    """What bytes meet on the way.

    Attributes:
        round_trip: Seconds.
        connection: Bytes a second that one connection carries.
        line: Bytes a second that all of them carry.
    """

    round_trip: float
    connection: float
    line: float

    @classmethod
    def parse(cls, text: str) -> Way:
        """Read a way as the command line has it."""
        milliseconds, connection, line = map(float, text.split(","))
        return cls(milliseconds / 1000, connection * 2**20, line * 2**20)


class Relay:
    """The relay: ways, and when the one becomes the other."""

    def __init__(self, port: int, way: Way, after: float = float("inf"), later: Way | None = None) -> None:
        self._port = port
        self._ways = (way, later or way)
        self._after = after
        self._lock = threading.Lock()
        self._carried = 0
        self._began: float | None = None
        #: When the line is free again, for each direction.
        self._free = {"up": 0.0, "down": 0.0}

    def way(self) -> Way:
        """Return what holds now."""
        changed = self._began is not None and time.monotonic() - self._began > self._after
        return self._ways[changed]

    def _due(self, size: int, direction: str, free: float) -> tuple[float, float]:
        """Return when a block arrives, and when its connection can take the next one."""
        way, now = self.way(), time.monotonic()
        free = max(free, now) + size / way.connection
        with self._lock:
            self._carried += size
            if self._began is None and self._carried > A_BODY:
                self._began = now
            line = self._free[direction] = max(self._free[direction], now) + size / way.line
        return max(free, line) + way.round_trip / 2, free

    def relay(self, source: socket.socket, target: socket.socket, direction: str) -> None:
        """Hand bytes on."""
        # Bounded as a real path is: by what fits between two ends.
        way = self._ways[0]
        room = min(way.connection, 2**30) * max(way.round_trip, self._ways[1].round_trip) * 2 / BLOCK
        under_way: queue.Queue[tuple[float, bytes]] = queue.Queue(maxsize=max(8, int(room)))
        threading.Thread(target=_deliver, args=(under_way, target), daemon=True).start()
        free = 0.0
        while True:
            try:
                block = source.recv(BLOCK)
            except OSError:
                block = b""
            due, free = self._due(len(block), direction, free)
            under_way.put((due, block))
            if not block:
                return

    def serve(self) -> int:
        """Start and return the port."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)

        def connect(near: socket.socket) -> None:
            time.sleep(self.way().round_trip)  # the handshake
            far = socket.create_connection(("127.0.0.1", self._port))
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, target, direction in ((near, far, "up"), (far, near, "down")):
                threading.Thread(target=self.relay, args=(source, target, direction), daemon=True).start()

        def accept() -> None:
            while True:
                near, _ = listener.accept()
                threading.Thread(target=connect, args=(near,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return int(listener.getsockname()[1])


def _deliver(under_way: queue.Queue[tuple[float, bytes]], target: socket.socket) -> None:
    while True:
        due, block = under_way.get()
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            if not block:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(block)
        except OSError:
            return


def main() -> None:
    """Serve until nobody holds the other end of standard input."""
    port, way, *change = sys.argv[1:]
    relay = Relay(int(port), Way.parse(way), *((float(change[0]), Way.parse(change[1])) if change else ()))
    print(relay.serve(), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
