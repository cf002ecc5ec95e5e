"""A layer of a gibibyte: it arrives whole, and memory does not grow with it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import time
from typing import TYPE_CHECKING

import pytest

from imageapis.testing.lusid import LusidServer
from imageapis.testing.registry import DockerRegistry
from tests.lusid.conftest import need_registry
from tests.lusid.local_images import SMALL, add, docker_tar, made
from tests.lusid.test_push import skopeo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.registry, pytest.mark.slow]

#: MiB of the large layer.
SIZE = int(os.environ.get("IMAGEAPIS_PUSH_MIB", "1024"))
#: KiB that the peak of memory may grow by.
GROWTH = 32 * 1024


def write_large(path: Path) -> tuple[str, str]:
    """Write a `docker save` tar with one large layer; return the digests of config and layer."""
    layer = path.with_suffix(".layer")
    block = os.urandom(1 << 20)
    hashed = hashlib.sha256()
    with layer.open("wb") as file:
        for number in range(SIZE):
            data = number.to_bytes(8, "big") + block[8:]
            hashed.update(data)
            file.write(data)
    digest = f"sha256:{hashed.hexdigest()}"
    rootfs = {"type": "layers", "diff_ids": [digest]}
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": rootfs}).encode()
    with tarfile.open(path, "w") as tar:
        tar.add(layer, "layer.tar")
        add(tar, "config.json", config)
        entry = {"Config": "config.json", "RepoTags": None, "Layers": ["layer.tar"]}
        add(tar, "manifest.json", json.dumps([entry]).encode())
    layer.unlink()
    return "sha256:" + hashlib.sha256(config).hexdigest(), digest


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    path = tmp_path_factory.mktemp("large") / "large.tar"
    config, layer = write_large(path)
    yield path, config, layer
    path.unlink()


@pytest.mark.parametrize("face", ["blocking", "async"])
@pytest.mark.parametrize("chunk_size", [0, 64 << 20])
def test_a_large_layer_arrives_whole_and_memory_does_not_grow_with_it(
    large: tuple[Path, str, str], tmp_path: Path, face: str, chunk_size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    need_registry("skopeo")
    path, config, layer = large
    small = docker_tar(tmp_path / "small.tar", made(*SMALL))
    with DockerRegistry(on_disk=True) as registry, LusidServer(registry=registry) as server:
        began = time.perf_counter()
        arguments = [face, server.scheduler_url, server.access_token, str(small), str(path), str(chunk_size)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.lusid.push_memory", *arguments], capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - began
        assert done.returncode == 0, done.stderr
        growth = int(done.stdout)
        how = f"{chunk_size >> 20} MiB chunks" if chunk_size else "one PATCH"
        with capsys.disabled():
            print(f"\n  pushed {SIZE} MiB, {face}, {how}: {seconds:.1f} s, peak memory grew {growth / 1024:.1f} MiB")
        assert growth <= GROWTH
        place = f"docker://{registry.host}/acme/large:1"
        login = f"--src-creds={registry.username}:{registry.password}"
        skopeo("copy", "--src-tls-verify=false", login, place, f"dir:{tmp_path / 'copy'}")
        manifest = json.loads((tmp_path / "copy/manifest.json").read_bytes())
        assert (manifest["config"]["digest"], manifest["layers"][0]["digest"]) == (config, layer)
