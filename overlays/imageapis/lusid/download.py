"""Saving a streamed answer: it appears under its name when every byte is there, and not before."""

from __future__ import annotations

import re
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from imageapis.core.files import Draft
from imageapis.core.opening import opened
from imageapis.core.response_body import unexpected
from imageapis.errors import ConnectionFailed, VerificationFailed

if TYPE_CHECKING:
    import os

    from imageapis.core.http import Response
    from imageapis.core.io import Io

#: How pages and refusals begin to call themselves, that somebody answers 200 with.
_NO_IMAGE = ("text/", "application/xhtml", "application/problem")


async def save(io: Io, response: Response, destination: str | os.PathLike[str]) -> Path:
    """Write the body of a streamed answer to a file.

    Raises:
        UnusableFile: There is something else than a regular file at the destination.
        OSError: The file cannot be written.
        UnexpectedReply: The answer is none of an image, but a page that somebody between puts in its place; or it does
            not say where it ends.
        ConnectionFailed: The body ended early.
        VerificationFailed: Another number of bytes came than the answer announced.
    """
    if response.status_code != 200:
        raise unexpected(response, "an image comes with 200")
    if response.headers.get("Content-Type", "").strip().lower().startswith(_NO_IMAGE):
        raise unexpected(response, "an image is no text")
    if not _has_an_end(response):
        raise unexpected(response, "it does not say how long the image is, so that a part would pass for all of it")
    path = Path(destination)
    async with opened(io, lambda: Draft(path), Draft.discard) as draft:
        size = 0
        # Closed here, not by the garbage collector: a cancelled write leaves the iterator in the middle.
        async with aclosing(io.body(response)) as blocks:
            async for block in blocks:
                await io.run(draft.write, block)
                size += len(block)
        _check(response, size)
        await io.run(draft.publish)
    return path


def _has_an_end(response: Response) -> bool:
    """Say whether an answer tells where its body ends. One that lets the connection end may have been cut anywhere."""
    told = response.headers
    return not response.http_version.startswith("HTTP/1") or "Content-Length" in told or "Transfer-Encoding" in told


def _check(response: Response, size: int) -> None:
    announced = response.headers.get("Content-Length", "")
    if (
        re.fullmatch("[0-9]{1,15}", announced) is None
        or response.headers.get("Content-Encoding", "identity") != "identity"
    ):
        return
    what = f"{response.request.method} {response.request.url.path}"
    if size < int(announced):
        raise ConnectionFailed(f"{what} ended after {size} of {announced} bytes. Try again.", sent=True)
    if size > int(announced):
        raise VerificationFailed(f"{what} brought {size} bytes where {announced} were announced. Try again.")
