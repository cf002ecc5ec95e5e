"""Pushes over paths: the number of blobs at a time that a push finds itself, against the best fixed one and skopeo.

`nox -s bench -- push`. To reach: at most 1.2 times the seconds of the best of 1, 4, 16 and 32 blobs at a time, on both
faces, for an image of many layers. `IMAGEAPIS_BENCH_ROUNDS` is the number of rounds (3). It wants `docker-registry`.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from imageapis.testing.lusid import LusidServer
from imageapis.testing.registry import PASSWORD, USERNAME, DockerRegistry, available
from tests.benchmarks._ratios import Figures, table
from tests.benchmarks.paths import FIXED, ROUNDS
from tests.benchmarks.upload import helper, program
from tests.lusid.local_images import Made, as_folder, digest, layout, oci_files

if TYPE_CHECKING:
    from collections.abc import Iterable

FACES = ("blocking", "async")
PATHS = {
    "loopback": (),
    "1 ms, 110 MiB/s": ("1,10000,110",),
    "40 ms, 20 MiB/s each, 150 in all": ("40,20,150",),
    "150 ms, 4 MiB/s each, 60 in all": ("150,4,60",),
}
#: Layers, and bytes of each: an image of a few dozen steps, most of them small.
LAYERS = [16 << 20] * 2 + [4 << 20] * 6 + [200_000] * 24


@attrs.frozen
class Target:
    """The registry as the scheduler names it: behind the relay."""

    registry: DockerRegistry
    host: str
    username: str = USERNAME
    password: str = PASSWORD

    def find(self, repository: str, tag: str) -> tuple[str, int] | None:
        """Return digest and size of the image under a tag, or `None`."""
        return self.registry.find(repository, tag)


def image(path: Path, sizes: Iterable[int]) -> Path:
    """Write an OCI layout with layers of these sizes, which nothing can compress."""
    contents = [os.urandom(size) for size in sizes]
    layers = tuple(gzip.compress(content, 0) for content in contents)
    rootfs = {"type": "layers", "diff_ids": [digest(content) for content in contents]}
    config = {"architecture": "amd64", "os": "linux", "rootfs": rootfs}
    files, descriptor = oci_files(Made(layers, json.dumps(config).encode()))
    name = "blobs/" + descriptor["digest"].replace(":", "/")
    manifest = files.pop(name).replace(b"layer.v1.tar", b"layer.v1.tar+gzip")
    files["blobs/" + digest(manifest).replace(":", "/")] = manifest
    return as_folder(path, layout(files, {**descriptor, "digest": digest(manifest), "size": len(manifest)}))


def push(face: str, server: LusidServer, source: Path, name: str, concurrency: int | None) -> float:
    """Push in a process of its own and return the seconds that the push took."""
    command = [sys.executable, "-m", "tests.benchmarks._push_client", face, server.scheduler_url, server.access_token]
    done = subprocess.run(
        [*command, str(source), name, str(concurrency or 0)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[0])


def at(stack: ExitStack, ways: tuple[str, ...]) -> Target:
    """Return a new registry behind a relay, until the stack is closed."""
    registry = stack.enter_context(DockerRegistry(on_disk=True))
    port = int(registry.host.rpartition(":")[2])
    return Target(registry, f"127.0.0.1:{helper(stack, '_upload_proxy', port, *ways) if ways else port}")


def skopeo(source: Path, ways: tuple[str, ...]) -> float:
    """Push by skopeo to a registry that it has not seen: it remembers what one has, and sends that no more."""
    with ExitStack() as stack:
        options = ["--dest-tls-verify=false", "--dest-creds", f"{USERNAME}:{PASSWORD}"]
        return program(
            ["skopeo", "copy", *options, f"oci:{source}", f"docker://{at(stack, ways).host}/acme/it:1"]
        ).seconds


def measure(
    face: str, server: LusidServer, source: Path, ways: tuple[str, ...], names: itertools.count[int]
) -> dict[str, list[float]]:
    """Return seconds a round, in turns: of the push's own choice, of fixed numbers, and of skopeo."""
    push(face, server, source, f"job-{next(names)}:1", None)  # the first one reads the image from the disk
    found: dict[str, list[float]] = {"own": [], **{str(count): [] for count in FIXED}}
    for _ in range(ROUNDS):
        for key, seconds in found.items():
            if key != "skopeo":
                count = None if key == "own" else int(key)
                seconds.append(push(face, server, source, f"job-{next(names)}:1", count))
        if shutil.which("skopeo"):
            found.setdefault("skopeo", []).append(skopeo(source, ways))
    return found


def main() -> None:
    """Measure all paths, or those whose names hold the argument."""
    if not available():
        print("docker-registry is not installed: nothing was measured", file=sys.stderr)
        return
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    figures, rows, names = Figures(), [], itertools.count()
    with tempfile.TemporaryDirectory(prefix="imageapis-bench-") as temporary:
        source = image(Path(temporary) / "image", LAYERS)
        for name, ways in ((name, ways) for name, ways in PATHS.items() if wanted in name):
            for face in FACES:
                with ExitStack() as stack:
                    server = stack.enter_context(LusidServer(registry=at(stack, ways)))
                    found = measure(face, server, source, ways, names)
                medians = {key: statistics.median(seconds) for key, seconds in found.items()}
                best = min(medians[str(count)] for count in FIXED)
                ratio = figures.ratio(f"push/{name}/{face}/of the best", [one / best for one in found["own"]])
                faster = "-"
                if "skopeo" in found:
                    times = [theirs / own for theirs, own in zip(found["skopeo"], found["own"], strict=True)]
                    faster = figures.ratio(f"push/{name}/{face}/times faster than skopeo", times)
                seconds = [f"{medians[key]:.2f}" for key in ("own", *map(str, FIXED))]
                rows.append([name, face, *seconds, ratio, faster])
                print(*rows[-1], sep="  ", file=sys.stderr, flush=True)
    columns = ("path", "face", "own s", *map(str, FIXED), "of the best", "times faster than skopeo")
    total = f"{len(LAYERS)} layers, {sum(LAYERS) >> 20} MiB"
    table(f"a push of {total}: seconds by blobs at a time, medians of {ROUNDS} rounds", columns, rows)


if __name__ == "__main__":
    main()
