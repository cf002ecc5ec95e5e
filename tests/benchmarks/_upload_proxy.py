"""A TCP proxy that makes loopback a long way: a round trip takes longer, and a connection carries only so much.

`python -m tests.benchmarks._upload_proxy <port> <round trip in ms> <MiB/s per connection>` prints its port and serves
until its standard input ends.
"""

from __future__ import annotations

import queue
import socket
import sys
import threading
import time

BLOCK = 64 << 10


def relay(source: socket.socket, target: socket.socket, delay: float, rate: float) -> None:
    """Hand bytes on, each after `delay` seconds, at most `rate` bytes a second."""
    # Bounded as a real path is: by what fits between two ends.
    under_way: queue.Queue[tuple[float, bytes]] = queue.Queue(maxsize=max(4, int(rate * delay * 4 / BLOCK)))

    def deliver() -> None:
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

    threading.Thread(target=deliver, daemon=True).start()
    free = time.monotonic()
    while True:
        try:
            block = source.recv(BLOCK)
        except OSError:
            block = b""
        now = time.monotonic()
        free = max(free, now) + len(block) / rate
        under_way.put((free + delay, block))
        if not block:
            return


def serve(port: int, round_trip: float, rate: float) -> int:
    """Start the proxy and return its port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def connect(near: socket.socket) -> None:
        time.sleep(round_trip)  # the handshake
        far = socket.create_connection(("127.0.0.1", port))
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=relay, args=(source, target, round_trip / 2, rate), daemon=True).start()

    def accept() -> None:
        while True:
            near, _ = listener.accept()
            threading.Thread(target=connect, args=(near,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listener.getsockname()[1])


def main() -> None:
    """Serve until nobody holds the other end of standard input."""
    port, milliseconds, rate = sys.argv[1:]
    print(serve(int(port), float(milliseconds) / 1000, float(rate) * 2**20), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
