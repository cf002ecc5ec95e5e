"""The files of an image as it lies on disk: a folder or a tar, behind one interface.

Nothing is unpacked: a file of a tar is a range of it. What the files mean is `image_source`'s business; `tar` reads
tars, `unpack` takes their compression off. An image may come from anybody: what it says of itself is bounded here.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from imageapis.core.sources import FileSource, Source
from imageapis.lusid.errors import InvalidImage

if TYPE_CHECKING:
    from typing import Self

#: Most bytes of a JSON document: what registries take as a manifest; configs are smaller.
LARGEST_DOCUMENT = 4 << 20
#: Most documents that are read to find an image, and most bytes of all of them.
MOST_DOCUMENTS = 1000
MOST_BYTES = 64 << 20
#: What the system says of a name that cannot be one of its files.
_NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})


@attrs.frozen
class Part:
    """A file: a range of a source."""

    source: Source
    start: int
    size: int

    def read(self, size: int) -> bytes:
        """Return the first bytes."""
        return self.source.read(min(size, self.size), self.start) if self.size else b""


class Files:
    """The files of an image by their names, which have `/` between folders.

    Args:
        name: What holds them, for people.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._documents = 0
        self._bytes = 0

    def has(self, name: str) -> bool:
        """Say whether there is a file of that name."""
        raise NotImplementedError

    def part(self, name: str) -> Part | None:
        """Return a file, or `None` if there is none. It stays open until `close()`."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of what was opened."""

    def document(self, name: str) -> bytes | None:
        """Return the content of a small file, or `None` if there is none.

        Raises:
            InvalidImage: It is too large for a document, or one too many.
        """
        part = self.part(name)
        return None if part is None else self._content(part, name)

    def _content(self, part: Part, name: str) -> bytes:
        if part.size > LARGEST_DOCUMENT:
            raise InvalidImage(f"{name!r} in the image has {part.size} bytes, more than any such document has.")
        self._documents += 1
        self._bytes += part.size
        if self._documents > MOST_DOCUMENTS or self._bytes > MOST_BYTES:
            raise InvalidImage(
                f"The image has more than {MOST_DOCUMENTS} manifests, or more than {MOST_BYTES} bytes of them. "
                "Save the one image that is to be pushed."
            )
        content = b""
        while len(content) < part.size:
            block = part.source.read(part.size - len(content), part.start + len(content))
            if not block:
                raise InvalidImage(f"{name!r} in the image is cut off. Save the image again.")
            content += block
        return content

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Folder(Files):
    """The regular files of a folder. Links are followed within it, and nowhere else."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(os.fspath(path))
        self._root = os.path.realpath(path)
        self._open: dict[str, Source] = {}

    def has(self, name: str) -> bool:
        """Say whether the folder has a file of that name."""
        return self._find(name) is not None

    def part(self, name: str) -> Part | None:
        """Return a file of the folder, or `None`."""
        source = self._open.get(name)
        if source is None:
            source = self._source(name)
            if source is None:
                return None
            self._open[name] = source
        return Part(source, 0, source.size)

    def document(self, name: str) -> bytes | None:
        """Return the content of a small file, or `None` if there is none."""
        source = self._source(name)
        if source is None:
            return None
        try:
            return self._content(Part(source, 0, source.size), name)
        finally:
            source.close()

    def close(self) -> None:
        """Close the files that were opened."""
        while self._open:
            self._open.popitem()[1].close()

    def _source(self, name: str) -> Source | None:
        path = self._find(name)
        if path is None:
            return None
        # Between the look and this, a link or a pipe may have taken its place: neither is followed or waited for.
        flags = os.O_RDONLY | sum(getattr(os, it, 0) for it in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"))
        descriptor = os.open(path, flags)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _not_regular(name)
            return FileSource(descriptor, Path(path).name, path=path)
        except BaseException:
            os.close(descriptor)
            raise

    def _find(self, name: str) -> str | None:
        """Return where a file really lies, or `None` if there is none.

        Raises:
            InvalidImage: It lies outside of the folder, or is no regular file.
        """
        if name.startswith("/") or ".." in name.split("/"):
            raise InvalidImage(f"The image names a file outside of itself ({name!r}).")
        try:
            path = os.path.realpath(Path(self._root, name))
            mode = os.lstat(path).st_mode
        except ValueError:
            return None  # a name with a zero in it, or of half characters: no file has it
        except OSError as failure:
            if failure.errno in _NO_FILE:
                return None
            raise
        if not Path(path).is_relative_to(self._root):
            raise InvalidImage(f"{name!r} in the image's folder is a link that leads out of it ({path!r}).")
        if stat.S_ISDIR(mode):
            return None
        if not stat.S_ISREG(mode):
            raise _not_regular(name)
        return path


def _not_regular(name: str) -> InvalidImage:
    return InvalidImage(
        f"{name!r} in the image's folder is no regular file, but a pipe, a device or a link in a circle."
    )
