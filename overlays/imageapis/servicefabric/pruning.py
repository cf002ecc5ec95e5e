"""What is stored where a package goes: files found by path, and what of them is to be deleted by `prune=True`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from imageapis.servicefabric.paths import MARK, parent, unsafe_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from imageapis.servicefabric.folder import Tree
    from imageapis.servicefabric.models import StoreFile


class Listing:
    """Stored files by path; a Windows cluster shows each in the spelling of its first upload.

    Args:
        files: The files.
        closed: Folders whose names the gateway would read as others, so that nobody knows what they hold.
    """

    def __init__(self, files: Iterable[StoreFile], closed: Iterable[str] = ()) -> None:
        self.closed = tuple(closed)
        self.exact = {file.path: file for file in files}
        self._folded = {path.lower(): file for path, file in self.exact.items()}

    def find(self, path: str) -> StoreFile | None:
        """Return the file at a path, or the one whose path differs only in case."""
        return self.exact.get(path) or self._folded.get(path.lower())


class Stale(NamedTuple):
    """What is stored and not in the package.

    Attributes:
        deletions: The paths to delete: whole folders where all in them is stale.
        files: How many files these are.
        left: What cannot be deleted safely.
    """

    deletions: list[str]
    files: int
    left: tuple[str, ...]


def stale(listing: Listing, tree: Tree, destination: str) -> Stale:
    """Find what is stored and not in the package.

    What a deletion might hit something else by is left: a name that the gateway reads as another one, which may be a
    file of the package, and a file where the package has a folder.
    """
    kept = {f"{destination}/{file.name}".lower() for file in tree.files}
    folders = {(f"{destination}/{folder}" if folder else destination).lower() for folder in tree.folders}
    names = kept | folders
    deletions: dict[str, None] = {}
    left: dict[str, None] = {}
    files = 0
    for path in (*listing.exact, *listing.closed):
        if path.lower() in kept or (path.endswith(f"/{MARK}") and parent(path).lower() in folders):
            continue
        top = path
        # A file of the package may have the name of a folder that was there.
        while path.lower() not in folders and parent(top).lower() not in names:
            top = parent(top)
        if unsafe_path(top) is not None or path.lower() in folders:
            left[path] = None
            continue
        files += 1
        deletions[top] = None
    return Stale(list(deletions), files, tuple(left))
