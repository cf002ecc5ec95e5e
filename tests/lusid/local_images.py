"""Images made up for tests, in every format that a push takes."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from pathlib import Path

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def layer(name: str, content: bytes) -> bytes:
    """A layer: a tar of one file."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        add(tar, name, content)
    return file.getvalue()


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def link(tar: tarfile.TarFile, name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> None:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.linkname = target
    tar.addfile(member)


@attrs.frozen
class Made:
    """An image: its layers as tars, its config."""

    layers: tuple[bytes, ...]
    config: bytes

    @property
    def diffs(self) -> list[str]:
        return [digest(it) for it in self.layers]


def made(*contents: bytes, architecture: str = "amd64", note: str = "") -> Made:
    layers = tuple(layer(f"file-{number}", content) for number, content in enumerate(contents))
    config = {
        "architecture": architecture,
        "os": "linux",
        "config": {"Labels": {"note": note}},
        "rootfs": {"type": "layers", "diff_ids": [digest(it) for it in layers]},
        "history": [{"created_by": "made up"} for _ in layers],
    }
    return Made(layers, json.dumps(config).encode())


SMALL = (b"first " * 5000, b"second " * 9000, b"third " * 20000)


def docker_tar(
    path: Path, image: Made, *, tags: tuple[str, ...] = ("acme/my-job:1.4",), compressed: bool = False
) -> Path:
    """What `docker save` has written for years: a folder a layer."""
    with tarfile.open(path, "w:gz" if compressed else "w") as tar:
        names = []
        for number, content in enumerate(image.layers):
            names.append(f"layer-{number}/layer.tar")
            add(tar, names[-1], content)
        config = digest(image.config).removeprefix("sha256:") + ".json"
        add(tar, config, image.config)
        entry = {"Config": config, "RepoTags": list(tags), "Layers": names}
        add(tar, "manifest.json", json.dumps([entry]).encode())
    return path


def oci_files(image: Made, *, gzipped: bool = False) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The blobs of an image in an OCI layout by their names, and the descriptor of its manifest."""
    blobs, descriptors = {}, []
    for content in image.layers:
        stored = gzip.compress(content, mtime=0) if gzipped else content
        kind = "application/vnd.oci.image.layer.v1.tar" + ("+gzip" if gzipped else "")
        blobs[digest(stored)] = stored
        descriptors.append({"mediaType": kind, "digest": digest(stored), "size": len(stored)})
    blobs[digest(image.config)] = image.config
    config = {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": digest(image.config),
        "size": len(image.config),
    }
    manifest = json.dumps(
        {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": descriptors}
    ).encode()
    blobs[digest(manifest)] = manifest
    files = {"blobs/" + name.replace(":", "/"): content for name, content in blobs.items()}
    return files, {"mediaType": OCI_MANIFEST, "digest": digest(manifest), "size": len(manifest)}


def layout(files: dict[str, bytes], *descriptors: dict[str, Any]) -> dict[str, bytes]:
    """All files of an OCI layout."""
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": list(descriptors)}
    return {**files, "oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": json.dumps(index).encode()}


def as_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def as_tar(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            add(tar, name, content)
    return path
