"""Building, starting and stopping the stack. What its services are told is in `configs`, what is in them in `seed`."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import httpx

from scripts.openstack_stack import configs
from scripts.openstack_stack.bootstrap import bootstrap
from scripts.openstack_stack.configs import Settings
from scripts.openstack_stack.seed import seed

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
MODULES = {
    "keystone": "keystone.wsgi.api",
    "glance": "glance.wsgi.api",
    "nova": "nova.wsgi.osapi_compute",
    "placement": "placement.wsgi.api",
}
PATIENCE = 60.0


class StackError(Exception):
    """A step failed; the text says which, and where its log is."""


def default_folder() -> Path:
    """Return where the stack lies: `IMAGEAPIS_STACK`, or a folder in the user's cache."""
    given = os.environ.get("IMAGEAPIS_STACK")
    if given:
        return Path(given).absolute()
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache).absolute() / "imageapis-openstack"


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Stack:
    """One stack in one folder.

    Args:
        folder: Where everything lies: interpreter, databases, logs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._chosen = folder / "settings.json"

    @property
    def settings(self) -> Settings:
        """What the stack was set up with."""
        try:
            return Settings(**json.loads(self._chosen.read_text("utf-8")))
        except FileNotFoundError:
            raise StackError(f"There is no stack in {self.folder}: run `setup` or `all` first.") from None

    # --- building ---------------------------------------------------------------------------------------------------

    def install(self) -> None:
        """Install the services into an interpreter of their own, if just that was not done before."""
        done, wanted = self.folder / "venv/installed", HERE / "requirements.txt"
        if done.exists() and done.read_bytes() == wanted.read_bytes():
            return
        venv.create(self.folder / "venv", with_pip=True, clear=True)
        self._run("install", ["-m", "pip", "install", "-q", "-U", "pip", "wheel", "setuptools<81"])
        # The list is complete, and pip need not resolve what was resolved.
        self._run("install", ["-m", "pip", "install", "-q", "--no-deps", "-r", str(wanted)])
        shutil.copyfile(wanted, done)

    def setup(self, *, max_limit: int, token_life: int, images: int) -> None:
        """Make fresh databases, service accounts and a catalog. What was there before is gone."""
        self.stop()
        self.install()
        for name in ("etc", "db", "log", "run", "images", "staging", "tasks", "state"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        ports = dict(zip(MODULES, free_ports(len(MODULES)), strict=True))
        settings = Settings(max_limit=max_limit, token_life=token_life, images=images, **ports)
        configs.write(self.folder, settings)
        self._chosen.write_text(json.dumps(attrs.asdict(settings)), "utf-8")
        steps = (self._keystone, self._glance, self._nova, self._placement)
        with ThreadPoolExecutor(len(steps)) as pool:
            for step in [pool.submit(step, settings) for step in steps]:
                step.result()
        for database in (self.folder / "db").glob("*.sqlite"):
            # Readers and a writer no longer shut each other out; the file remembers it.
            with contextlib.closing(sqlite3.connect(database)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        self._begin("keystone")
        self._wait("keystone", settings.keystone_url)
        bootstrap(settings)

    def _keystone(self, settings: Settings) -> None:
        manage = [str(self._tool("keystone-manage")), "--config-file", str(self.folder / "etc/keystone/keystone.conf")]
        user, group = str(os.getuid()), str(os.getgid())
        url = settings.keystone_url
        self._run("keystone", [*manage, "db_sync"])
        for keys in ("fernet_setup", "credential_setup"):
            self._run("keystone", [*manage, keys, "--keystone-user", user, "--keystone-group", group])
        urls = [part for kind in ("public", "internal", "admin") for part in (f"--bootstrap-{kind}-url", url)]
        region = ["--bootstrap-region-id", "RegionOne"]
        self._run("keystone", [*manage, "bootstrap", "--bootstrap-password", configs.ADMIN_PASSWORD, *region, *urls])

    def _glance(self, settings: Settings) -> None:
        config = str(self.folder / "etc/glance/glance-api.conf")
        self._run("glance", [str(self._tool("glance-manage")), "--config-file", config, "db_sync"])

    def _nova(self, settings: Settings) -> None:
        manage = [str(self._tool("nova-manage")), "--config-file", str(self.folder / "etc/nova/nova.conf")]
        cells = {
            name: ["--database_connection", f"sqlite:///{self.folder}/db/nova_{name}.sqlite"]
            for name in ("cell0", "cell1")
        }
        self._run("nova", [*manage, "api_db", "sync"])
        self._run("nova", [*manage, "cell_v2", "map_cell0", *cells["cell0"]])
        self._run("nova", [*manage, "db", "sync"])
        # Beside the cell for what was never scheduled, Nova insists on a real one.
        create = ["cell_v2", "create_cell", "--name", "cell1", "--transport-url", "fake:///"]
        self._run("nova", [*manage, *create, *cells["cell1"]])
        self._run("nova", [*manage, "db", "sync"])

    def _placement(self, settings: Settings) -> None:
        config = str(self.folder / "etc/placement")
        self._run("placement", [str(self._tool("placement-manage")), "--config-dir", config, "db", "sync"])

    def _tool(self, name: str) -> Path:
        return self.folder / "venv/bin" / name

    def _run(self, step: str, command: Sequence[str]) -> None:
        """Run a command of the stack's interpreter, its output into a log."""
        log = self.folder / "log" / f"setup-{step}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            outcome = subprocess.run(
                [str(self._tool("python")), *command], stdout=out, stderr=out, env=self._environment(), check=False
            )
        if outcome.returncode:
            raise StackError(f"{step} failed ({outcome.returncode}); its log is {log}.")

    def _environment(self) -> dict[str, str]:
        folders = {f"OS_{name.upper()}_CONFIG_DIR": str(self.folder / "etc" / name) for name in MODULES}
        # Variables of the caller's own cloud would be read as settings.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
        return {**kept, **folders, "PYTHONWARNINGS": "ignore"}

    # --- running ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start all services and wait until they answer."""
        settings = self.settings
        for name in MODULES:
            self._begin(name)
        self._wait("keystone", settings.keystone_url)
        self._wait("glance", f"{settings.glance_url}/versions")
        self._wait("nova", settings.nova_url)
        self._wait("placement", settings.placement_url)

    def seed(self) -> None:
        """Fill the stack with users and images and write down what they are (`seed.json`)."""
        seed(self.settings, self.folder / "seed.json")

    def stop(self) -> None:
        """Stop what this stack started."""
        for name in MODULES:
            pid = self._pid(name)
            if pid is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
                for _ in range(100):
                    time.sleep(0.05)
                    os.kill(pid, 0)
                os.kill(pid, signal.SIGKILL)
            self._pid_file(name).unlink(missing_ok=True)

    def status(self) -> dict[str, int | None]:
        """Return the process id of each service, `None` for one that does not run."""
        return {name: self._pid(name) for name in MODULES}

    def _pid_file(self, name: str) -> Path:
        return self.folder / "run" / f"{name}.pid"

    def _pid(self, name: str) -> int | None:
        try:
            pid = int(self._pid_file(name).read_text("utf-8"))
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None
        return pid

    def _begin(self, name: str) -> None:
        if self._pid(name) is not None:
            return
        port = str(attrs.asdict(self.settings)[name])
        with (self.folder / "log" / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(self._tool("python")), str(HERE / "serve.py"), MODULES[name], port],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
                start_new_session=True,
            )
        self._pid_file(name).write_text(str(process.pid), "utf-8")

    def _wait(self, name: str, url: str) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(url, trust_env=False, timeout=5)
                return
            if self._pid(name) is None:
                break
            time.sleep(0.1)
        raise StackError(f"{name} does not answer at {url}; its log is {self.folder / 'log' / name}.log.")
