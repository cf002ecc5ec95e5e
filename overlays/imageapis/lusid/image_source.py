"""A local image, ready to be pushed: its manifest, its config and its layers as ranges of what lies on disk.

Known formats: what `docker save` writes, and OCI layouts (newer `docker save` writes both in one). Digests that the
image promises are checked: of documents here, of layers while they are sent.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.lusid.archive import Part, document, open_files
from imageapis.lusid.errors import InvalidImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imageapis.core.sources import Uploadable
    from imageapis.lusid.archive import Files

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_REFERENCE_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
#: Indexes within indexes.
DEEPEST_INDEX = 4


@attrs.frozen
class Blob:
    """A config or a layer.

    Attributes:
        digest: Its digest, `sha256:…`.
        size: Bytes.
        media_type: What it is.
        part: Where its bytes are.
    """

    digest: str
    size: int
    media_type: str
    part: Part

    @property
    def descriptor(self) -> dict[str, Any]:
        """What a manifest says of it."""
        return {"mediaType": self.media_type, "size": self.size, "digest": self.digest}


@attrs.frozen
class LocalImage:
    """An image that can be pushed; `close()` it at the end.

    Attributes:
        manifest: The manifest, byte by byte as it will be in the registry.
        media_type: Its type.
        blobs: The config and the layers, each once.
        platform: What it runs on, e.g. `linux/amd64`; `None` if it does not say.
        files: Where it lies.
    """

    manifest: bytes
    media_type: str
    blobs: tuple[Blob, ...]
    platform: str | None
    files: Files = attrs.field(repr=False)

    @property
    def digest(self) -> str:
        """The digest of the manifest: the image's own."""
        return _digest(self.manifest)

    @property
    def size(self) -> int:
        """Bytes of all blobs."""
        return sum(blob.size for blob in self.blobs)

    def close(self) -> None:
        """Let go of the files."""
        self.files.close()


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
        saved = document(files, "manifest.json")
        if files.part("index.json") is None:
            if saved is None:
                raise InvalidImage(
                    "There is neither a manifest.json nor an index.json: the source is no `docker save` tar and no OCI "
                    "layout."
                )
            return _docker(files, saved, image)
        try:
            return _oci(files, image, platform)
        except InvalidImage:
            # An index may name images of other platforms whose blobs were not saved; docker's own list does not.
            if saved is None:
                raise
            return _docker(files, saved, image)
    except BaseException:
        files.close()
        raise


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _json(content: bytes, name: str, kind: type) -> Any:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, kind):
        raise InvalidImage(f"{name} in the image is not the JSON that it should be. Save the image again.")
    return read


def _platform(config: bytes) -> str | None:
    try:
        read = json.loads(config)
        names = [read["os"], read["architecture"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return "/".join(str(name) for name in names)


def _unique(blobs: list[Blob]) -> tuple[Blob, ...]:
    # Empty layers in particular occur more than once.
    return tuple({blob.digest: blob for blob in blobs}.values())


# --- docker save


def _docker(files: Files, saved: bytes, image: str | None) -> LocalImage:
    entry = _saved_entry(_json(saved, "manifest.json", list), image)
    try:
        name, layers = str(entry["Config"]), [str(layer) for layer in entry["Layers"] or ()]
    except (KeyError, TypeError):
        raise InvalidImage("manifest.json in the image names no config and layers. Save the image again.") from None
    content = document(files, name)
    if content is None:
        raise InvalidImage(f"The image lacks its config {name}. Save it again.")
    config = Blob(_digest(content), len(content), _CONFIG, _part(files, name))
    promised = re.search(r"[0-9a-f]{64}", name)
    if promised is not None and config.digest != f"sha256:{promised[0]}":
        raise InvalidImage(f"The config {name} does not have the digest that is its name: the image is damaged.")
    diffs = (_json(content, name, dict).get("rootfs") or {}).get("diff_ids") or []
    if len(diffs) != len(layers):
        raise InvalidImage(f"The image has {len(layers)} layers where its config names {len(diffs)}: it is damaged.")
    blobs = [_docker_layer(files, layer, diff) for layer, diff in zip(layers, diffs, strict=True)]
    manifest = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": config.descriptor,
        "layers": [blob.descriptor for blob in blobs],
    }
    encoded = json.dumps(manifest, indent=3).encode()
    return LocalImage(encoded, DOCKER_MANIFEST, _unique([config, *blobs]), _platform(content), files)


def _saved_entry(entries: list[Any], image: str | None) -> dict[str, Any]:
    known = [entry for entry in entries if isinstance(entry, dict)]
    chosen = known if image is None else [entry for entry in known if image in (entry.get("RepoTags") or ())]
    if len(chosen) != 1:
        raise _ambiguous([str(tag) for entry in known for tag in entry.get("RepoTags") or ()], image)
    return chosen[0]


def _ambiguous(names: list[str], image: str | None) -> InvalidImage:
    there = ", ".join(dict.fromkeys(names)) or "none with a name"
    if image is None:
        return InvalidImage(f"The source does not hold exactly one image but: {there}. Name one by `image=`.")
    return InvalidImage(f"The source does not hold exactly one image {image!r}; there are: {there}.")


def _part(files: Files, name: str) -> Part:
    part = files.part(name)
    if part is None:
        raise InvalidImage(f"The image lacks {name}. Save it again.")
    return part


def _docker_layer(files: Files, name: str, diff: Any) -> Blob:
    part = _part(files, name)
    if not isinstance(diff, str) or _DIGEST.fullmatch(diff) is None:
        raise InvalidImage(f"The config's digest of the layer {name} is none.")
    if not part.read(2).startswith(b"\x1f\x8b"):
        # Uncompressed, as docker saves layers, it has the digest that the config names; that is checked on its way.
        return Blob(diff, part.size, _LAYER, part)
    return Blob(f"sha256:{part.source.digest(part.start, part.size)}", part.size, f"{_LAYER}.gzip", part)


# --- OCI layout


@attrs.frozen
class _Choice:
    """A manifest that an index names."""

    digest: str
    media_type: str
    names: tuple[str, ...]
    platform: str | None


def _oci(files: Files, image: str | None, platform: str) -> LocalImage:
    content = document(files, "index.json") or b""
    choices = list(_choices(files, _json(content, "index.json", dict), (), 0))
    choice = _choose(files, choices, image, platform)
    manifest = _blob_document(files, choice.digest, "manifest")
    read = _json(manifest, "the manifest", dict)
    media_type = read.get("mediaType") or choice.media_type or OCI_MANIFEST
    if media_type not in (OCI_MANIFEST, DOCKER_MANIFEST):
        raise InvalidImage(f"The image's manifest is of the type {media_type!r}, which is no image's.")
    descriptors = [read.get("config"), *(read.get("layers") or ())]
    blobs = [blob for blob in (_oci_blob(files, it) for it in descriptors) if blob is not None]
    config = _blob_document(files, blobs[0].digest, "config")
    return LocalImage(manifest, media_type, _unique(blobs), _platform(config), files)


def _blob_name(digest: Any) -> str:
    if not isinstance(digest, str) or _DIGEST.fullmatch(digest) is None:
        raise InvalidImage(f"The image names a digest that is none of SHA-256: {str(digest)[:100]!r}.")
    return "blobs/" + digest.replace(":", "/")


def _blob_document(files: Files, digest: str, what: str) -> bytes:
    content = document(files, _blob_name(digest))
    if content is None:
        raise InvalidImage(f"The image lacks its {what} {digest}. Save it again.")
    if _digest(content) != digest:
        raise InvalidImage(f"The image's {what} does not have its digest {digest}: it is damaged.")
    return content


def _choices(files: Files, index: dict[str, Any], names: tuple[str, ...], depth: int) -> Iterator[_Choice]:
    """Yield the manifests of an index and of the indexes in it, without those that only attest others."""
    if depth > DEEPEST_INDEX:
        raise InvalidImage("The image's indexes lie in each other too deeply.")
    for entry in index.get("manifests") or ():
        if not isinstance(entry, dict):
            raise InvalidImage("The image's index is damaged.")
        notes = entry.get("annotations") or {}
        if notes.get("vnd.docker.reference.type"):
            continue
        called = names + tuple(str(notes[key]) for key in _REFERENCE_NAMES if key in notes)
        digest, media_type = entry.get("digest"), str(entry.get("mediaType") or "")
        if files.part(_blob_name(digest)) is None:
            continue
        if media_type in _INDEXES:
            content = _blob_document(files, str(digest), "index")
            yield from _choices(files, _json(content, "an index", dict), called, depth + 1)
            continue
        on = entry.get("platform") or {}
        platform = f"{on['os']}/{on['architecture']}" if on.get("os") and on.get("architecture") else None
        yield _Choice(str(digest), media_type, called, platform)


def _choose(files: Files, choices: list[_Choice], image: str | None, platform: str) -> _Choice:
    named = [it for it in choices if image is None or image in it.names]
    unique = list({it.digest: it for it in named}.values())
    if len(unique) > 1:
        unique = [it for it in unique if (it.platform or _manifest_platform(files, it.digest)) == platform]
    if len(unique) != 1:
        raise _ambiguous([name for it in choices for name in it.names or (it.digest,)], image)
    return unique[0]


def _manifest_platform(files: Files, digest: str) -> str | None:
    config = _json(_blob_document(files, digest, "manifest"), "a manifest", dict).get("config")
    if not isinstance(config, dict):
        return None
    return _platform(document(files, _blob_name(config.get("digest"))) or b"")


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
        raise InvalidImage(f"The blob {digest} has {part.size} bytes, not {descriptor.get('size')}: it is damaged.")
    return Blob(str(digest), part.size, str(descriptor.get("mediaType") or ""), part)
