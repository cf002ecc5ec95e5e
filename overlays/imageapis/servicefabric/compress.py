"""`compress=True` of a package: its code, config and data parts as zip files in a temporary folder.

The source stays as it is. The same content always gives the same zip, so that an unchanged part is not sent again.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from imageapis.core.cancellation import checkpoint
from imageapis.core.sources import state_of
from imageapis.errors import InvalidArgument, SourceChanged, UnusableFile
from imageapis.servicefabric.folder import LocalFile, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = "ServiceManifest.xml"
_PARTS = ("CodePackage", "ConfigPackage", "DataPackage")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Packed:
    """A package with its parts as zip files in a temporary folder, which goes when it is closed.

    Args:
        tree: The package; see `compressed`.

    Attributes:
        tree: The package as it is to be sent.
    """

    def __init__(self, tree: Tree) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="imageapis-")
        try:
            self.tree = compressed(tree, Path(self._folder.name))
        except BaseException:
            self._folder.cleanup()
            raise

    def close(self) -> None:
        """Remove the zip files."""
        self._folder.cleanup()


def compressed(tree: Tree, folder: Path) -> Tree:
    """Return a package with each part that a service manifest names replaced by `<part>.zip`.

    Args:
        tree: The package.
        folder: Where the zip files go; they take disk for all parts.

    Raises:
        UnusableFile: A manifest is not XML.
        InvalidArgument: A zip of that name lies beside the part.
        SourceChanged: A file changed while it was read.
    """
    files = {file.name: file for file in tree.files}
    folders = set(tree.folders)
    for part in sorted(_parts(tree)):
        inside = [file for file in files.values() if file.name.startswith(f"{part}/")]
        name = f"{part}.zip"
        if name in files:
            raise InvalidArgument(f"the package holds both {part}/ and {name}; compress=True would make a second one")
        target = folder / f"{len(files):06}-{PurePosixPath(name).name}"
        _zip(inside, f"{part}/", target)
        for file in inside:
            del files[file.name]
        folders -= {sub for sub in folders if sub == part or sub.startswith(f"{part}/")}
        files[name] = LocalFile(name, str(target), target.stat().st_size)
    return Tree(tuple(files[name] for name in sorted(files)), tuple(sorted(folders)))


def _parts(tree: Tree) -> set[str]:
    """Return the folders that are code, config or data parts of a service."""
    found: set[str] = set()
    for file in tree.files:
        service, _, name = file.name.rpartition("/")
        if name != MANIFEST:
            continue
        try:
            root = ET.parse(file.path).getroot()  # noqa: S314 - the caller's own manifest
        except (ET.ParseError, ValueError, LookupError) as failure:  # the others are about its encoding
            raise UnusableFile(f"{file.path} is not XML ({failure}), so its parts are not known.") from failure
        for element in root.iter():
            if element.tag.rpartition("}")[2] in _PARTS and (part := element.get("Name")):
                found.add(f"{service}/{part}" if service else part)
    return found & set(tree.folders)


def _zip(files: Iterable[LocalFile], prefix: str, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            before = os.stat(file.path)  # noqa: PTH116 - the path is a str
            entry = zipfile.ZipInfo(file.name.removeprefix(prefix), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (before.st_mode & 0xFFFF) << 16
            with open(file.path, "rb") as source, packed.open(entry, "w", force_zip64=before.st_size >= 1 << 31) as out:  # noqa: PTH123
                while block := source.read(1 << 20):
                    checkpoint()
                    out.write(block)
            after = os.stat(file.path)  # noqa: PTH116
            if state_of(after) != state_of(before):
                raise SourceChanged(
                    f"{file.path} changed while it was compressed; upload the package when it is at rest."
                )
