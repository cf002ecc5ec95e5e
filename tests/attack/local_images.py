"""Hostile images and packages on disk: what somebody may hand to an upload as a file, a folder or a stream."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from typing import TYPE_CHECKING, Any

from tests.attack import hostile_json
from tests.attack.planted import OUTSIDE
from tests.attack.wire import Reply, Request
from tests.lusid.local_images import add, as_folder, digest, docker_tar, layout, link, made, oci_files

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

IMAGE = made(b"first " * 300, b"second " * 300)
_SPOIL = (
    *(hostile_json.replace_one, hostile_json.replace_many, hostile_json.drop_one, hostile_json.another_root),
    *(hostile_json.deep, hostile_json.huge_number, hostile_json.surrogate, hostile_json.torn, hostile_json.recoded),
)


def spoilt(rng: random.Random, value: Any) -> bytes:
    """Return JSON in which something is not as it should be."""
    reply = Reply(value=json.loads(json.dumps(value)), has_value=True)
    rng.choice(_SPOIL)(rng, reply, Request("GET", "/", {}, b""), None)
    return reply.content()


def spoilt_document(rng: random.Random, folder: Path) -> Any:
    """An OCI layout or docker's tar, one JSON document of which is spoilt."""
    files, descriptor = oci_files(IMAGE, gzipped=rng.random() < 0.5)
    all_files = layout(files, descriptor)
    documents = [name for name, content in all_files.items() if content[:1] == b"{"]
    name = rng.choice(documents)
    content = spoilt(rng, json.loads(all_files[name]))
    all_files[name] = content
    if name.startswith("blobs") and rng.random() < 0.7:
        # Under its true digest, so that what it says is what is looked at.
        del all_files[name]
        all_files["blobs/" + digest(content).replace(":", "/")] = content
        told = {**descriptor, "digest": digest(content), "size": len(content)}
        all_files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [told]}).encode()
    if rng.random() < 0.5:
        return as_folder(folder / "layout", all_files)
    return _tar(folder / "layout.tar", all_files)


def _tar(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            add(tar, name, content)
    return path


def layerless(rng: random.Random, folder: Path) -> Any:
    """An OCI layout whose manifest names no list of layers, or not those of its config."""
    files, descriptor = oci_files(IMAGE, gzipped=rng.random() < 0.5)
    manifest = json.loads(files.pop("blobs/" + descriptor["digest"].replace(":", "/")))
    layers = manifest.pop("layers")
    draw = rng.choice(["none", None, {}, "", 0, False, [], layers[:1], layers * 2])
    if draw != "none":
        manifest["layers"] = draw
    content = json.dumps(manifest).encode()
    files["blobs/" + digest(content).replace(":", "/")] = content
    all_files = layout(files, {**descriptor, "digest": digest(content), "size": len(content)})
    return as_folder(folder / "layout", all_files) if rng.random() < 0.5 else _tar(folder / "layout.tar", all_files)


def spoilt_manifest(rng: random.Random, folder: Path) -> Any:
    """Docker's tar with a spoilt list of its images."""
    entry = {"Config": digest(IMAGE.config)[7:] + ".json", "RepoTags": ["acme/job:1"], "Layers": ["l0", "l1"]}
    files = {entry["Config"]: IMAGE.config, "l0": IMAGE.layers[0], "l1": IMAGE.layers[1]}
    return _tar(folder / "docker.tar", {**files, "manifest.json": spoilt(rng, [entry])})  # type: ignore[dict-item]


def torn_bytes(rng: random.Random, folder: Path) -> Any:
    """A tar, also compressed, with bytes changed, missing or added."""
    compressed = rng.random() < 0.5
    path = docker_tar(folder / "torn.tar", IMAGE, tags=("acme/job:1",), compressed=compressed)
    content = bytearray(path.read_bytes())
    for _ in range(rng.choice([0, 1, 20])):
        content[rng.randrange(min(len(content), 2000) if rng.random() < 0.7 else len(content))] = rng.randrange(256)
    if rng.random() < 0.5:
        content = content[: rng.randrange(len(content))]
    content += rng.choice([b"", b"trailing", bytes(2000)])
    path.write_bytes(content)
    return path if rng.random() < 0.7 else io.BytesIO(bytes(content))


def odd_members(rng: random.Random, folder: Path) -> Any:
    """A tar whose members are links, devices, or have names and sizes that nobody should follow."""
    path = folder / "odd.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for _ in range(rng.randrange(1, 4)):
            kind = rng.choice([tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
            name = rng.choice(["manifest.json", "index.json", "l0", "../x", "/etc/x", "a" * 5000])
            link(
                tar, name, rng.choice(["manifest.json", "index.json", "../../etc/passwd", "/dev/zero", name, ""]), kind
            )
        member = tarfile.TarInfo(rng.choice(["manifest.json", "big"]))
        member.size = 3
        odd = [{"size": "900000000000"}, {"size": "-5"}, {"size": "x"}, {"path": "é" * 9000}, {"GNU.sparse.map": "0,9"}]
        member.pax_headers = rng.choice([*odd, {}])
        tar.addfile(member, io.BytesIO(b"abc"))
    return path


def huge_header(rng: random.Random, folder: Path) -> Any:
    """A tar whose long name, or extended header, claims hundreds of MiB; the bytes are there, as a hole."""
    path, size = folder / "huge.tar", 300 << 20
    head = tarfile.TarInfo("././@LongLink")
    head.type, head.size = rng.choice([tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGLINK]), size
    with path.open("wb") as file:
        file.write(head.tobuf(tarfile.GNU_FORMAT))
        file.truncate(512 + size + 4096)
    return path


def bomb(rng: random.Random, folder: Path) -> Any:
    """A compressed tar that unpacks to far more, in a member that is a JSON document by its name."""
    path = folder / "bomb.tar.gz"
    member = tarfile.TarInfo(rng.choice(["manifest.json", "index.json"]))
    member.size = 400 << 20
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(member.tobuf())
        for _ in range(400):
            file.write(bytes(1 << 20))
        file.write(bytes(10240))
    return path


def nested_index(rng: random.Random, folder: Path) -> Any:
    """An OCI layout whose index leads to indexes, many wide and many deep, or to itself."""
    files, descriptor = oci_files(IMAGE)
    wide = rng.choice([2, 20, 60])
    for _ in range(rng.choice([3, 60])):
        index = json.dumps({"schemaVersion": 2, "manifests": [descriptor] * wide}).encode()
        kind = "application/vnd.oci.image.index.v1+json"
        descriptor = {"mediaType": kind, "digest": digest(index), "size": len(index)}
        files["blobs/" + digest(index).replace(":", "/")] = index
    return as_folder(folder / "nested", layout(files, descriptor))


def linked_out(rng: random.Random, folder: Path) -> Any:
    """An OCI layout as a folder, in which a blob is a link out of it, a pipe or a device."""
    files, descriptor = oci_files(IMAGE)
    secret = gzip.compress(OUTSIDE, mtime=0)
    (folder / "outside").write_bytes(secret)
    top = as_folder(folder / "linked", layout(files, descriptor))
    victim = rng.choice([*(top / "blobs" / "sha256").iterdir(), top / "index.json"])
    victim.unlink()
    kind = rng.choice(["link", "pipe", "zero", "folder", "self", "parent"])
    if kind == "pipe":
        os.mkfifo(victim)
    elif kind == "folder":
        victim.mkdir()
    else:
        where: Any = {"link": folder / "outside", "zero": "/dev/zero", "self": victim, "parent": top}[kind]
        victim.symlink_to(where)
    if rng.random() < 0.3:
        (top / "blobs" / "sha256").rename(folder / "moved")
        (top / "blobs" / "sha256").symlink_to(folder / "moved")
    return top


class Broken(io.RawIOBase):
    """A stream that does not keep what a stream promises."""

    def __init__(self, rng: random.Random) -> None:
        self._kind = rng.choice(["raises", "text", "none", "long", "endless"])
        self._left = 100

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> Any:
        self._left -= 1
        if self._kind == "raises":
            raise OSError(5, "the disk is gone")
        if self._kind == "long":
            return b"x" * (max(size, 0) + 10) if self._left > 0 else b""
        if self._kind == "endless":
            return b"x" * max(1, min(size, 100)) if self._left > 0 else b""
        return "text" if self._kind == "text" else None


def broken_stream(rng: random.Random, folder: Path) -> Any:
    """A file object that is none."""
    return Broken(rng)


IMAGES: list[tuple[float, Callable[[random.Random, Path], Any]]] = [
    (8, spoilt_document),
    (5, spoilt_manifest),
    (2, layerless),
    (5, torn_bytes),
    (5, odd_members),
    (0.3, huge_header),
    (0.2, bomb),
    (1, nested_index),
    (5, linked_out),
    (2, broken_stream),
]
