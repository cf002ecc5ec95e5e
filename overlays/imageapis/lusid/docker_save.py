"""What `docker save` writes: a list of images, each with its config and its layers by the names of their files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from imageapis.lusid.documents import DIGEST, ambiguous, check_count, diffs_in, layers_in, list_in, parsed, platform_in
from imageapis.lusid.errors import InvalidImage
from imageapis.lusid.local_image import DOCKER_MANIFEST, Blob, LocalImage, digest_of, unique

if TYPE_CHECKING:
    from imageapis.lusid.archive import Files, Part

_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar"


def read_saved(files: Files, saved: bytes, image: str | None) -> LocalImage:
    """Return an image of a `docker save`.

    Args:
        files: Its files.
        saved: Its list of images, `manifest.json`.
        image: Which one, by its name there, if it holds several.

    Raises:
        InvalidImage: It holds no such image, or not all of it.
    """
    entry = _saved_entry(parsed(saved, "manifest.json", list), image)
    name = entry.get("Config")
    # Docker writes null for the layers of an image that has none.
    none = "Layers" in entry and entry["Layers"] is None
    layers = [] if none else layers_in(entry, "Layers", "manifest.json")
    if not isinstance(name, str) or not all(isinstance(it, str) for it in layers):
        raise InvalidImage("manifest.json in the image names no config and layers. Save the image again.")
    content = files.document(name)
    if content is None:
        raise InvalidImage(f"The image lacks its config {name!r}. Save it again.")
    config = Blob(digest_of(content), len(content), _CONFIG, _part(files, name))
    promised = re.search(r"[0-9a-f]{64}", name)
    if promised is not None and config.digest != f"sha256:{promised[0]}":
        raise InvalidImage(f"The config {name!r} does not have the digest that is its name: the image is damaged.")
    diffs = diffs_in(content, repr(name))
    check_count(layers, diffs)
    blobs = [_docker_layer(files, layer, diff) for layer, diff in zip(layers, diffs, strict=True)]
    manifest = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": config.descriptor,
        "layers": [blob.descriptor for blob in blobs],
    }
    encoded = json.dumps(manifest, indent=3).encode()
    return LocalImage(encoded, DOCKER_MANIFEST, unique([config, *blobs]), platform_in(content), files)


def _saved_entry(entries: list[Any], image: str | None) -> dict[str, Any]:
    known = [(entry, list_in(entry, "RepoTags")) for entry in entries if isinstance(entry, dict)]
    chosen = [entry for entry, tags in known if image is None or image in tags]
    if len(chosen) != 1:
        raise ambiguous([str(tag) for _, tags in known for tag in tags], image)
    return chosen[0]


def _part(files: Files, name: str) -> Part:
    part = files.part(name)
    if part is None:
        raise InvalidImage(f"The image lacks {name!r}. Save it again.")
    return part


def _docker_layer(files: Files, name: str, diff: Any) -> Blob:
    part = _part(files, name)
    if not isinstance(diff, str) or DIGEST.fullmatch(diff) is None:
        raise InvalidImage(f"The config's digest of the layer {name!r} is none.")
    if not part.read(2).startswith(b"\x1f\x8b"):
        # Uncompressed, as docker saves layers, it has the digest that the config names; that is checked on its way.
        return Blob(diff, part.size, _LAYER, part)
    return Blob(f"sha256:{part.source.digest(part.start, part.size)}", part.size, f"{_LAYER}.gzip", part)
