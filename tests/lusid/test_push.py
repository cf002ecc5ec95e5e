"""The push of every format to a real registry, as a judge that is not ours sees it."""

from __future__ import annotations

import gzip
import json
import subprocess
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import ConnectionFailed, NotFound, StatusError, UploadInterrupted
from imageapis.lusid import InvalidName, PlatformWarning, Progress
from imageapis.lusid.push import _scheme
from tests.lusid.conftest import need_registry, pushing_images
from tests.lusid.local_images import (
    OCI_INDEX,
    SMALL,
    Made,
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
    from pathlib import Path

    from imageapis.testing.lusid import LusidServer
    from imageapis.testing.registry import DockerRegistry
    from tests.conftest import Face, FakeClock

pytestmark = pytest.mark.registry
NAME = "my-job:1.4"


@pytest.fixture
def images(face: Face, pushing: LusidServer, clock: FakeClock) -> Any:
    return pushing_images(face, pushing, clock)


def skopeo(*arguments: str) -> bytes:
    need_registry("skopeo")
    done = subprocess.run(["skopeo", *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def judged(registry: DockerRegistry, folder: Path, tag: str = "1.4") -> tuple[str, list[str]]:
    """Config and layer digests of what a copy out of the registry brings; the copy checks each blob's digest."""
    place = f"docker://{registry.host}/acme/my-job:{tag}"
    login = f"{registry.username}:{registry.password}"
    shown = json.loads(skopeo("inspect", "--tls-verify=false", f"--creds={login}", place))
    skopeo("copy", "--src-tls-verify=false", f"--src-creds={login}", place, f"dir:{folder}")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    layers = [it["digest"] for it in manifest["layers"]]
    assert shown["Layers"] == layers
    assert (shown["Os"], shown["Architecture"]) == ("linux", "amd64")
    return manifest["config"]["digest"], layers


def test_a_docker_save_tar_arrives_whole(images: Any, registry: DockerRegistry, tmp_path: Path) -> None:
    image = made(*SMALL)
    pushed = images.push(docker_tar(tmp_path / "job.tar", image), NAME)
    assert judged(registry, tmp_path / "copy") == (digest(image.config), image.diffs)
    assert pushed.digest == digest((tmp_path / "copy/manifest.json").read_bytes())
    assert pushed.reference == f"{registry.host}/acme/my-job:1.4"
    assert pushed.uploaded == pushed.size == len(image.config) + sum(map(len, image.layers))


@pytest.mark.parametrize("how", ["folder", "tar"])
@pytest.mark.parametrize("gzipped", [False, True])
def test_an_oci_layout_arrives_whole(
    images: Any, registry: DockerRegistry, tmp_path: Path, how: str, gzipped: bool
) -> None:
    files, descriptor = oci_files(made(*SMALL), gzipped=gzipped)
    make = as_folder if how == "folder" else as_tar
    pushed = images.push(make(tmp_path / "job", layout(files, descriptor)), NAME)
    assert pushed.digest == descriptor["digest"]
    config, layers = judged(registry, tmp_path / "copy")
    assert {f"blobs/sha256/{it.removeprefix('sha256:')}" for it in (config, *layers, pushed.digest)} == set(files)


def test_a_compressed_tar_arrives_as_the_uncompressed_one(
    images: Any, registry: DockerRegistry, tmp_path: Path
) -> None:
    image = made(*SMALL)
    images.push(docker_tar(tmp_path / "job.tgz", image, compressed=True), NAME)
    assert judged(registry, tmp_path / "copy") == (digest(image.config), image.diffs)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_layers_that_are_links_arrive_as_what_they_link_to(
    images: Any, registry: DockerRegistry, tmp_path: Path, kind: bytes
) -> None:
    image = made(*SMALL[:1])
    config = json.loads(image.config)
    config["rootfs"]["diff_ids"] *= 2
    image = Made(image.layers * 2, json.dumps(config).encode())
    with tarfile.open(tmp_path / "job.tar", "w") as tar:
        add(tar, "aaa/layer.tar", image.layers[0])
        link(tar, "bbb/layer.tar", "../aaa/layer.tar" if kind == tarfile.SYMTYPE else "aaa/layer.tar", kind)
        add(tar, "config.json", image.config)
        entry = {"Config": "config.json", "RepoTags": None, "Layers": ["aaa/layer.tar", "bbb/layer.tar"]}
        add(tar, "manifest.json", json.dumps([entry]).encode())
    pushed = images.push(tmp_path / "job.tar", NAME)
    assert judged(registry, tmp_path / "copy") == (digest(image.config), image.diffs)
    assert pushed.uploaded == len(image.config) + len(image.layers[0])


def test_layers_that_were_saved_compressed_keep_their_bytes(
    images: Any, registry: DockerRegistry, tmp_path: Path
) -> None:
    image = made(*SMALL[:1])
    packed = gzip.compress(image.layers[0], mtime=0)
    config = digest(image.config).removeprefix("sha256:") + ".json"
    entry = {"Config": config, "RepoTags": [], "Layers": ["layer.tar.gz"]}
    files = {"layer.tar.gz": packed, config: image.config, "manifest.json": json.dumps([entry]).encode()}
    images.push(as_tar(tmp_path / "job.tar", files), NAME)
    assert judged(registry, tmp_path / "copy")[1] == [digest(packed)]


def test_an_open_file_is_pushed_as_well_as_a_path(images: Any, registry: DockerRegistry, tmp_path: Path) -> None:
    image = made(*SMALL)
    with docker_tar(tmp_path / "job.tar", image).open("rb") as file:
        images.push(file, NAME)
    assert judged(registry, tmp_path / "copy")[1] == image.diffs


def test_of_several_platforms_the_wanted_one_is_pushed(images: Any, registry: DockerRegistry, tmp_path: Path) -> None:
    files: dict[str, bytes] = {}
    descriptors = []
    for architecture in ("arm64", "amd64"):
        more, descriptor = oci_files(made(*SMALL, architecture=architecture))
        files |= more
        descriptors.append({**descriptor, "platform": {"os": "linux", "architecture": architecture}})
    attestation = {**descriptors[0], "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}
    index = json.dumps({"schemaVersion": 2, "manifests": [*descriptors, attestation]}).encode()
    files["blobs/sha256/" + digest(index).removeprefix("sha256:")] = index
    outer = {"mediaType": OCI_INDEX, "digest": digest(index), "size": len(index)}
    pushed = images.push(as_folder(tmp_path / "job", layout(files, outer)), NAME)
    assert pushed.digest == descriptors[1]["digest"]
    judged(registry, tmp_path / "copy")


def test_an_image_for_another_platform_is_pushed_with_a_warning(images: Any, tmp_path: Path) -> None:
    source = docker_tar(tmp_path / "job.tar", made(*SMALL, architecture="arm64"))
    with pytest.warns(PlatformWarning, match="linux/arm64"):
        images.push(source, NAME)


def test_the_manifest_is_also_tagged_latest_when_the_service_asks(
    images: Any, pushing: LusidServer, registry: DockerRegistry, tmp_path: Path
) -> None:
    pushing.latest = True
    pushed = images.push(docker_tar(tmp_path / "job.tar", made(*SMALL)), NAME)
    assert pushed.latest
    assert judged(registry, tmp_path / "copy", "latest") == judged(registry, tmp_path / "again", "1.4")


def test_the_manifest_is_not_tagged_latest_unasked(images: Any, registry: DockerRegistry, tmp_path: Path) -> None:
    images.push(docker_tar(tmp_path / "job.tar", made(*SMALL)), NAME)
    assert registry.find("acme/my-job", "latest") is None


@pytest.mark.parametrize("kind", ["docker-archive", "oci", "oci-archive"])
def test_what_another_tool_saved_arrives_whole(
    images: Any, registry: DockerRegistry, tmp_path: Path, kind: str
) -> None:
    images.push(docker_tar(tmp_path / "job.tar", made(*SMALL)), "first:1")
    saved = tmp_path / "saved"
    place, login = f"docker://{registry.host}/acme/first:1", f"--src-creds={registry.username}:{registry.password}"
    skopeo("copy", "--src-tls-verify=false", login, place, f"{kind}:{saved}:acme/saved:1")
    pushed = images.push(saved, NAME, image=None if kind == "docker-archive" else "acme/saved:1")
    config, layers = judged(registry, tmp_path / "copy")
    assert len(layers) == 3
    if kind == "docker-archive":  # for a layout the tool writes config and layers in its own way
        assert (config, layers) == (digest(made(*SMALL).config), made(*SMALL).diffs)
    assert pushed.digest == digest((tmp_path / "copy/manifest.json").read_bytes())


def test_what_the_registry_has_is_not_sent_again(images: Any, tmp_path: Path) -> None:
    images.push(docker_tar(tmp_path / "one.tar", made(*SMALL)), NAME)
    image = made(*SMALL, note="another config")
    again = images.push(docker_tar(tmp_path / "two.tar", image), "my-job:1.5")
    assert again.uploaded == len(image.config)
    assert again.size > again.uploaded


def test_a_pushed_image_appears_and_its_scan_ends(images: Any, clock: FakeClock, tmp_path: Path) -> None:
    pushed = images.push(docker_tar(tmp_path / "job.tar", made(*SMALL)), NAME)
    image = images.wait_for_scan(NAME, fail_on="high", interval=5)
    assert (image.digest, image.scan_report.status) == (pushed.digest, "Success")
    assert clock.slept == [5, 5]


def test_an_image_that_was_only_announced_does_not_appear(images: Any) -> None:
    images.start_upload(NAME)
    with pytest.raises(NotFound):
        images.image(NAME)


@pytest.mark.parametrize("chunk_size", [5_000, 10_240, 1 << 20])
def test_chunks_of_any_size_come_to_the_same_image(
    images: Any, registry: DockerRegistry, tmp_path: Path, chunk_size: int
) -> None:
    image = made(*SMALL)
    images.push(docker_tar(tmp_path / "job.tar", image), NAME, chunk_size=chunk_size)
    assert judged(registry, tmp_path / "copy") == (digest(image.config), image.diffs)


def test_progress_counts_what_the_registry_has_and_ends_with_all(images: Any, tmp_path: Path) -> None:
    seen: list[Progress] = []
    pushed = images.push(docker_tar(tmp_path / "job.tar", made(*SMALL)), NAME, chunk_size=30_000, progress=seen.append)
    assert [it.sent for it in seen] == sorted(it.sent for it in seen)
    assert len(seen) > 4
    assert (seen[-1].sent, seen[-1].total) == (pushed.size, pushed.size)


def test_a_registry_without_a_login_is_asked_without_one(
    images: Any, server: LusidServer, registry: DockerRegistry, tmp_path: Path
) -> None:
    with type(registry)(password=False, relative=True) as unguarded:
        server.registry = unguarded
        pushed = images.push(docker_tar(tmp_path / "job.tar", made(*SMALL)), NAME)
        found = unguarded.find("acme/my-job", "1.4")
        assert found is not None
        assert found[0] == pushed.digest


def test_a_tag_that_exists_is_refused_before_anything_is_sent(
    images: Any, pushing: LusidServer, tmp_path: Path
) -> None:
    source = docker_tar(tmp_path / "job.tar", made(*SMALL))
    images.push(source, NAME)
    with pytest.raises(StatusError, match="exists"):
        images.push(source, NAME)


def test_an_invalid_name_is_refused_before_the_source_is_opened(images: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidName):
        images.push(tmp_path / "missing.tar", "My-Job:1.4")


def test_a_registry_that_is_not_there_interrupts_the_push(
    images: Any, pushing: LusidServer, registry: DockerRegistry, tmp_path: Path
) -> None:
    class Gone:
        host, username, password = "127.0.0.1:9", "AWS", "not-a-secret"

        def find(self, repository: str, tag: str) -> None:
            return None

    pushing.registry = Gone()
    with pytest.raises(UploadInterrupted) as caught:
        images.push(docker_tar(tmp_path / "job.tar", made(*SMALL)), NAME)
    assert isinstance(caught.value.__cause__, ConnectionFailed)
    assert (caught.value.sent, caught.value.resume.name) == (0, NAME)


@pytest.mark.parametrize(
    ("registry", "scheme"),
    [
        ("registry.example", "https"),
        ("registry.example:5000", "https"),
        ("localhost.example", "https"),
        ("192.0.2.1:5000", "https"),
        ("localhost", "http"),
        ("localhost:5000", "http"),
        ("127.0.0.1:5000", "http"),
        ("[::1]:5000", "http"),
    ],
)
def test_only_a_registry_on_this_machine_gets_the_password_without_tls(registry: str, scheme: str) -> None:
    assert _scheme(registry) == scheme
