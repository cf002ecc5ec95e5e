"""A package's folder as it is to be uploaded: its files and folders, checked before the first byte is sent."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from typing import TYPE_CHECKING, Literal

import attrs

from imageapis.core.arguments import local_path, one_of
from imageapis.core.files import no_path
from imageapis.errors import UnsafePath
from imageapis.servicefabric.paths import MARK, unsafe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from imageapis.core.file_snapshot import FileSnapshot

    #: Reads a small file, with its hash if that is asked for; blocks.
    Read: TypeAlias = "Callable[[LocalFile, bool], tuple[FileSnapshot, str | None]]"

#: Folders in one another, at most: clusters on Windows take paths of 260 characters.
DEEPEST = 130

Symlinks = Literal["refuse", "follow", "skip"]


@attrs.frozen
class LocalFile:
    """A file of a package.

    Attributes:
        name: Its path in the package, with `/`.
        path: Where it lies.
        size: Bytes, when it was found.
    """

    name: str
    path: str
    size: int


@attrs.frozen
class Tree:
    """A package's files and folders, in order of their names; the root folder is `""`."""

    files: tuple[LocalFile, ...]
    folders: tuple[str, ...]

    def clash(self) -> tuple[str, str] | None:
        """Return two names that are one where case does not count, if there are such."""
        seen: dict[str, str] = {}
        for name in (*(file.name for file in self.files), *self.folders):
            if (other := seen.setdefault(name.lower(), name)) != name:
                return other, name
        return None

    def deepest_first(self) -> list[list[str]]:
        """Return the folders by depth: those that lie in none of the others come first, the root comes last."""
        levels: dict[int, list[str]] = defaultdict(list)
        for folder in self.folders:
            levels[folder.count("/") + 1 if folder else 0].append(folder)
        return [levels[depth] for depth in sorted(levels, reverse=True)]


@attrs.frozen
class LocalPackage:
    """A package that is ready to be sent, to one cluster or to several.

    Attributes:
        folder: Where the caller has it.
        tree: What is to be sent.
        read: Reads its small files; see `small_files`.
    """

    folder: str | os.PathLike[str]
    tree: Tree
    read: Read


def scan(folder: str | os.PathLike[str], symlinks: Symlinks = "refuse") -> Tree:
    """Find a package's files and folders.

    Args:
        folder: The package.
        symlinks: What to do with symbolic links.

    Raises:
        UnsafePath: A name is one that the gateway would read as another, or an entry is a link or no file.
        OSError: Something cannot be read.
        InvalidArgument: `symlinks` is none of the three.
    """
    one_of("symlinks", symlinks, ("refuse", "follow", "skip"))
    files: list[LocalFile] = []
    folders: list[str] = [""]
    for name, entry in _entries(local_path("A package", folder), "", symlinks, ()):
        if entry.is_dir():
            folders.append(name)
            continue
        size = entry.stat().st_size
        if entry.name == MARK:
            if size:
                raise UnsafePath(f"{entry.path} has the name of the store's own mark and is not empty; rename it.")
            continue
        files.append(LocalFile(name, entry.path, size))
    return Tree(tuple(files), tuple(folders))


def _entries(
    folder: str, prefix: str, symlinks: Symlinks, above: tuple[tuple[int, int], ...]
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        found_at = os.stat(folder)  # noqa: PTH116 - the path is a str
    except ValueError:
        raise no_path(folder) from None
    real = (found_at.st_dev, found_at.st_ino)
    if real in above:
        raise UnsafePath(f"{folder} is a link to a folder that it lies in; the package would have no end.")
    if len(above) > DEEPEST:
        raise UnsafePath(f"{folder[:200]}... lies more than {DEEPEST} folders deep; no store takes such a path.")
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_symlink():
            if symlinks == "refuse":
                raise UnsafePath(f"{entry.path} is a symbolic link; give symlinks='follow' or symlinks='skip'.")
            if symlinks == "skip":
                continue
        if (why := unsafe(entry.name)) is not None or "\\" in entry.name:
            reason = why or "the gateway reads a backslash as a separator"
            raise UnsafePath(f"{entry.path!r} is not safe in the image store: {reason}. Nothing was sent; rename it.")
        name = prefix + entry.name
        if entry.is_dir():
            yield name, entry
            yield from _entries(entry.path, f"{name}/", symlinks, (*above, real))
        elif stat.S_ISREG(entry.stat().st_mode):
            yield name, entry
        else:
            raise UnsafePath(f"{entry.path} is neither a file nor a folder; a package cannot hold it.")
