"""One attacking process: runs trials by number and prints one JSON line for each.

Run as `python -m tests.attack.worker <first> <step> <count>`; `__main__` starts several and adds up what they print.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

import trustme

from tests.attack import trial
from tests.attack.checks import Census, Ears
from tests.attack.operations import CHUNK, Files
from tests.attack.plans import Plan, warming
from tests.lusid.local_images import docker_tar, made


class Opponent:
    """The hostile server's process."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        leaf = authority.issue_cert("127.0.0.1", "localhost")
        self.ca = str(folder / "ca.pem")
        authority.cert_pem.write_to_path(self.ca)
        leaf.cert_chain_pems[0].write_to_path(folder / "leaf.pem")
        leaf.private_key_pem.write_to_path(folder / "leaf.key")
        command = [sys.executable, "-m", "tests.attack.server", str(folder / "leaf.pem"), str(folder / "leaf.key")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports = self._heard()

    def _heard(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def told(self, command: dict[str, Any]) -> Any:
        """Give a command and return the answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self._heard()

    def origin(self, tls: bool) -> str:
        return f"https://127.0.0.1:{self.ports[1]}" if tls else f"http://127.0.0.1:{self.ports[0]}"

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


def local_files(folder: Path, scratch: Path) -> Files:
    """Make the files that operations read."""
    (folder / "small").write_bytes(b"small")
    (folder / "large").write_bytes(bytes(range(256)) * (3 * CHUNK // 256))
    package = folder / "package"
    (package / "Code").mkdir(parents=True)
    (package / "ApplicationManifest.xml").write_bytes(b"<a/>")
    (package / "Code" / "run.bin").write_bytes(bytes(2500))
    image = docker_tar(folder / "image.tar", made(b"first " * 500, b"second " * 500), tags=("acme/job:1",))
    return Files(scratch, folder / "small", folder / "large", package, image)


def attacked(plan: Plan, opponent: Opponent, files: Files) -> dict[str, Any]:
    """Run one trial and return what is to be told of it."""
    opponent.told(plan.command)
    origin = opponent.origin(plan.tls)
    if plan.prepare is not None:
        plan.prepare(files, origin)
    scratch = files.folder
    ears = Ears()
    with ears:
        census = Census(Path(tempfile.gettempdir()))
        outcome = trial.run(plan, origin, opponent.ca if plan.tls else None, files, ears)
        told = opponent.told({})
        wrong = list(trial.judged(plan, outcome, ears, told))
        failed = type(outcome.failure).__name__ if outcome.failure is not None else None
        # What its frames hold goes with it: a caller has let it go as well.
        outcome.failure = None
        outcome.value = outcome.items = None
        wrong += census.leaks()
        wrong += [
            ("warnings", text[:300]) for text in ears.odd + ears.warned() if ("warnings", text[:300]) not in wrong
        ]
    left = sorted(entry.name for entry in scratch.iterdir() if entry.name not in {"journal", "saved", "given"})
    if left:
        wrong.append(("temporary files", f"beside the target: {', '.join(left)}"))
    if any(scratch.iterdir()) and (plan.prepare is not None or left or len(list(scratch.iterdir())) > 1):
        # Not by Python: some trials make folders deeper than it goes.
        subprocess.run(["rm", "-rf", scratch], check=True)
        files.given.mkdir(parents=True)
    return {
        "seed": plan.seed,
        "part": f"{plan.part} {plan.face}",
        "operation": plan.target.name,
        "kinds": told["kinds"],
        "outcome": failed or "value",
        "wrong": wrong,
    }


def main(first: int, step: int, count: int) -> None:
    """Run `count` trials: `first`, `first + step`, ..."""
    import imageapis.lusid.registry as registry

    if hasattr(registry, "PATIENCE"):
        registry.PATIENCE = 1.0
    home = Path(tempfile.mkdtemp(prefix="attack-"))
    for name in ("scratch/given", "tmp", "files"):
        (home / name).mkdir(parents=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(home / "tmp")
    try:
        opponent = Opponent(home)
        files = local_files(home / "files", home / "scratch")
        for plan in warming():
            attacked(plan, opponent, files)
        gc.collect()
        gc.freeze()
        print(json.dumps({"ready": os.getpid()}), flush=True)
        for seed in range(first, first + step * count, step):
            began = time.monotonic()
            told = attacked(Plan(seed), opponent, files)
            told["seconds"] = time.monotonic() - began
            print(json.dumps(told), flush=True)
            if told["outcome"] == "Hung":
                # What hangs still holds threads and descriptors that the next trials would be blamed for.
                break
        opponent.close()
    except BaseException:
        traceback.print_exc()
    finally:
        subprocess.run(["rm", "-rf", home], check=True)
        # A thread that hangs must not keep the process.
        os._exit(0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
