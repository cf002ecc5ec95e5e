"""What a caller may hand over for upload, a path, a file object, bytes or a stream, and the `Source` made of it."""

from __future__ import annotations

import io
import os
import stat
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from imageapis.core.body import BLOCK
from imageapis.core.cancellation import checkpoint
from imageapis.core.files import no_path
from imageapis.core.log import logger
from imageapis.core.pipes import Pipe, check_end
from imageapis.core.sources import READ, BytesSource, FileSource, SeekableSource, Source
from imageapis.errors import InvalidArgument, WrongType

if TYPE_CHECKING:
    from typing import BinaryIO


@runtime_checkable
class Readable(Protocol):
    """A binary file object, as far as an upload needs it."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        ...


#: What an upload takes. A file object is read from where it stands; one that cannot seek (a pipe, a socket, a
#: decompressor) is first written to a temporary file, which takes disk for all of it.
Uploadable = str | os.PathLike[str] | bytes | bytearray | memoryview | Readable


def open_source(source: Uploadable | Source) -> Source:
    """Return the source of an upload; `close()` it at the end. Blocks: async operations call it by `io.run`.

    Raises:
        OSError: A file cannot be opened or read.
        WrongType: It is nothing that can be uploaded.
        UnusableFile: It is a device that never comes to an end, as /dev/zero.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, (bytes, bytearray, memoryview)):
        return BytesSource(source)
    if isinstance(source, (str, os.PathLike)):
        return _from_path(os.fspath(source))
    if isinstance(source, io.TextIOBase):
        raise WrongType("The file object gives text; open it in binary mode ('rb').")
    if callable(getattr(source, "read", None)):
        return _from_file(source)
    raise WrongType(f"An upload takes a path, a binary file object or bytes, not {type(source).__name__}.")


def _from_path(path: str) -> Source:
    # To open a pipe would wait for its other end, where nothing can end the wait.
    try:
        descriptor = os.open(path, READ | getattr(os, "O_NONBLOCK", 0))
    except ValueError:
        raise no_path(path) from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISREG(mode):
            return FileSource(descriptor, os.path.basename(path), path=path)  # noqa: PTH119 - a str
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(f"{path} is a folder, not a file")
        check_end(descriptor, path)
        source = _spool(Pipe(descriptor), path)
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return source


def _from_file(file: Any) -> Source:
    name = getattr(file, "name", None)
    name = os.path.basename(name) if isinstance(name, str) and name else type(file).__name__  # noqa: PTH119
    plain = getattr(file, "file", file) if type(file).__module__ == "tempfile" else file
    # Exactly these types: a decompressor has a descriptor too, of bytes that are not its own.
    if type(plain) in (io.FileIO, io.BufferedReader, io.BufferedRandom):
        if plain.writable():
            plain.flush()
        if stat.S_ISREG(os.fstat(plain.fileno()).st_mode):
            return FileSource(os.dup(plain.fileno()), name, offset=plain.tell())
        check_end(plain.fileno(), name)
    seekable = getattr(file, "seekable", None)
    if seekable is not None and seekable():
        return SeekableSource(cast("BinaryIO", file), name)
    return _spool(file, name)


def _spool(stream: Readable, name: str) -> Source:
    """Write a stream that cannot seek to a temporary file, which disappears with the source."""
    import tempfile

    size = 0
    with tempfile.TemporaryFile(prefix="imageapis-") as file:
        while data := stream.read(BLOCK):
            checkpoint()
            if isinstance(data, str):
                raise InvalidArgument(f"{name} gives text instead of bytes: open it in binary mode.")
            size += file.write(data)
        file.flush()
        logger.info("%s cannot seek; its %d bytes were first written to a temporary file", name, size)
        return _SpooledSource(os.dup(file.fileno()), name)


class _SpooledSource(FileSource):
    """A temporary file: another one in each process, so that only its content tells what it is."""

    def identity(self) -> str:
        """Return the hash of the content."""
        return Source.identity(self)
