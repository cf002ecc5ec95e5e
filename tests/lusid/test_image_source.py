"""Local images: what is taken, and in what words damaged, hostile and ambiguous ones are refused."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imageapis.lusid import InvalidImage
from imageapis.lusid.image_source import open_image
from tests.lusid.local_images import (
    OCI_MANIFEST,
    SMALL,
    add,
    as_folder,
    as_tar,
    digest,
    docker_tar,
    layout,
    link,
    made,
    oci_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.lusid.local_image import LocalImage

AMD64 = "linux/amd64"


def opened(source: Any, image: str | None = None) -> LocalImage:
    local = open_image(source, image, AMD64)
    local.close()
    return local


def test_both_formats_of_one_image_have_the_same_blobs(tmp_path: Path) -> None:
    image = made(*SMALL)
    files, descriptor = oci_files(image)
    docker = opened(docker_tar(tmp_path / "a.tar", image))
    oci = opened(as_tar(tmp_path / "b.tar", layout(files, descriptor)))
    assert [it.digest for it in docker.blobs] == [it.digest for it in oci.blobs] == [digest(image.config), *image.diffs]
    assert docker.platform == oci.platform == AMD64


def test_a_tar_that_is_both_is_taken_as_the_layout_whose_digests_are_exact(tmp_path: Path) -> None:
    files, descriptor = oci_files(made(*SMALL))
    saved = {"manifest.json": b"[]"}
    assert opened(as_tar(tmp_path / "a.tar", {**layout(files, descriptor), **saved})).media_type == OCI_MANIFEST


def test_a_tar_whose_layout_is_incomplete_is_taken_by_its_list(tmp_path: Path) -> None:
    image = made(*SMALL[:1])
    files, descriptor = oci_files(image)
    manifest = "blobs/sha256/" + descriptor["digest"].removeprefix("sha256:")
    entry = {
        "Config": "blobs/sha256/" + digest(image.config).removeprefix("sha256:"),
        "Layers": ["blobs/sha256/" + image.diffs[0].removeprefix("sha256:")],
        "RepoTags": None,
    }
    del files[manifest]
    both = {**layout(files, descriptor), "manifest.json": json.dumps([entry]).encode()}
    assert [it.digest for it in opened(as_tar(tmp_path / "a.tar", both)).blobs][1:] == image.diffs


def test_names_in_a_tar_may_begin_with_a_dot(tmp_path: Path) -> None:
    files, descriptor = oci_files(made(*SMALL))
    dotted = {f"./{name}": content for name, content in layout(files, descriptor).items()}
    assert opened(as_tar(tmp_path / "a.tar", dotted)).digest == descriptor["digest"]


def test_a_stream_that_cannot_seek_is_taken(tmp_path: Path) -> None:
    content = docker_tar(tmp_path / "a.tar", made(*SMALL)).read_bytes()

    class Pipe:
        def __init__(self) -> None:
            self._file = io.BytesIO(content)

        def read(self, size: int) -> bytes:
            return self._file.read(size)

    assert len(opened(Pipe()).blobs) == 4


@pytest.mark.parametrize("module", ["gzip", "bz2", "lzma"])
def test_a_tar_may_be_compressed_in_any_of_dockers_ways(tmp_path: Path, module: str) -> None:
    import importlib

    source = docker_tar(tmp_path / "a.tar", made(*SMALL))
    (tmp_path / "b").write_bytes(importlib.import_module(module).compress(source.read_bytes()))
    assert opened(tmp_path / "b").digest == opened(source).digest


def test_one_of_several_saved_images_is_chosen_by_name(tmp_path: Path) -> None:
    images = {"acme/a:1": made(b"a"), "acme/b:1": made(b"b")}
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        entries = []
        for name, image in images.items():
            config, layer = f"{name[-3]}.json", f"{name[-3]}/layer.tar"
            add(tar, config, image.config)
            add(tar, layer, image.layers[0])
            entries.append({"Config": config, "RepoTags": [name], "Layers": [layer]})
        add(tar, "manifest.json", json.dumps(entries).encode())
    assert opened(tmp_path / "a.tar", "acme/b:1").blobs[0].digest == digest(images["acme/b:1"].config)
    with pytest.raises(InvalidImage, match="acme/a:1, acme/b:1"):
        opened(tmp_path / "a.tar")
    with pytest.raises(InvalidImage, match="acme/c:1"):
        opened(tmp_path / "a.tar", "acme/c:1")


def test_one_of_several_images_of_a_layout_is_chosen_by_name(tmp_path: Path) -> None:
    files: dict[str, bytes] = {}
    descriptors = []
    for tag in ("one", "two"):
        more, descriptor = oci_files(made(tag.encode()))
        files |= more
        descriptors.append({**descriptor, "annotations": {"org.opencontainers.image.ref.name": tag}})
    source = as_folder(tmp_path / "a", layout(files, *descriptors))
    assert opened(source, "two").digest == descriptors[1]["digest"]
    with pytest.raises(InvalidImage, match="one, two"):
        opened(source)


def test_a_layer_that_lies_elsewhere_by_its_own_word_is_left_there(tmp_path: Path) -> None:
    image = made(*SMALL)
    config = json.loads(image.config)
    config["rootfs"]["diff_ids"].append("sha256:" + "2" * 64)
    files, descriptor = oci_files(attrs.evolve(image, config=json.dumps(config).encode()))
    name = "blobs/sha256/" + descriptor["digest"].removeprefix("sha256:")
    manifest = json.loads(files.pop(name))
    far = {"mediaType": "foreign", "digest": "sha256:" + "1" * 64, "size": 5, "urls": ["https://example.org/layer"]}
    manifest["layers"].append(far)
    changed = json.dumps(manifest).encode()
    files["blobs/sha256/" + digest(changed).removeprefix("sha256:")] = changed
    local = opened(as_folder(tmp_path / "a", layout(files, {**descriptor, "digest": digest(changed)})))
    assert len(local.blobs) == 4


def _docker_without(*names: str) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        whole = docker_tar(path / "whole.tar", made(*SMALL))
        with tarfile.open(whole) as tar:
            files = {it.name: tar.extractfile(it).read() for it in tar if it.isreg()}  # type: ignore[union-attr]
        return as_tar(path / "a.tar", {k: v for k, v in files.items() if not any(k.endswith(name) for name in names)})

    return make


def _oci_with(change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        files, descriptor = oci_files(made(*SMALL))
        change(files, descriptor)
        return as_folder(path / "a", layout(files, descriptor))

    return make


def _docker_with(key: str, *value: Any) -> Callable[[Path], Path]:
    """What `docker save` writes, with another value in its list, or with none."""

    def make(path: Path) -> Path:
        image = made(*SMALL)
        entry: dict[str, Any] = {"Config": "c.json", "RepoTags": None, "Layers": ["0", "1", "2"]}
        del entry[key]
        entry |= dict(zip([key], value, strict=False))
        files = {"c.json": image.config, "empty.json": b"{}", "manifest.json": json.dumps([entry]).encode()}
        files |= {str(number): content for number, content in enumerate(image.layers)}
        return as_tar(path / "a.tar", files)

    return make


def _manifest_with(key: str, *value: Any) -> Callable[[Path], Path]:
    """An OCI layout with another value in its manifest, or with none."""

    def change(files: dict[str, bytes], descriptor: dict[str, Any]) -> None:
        manifest = json.loads(files.pop("blobs/" + descriptor["digest"].replace(":", "/")))
        del manifest[key]
        content = json.dumps(manifest | dict(zip([key], value, strict=False))).encode()
        files["blobs/" + digest(content).replace(":", "/")] = content
        descriptor |= {"digest": digest(content), "size": len(content)}

    return _oci_with(change)


def _bytes(content: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        (path / "a.tar").write_bytes(content)
        return path / "a.tar"

    return make


def _cut(path: Path) -> Path:
    source = docker_tar(path / "a.tar", made(*SMALL))
    source.write_bytes(source.read_bytes()[:100_000])
    return source


def _cut_gzip(path: Path) -> Path:
    source = docker_tar(path / "a.tgz", made(*SMALL), compressed=True)
    source.write_bytes(source.read_bytes()[:-200])
    return source


def _linked(*links: tuple[str, str]) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        image = made(*SMALL[:1])
        with tarfile.open(path / "a.tar", "w") as tar:
            for name, target in links:
                link(tar, name, target)
            add(tar, "config.json", image.config)
            entry = {"Config": "config.json", "RepoTags": None, "Layers": [links[0][0]]}
            add(tar, "manifest.json", json.dumps([entry]).encode())
        return path / "a.tar"

    return make


def _pop_largest(files: dict[str, bytes], _: dict[str, Any]) -> None:
    del files[max(files, key=lambda name: len(files[name]))]


def _cut_largest(files: dict[str, bytes], _: dict[str, Any]) -> None:
    largest = max(files, key=lambda name: len(files[name]))
    files[largest] = files[largest][:-1]


def _change_manifest(files: dict[str, bytes], descriptor: dict[str, Any]) -> None:
    files["blobs/" + descriptor["digest"].replace(":", "/")] += b" "


def _weird_digest(_: dict[str, bytes], descriptor: dict[str, Any]) -> None:
    descriptor["digest"] = "sha256:../../../../etc/passwd"


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "nothing": (_bytes(b""), "no tar"),
    "no tar": (_bytes(b"hello " * 1000), "no tar"),
    "no image": (lambda path: as_tar(path / "a.tar", {"readme": b"hello"}), "neither"),
    "an empty folder": (lambda path: path, "neither"),
    "a tar that was cut": (_cut, "no tar|lacks|cut off"),
    "a gzip that was cut": (_cut_gzip, "decompressed"),
    "a gzip of rubbish": (_bytes(gzip.compress(b"rubbish" * 500)), "no tar"),
    "a gzip head on rubbish": (_bytes(b"\x1f\x8brubbish" * 500), "decompressed"),
    "no config": (_docker_without(".json.", "x.json", *[f"{n:x}.json" for n in range(16)]), "lacks its config"),
    "no layer": (_docker_without("layer-1/layer.tar"), "layer-1"),
    "a list that is none": (lambda path: as_tar(path / "a.tar", {"manifest.json": b"{}"}), "JSON"),
    "a list without images": (lambda path: as_tar(path / "a.tar", {"manifest.json": b"[]"}), "exactly one"),
    "a list of nonsense": (
        lambda path: as_tar(path / "a.tar", {"manifest.json": b'[{"Config":1,"Layers":[]}]'}),
        "no config",
    ),
    "a list without layers": (_docker_with("Layers", None), "0 layers where its config names 3"),
    "a list that lacks layers": (_docker_with("Layers"), "manifest.json in the image lacks 'Layers'"),
    "a list with a text for layers": (_docker_with("Layers", ""), "has '' as 'Layers'"),
    "a config without rootfs": (_docker_with("Config", "empty.json"), "lacks 'rootfs'"),
    "null for layers": (_manifest_with("layers", None), "the manifest in the image has 'None' as 'layers'"),
    "no layers at all": (_manifest_with("layers"), "the manifest in the image lacks 'layers'"),
    "an object for layers": (_manifest_with("layers", {}), "has '{}' as 'layers'"),
    "fewer layers than the config names": (_manifest_with("layers", []), "0 layers where its config names 3"),
    "null for a config": (_manifest_with("config", None), "names no config"),
    "no config at all": (_manifest_with("config"), "names no config"),
    "links in a circle": (_linked(("a", "b"), ("b", "a")), "circle"),
    "a link to nowhere": (_linked(("a", "nowhere")), "lacks"),
    "a link out of the tar": (_linked(("a", "../../../etc/passwd")), "lacks"),
    "a blob that is missing": (_oci_with(_pop_largest), "lacks the blob"),
    "a blob that is cut": (_oci_with(_cut_largest), "damaged"),
    "a manifest that was changed": (_oci_with(_change_manifest), "damaged"),
    "a digest that is a path": (_oci_with(_weird_digest), "digest"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_whole_image_is_refused_in_a_sentence(tmp_path: Path, case: str) -> None:
    make, said = REFUSED[case]
    source = make(tmp_path)
    with pytest.raises(InvalidImage, match=said) as caught:
        opened(source)
    assert "\n" not in str(caught.value)
    assert str(caught.value).split()[0].rstrip(":").endswith(source.name)


def test_an_image_of_nothing_is_taken_as_docker_saves_it(tmp_path: Path) -> None:
    config = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers"}}
    entry = {"Config": "c.json", "RepoTags": None, "Layers": None}
    files = {"c.json": json.dumps(config).encode(), "manifest.json": json.dumps([entry]).encode()}
    assert len(opened(as_tar(tmp_path / "a.tar", files)).blobs) == 1


def test_a_missing_file_is_what_python_says_of_missing_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        opened(tmp_path / "missing.tar")


def test_a_config_whose_name_is_another_digest_is_damaged(tmp_path: Path) -> None:
    image = made(*SMALL[:1])
    entry = {"Config": "0" * 64 + ".json", "Layers": ["l"], "RepoTags": None}
    files = {"0" * 64 + ".json": image.config, "l": image.layers[0], "manifest.json": json.dumps([entry]).encode()}
    with pytest.raises(InvalidImage, match="damaged"):
        opened(as_tar(tmp_path / "a.tar", files))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 8000), byte=st.integers(0, 255))
def test_a_byte_that_changed_gives_an_image_or_a_plain_refusal(tmp_path: Path, position: int, byte: int) -> None:
    content = bytearray(docker_tar(tmp_path / "a.tar", made(b"x")).read_bytes())
    content[position % len(content)] = byte
    try:
        assert opened(bytes(content)).size > 0
    except InvalidImage as refusal:
        said = str(refusal)
        assert said
