"""The files of an image as it lies on disk: a tar (also compressed) or a folder, behind one interface.

Nothing is unpacked: a file of a tar is a range of it. What the files mean is `image_source`'s business.
"""

from __future__ import annotations

import io
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from imageapis.core.sources import Source, Uploadable, open_source
from imageapis.lusid.errors import InvalidImage

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

#: Most bytes of a JSON document: a manifest may have 4 MiB by the registries' rules, configs are smaller.
LARGEST_DOCUMENT = 8 << 20
#: Symbolic links followed for one name.
LONGEST_CHAIN = 10


@attrs.frozen
class Part:
    """A file: a range of a source."""

    source: Source
    start: int
    size: int

    def read(self, size: int) -> bytes:
        """Return the first bytes."""
        return self.source.read(min(size, self.size), self.start) if self.size else b""


class Files(Protocol):
    """The files of an image by their names, which have `/` between folders."""

    def part(self, name: str) -> Part | None:
        """Return a file, or `None` if there is none."""

    def close(self) -> None:
        """Let go of what was opened."""


def document(files: Files, name: str) -> bytes | None:
    """Return the content of a small file, or `None` if there is none.

    Raises:
        InvalidImage: It is too large for a document.
    """
    part = files.part(name)
    if part is None:
        return None
    if part.size > LARGEST_DOCUMENT:
        raise InvalidImage(f"{name} in the image has {part.size} bytes, more than any such document has.")
    content = b""
    while len(content) < part.size:
        block = part.source.read(part.size - len(content), part.start + len(content))
        if not block:
            raise InvalidImage(f"{name} in the image is cut off. Save the image again.")
        content += block
    return content


class Folder:
    """The files of a folder."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._open: dict[str, Source] = {}

    def part(self, name: str) -> Part | None:
        """Return a file of the folder, or `None`."""
        source = self._open.get(name)
        if source is None:
            if name.startswith("/") or ".." in name.split("/"):
                raise InvalidImage(f"The image names a file outside of itself ({name!r}).")
            try:
                source = self._open[name] = open_source(self._path / name)
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None
        return Part(source, 0, source.size)

    def close(self) -> None:
        """Close the files that were opened."""
        for source in self._open.values():
            source.close()


@attrs.frozen
class _Member:
    """A member of a tar: a range of it, or a link to another member."""

    start: int
    size: int
    link: str | None = None


class Tar:
    """The files of a tar. Its headers are read once; its contents stay where they are."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._members = _members(source)

    def part(self, name: str) -> Part | None:
        """Return a file of the tar, or `None`. Links are followed: older `docker save` shares layers by them."""
        name = posixpath.normpath(name)
        for _ in range(LONGEST_CHAIN):
            member = self._members.get(name)
            if member is None:
                return None
            if member.link is None:
                return Part(self._source, member.start, member.size)
            name = member.link
        raise InvalidImage(f"The image's tar links in a circle at {name!r}.")

    def close(self) -> None:
        """Close the tar."""
        self._source.close()


def _members(source: Source) -> dict[str, _Member]:
    import tarfile

    members: dict[str, _Member] = {}
    try:
        with tarfile.open(fileobj=_reader(source), mode="r:") as tar:
            for member in tar:
                name = posixpath.normpath(member.name)
                if member.issparse():
                    raise InvalidImage(f"{name!r} is stored sparsely in the tar, which image tools do not do.")
                if member.isreg():
                    members[name] = _Member(member.offset_data, member.size)
                elif member.islnk():
                    members[name] = _Member(0, 0, posixpath.normpath(member.linkname))
                elif member.issym():
                    members[name] = _Member(
                        0, 0, posixpath.normpath(posixpath.join(posixpath.dirname(name), member.linkname))
                    )
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as failure:
        if isinstance(failure, InvalidImage):
            raise
        raise InvalidImage(
            f"{source.name} is no tar of an image ({failure}). Make one with `docker save`."
        ) from failure
    return members


class _Reader(io.RawIOBase):
    """A source as the file object that the standard library's readers want."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._source.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(len(buffer), self._position)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def _reader(source: Source) -> BinaryIO:
    return io.BufferedReader(_Reader(source), 1 << 16)


class _Unpacked:
    """A decompressor that can only be read forwards, so that what it gives is kept on disk and not in memory."""

    def __init__(self, file: Any, failures: tuple[type[Exception], ...], name: str) -> None:
        self._file = file
        self._failures = failures
        self._name = name

    def read(self, size: int, /) -> bytes:
        try:
            data: bytes = self._file.read(size)
        except self._failures as failure:
            raise InvalidImage(f"{self._name} cannot be decompressed ({failure}). Save the image again.") from failure
        return data


def _gzip(file: BinaryIO) -> tuple[Any, tuple[type[Exception], ...]]:
    import gzip
    import zlib

    return gzip.GzipFile(fileobj=file), (EOFError, OSError, zlib.error)


def _bz2(file: BinaryIO) -> tuple[Any, tuple[type[Exception], ...]]:
    import bz2

    return bz2.BZ2File(file), (EOFError, OSError)


def _xz(file: BinaryIO) -> tuple[Any, tuple[type[Exception], ...]]:
    import lzma

    return lzma.LZMAFile(file), (EOFError, OSError, lzma.LZMAError)


_COMPRESSED: dict[bytes, Callable[[BinaryIO], tuple[Any, tuple[type[Exception], ...]]]] = {
    b"\x1f\x8b": _gzip,
    b"BZh": _bz2,
    b"\xfd7zXZ": _xz,
}


def open_files(source: Uploadable) -> Files:
    """Open the files of an image; `close()` them at the end. Blocks: call it by `io.run`.

    A compressed tar is unpacked into a temporary file first, which takes disk for all of it.

    Args:
        source: The path of a folder or of a tar, or a binary file object, or bytes of a tar.

    Raises:
        OSError: It cannot be read.
        InvalidImage: It is no tar.
    """
    if isinstance(source, (str, os.PathLike)) and Path(source).is_dir():
        return Folder(source)
    opened = open_source(source)
    try:
        head = opened.read(6, 0)
        for magic, unpack in _COMPRESSED.items():
            if head.startswith(magic):
                packed, opened = opened, _unpack(opened, unpack)
                packed.close()
                break
        return Tar(opened)
    except BaseException:
        opened.close()
        raise


def _unpack(packed: Source, unpack: Callable[[BinaryIO], tuple[Any, tuple[type[Exception], ...]]]) -> Source:
    file, failures = unpack(_reader(packed))
    return open_source(_Unpacked(file, failures, packed.name))
