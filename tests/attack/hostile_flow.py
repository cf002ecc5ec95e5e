"""How bytes come: odd chunks, cut or doubled replies, interim answers; and what takes time or memory without end."""

from __future__ import annotations

import functools
import gzip
import struct
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    from tests.attack.wire import Reply, Request

#: Bytes that a bomb unpacks to.
BOMB = 512 << 20


def odd_chunks(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.framing = "chunked"
    body = reply.content()
    tail = rng.choice(
        [
            b"zz\r\n",
            b"-5\r\nx\r\n0\r\n\r\n",
            b"5\r\nab",
            b"ffffffffffffffff\r\nx",
            b"%x;%b\r\n%b\r\n0\r\n\r\n" % (len(body), b"e" * 20_000, body),
            b"%x\r\n%b\r\n0\r\nTrailer: x\r\n\r\n" % (len(body), body),
            b"%x\r\n%b\r\n0\r\n" % (len(body), body),
        ]
    )
    reply.pieces, reply.ending = [reply.head(None) + tail], "close"


def cut(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    whole = b"".join(piece for piece in reply.render(request.method) if isinstance(piece, bytes))
    reply.pieces = [whole[: rng.randrange(len(whole))]]
    reply.ending = rng.choice(["close", "reset"])


def no_end(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    """Let the end of the connection be the end of the body, and end it before that."""
    reply.framing, body = "close", reply.content()
    reply.pieces, reply.ending = [reply.head(None) + body[: rng.randrange(max(1, len(body)))]], "close"


def closing(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.pieces, reply.ending = [], rng.choice(["close", "reset"])


def twice(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    pieces = reply.render(request.method)
    reply.pieces = [
        *pieces,
        rng.choice([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"garbage\r\n\r\n", b"\x00" * 50]),
    ]


def garbage(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.pieces = [
        rng.choice(
            [
                rng.randbytes(200),
                b"HTTP/0.9 200\r\n\r\n",
                b"HTTP/2.0 200 OK\r\n\r\n",
                b"HTTP/1.1 200 OK\n\n{}",
                b"\r\n\r\n",
                b"SSH-2.0-x\r\n",
                b"\x15\x03\x01\x00\x02\x02\x28",
                b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 3\r\n\r\nabc",
            ]
        )
    ]
    reply.ending = "close"


def interim(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    early = b"HTTP/1.1 %d Wait\r\nX: y\r\n\r\n" % rng.choice([100, 102, 103, 199])
    reply.pieces = [early * rng.choice([1, 3, 500]), *reply.render(request.method)]


def drip_body(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.framing = rng.choice(["length", "chunked"])
    head = reply.head(10**9)
    reply.pieces, reply.endless = [head], b" " if reply.framing == "length" else b"1\r\n \r\n"
    if rng.random() < 0.4:
        reply.status = rng.choice([400, 404, 500])
        reply.pieces = [reply.head(10**9)]


def drip_head(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.pieces, reply.endless = (
        [b"HTTP/1.1 200 OK\r\n"],
        rng.choice([b"X: y\r\n", b"X", b"HTTP/1.1 100 Continue\r\n\r\n"]),
    )
    if reply.endless.startswith(b"HTTP"):
        reply.pieces = []


def stall(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.pieces, reply.endless = [], b""


@functools.cache
def bomb_bytes(layers: int) -> bytes:
    """Return `BOMB` bytes of JSON white space, packed so many times. One packed MiB is repeated: it takes no time."""
    block = b" " * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(BOMB >> 20):
        check = zlib.crc32(block, check)
    packed = gzip.compress(b"")[:10] + packed * (BOMB >> 20) + b"\x03\x00" + struct.pack("<II", check, BOMB)
    for _ in range(layers - 1):
        packed = gzip.compress(packed)
    return packed


def bomb(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    layers = rng.choice([1, 1, 2])
    reply.freeze()
    reply.body = bomb_bytes(layers)
    reply.header(b"Content-Encoding", b", ".join([b"gzip"] * layers))
    if rng.random() < 0.4:
        reply.status = rng.choice([400, 401, 403, 404, 500])


def flood(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    """Send a body that is large as it is, as JSON or as none."""
    reply.freeze()
    reply.body = rng.choice(
        [b"[" + b"0," * (1 << 19) + b"0]", b'"' + b"x" * (48 << 20) + b'"', b" " * (48 << 20) + b"{}"]
    )
    if rng.random() < 0.4:
        reply.status = rng.choice([400, 404, 500])
