"""JSON that nobody promised: other values at any place, other roots, depth, size, torn and recoded bytes, charsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    from tests.attack.wire import Reply, Request

CHARSETS = [
    *("zlib", "idna", "utf-7", "rot13", "hex", "base64", "undefined", "punycode", "nope", "", "utf-16", "bz2"),
    *("\x7f", "unicode_escape", "raw_unicode_escape", "cp037", "mbcs", "x" * 5000),
]
SURROGATE = "\ud800lone\udfff"
TEXTS = [
    "",
    " ",
    "..",
    ".",
    "/",
    "../../x",
    "a/../../b",
    "C#.dll",
    "a?b",
    "%2e%2e",
    "\\..\\",
    "\x00",
    "\r\nX-Injected: 1",
    SURROGATE,
    "é" * 10,
    "\U0001d7d9\U0001d7da",
    "²",
    "x" * 100_000,
    "javascript:1",
    "http://xn--a/v2.1",
    "http://",
    "http://[::1",
    "http://user:pw@127.0.0.1:1/",
    "//elsewhere.invalid/x",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59-23:59",
    "2026-02-30",
    "1e400",
    "NaN",
    "-1",
    "0x10",
    "1_000",
    "9" * 5000,
    "<html>",
    "$/x",
]
NUMBERS = [
    0,
    -1,
    1,
    2**31,
    2**63,
    2**64,
    10**30,
    1.5,
    -0.0,
    1e308,
    float("inf"),
    float("-inf"),
    float("nan"),
    True,
    False,
]


def value(rng: random.Random, depth: int = 0) -> Any:
    """Return a JSON value of a kind that nobody promised."""
    draw = rng.random()
    if draw < 0.1:
        return None
    if draw < 0.3:
        return rng.choice(NUMBERS)
    if draw < 0.65 or depth > 2:
        return rng.choice(TEXTS)
    if draw < 0.8:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(TEXTS[:16]): value(rng, depth + 1) for _ in range(rng.randrange(4))}


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Return each container in a JSON value with each of its keys."""
    found: list[tuple[Any, Any]] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
        for key in keys:
            found.append((node, key))
            todo.append(node[key])
    return found


def _root(reply: Reply) -> Any:
    return reply.value if reply.has_value else {}


def replace_one(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    found = places(_root(reply))
    if not found:
        reply.value, reply.has_value = value(rng), True
        return
    node, key = rng.choice(found)
    node[key] = value(rng)


def replace_many(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    for _ in range(rng.randrange(2, 6)):
        replace_one(rng, reply, request, service)


def drop_one(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    found = places(_root(reply))
    if found:
        node, key = rng.choice(found)
        del node[key]


def another_root(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.value, reply.has_value = rng.choice([None, [], {}, "text", 7, True, [[]], [None], value(rng)]), True


def repeat_items(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    for node, key in places(_root(reply)):
        if isinstance(node[key], list) and node[key]:
            node[key] = node[key] * rng.choice([2, 50])


def _spliced(rng: random.Random, reply: Reply, literal: bytes) -> None:
    """Put bytes where a value stood, or in place of all."""
    found = places(_root(reply))
    if found and rng.random() < 0.7:
        node, key = rng.choice(found)
        node[key] = "@@"
        reply.freeze()
        reply.body = reply.body.replace(b'"@@"', literal)
    else:
        reply.has_value, reply.body = False, literal


def deep(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    depth = rng.choice([500, 990, 5_000, 100_000])
    left, right = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    _spliced(rng, reply, left * depth + (b"1" if left != b"[" else b"") + right * depth)


def huge_number(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    number = rng.choice([b"9" * 4299, b"9" * 4301, b"9" * 100_000, b"1e999", b"-1e999", b"NaN", b"Infinity", b"1E400"])
    _spliced(rng, reply, number if rng.random() < 0.5 else b'"' + number + b'"')


def surrogate(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    _spliced(rng, reply, rng.choice([b'"\\ud800"', b'"\\udfff\\ud800"', b'{"\\ud800": 1}', b'"a\\u0000b"']))


def torn(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.freeze()
    reply.body = reply.body[: rng.randrange(len(reply.body) + 1)]


def recoded(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    reply.freeze()
    text = reply.body.decode("latin-1")
    kinds = ["utf-16", "utf-32", "utf-8-sig", "utf-16-le"]
    reply.body = rng.choice(
        [text.encode(rng.choice(kinds)), b"\xff\xfe\xfa" + reply.body, b"\x80" + reply.body, bytes(40)]
    )


def charset(rng: random.Random, reply: Reply, request: Request, service: Any) -> None:
    name = rng.choice(CHARSETS)
    kind = rng.choice(["application/json", "text/plain", "text/html", "application/problem+json"])
    reply.header(b"Content-Type", f"{kind}; charset={name}".encode("latin-1"))
    if rng.random() < 0.6:
        reply.freeze()
        reply.body = rng.choice([b"\xff\x00\xd8 words", b"plain words", b"", b"xn--\xff", b"+2AA-", reply.body])
    if rng.random() < 0.7:
        reply.status = rng.choice([400, 403, 404, 500, 418])
