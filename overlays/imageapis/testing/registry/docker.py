"""A real registry on a free loopback port: Debian's `docker-registry`, with its own configuration and one user."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imageapis.testing.registry.images import Images

if TYPE_CHECKING:
    from email.message import Message
    from types import TracebackType
    from typing import Self

PROGRAM = "docker-registry"
USERNAME = "AWS"
PASSWORD = "not-a-secret-registry-password"  # noqa: S105 - a dummy
#: That password as the registry wants it, with the fewest rounds that bcrypt has.
_HTPASSWD = f"{USERNAME}:$2b$04$m6hDNkhsD/.jZbiLbBJXBOnpG1KinhJycR3ZGg95eidTX5ThCLZX2\n"
_MANIFESTS = (
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.oci.image.index.v1+json"
)


def available() -> bool:
    """Say whether the registry is installed."""
    return shutil.which(PROGRAM) is not None


class DockerRegistry(Images):
    """A registry process, for as long as the context lasts.

    Args:
        on_disk: Whether blobs are kept in a temporary folder; in memory otherwise.
        password: Whether it asks for a password.
        relative: Whether its addresses for uploads are relative.

    Attributes:
        host: Its address and port.
        username: Who may use it.
        password: That user's password.
    """

    #: Seconds to wait for it to start.
    PATIENCE = 20.0

    def __init__(self, *, on_disk: bool = False, password: bool = True, relative: bool = False) -> None:
        self.host = ""
        self.username = USERNAME
        self.password = PASSWORD
        self._on_disk = on_disk
        self._asks = password
        self._relative = relative
        self._folder = tempfile.TemporaryDirectory(prefix="imageapis-registry-")
        self._process: subprocess.Popen[str] | None = None
        self._listening = threading.Event()

    @property
    def url(self) -> str:
        """The registry's address, without a slash at its end."""
        return f"http://{self.host}"

    def __enter__(self) -> Self:
        folder = Path(self._folder.name)
        (folder / "htpasswd").write_text(_HTPASSWD)
        (folder / "config.yml").write_text(self._configuration(folder))
        # Its own way to say where it listens: no port is chosen here that somebody else might take meanwhile.
        self._process = subprocess.Popen(  # noqa: S603 - a program found by its name, with a file of ours
            [shutil.which(PROGRAM) or PROGRAM, "serve", str(folder / "config.yml")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._listen, name="registry-log", daemon=True).start()
        if not self._listening.wait(self.PATIENCE):
            self._stop()
            raise RuntimeError(f"{PROGRAM} did not start within {self.PATIENCE:g} s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(self.PATIENCE)
        self._folder.cleanup()

    def _listen(self) -> None:
        """Read the log to its end, so that the process never waits for a reader."""
        assert self._process is not None
        assert self._process.stderr is not None
        with self._process.stderr as log:
            for line in log:
                _, found, rest = line.partition("listening on ")
                if found and not self._listening.is_set():
                    # Behind a comma it says that it speaks TLS, if it does.
                    self.host = rest.split('"')[0].split()[0].rstrip(",")
                    self._listening.set()

    def _configuration(self, folder: Path) -> str:
        storage: dict[str, Any] = {"inmemory": {}}
        if self._on_disk:
            storage = {"filesystem": {"rootdirectory": str(folder / "blobs")}}
        configuration = {
            "version": 0.1,
            "log": {"level": "info", "accesslog": {"disabled": True}},
            "storage": {**storage, "delete": {"enabled": True}},
            "http": {"addr": "127.0.0.1:0", "secret": "not-a-secret", "relativeurls": self._relative},
        }
        if self._asks:
            configuration["auth"] = {"htpasswd": {"realm": "local", "path": str(folder / "htpasswd")}}
        # JSON is YAML.
        return json.dumps(configuration)

    def manifest(self, repository: str, tag: str) -> tuple[str, dict[str, Any]] | None:
        """Return digest and content of the manifest under a tag, or `None`."""
        answer = self._ask("GET", f"{repository}/manifests/{tag}")
        return None if answer is None else (answer[0]["Docker-Content-Digest"], json.loads(answer[1]))

    def holds(self, repository: str, digest: str) -> bool:
        """Say whether a repository holds a blob."""
        return self._ask("HEAD", f"{repository}/blobs/{digest}") is not None

    def _ask(self, method: str, path: str) -> tuple[Message, bytes] | None:
        pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{self.url}/v2/{path}",
            headers={"Accept": _MANIFESTS, "Authorization": f"Basic {pair}"},
            method=method,
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=self.PATIENCE) as response:
                return response.headers, response.read()
        except urllib.error.HTTPError as failure:
            failure.close()
            if failure.code == 404:
                return None
            raise
