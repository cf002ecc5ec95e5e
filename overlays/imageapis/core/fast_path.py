"""The fast path: plain requests and answers as bytes, which `connection_pool` sends and reads by itself.

What httpx, httpcore and h11 do for each request is several times the work of a small file itself, and what they do for
each block of a large one a third of that. Here is which request may go past them, how it is written, and which answer
can be taken as it came. All else goes the usual way.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from imageapis.core.body import Body
from imageapis.core.response_body import put_content

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Methods of which a request and its answer have nothing unusual.
_METHODS = frozenset({"DELETE", "GET", "PATCH", "POST", "PUT"})
#: What httpcore reads from a request's extensions besides time-outs, and does for it.
_EXTENSIONS = frozenset({"sni_hostname", "target", "trace"})
#: Headers that change how the connection is used; `Connection` itself may say that it stays.
_OF_THE_CONNECTION = frozenset({b"expect", b"te", b"transfer-encoding", b"upgrade"})
#: Headers of which an answer has at most one: two would have to be weighed against each other. Of others, such as
#: `Vary`, there are often several.
_ONCE = frozenset({b"connection", b"content-length"})
#: Headers of answers that httpx or `response_body` has to do something about.
_OF_THE_CONTENT = frozenset({b"content-encoding", b"set-cookie"})

_NAME = rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
#: The lines of a request; that there are no more of them than were written is to be looked at as well.
_REQUEST = re.compile(rb"[A-Z]+ [!-~]+ HTTP/1\.1\r\n(?:%s: [!-~](?:[\t -~]*[!-~])?\r\n)+" % _NAME)
#: An answer's head without the empty line: neither informational nor a redirect.
_ANSWER = re.compile(rb"HTTP/1\.1 ([245][0-9]{2}) ([ -~]*)((?:\r\n%s:[\t -~]*)*)" % _NAME)

_SIZE = re.compile(rb"[0-9]{1,7}")
#: Bytes of the body of an answer that is read here; of more, httpx makes blocks.
LARGEST = 1 << 20
#: How often a plain answer is read from here: often enough for that, not for what drips.
READS = 32

#: The loggers of what is gone past, with what they tell of each request.
_LOGS = (
    (logging.getLogger("httpx"), logging.INFO),
    (logging.getLogger("httpcore.connection"), logging.DEBUG),
    (logging.getLogger("httpcore.http11"), logging.DEBUG),
)


def is_unpatched(library: str, owner: Any, names: Iterable[str]) -> bool:
    """Say whether methods are a library's own: tools that record, fake or trace requests put theirs in their places."""
    kind = type(owner)
    for name in names:
        method = getattr(kind, name, None)
        # Wrappers of some tools show the attributes of what they wrap.
        if type(method) is not FunctionType or not method.__globals__.get("__name__", "").startswith(library):
            return False
        if name in vars(owner):
            return False
    return True


def is_observed(client: httpx.Client | httpx.AsyncClient, transport: Any) -> bool:
    """Say whether somebody is to see, hear of or change what goes through a client."""
    send_method = "handle_request" if isinstance(client, httpx.Client) else "handle_async_request"
    hooks = client.event_hooks
    return (
        any(logger.isEnabledFor(level) for logger, level in _LOGS)
        or bool(hooks["request"] or hooks["response"])
        or not is_unpatched("httpx.", client, ("send", "_send_single_request"))
        or not is_unpatched("httpx.", transport, (send_method,))
    )


class Message(NamedTuple):
    """A request as it goes over the wire.

    Attributes:
        first: Its head, with all of the body if that is small.
        body: The body that follows, if it is not.
    """

    first: bytes
    body: Body | None = None

    def check(self) -> None:
        """Look once more at the file that was sent, if it was; see `sendfile`."""
        if self.body is not None and self.body.file is not None:
            self.body.file.check()


def serialize(request: httpx.Request) -> Message | None:
    """Return a request as it goes over the wire, or `None` if there is anything unusual about it."""
    content = _content(request.stream)
    if content is None or request.method not in _METHODS or not _EXTENSIONS.isdisjoint(request.extensions):
        return None
    headers = request.headers.raw
    values = {name.lower(): value for name, value in headers}
    if (
        len(values) != len(headers)
        or values.pop(b"connection", b"keep-alive").lower() != b"keep-alive"
        or not _OF_THE_CONNECTION.isdisjoint(values)
        or headers[0][0].lower() != b"host"
        or values.get(b"content-length", b"0") != b"%d" % (content.size if isinstance(content, Body) else len(content))
    ):
        return None
    lines = [b"%s: %s\r\n" % header for header in headers]
    head = b"%s %s HTTP/1.1\r\n%s" % (request.method.encode(), request.url.raw_path, b"".join(lines))
    if head.count(b"\n") != 1 + len(headers) or _REQUEST.fullmatch(head) is None:
        return None
    if isinstance(content, Body):
        return Message(head + b"\r\n", content)
    return Message(b"%s\r\n%s" % (head, content))


def _content(stream: Any) -> bytes | memoryview | Body | None:
    """Return the body of a request: itself if it is small and at hand, or what gives its blocks."""
    if isinstance(stream, Body):
        return stream if stream.small is None else stream.small
    if type(stream) is httpx.ByteStream:
        content = b"".join(stream)
        return content if len(content) <= Body.SMALL else None
    return None


class ResponseHead(NamedTuple):
    """The head of an answer that has nothing unusual about it.

    Attributes:
        status: Its status.
        reason: The words beside that.
        headers: Its headers.
        before: Bytes before its body.
        size: Bytes of its body.
    """

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    before: int
    size: int

    @property
    def length(self) -> int:
        """Bytes of all of it."""
        return self.before + self.size

    def response(self, request: httpx.Request, received: bytes, seconds: float) -> httpx.Response:
        """Return it as httpx would.

        Args:
            request: What it answers.
            received: All of it.
            seconds: How long that took.
        """
        body = received[self.before :]
        response = httpx.Response(
            self.status,
            headers=self.headers,
            stream=httpx.ByteStream(body),
            request=request,
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": self.reason},
        )
        put_content(response, body)
        response.is_closed = response.is_stream_consumed = True
        response.elapsed = timedelta(seconds=seconds)
        return response


class ResponseBuffer:
    """What was received of an answer so far, and whether that is a plain one.

    Args:
        first: What was received first.
    """

    def __init__(self, first: bytes) -> None:
        self._parts = [first]
        self._count = len(first)
        self._answer = parse_head(first)
        self._open = True

    def is_incomplete(self) -> bool:
        """Say whether it is a plain answer of which more is to be read."""
        answer = self._answer
        return self._open and answer is not None and self._count < answer.length and len(self._parts) < READS

    def add(self, part: bytes) -> None:
        """Take what was received next; nothing is the end."""
        self._parts.append(part)
        self._count += len(part)
        self._open = bool(part)

    def response(self, request: httpx.Request, seconds: float) -> httpx.Response | None:
        """Return the answer, or `None` if it is not a plain one, not whole, or more than one.

        Args:
            request: What it answers.
            seconds: How long that took.
        """
        if self._answer is None or self._count != self._answer.length:
            return None
        return self._answer.response(request, b"".join(self._parts), seconds)


def parse_head(received: bytes) -> ResponseHead | None:
    """Return the head of an answer, or `None` if it is not whole yet or httpx has to see it.

    Args:
        received: What was received first.
    """
    head, end, _ = received.partition(b"\r\n\r\n")
    found = _ANSWER.fullmatch(head)
    if found is None or not end:
        return None
    lines = [line.partition(b":") for line in found[3].split(b"\r\n")[1:]]
    headers = [(name, value.strip(b" \t")) for name, _, value in lines]
    values = {name.lower(): value for name, value in headers}
    if (
        (len(values) != len(headers) and _repeats(headers))
        or values.pop(b"connection", b"keep-alive").lower() != b"keep-alive"
        or not _OF_THE_CONNECTION.isdisjoint(values)
        or not _OF_THE_CONTENT.isdisjoint(values)
    ):
        return None
    status = int(found[1])
    size = _SIZE.fullmatch(values.get(b"content-length", b"0" if status == 204 else b""))
    # What answers 204 has no body, whatever it says of its length.
    if size is None or int(size[0]) > LARGEST or (status == 204 and int(size[0])):
        return None
    return ResponseHead(status, found[2], headers, len(head) + len(end), int(size[0]))


def _repeats(headers: list[tuple[bytes, bytes]]) -> bool:
    """Say whether a header comes twice of which there is at most one."""
    there = [name.lower() for name, _ in headers]
    return any(there.count(name) > 1 for name in _ONCE)
