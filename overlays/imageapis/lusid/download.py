"""Saving a streamed answer: into a part file beside its destination, renamed when every byte is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from imageapis.errors import ConnectionFailed, VerificationFailed

if TYPE_CHECKING:
    import os

    from imageapis.core.http import Response
    from imageapis.core.io import Io


async def save(io: Io, response: Response, destination: str | os.PathLike[str]) -> Path:
    """Write the body of a streamed answer to a file.

    Raises:
        OSError: The file cannot be written.
        ConnectionFailed: The body ended early.
        VerificationFailed: Another number of bytes came than the answer announced.
    """
    path = Path(destination)
    part = path.with_name(path.name + ".part")
    file = await io.run(part.open, "wb")
    try:
        try:
            size = 0
            async for block in io.body(response):
                await io.run(file.write, block)
                size += len(block)
        finally:
            file.close()  # not in a thread: that could be cancelled
        _check(response, size)
        await io.run(part.replace, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path


def _check(response: Response, size: int) -> None:
    announced = response.headers.get("Content-Length", "")
    if not announced.isdigit() or response.headers.get("Content-Encoding", "identity") != "identity":
        return
    what = f"{response.request.method} {response.request.url.path}"
    if size < int(announced):
        raise ConnectionFailed(f"{what} ended after {size} of {announced} bytes. Try again.", sent=True)
    if size > int(announced):
        raise VerificationFailed(f"{what} brought {size} bytes where {announced} were announced. Try again.")
