"""Images made to do harm: nothing outside of them is read, nothing waits or grows without end, all is a sentence."""

from __future__ import annotations

import io
import json
import lzma
import os
import tarfile
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imageapis.lusid import InvalidImage
from imageapis.lusid.image_source import open_image
from imageapis.lusid.tar import LARGEST_HEADER, MOST_HEADERS, MOST_MEMBERS
from tests.lusid.local_images import OCI_INDEX, add, as_folder, as_tar, digest, layout, made, oci_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AMD64 = "linux/amd64"


def refused(source: Any, said: str, image: str | None = None) -> str:
    with pytest.raises(InvalidImage, match=said) as caught:
        open_image(source, image, AMD64)
    text = str(caught.value)
    assert len(text.encode()) < 6000
    return text


def saved(path: Path, layer: str) -> Path:
    """A folder as of an unpacked `docker save` that names one layer, which the test puts there."""
    image = made(b"content")
    entry = {"Config": "config.json", "Layers": [layer], "RepoTags": None}
    return as_folder(path, {"config.json": image.config, "manifest.json": json.dumps([entry]).encode()})


# --- folders


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.gz").write_bytes(b"\x1f\x8bsomebody's own")
    folder = saved(tmp_path / "job", "layer.tar")
    (folder / "layer.tar").symlink_to("../outside.gz")
    refused(folder, "leads out")


def test_a_folder_that_is_a_link_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/layer.tar").write_bytes(b"\x1f\x8bsomebody's own")
    folder = saved(tmp_path / "job", "part/layer.tar")
    (folder / "part").symlink_to(tmp_path / "elsewhere")
    refused(folder, "leads out")


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    image = made(b"content")
    folder = saved(tmp_path / "job", "part/layer.tar")
    (folder / "part").mkdir()
    (folder / "shared.tar").write_bytes(image.layers[0])
    (folder / "part/layer.tar").symlink_to("../shared.tar")
    (tmp_path / "by-a-link").symlink_to(folder)
    with open_image(tmp_path / "by-a-link", None, AMD64).files as files:
        assert files.has("part/layer.tar")


@pytest.mark.parametrize("name", ["layer.tar", "config.json", "manifest.json"])
def test_a_pipe_in_the_folder_is_not_waited_for(tmp_path: Path, name: str) -> None:
    folder = saved(tmp_path / "job", "layer.tar")
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    refused(folder, "no regular file")


def test_a_device_in_the_folder_is_not_read(tmp_path: Path) -> None:
    folder = saved(tmp_path / "job", "layer.tar")
    try:
        os.mknod(folder / "layer.tar", 0o600 | 0o020000, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root makes devices")
    refused(folder, "no regular file")


def test_links_in_a_circle_are_no_file(tmp_path: Path) -> None:
    folder = saved(tmp_path / "job", "layer.tar")
    (folder / "layer.tar").symlink_to("layer.tar")
    refused(folder, "no regular file")


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5000, "deep/" * 1200 + "layer.tar", "", "."])
def test_a_name_that_no_file_has_is_of_no_file(tmp_path: Path, name: str) -> None:
    refused(saved(tmp_path / "job", name), "lacks")


def test_what_takes_the_place_of_a_file_between_look_and_open_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved(tmp_path / "job", "layer.tar")
    os.mkfifo(folder / "layer.tar")
    regular = os.stat_result((0o100600, *[0] * 9))
    look = os.lstat
    monkeypatch.setattr(os, "lstat", lambda path: regular if str(path).endswith("layer.tar") else look(path))
    refused(folder, "no regular file")


# --- documents


def nested(width: int, depth: int) -> dict[str, bytes]:
    """Indexes that each name `width` others, `depth` levels deep: width ** depth manifests in a few files."""
    files, descriptor = oci_files(made(b"content"))
    for level in range(depth):
        entries = [{**descriptor, "annotations": {"level": f"{level}-{number}"}} for number in range(width)]
        index = json.dumps({"schemaVersion": 2, "manifests": entries}).encode()
        files["blobs/sha256/" + digest(index).removeprefix("sha256:")] = index
        descriptor = {"mediaType": OCI_INDEX, "digest": digest(index), "size": len(index)}
    return layout(files, descriptor)


def test_indexes_that_name_millions_of_manifests_are_refused_soon(tmp_path: Path) -> None:
    refused(as_tar(tmp_path / "a.tar", nested(60, 4)), "more than")


def test_an_index_that_names_more_than_any_does_is_refused(tmp_path: Path) -> None:
    refused(as_tar(tmp_path / "a.tar", nested(12_000, 1)), "name more than 10000")


def test_indexes_within_indexes_without_end_are_refused(tmp_path: Path) -> None:
    refused(as_tar(tmp_path / "a.tar", nested(1, 6)), "too deeply")


def test_manifests_without_end_are_not_all_read(tmp_path: Path) -> None:
    files: dict[str, bytes] = {}
    descriptors = []
    for number in range(1200):
        manifest = json.dumps({"note": number}).encode()
        files["blobs/sha256/" + digest(manifest).removeprefix("sha256:")] = manifest
        descriptors.append({"mediaType": "", "digest": digest(manifest), "size": len(manifest)})
    refused(as_tar(tmp_path / "a.tar", layout(files, *descriptors)), "manifests")


def test_thousands_of_names_are_not_all_listed(tmp_path: Path) -> None:
    entries = [{"Config": "c", "Layers": [], "RepoTags": [f"name-{number}" + "x" * 1000]} for number in range(3000)]
    said = refused(as_tar(tmp_path / "a.tar", {"manifest.json": json.dumps(entries).encode()}), "2980 more")
    assert "name-0" in said


def test_more_layers_than_any_runtime_takes_are_refused(tmp_path: Path) -> None:
    config = json.dumps({"rootfs": {"diff_ids": ["sha256:" + "0" * 64] * 5000}}).encode()
    entry = {"Config": "c", "Layers": ["layer"] * 5000, "RepoTags": None}
    files = {"c": config, "layer": b"x", "manifest.json": json.dumps([entry]).encode()}
    refused(as_folder(tmp_path / "a", files), "5000 layers")


def test_a_document_larger_than_any_is_not_read(tmp_path: Path) -> None:
    refused(as_folder(tmp_path / "a", {"manifest.json": b" " * (5 << 20)}), "more than any such document")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
DOCKER_KEYS = ("Config", "Layers", "RepoTags")
CONFIG_KEYS = ("rootfs", "os", "architecture")
OCI_KEYS = ("config", "layers", "mediaType")
ENTRY_KEYS = ("digest", "mediaType", "annotations", "platform", "size", "urls")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(DOCKER_KEYS + CONFIG_KEYS), value=JSON, inner=st.booleans())
def test_a_list_of_any_shape_gives_an_image_or_a_plain_refusal(
    tmp_path: Path, key: str, value: Any, inner: bool
) -> None:
    image = made(b"content")
    config = json.loads(image.config)
    entry: dict[str, Any] = {"Config": "c", "Layers": ["l"], "RepoTags": ["a"]}
    changed = entry if key in DOCKER_KEYS else config
    changed[key] = {"diff_ids": value} if inner and key == "rootfs" else [value] if inner else value
    files = {"c": json.dumps(config).encode(), "l": image.layers[0], "manifest.json": json.dumps([entry]).encode()}
    opens_or_refuses(as_folder(tmp_path / "a", files), "a")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(OCI_KEYS + ENTRY_KEYS), value=JSON, inner=st.booleans(), layer=st.booleans())
def test_a_layout_of_any_shape_gives_an_image_or_a_plain_refusal(
    tmp_path: Path, key: str, value: Any, inner: bool, layer: bool
) -> None:
    files, descriptor = oci_files(made(b"content"))
    manifest = json.loads(files.pop("blobs/sha256/" + descriptor["digest"].removeprefix("sha256:")))
    given_value = [value] if inner else value
    if key in OCI_KEYS:
        manifest[key] = given_value
    elif layer:
        manifest["layers"][0][key] = given_value
    changed = json.dumps(manifest).encode()
    files["blobs/sha256/" + digest(changed).removeprefix("sha256:")] = changed
    descriptor = {**descriptor, "digest": digest(changed)}
    if key in ENTRY_KEYS and not layer:
        descriptor[key] = given_value
    opens_or_refuses(as_folder(tmp_path / "a", layout(files, descriptor)), None)


def opens_or_refuses(source: Path, image: str | None) -> None:
    try:
        local = open_image(source, image, AMD64)
    except InvalidImage as refusal:
        said = str(refusal)
        said.encode()
        return
    local.close()
    assert isinstance(local.platform, str | None)
    assert all(isinstance(it.media_type, str) for it in local.blobs)


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"manifests": ' * 50_000, b"9" * 100_000, b"\xff\xfe[]", b"NaN"])
@pytest.mark.parametrize("name", ["manifest.json", "index.json"])
def test_json_that_no_reader_takes_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    refused(as_folder(tmp_path / "a", {name: content}), "JSON")


# --- tars


def header(name: bytes, size: int, kind: bytes) -> bytes:
    member = tarfile.TarInfo(name.decode())
    member.size, member.type = size, kind
    return member.tobuf(tarfile.GNU_FORMAT)


class Endless(io.RawIOBase):
    """A tar that is some bytes and then zeros, of any size, without a disk for them."""

    def __init__(self, head: bytes, size: int) -> None:
        self._head = head
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._position = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence] + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), self._size - self._position)
        part = self._head[self._position : self._position + size]
        buffer[:size] = part + bytes(size - len(part))
        self._position += size
        return size


def most_memory(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
@pytest.mark.parametrize("size", [900 << 20, 60 << 20])
def test_a_header_of_many_mebibytes_is_not_read(kind: bytes, size: int) -> None:
    source = Endless(header(b"long", size, kind), size + 4096)
    assert most_memory(lambda: refused(source, "headers")) < 16 * LARGEST_HEADER


def test_headers_that_are_many_are_not_all_read() -> None:
    size = LARGEST_HEADER // 2
    one = header(b"long", size, tarfile.GNUTYPE_LONGNAME) + b"a" + bytes(size - 1) + header(b"a", 0, tarfile.REGTYPE)
    refused(one * 2 + bytes(1024), "neither")
    refused(one * (MOST_HEADERS // size + 2), "headers")


def test_members_without_end_are_not_all_kept() -> None:
    refused(header(b"empty", 0, tarfile.REGTYPE) * (MOST_MEMBERS + 2), "members")


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_SPARSE])
@pytest.mark.parametrize("size", [-512, -1024, -(1 << 40)])
def test_a_size_below_zero_does_not_lead_back(kind: bytes, size: int) -> None:
    source = header(b"first", 0, tarfile.REGTYPE) + header(b"a", size, kind) + bytes(10240)
    refused(source, "damaged|no tar|headers|sparsely|neither")


def test_a_member_larger_than_its_tar_is_refused() -> None:
    refused(header(b"a", 1 << 62, tarfile.REGTYPE) + bytes(10240), "no tar|damaged")


def test_headers_of_headers_are_no_ladder_without_end() -> None:
    refused(header(b"x", 0, tarfile.XHDTYPE) * 3000 + bytes(10240), "no tar|headers")


def test_1200_nested_folders_are_taken(tmp_path: Path) -> None:
    image = made(b"content")
    name = "deep/" * 1200 + "layer.tar"
    entry = {"Config": "c", "Layers": [name], "RepoTags": None}
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add(tar, "c", image.config)
        add(tar, name, image.layers[0])
        add(tar, "manifest.json", json.dumps([entry]).encode())
    local = open_image(tmp_path / "a.tar", None, AMD64)
    local.close()
    assert local.blobs[1].digest == image.diffs[0]


# --- compression


def test_an_xz_that_asks_for_gigabytes_of_memory_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 20}]
    packed = bytearray(lzma.compress(bytes(1 << 16), filters=filters))
    # The size of the dictionary is one byte of the block's header, whose checksum follows.
    packed[12 + 4] = 40
    packed[20:24] = zlib.crc32(bytes(packed[12:20])).to_bytes(4, "little")
    refused(bytes(packed), "decompressed .*emory")


def test_xz_streams_one_after_another_are_one_tar(tmp_path: Path) -> None:
    files, descriptor = oci_files(made(b"content " * 5000))
    content = as_tar(tmp_path / "a.tar", layout(files, descriptor)).read_bytes()
    packed = lzma.compress(content[:5000]) + bytes(8) + lzma.compress(content[5000:]) + bytes(4)
    local = open_image(packed, None, AMD64)
    local.close()
    assert local.digest == descriptor["digest"]


def test_an_xz_that_was_cut_is_refused(tmp_path: Path) -> None:
    refused(lzma.compress(bytes(100_000))[:-20], "decompressed")


def test_what_comes_to_far_more_than_its_size_is_not_spooled_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imageapis.lusid.unpack.SMALL", 1 << 20)
    refused(lzma.compress(bytes(50 << 20)), "times its size")
