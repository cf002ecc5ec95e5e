"""OCI layouts: an index, which may name other indexes, manifests by platform, and blobs by their digests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from imageapis.lusid.documents import (
    DIGEST,
    ambiguous,
    check_count,
    dict_in,
    diffs_in,
    layers_in,
    list_in,
    parsed,
    platform_in,
    platform_of,
)
from imageapis.lusid.errors import InvalidImage
from imageapis.lusid.local_image import DOCKER_MANIFEST, OCI_MANIFEST, Blob, LocalImage, digest_of, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imageapis.lusid.archive import Files

_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_REFERENCE_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
#: Configs that name each layer; what others name is for those who use such things to know.
_CONFIGS = ("application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json")
#: Indexes within indexes, and all that they name.
DEEPEST_INDEX = 4
MOST_ENTRIES = 10_000


@attrs.frozen
class _Choice:
    """A manifest that an index names."""

    digest: str
    media_type: str
    names: tuple[str, ...]
    platform: str | None


def read_layout(files: Files, image: str | None, platform: str) -> LocalImage:
    """Return an image of an OCI layout.

    Args:
        files: Its files.
        image: Which one, by its name there, if it holds several.
        platform: Which one, if it holds several of that name.

    Raises:
        InvalidImage: It holds no such image, or not all of it.
    """
    content = files.document("index.json") or b""
    choices = list(_Index(files).choices(parsed(content, "index.json", dict), (), 0))
    choice = _choose(files, choices, image, platform)
    manifest = _blob_document(files, choice.digest, "manifest")
    read = parsed(manifest, "the manifest", dict)
    media_type = read.get("mediaType") or choice.media_type or OCI_MANIFEST
    if media_type not in (OCI_MANIFEST, DOCKER_MANIFEST):
        raise InvalidImage(f"The image's manifest is of the type {str(media_type)[:100]!r}, which is no image's.")
    layers = layers_in(read, "layers", "the manifest")
    config = _oci_blob(files, read.get("config"))
    if config is None:
        raise InvalidImage("The image lacks its config. Save it again.")
    blobs = [config, *(blob for blob in (_oci_blob(files, it) for it in layers) if blob is not None)]
    content = _blob_document(files, config.digest, "config")
    if config.media_type in _CONFIGS:
        check_count(layers, diffs_in(content, "the config"))
    return LocalImage(manifest, media_type, unique(blobs), platform_in(content), files)


def _blob_name(digest: Any) -> str:
    if not isinstance(digest, str) or DIGEST.fullmatch(digest) is None:
        raise InvalidImage(f"The image names a digest that is none of SHA-256: {str(digest)[:100]!r}.")
    return "blobs/" + digest.replace(":", "/")


def _blob_document(files: Files, digest: str, what: str) -> bytes:
    content = files.document(_blob_name(digest))
    if content is None:
        raise InvalidImage(f"The image lacks its {what} {digest}. Save it again.")
    if digest_of(content) != digest:
        raise InvalidImage(f"The image's {what} does not have its digest {digest}: it is damaged.")
    return content


class _Index:
    """What an image's indexes name, each other among it."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._entries = 0

    def choices(self, index: dict[str, Any], names: tuple[str, ...], depth: int) -> Iterator[_Choice]:
        """Yield the manifests of an index and of the indexes in it, without those that only attest others."""
        if depth > DEEPEST_INDEX:
            raise InvalidImage("The image's indexes lie in each other too deeply.")
        for entry in list_in(index, "manifests"):
            self._entries += 1
            if self._entries > MOST_ENTRIES:
                raise InvalidImage(f"The image's indexes name more than {MOST_ENTRIES} manifests. Save one image.")
            if not isinstance(entry, dict):
                raise InvalidImage("The image's index is damaged.")
            notes = dict_in(entry, "annotations")
            if notes.get("vnd.docker.reference.type"):
                continue
            called = names + tuple(str(notes[key]) for key in _REFERENCE_NAMES if key in notes)
            digest, media_type = entry.get("digest"), str(entry.get("mediaType") or "")
            if not self._files.has(_blob_name(digest)):
                continue
            if media_type in _INDEXES:
                content = _blob_document(self._files, str(digest), "index")
                yield from self.choices(parsed(content, "an index", dict), called, depth + 1)
                continue
            yield _Choice(str(digest), media_type, called, platform_of(dict_in(entry, "platform")))


def _choose(files: Files, choices: list[_Choice], image: str | None, platform: str) -> _Choice:
    named = [it for it in choices if image is None or image in it.names]
    unique = list({it.digest: it for it in named}.values())
    if len(unique) > 1:
        unique = [it for it in unique if (it.platform or _manifest_platform(files, it.digest)) == platform]
    if len(unique) != 1:
        raise ambiguous([name for it in choices for name in it.names or (it.digest,)], image)
    return unique[0]


def _manifest_platform(files: Files, digest: str) -> str | None:
    config = parsed(_blob_document(files, digest, "manifest"), "a manifest", dict).get("config")
    if not isinstance(config, dict):
        return None
    return platform_in(files.document(_blob_name(config.get("digest"))) or b"")


def _oci_blob(files: Files, descriptor: Any) -> Blob | None:
    if not isinstance(descriptor, dict):
        raise InvalidImage("The image's manifest names no config, or a layer without a digest.")
    digest = descriptor.get("digest")
    part = files.part(_blob_name(digest))
    if part is None:
        if descriptor.get("urls"):
            return None  # a layer that registries do not hold: whoever pulls gets it from its own address
        raise InvalidImage(f"The image lacks the blob {digest}. Save it again.")
    if part.size != descriptor.get("size"):
        raise InvalidImage(
            f"The blob {digest} has {part.size} bytes, not {str(descriptor.get('size'))[:40]}: it is damaged."
        )
    return Blob(str(digest), part.size, str(descriptor.get("mediaType") or ""), part)
