"""A process that uploads 64 MiB is killed at random moments; another one goes on from the journal."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 64 << 20
CHUNK = 2 << 20
CONCURRENCY = 4
#: How often a process is killed in the quick run; `nox -s slow` does a hundred.
KILLS = int(os.environ.get("IMAGEAPIS_KILLS", "3"))
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def gateway() -> Iterator[ServiceFabricServer]:
    with ServiceFabricServer(contract=False) as running:
        yield running


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kill") / "big.bin"
    path.write_bytes(random.Random(64).randbytes(SIZE))
    return path


def uploader(gateway: ServiceFabricServer, big: Path, journal: Path, face: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.servicefabric.uploader", gateway.url, str(big), "big.bin", str(journal)]
    return subprocess.Popen([*command, str(CHUNK), face], stdout=subprocess.PIPE, text=True, cwd=ROOT)


def missing(gateway: ServiceFabricServer) -> int:
    """Return the bytes that the server does not hold."""
    with gateway.lock:
        if gateway.store.file("big.bin") is not None:
            return 0
        held = [sum(end - start + 1 for start, end, _ in each.chunks) for each in gateway.store.sessions.values()]
        return SIZE - max(held, default=0)


def settle(gateway: ServiceFabricServer) -> None:
    """Wait until the server has noticed that the killed client is gone and has taken in what was under way."""
    give_up = time.monotonic() + 300
    while gateway._server is not None and gateway._server.server_state.connections:
        assert time.monotonic() < give_up
        threading.Event().wait(0.005)


def kill_and_go_on(gateway: ServiceFabricServer, big: Path, journal: Path, seed: int) -> tuple[int, int]:
    """Return the bytes that were missing after the kill, and the bytes that the second process sent."""
    gateway.reset()
    journal.unlink(missing_ok=True)
    face = ("blocking", "async")[seed % 2]
    process = uploader(gateway, big, journal, face)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    # Anywhere between the first byte and a little after the last, when the commit is under way or over.
    moment = random.Random(seed).uniform(0, 1.05 * SIZE)
    give_up = time.monotonic() + 300
    while gateway.received.get("UploadFileChunk", 0) < min(moment, SIZE) and process.poll() is None:
        assert time.monotonic() < give_up
        threading.Event().wait(0.001)
    if moment > SIZE:
        threading.Event().wait((moment - SIZE) / SIZE)
    process.kill()
    process.wait()
    process.stdout.close()
    settle(gateway)
    lacking = missing(gateway)
    gateway.received.clear()
    second = uploader(gateway, big, journal, face)
    second.communicate(timeout=60)
    assert second.returncode == 0
    assert gateway.store.content("big.bin") == big.read_bytes()
    return lacking, gateway.received.get("UploadFileChunk", 0)


def hold(gateway: ServiceFabricServer, big: Path, tmp_path: Path, kills: int, first: int) -> None:
    outcomes = [kill_and_go_on(gateway, big, tmp_path / "journal", seed) for seed in range(first, first + kills)]
    beyond = [sent - lacking for lacking, sent in outcomes]
    between = sum(0 < lacking < SIZE for lacking, _ in outcomes)
    print(
        f"\n{kills} kills, {between} of them in the middle; sent beyond what was missing: at most {max(beyond)} bytes"
    )
    assert max(beyond) <= CHUNK * CONCURRENCY


def test_a_killed_upload_is_continued_bit_by_bit(gateway: ServiceFabricServer, big: Path, tmp_path: Path) -> None:
    hold(gateway, big, tmp_path, KILLS, 0)


@pytest.mark.slow
def test_a_hundred_killed_uploads_are_continued_bit_by_bit(
    gateway: ServiceFabricServer, big: Path, tmp_path: Path
) -> None:
    hold(gateway, big, tmp_path, 100, 1000)
