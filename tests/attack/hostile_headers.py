"""Statuses that were not promised, and headers that lie: numbers, addresses, challenges, tokens, lengths, encodings."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Any

from tests.attack.good_lusid import ZERO
from tests.attack.hostile_json import SURROGATE, TEXTS, places, value

if TYPE_CHECKING:
    import random

    from tests.attack.wire import Reply, Request

NUMBERS = [
    *(b"9" * 400, b"9" * 5000, b"-1", b"1e999", b"NaN", b"inf", b"0x1", "²".encode(), b"1_0", b"", b"abc", b"1;2"),
    *(b"Thu, 99 Foo 2026 25:61:61 GMT", b"Wed, 01 Jan 99999 00:00:00 GMT", b"Sun, 06 Nov 1994 08:49:37 +9999"),
    *(b"0-9", b"5-1", b"bytes */*", b"0", b"0.0", b"1e-9", b"\xc2\xb2", b"\xff", b"Fri, 31 Dec 9999 23:59:59 -2359"),
]
ADDRESSES = [
    *(text.encode("utf-8", "surrogatepass").replace(b"\x00", b"").replace(b"\r\n", b"") for text in TEXTS),
    *(b"javascript:1", b"http://[", b"http://\xff/", b"?", b"#", b"http://127.0.0.1:99999/", b"file:///etc/passwd"),
    *(b"http://x@127.0.0.1/", b"http://\xe2\x98\x83.example/", b"/v2/x y", b"https://127.0.0.1:1/x", b"http:"),
    *(b"http://127.0.0.1:1/", b"http://xn--a/", b"https://xn--ls8h.example/"),
]
CHALLENGES = [
    *(b"", b"Basic", b"Bearer", b"Bearer realm=", b'Bearer realm="' + b"x" * 9000 + b'"', b"Digest a=b", b"\xff\xfe"),
    *(b'Bearer realm="http://HOST/token",service="s"', b'Bearer realm="//elsewhere.invalid/t"', b",,,,"),
    *(b'Bearer realm="http://[::1",service=x', b'Bearer realm="http://HOST:99999/"', b"Bearer " + b'a="b",' * 900),
    *(b'Bearer realm="http://HOST@evil.invalid/"', b'Basic realm="x", Bearer realm="http://x"'),
]


def another_status(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.status = rng.choice(
        [*range(200, 209), 226, 299, *range(300, 309), *range(400, 419), 429, 451, *range(500, 512), 599]
    )


def refusal(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.status = rng.choice([400, 401, 403, 404, 405, 409, 412, 413, 416, 418, 422, 429, 500, 502, 503, 504])
    said = rng.choice([_echo(request), "words", rng.choice(TEXTS)])
    reply.value, reply.has_value = service.refusal(rng, said), True
    if rng.random() < 0.5:
        node, key = rng.choice(places(reply.value))
        node[key] = value(rng)


def echo(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    """Say back what came, as a gateway's error page does."""
    reply.status = rng.choice([400, 401, 403, 404, 500, 503, 200])
    reply.freeze()
    reply.body = _echo(request).encode()
    reply.header(b"Content-Type", b"text/plain")


def _echo(request: Request) -> str:
    lines = [f"{name}: {text}" for name, text in request.headers.items()]
    return " | ".join([request.method, request.target, *lines, request.body[:2000].decode("latin-1")])


def page(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.freeze()
    reply.status = rng.choice([200, 200, 202, 403, 502, 511])
    reply.body = b"<html><title>Log in</title>" + b"please " * rng.randrange(100)
    reply.header(b"Content-Type", b"text/html")


def odd_status_line(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.status = rng.choice(
        [b"000", b"099", b"600", b"999", b"1000", b"2OO", b"", b"-1", b"200\xff", b"100", b"101", b"204"]
    )


def numbers_in_headers(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    name = rng.choice([b"Retry-After", b"OCI-Chunk-Min-Length", b"Content-Range", b"Range", b"Age", b"Expires"])
    reply.header(name, rng.choice(NUMBERS))
    if rng.random() < 0.6:
        reply.status = rng.choice([429, 503, 502, 504])


def addresses_in_headers(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.header(
        rng.choice([b"Location", b"Location", b"Content-Location", b"Link"]),
        rng.choice(ADDRESSES),
    )
    if rng.random() < 0.3:
        reply.status = rng.choice([301, 302, 307, 308, 201, 202])


def challenges(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.status = 401
    host = request.headers.get("host", "").encode()
    reply.header(b"WWW-Authenticate", rng.choice(CHALLENGES).replace(b"HOST", host))


def odd_headers(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.headers += rng.choice(
        [
            [(b"X-Long", b"x" * 70_000)],
            [(b"X-%d" % i, b"y") for i in range(300)],
            [(b"X-Many", b"z" * 100)] * 900,
            [(b"Bad Name", b"x")],
            [(b"X-Latin", b"\xe9\xff")],
            [(b"X-Fold", b"a\r\n b")],
            [(b"", b"no name")],
            [(b"Set-Cookie", b"a=b; Domain=.; Path=/; Expires=never")],
            [(b"Set-Cookie", b"=" * 5000)],
            [(b"Content-Type", b"")],
            [(b"Content-Type", b"application/json; charset=" + b"=;" * 2000)],
            [(b"x-openstack-request-id", b"\xff" * 300), (b"scheduler-meta-requestid", b"\xe9" * 300)],
            [(b"X-Subject-Token", b"two words"), (b"Docker-Content-Digest", b"sha256:zz")],
            [(b"Docker-Content-Digest", ZERO.encode())],
            [(b"Upgrade", b"websocket"), (b"Connection", b"upgrade")],
        ]
    )


def odd_token(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.header(b"X-Subject-Token", rng.choice([b"", b" ", b"\xff", b"a b", b"\xc3\xa9", b"x" * 60_000, b"a\tb"]))
    if reply.has_value and isinstance(reply.value, dict) and "access_token" in reply.value:
        key = rng.choice(["access_token", "refresh_token", "expires_in", "token_type"])
        odd = [
            "",
            " ",
            "a\nb",
            "é",
            SURROGATE,
            ["x"],
            {"a": 1},
            7,
            None,
            True,
            1e308,
            -1,
            "9" * 400,
            "inf",
            "x" * 60_000,
        ]
        reply.value[key] = rng.choice(odd)


def odd_length(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    size = len(reply.content())
    said = rng.choice([b"-1", b"abc", b"9" * 30, b"9" * 5000, b"+5", b"0x10", b"", b"1, 2", b"%d, %d" % (size, size)])
    reply.header(b"Content-Length", rng.choice([said, b"%d" % (size + 5), b"%d" % max(0, size - 3)]))
    reply.ending = "close"


def odd_encoding(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.freeze()
    name, body = rng.choice(
        [
            (b"gzip", reply.body),
            (b"gzip", gzip.compress(reply.body)[:-4]),
            (b"gzip", gzip.compress(reply.body) + b"trailing"),
            (b"deflate", zlib.compress(reply.body)[2:-4]),
            (b"deflate", b"\x00"),
            (b"br", reply.body),
            (b"zstd", b"\x28\xb5\x2f\xfd"),
            (b"nope", reply.body),
            (b"gzip, gzip", gzip.compress(gzip.compress(reply.body))),
            (b", ".join([b"gzip"] * 60), reply.body),
            (b"identity", reply.body),
        ]
    )
    reply.header(b"Content-Encoding", name)
    reply.body = body
