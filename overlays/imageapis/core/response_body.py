"""The body of an answer: all of it within a bound, or block by block. Compressed or not, never more than asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from imageapis.core.decoding import Inflater, excerpt
from imageapis.core.redaction import redacted
from imageapis.errors import ResponseTooLarge, UnexpectedReply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator

    import httpx

#: Bytes of a refusal that are read; what comes after them is left.
REFUSAL = 256 << 10
#: Bytes a block of a streamed answer.
BLOCK = 256 << 10


def read(response: httpx.Response, limit: int) -> None:
    """Read the body of a blocking client's answer.

    Args:
        response: The answer, unread. It is closed.
        limit: Bytes that its body may come to, decoded. Of a refusal only the beginning is read.

    Raises:
        ResponseTooLarge: It comes to more.
        UnexpectedReply: Its compression is broken, or none that was asked for.
    """
    if _is_there(response, limit):
        return
    whole = Whole(response, limit)
    try:
        for raw in response.iter_raw():
            if not whole.add(raw):
                break
        whole.end()
    finally:
        response.close()


async def aread(response: httpx.Response, limit: int) -> None:
    """Read the body of an async client's answer; see `read`."""
    if _is_there(response, limit):
        return
    whole = Whole(response, limit)
    raws = response.aiter_raw()
    try:
        async for raw in raws:
            if not whole.add(raw):
                break
        whole.end()
    finally:
        await end(response.aclose(), raws)


def _is_there(response: httpx.Response, limit: int) -> bool:
    """Say whether somebody has read the body before: a hook, or a transport that makes up its answers."""
    content: bytes | None = getattr(response, "_content", None)
    if content is None:
        return False
    if len(content) > limit and response.status_code < 400:
        raise _too_large(response, limit)
    return True


async def end(closing: Awaitable[None], raws: AsyncIterator[bytes]) -> None:
    """Close an answer, and let an iterator over its body come to its end, if it was begun.

    The iterators of httpx and httpcore lie within each other, and none of them closes the one within: only the end of
    the connection reaches them all.

    Args:
        closing: What closes the answer.
        raws: The iterator.
    """
    try:
        await closing
    finally:  # a cancelled task cannot wait for the close
        if getattr(raws, "ag_frame", None) is not None:
            with suppress(Exception):
                async for _ in raws:
                    pass


class Whole:
    """A body that is put together, and given to its answer at the end."""

    def __init__(self, response: httpx.Response, limit: int) -> None:
        self._response = response
        self._refusal = response.status_code >= 400
        self._limit = min(limit, REFUSAL) if self._refusal else limit
        self._blocks = Blocks(response)
        self._parts: list[bytes] = []
        self._size = 0
        self._ended = False

    def add(self, raw: bytes) -> bool:
        """Take some of the body as it came and say whether more is wanted."""
        try:
            for block in self._blocks.of(raw):
                self._parts.append(block)
                self._size += len(block)
                if self._size > self._limit:
                    if not self._refusal:
                        raise _too_large(self._response, self._limit)
                    self._ended = True
                    break
        except UnexpectedReply:
            # A refusal is one whatever its body looks like.
            if not self._refusal:
                raise
            self._ended = True
        return not self._ended

    def end(self) -> None:
        """Give the body to its answer."""
        if not (self._refusal or self._ended):
            self._blocks.end()
        put_content(self._response, b"".join(self._parts))


def put_content(response: httpx.Response, content: bytes) -> None:
    """Give an answer the body that was read of it."""
    response._content = content  # noqa: SLF001 - httpx has no way to set it


def _too_large(response: httpx.Response, limit: int) -> ResponseTooLarge:
    request = response.request
    return ResponseTooLarge(
        f"{request.method} {request.url.path} answered with more than {limit} bytes. Give the client a larger "
        "max_response_size if that is in order; if not, is this address the service's?"
    )


class Blocks:
    """Undoes the compression of an answer's body, block by block."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        self._encoding = "" if encoding == "identity" else encoding
        self._inflater: Inflater | None = None

    def of(self, raw: bytes) -> Iterable[bytes]:
        """Return the blocks that some of the body, as it came, comes to.

        Raises:
            UnexpectedReply: It is not compressed as it says, or in a way that was not asked for.
        """
        return self._inflated(raw) if self._encoding else (raw,)

    def _inflated(self, raw: bytes) -> Iterator[bytes]:
        try:
            if self._inflater is None:
                self._inflater = Inflater(self._encoding)
            yield from self._inflater.blocks(raw)
        except ValueError as failure:
            raise unexpected(self._response, str(failure)) from failure

    def end(self) -> None:
        """Check that nothing is missing.

        Raises:
            UnexpectedReply: It ends before its end.
        """
        if self._inflater is not None and not self._inflater.ended:
            raise unexpected(self._response, "compressed content that ends too early")


def unexpected(response: httpx.Response, why: str) -> UnexpectedReply:
    """Return the error for an answer that cannot be understood."""
    request = response.request
    kind = response.headers.get("Content-Type", "no content type")
    kind, why = (excerpt(redacted(said, request)) for said in (kind, why))
    return UnexpectedReply(
        f"{request.method} {request.url.path} answered {response.status_code} with something else than its document "
        f"promises ({kind}; {why}). Is this address the service's, and nothing between that answers for it?"
    )
