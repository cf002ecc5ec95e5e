"""Requests and replies as the hostile server sees them: parsed from bytes, rendered to bytes, with nothing checked."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

REASONS = {200: b"OK", 201: b"Created", 202: b"Accepted", 204: b"No Content", 404: b"Not Found"}


@dataclasses.dataclass
class Request:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclasses.dataclass
class Reply:
    """A reply before it is bytes: each part may be made hostile.

    Attributes:
        status: What stands in the status line.
        value: The JSON value of the body, where there is one; `body` is made of it unless that is set.
        body: The body's bytes.
        headers: Header lines, names and values as bytes.
        framing: How the body's end is told: `length`, `chunked`, `close` or `none`.
        pieces: What is sent instead of the rendered reply: bytes, or seconds to pause.
        ending: What becomes of the connection: `keep`, `close` or `reset`.
    """

    status: int | bytes = 200
    value: Any = None
    has_value: bool = False
    body: bytes = b""
    headers: list[tuple[bytes, bytes]] = dataclasses.field(default_factory=list)
    framing: str = "length"
    pieces: list[bytes | float] | None = None
    endless: bytes | None = None
    ending: str = "keep"

    def header(self, name: bytes, value: bytes | None) -> None:
        """Set a header line instead of those of its name, or take them away."""
        self.headers = [line for line in self.headers if line[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))

    def content(self) -> bytes:
        """Return the body's bytes."""
        if self.has_value:
            return json.dumps(self.value).encode()
        return self.body

    def freeze(self) -> None:
        """Turn the JSON value into bytes, so that what is done to those stays."""
        self.body, self.has_value = self.content(), False

    def head(self, length: int | None) -> bytes:
        """Return status line and headers."""
        status = self.status if isinstance(self.status, bytes) else b"%d" % self.status
        reason = REASONS.get(self.status, b"Something") if isinstance(self.status, int) else b""
        lines = [b"HTTP/1.1 " + status + b" " + reason]
        lines += [name + b": " + value for name, value in self.headers]
        names = {name.lower() for name, _ in self.headers}
        if self.framing == "chunked" and b"transfer-encoding" not in names:
            lines.append(b"Transfer-Encoding: chunked")
        elif self.framing == "length" and length is not None and b"content-length" not in names:
            lines.append(b"Content-Length: %d" % length)
        elif self.framing == "close":
            lines.append(b"Connection: close")
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def render(self, method: str) -> list[bytes | float]:
        """Return what is sent: bytes, and pauses in seconds."""
        if self.pieces is not None:
            return self.pieces
        body = self.content()
        bodiless = self.status in (204, 304) or method == "HEAD"
        if self.framing == "chunked" and not bodiless:
            half = len(body) // 2
            parts = [part for part in (body[:half], body[half:]) if part]
            chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
            return [self.head(None) + chunks]
        if bodiless and self.status == 204:
            return [self.head(None)]
        return [self.head(len(body)) + (b"" if bodiless else body)]


def answer(value: Any, status: int = 200, **headers: str) -> Reply:
    """Return a reply with a JSON body; header names are written with `_` for `-`."""
    reply = Reply(status, value=value, has_value=True)
    reply.header(b"Content-Type", b"application/json; charset=utf-8")
    for name, text in headers.items():
        reply.header(name.replace("_", "-").encode(), text.encode())
    return reply


def bare(status: int = 200, **headers: str) -> Reply:
    """Return a reply without a body."""
    reply = Reply(status)
    for name, text in headers.items():
        reply.header(name.replace("_", "-").encode(), text.encode())
    return reply


class Parser:
    """Cuts requests out of the bytes of one connection."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Request]:
        """Take bytes and return the requests that are complete."""
        self._buffer += data
        found = []
        while (request := self._next()) is not None:
            found.append(request)
        return found

    def _next(self) -> Request | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, text = line.partition(":")
            headers[name.strip().lower()] = text.strip()
        start = end + 4
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = bytearray()
            while True:
                stop = self._buffer.find(b"\r\n", start)
                if stop < 0:
                    return None
                size = int(self._buffer[start:stop].split(b";")[0] or b"0", 16)
                if len(self._buffer) < stop + 2 + size + 2:
                    return None
                body += self._buffer[stop + 2 : stop + 2 + size]
                start = stop + 2 + size + 2
                if not size:
                    break
        else:
            size = int(headers.get("content-length") or 0)
            if len(self._buffer) < start + size:
                return None
            body = self._buffer[start : start + size]
            start += size
        method, target, *_ = [*lines[0].split(" "), "", ""]
        request = Request(method, target, headers, bytes(body))
        del self._buffer[:start]
        return request
