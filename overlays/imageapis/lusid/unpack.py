"""Taking the compression off a tar: into a temporary file, and within bounds of disk and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from imageapis.core.uploadable import open_source
from imageapis.lusid.errors import InvalidImage
from imageapis.lusid.tar import reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from imageapis.core.sources import Source

#: How many times its packed size an image may take unpacked, unless it is small anyhow.
MOST_TIMES = 200
SMALL = 4 << 30
#: Bytes of memory that a decompressor may ask for: `xz -9` wants 65 MiB.
MOST_MEMORY = 512 << 20
_BLOCK = 1 << 16


class _Forward(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Unpacked:
    """A decompressor that can only be read forwards, so that what it gives is kept on disk and not in memory."""

    def __init__(self, file: _Forward, failures: tuple[type[Exception], ...], packed: Source) -> None:
        self._file = file
        self._failures = failures
        self.name = packed.name
        self._left = max(SMALL, packed.size * MOST_TIMES)

    def read(self, size: int, /) -> bytes:
        try:
            data = self._file.read(size)
        except self._failures as failure:
            raise InvalidImage(f"{self.name} cannot be decompressed ({failure}). Save the image again.") from failure
        self._left -= len(data)
        if self._left < 0:
            raise InvalidImage(
                f"{self.name} comes to more than {MOST_TIMES} times its size when it is decompressed. If it is to be "
                "so, decompress it first and push the tar."
            )
        return data


class _Xz:
    """The standard library's reader of xz files has no bound on memory; its decompressor has."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._packed = b""
        self._stream = self._next()

    def _next(self) -> Any:
        import lzma

        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_MEMORY)

    def read(self, size: int, /) -> bytes:
        while True:
            if self._stream.eof:
                # One stream may follow another, with zeros between them.
                self._packed = self._stream.unused_data.lstrip(b"\0")
                while not self._packed:
                    if not (more := self._file.read(_BLOCK)):
                        return b""
                    self._packed = more.lstrip(b"\0")
                self._stream = self._next()
            elif self._stream.needs_input and not self._packed:
                self._packed = self._file.read(_BLOCK)
                if not self._packed:
                    raise EOFError("it ends too early")
            data: bytes = self._stream.decompress(self._packed, size)
            self._packed = b""
            if data:
                return data


def _gzip(file: BinaryIO) -> tuple[_Forward, tuple[type[Exception], ...]]:
    import gzip
    import zlib

    return gzip.GzipFile(fileobj=file), (EOFError, OSError, zlib.error)


def _bz2(file: BinaryIO) -> tuple[_Forward, tuple[type[Exception], ...]]:
    import bz2

    return bz2.BZ2File(file), (EOFError, OSError)


def _xz(file: BinaryIO) -> tuple[_Forward, tuple[type[Exception], ...]]:
    import lzma

    return _Xz(file), (EOFError, OSError, lzma.LZMAError)


_COMPRESSED: dict[bytes, Callable[[BinaryIO], tuple[_Forward, tuple[type[Exception], ...]]]] = {
    b"\x1f\x8b": _gzip,
    b"BZh": _bz2,
    b"\xfd7zXZ": _xz,
}


def unpacked(source: Source) -> Source:
    """Return a source without its compression; the one that was given is closed if that is another one.

    Raises:
        InvalidImage: It cannot be decompressed, or comes to far more than it may.
    """
    try:
        head = source.read(6, 0)
        for magic, unpack in _COMPRESSED.items():
            if head.startswith(magic):
                opened = open_source(_Unpacked(*unpack(reader(source)), source))
                break
        else:
            return source
    except BaseException:
        source.close()
        raise
    source.close()
    return opened
