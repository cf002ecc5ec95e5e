"""The files of a tar: its headers are read once, within bounds; its contents stay where they are."""

from __future__ import annotations

import io
import os
import posixpath
import tarfile
from typing import TYPE_CHECKING, Any, cast

import attrs

from imageapis.lusid.archive import Files, Part
from imageapis.lusid.errors import InvalidImage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from imageapis.core.sources import Source

#: Symbolic links followed for one name.
LONGEST_CHAIN = 10
#: Most members; an image has a few a layer.
MOST_MEMBERS = 50_000
#: Most bytes of the headers of one member, which may hold a long name or a time, and of all headers.
LARGEST_HEADER = 1 << 20
MOST_HEADERS = 128 << 20


@attrs.frozen
class _Member:
    """A member of a tar: a range of it, or a link to another member."""

    start: int
    size: int
    link: str | None = None


class Tar(Files):
    """The files of a tar.

    Raises:
        InvalidImage: It is no tar, or one that no image tool writes.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source.name)
        self._source = source
        self._members = dict(_members(source))

    def has(self, name: str) -> bool:
        """Say whether the tar has a file of that name."""
        return self.part(name) is not None

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


def _members(source: Source) -> Iterator[tuple[str, _Member]]:
    try:
        headers = _Headers(source)
        with tarfile.open(fileobj=cast("Any", headers), mode="r:") as tar:
            count, end = 0, -1
            while (member := tar.next()) is not None:
                tar.members.clear()  # type: ignore[attr-defined] # the library keeps each, with all that its headers said
                headers.next_member()
                count += 1
                if count > MOST_MEMBERS:
                    raise InvalidImage(f"{source.name} has more than {MOST_MEMBERS} members, which no image has.")
                # A header of a negative size leads back to itself.
                if member.size < 0 or member.offset <= end:
                    raise InvalidImage(f"{source.name} is damaged at its member {member.name[:100]!r}. Save it again.")
                end = member.offset
                name = posixpath.normpath(member.name)
                if (read := _member(name, member)) is not None:
                    yield name, read
    except InvalidImage:
        raise
    except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError) as failure:
        raise InvalidImage(
            f"{source.name} is no tar of an image ({failure}). Make one with `docker save`."
        ) from failure


def _member(name: str, member: tarfile.TarInfo) -> _Member | None:
    if member.issparse():
        raise InvalidImage(f"{name!r} is stored sparsely in the tar, which image tools do not do.")
    if member.isreg():
        return _Member(member.offset_data, member.size)
    if member.islnk():
        return _Member(0, 0, posixpath.normpath(member.linkname))
    if member.issym():
        return _Member(0, 0, posixpath.normpath(posixpath.join(posixpath.dirname(name), member.linkname)))
    return None


class _Headers:
    """A tar as the library reads it: header by header, at once or in parts, none larger than headers are."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._file = reader(source)
        self._left = MOST_HEADERS
        self._left_here = LARGEST_HEADER
        self.seek = self._file.seek
        self.tell = self._file.tell

    def next_member(self) -> None:
        self._left_here = LARGEST_HEADER

    def read(self, size: int) -> bytes:
        self._left -= size
        self._left_here -= size
        if size < 0 or self._left < 0 or self._left_here < 0:
            raise InvalidImage(f"{self._name} has headers of more bytes than any image's tar has.")
        return self._file.read(size)


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


def reader(source: Source) -> BinaryIO:
    """Return a source as a file object, with a position of its own."""
    return io.BufferedReader(_Reader(source), 1 << 16)
