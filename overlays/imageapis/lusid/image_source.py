"""Opening a local image, ready to be pushed: whatever holds it, and in whichever known format.

Known formats: what `docker save` writes, and OCI layouts (newer `docker save` writes both in one). Digests that the
image promises are checked: of documents here, of layers while they are sent.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from imageapis.core.uploadable import open_source
from imageapis.lusid.archive import Folder
from imageapis.lusid.docker_save import read_saved
from imageapis.lusid.errors import InvalidImage
from imageapis.lusid.oci_layout import read_layout
from imageapis.lusid.tar import Tar
from imageapis.lusid.unpack import unpacked

if TYPE_CHECKING:
    from imageapis.core.uploadable import Uploadable
    from imageapis.lusid.archive import Files
    from imageapis.lusid.local_image import LocalImage


def open_image(source: Uploadable, image: str | None, platform: str) -> LocalImage:
    """Open a local image. Blocks: call it by `io.run`.

    Args:
        source: What holds it; see `open_files`.
        image: Which one, by its name there, if it holds several.
        platform: Which one, if it holds several of that name.

    Raises:
        OSError: It cannot be read.
        InvalidImage: It holds no such image, or not all of it.
    """
    files = open_files(source)
    try:
        return _read(files, image, platform)
    except InvalidImage as failure:
        files.close()
        raise InvalidImage(f"{files.name}: {failure}") from failure
    except BaseException:
        files.close()
        raise


def _read(files: Files, image: str | None, platform: str) -> LocalImage:
    saved = files.document("manifest.json")
    if not files.has("index.json"):
        if saved is None:
            raise InvalidImage(
                "There is neither a manifest.json nor an index.json: the source is no `docker save` tar and no OCI "
                "layout."
            )
        return read_saved(files, saved, image)
    try:
        return read_layout(files, image, platform)
    except InvalidImage:
        # An index may name images of other platforms whose blobs were not saved; docker's own list does not.
        if saved is None:
            raise
        return read_saved(files, saved, image)


def open_files(source: Uploadable) -> Files:
    """Open the files of an image; `close()` them at the end. Blocks: call it by `io.run`.

    A compressed tar is unpacked into a temporary file first, which takes disk for all of it.

    Args:
        source: The path of a folder or of a tar, or a binary file object, or bytes of a tar.

    Raises:
        OSError: It cannot be read.
        InvalidImage: It is no tar, or one that no image tool writes.
    """
    if isinstance(source, (str, os.PathLike)) and Path(source).is_dir():
        return Folder(source)
    opened = unpacked(open_source(source))
    try:
        return Tar(opened)
    except BaseException:
        opened.close()
        raise
