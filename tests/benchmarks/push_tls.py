"""A push over TLS against `http.client` with one blob after the other, and against `curl -T`.

`nox -s bench -- push_tls`. All bring 512 MiB to one docker-registry, which takes them at its own pace. curl gets its
uploads begun, and sends no manifest. `IMAGEAPIS_BENCH_ROUNDS` is the number of rounds (3).
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import trustme

from imageapis.testing.lusid import LusidServer
from imageapis.testing.registry import PASSWORD, USERNAME, DockerRegistry, available
from tests.benchmarks._push_client import begin, blobs
from tests.benchmarks._ratios import Figures, table
from tests.benchmarks._upload_clients import connect
from tests.benchmarks.paths import ROUNDS
from tests.benchmarks.push import Target, image
from tests.benchmarks.upload import Cost, middle, program

LAYERS = [64 << 20] * 8
#: Who pushes, and how many blobs at a time; 0 is what it finds itself.
PYTHON = {
    "http.client": ("http.client", 0),
    "blocking": ("blocking", 0),
    "blocking, 1": ("blocking", 1),
    "async": ("async", 0),
    "async, 1": ("async", 1),
}


class SecuredRegistry(DockerRegistry):
    """The same over TLS.

    Args:
        identity: A file with its key and its certificate.
    """

    def __init__(self, identity: Path) -> None:
        super().__init__(on_disk=True)
        self._identity = identity

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://{self.host}"

    def _configuration(self, folder: Path) -> str:
        configuration = json.loads(super()._configuration(folder))
        configuration["http"]["tls"] = {"certificate": str(self._identity), "key": str(self._identity)}
        return json.dumps(configuration)


def client(contestant: str, url: str, token: str, source: Path, name: str, count: int) -> Cost:
    """Push in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks._push_client", contestant, url, token, str(source), name]
    done = subprocess.run([*command, str(count), "https"], capture_output=True, text=True, check=True)
    return Cost(*map(float, done.stdout.split()))


def curl(url: str, source: Path, repository: str) -> Cost:
    """Send the blobs over one connection."""
    connection = connect(url)
    sent = [word for blob in blobs(source) for word in ("-T", str(blob), url + begin(connection, repository, blob))]
    connection.close()
    secrets = ["-u", f"{USERNAME}:{PASSWORD}", "--cacert", os.environ["SSL_CERT_FILE"]]
    return program(["curl", "--silent", "--fail", "--noproxy", "*", *secrets, *sent])


def measure(source: Path, folder: Path) -> dict[str, list[Cost]]:
    """Return the costs a round, in turns."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "registry.pem"))
    os.environ["SSL_CERT_FILE"] = str(folder / "authority.pem")
    found: dict[str, list[Cost]] = {}
    names = itertools.count()
    with ExitStack() as stack:
        registry = stack.enter_context(SecuredRegistry(folder / "registry.pem"))
        server = stack.enter_context(LusidServer(registry=Target(registry, registry.host)))
        for turn in range(1 + ROUNDS):
            for name, (contestant, count) in PYTHON.items():
                url = registry.url if contestant == "http.client" else server.scheduler_url
                cost = client(contestant, url, server.access_token, source, f"job-{next(names)}:1", count)
                found.setdefault(name, []).append(cost)
            if shutil.which("curl"):
                found.setdefault("curl -T", []).append(curl(registry.url, source, f"acme/curl-{next(names)}"))
            if not turn:
                found.clear()  # the first turn reads the image from the disk
    return found


def main() -> None:
    """Measure."""
    if not available():
        print("docker-registry is not installed: nothing was measured", file=sys.stderr)
        return
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="imageapis-bench-") as temporary:
        found = measure(image(Path(temporary) / "image", LAYERS), Path(temporary))
    bare, rows = found["http.client"], []
    for name, costs in found.items():
        typical = middle(costs)
        pairs = list(zip(costs, bare, strict=True))
        ratios = (
            figures.ratio(f"push/over TLS/{name}/throughput", [other.seconds / cost.seconds for cost, other in pairs]),
            figures.ratio(f"push/over TLS/{name}/CPU", [cost.cpu / other.cpu for cost, other in pairs]),
        )
        rows.append([name, f"{typical.seconds:.2f}", f"{typical.cpu:.2f}", *ratios])
    columns = ("", "seconds", "CPU s", "throughput", "CPU")
    table(f"a push of {sum(LAYERS) >> 20} MiB over TLS, medians of {ROUNDS} rounds, as of http.client", columns, rows)


if __name__ == "__main__":
    main()
