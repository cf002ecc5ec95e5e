"""Memory of an upload does not grow with the file or its chunks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks._upload_sink import Sink

WORKERS = 4
CHUNK = 32 << 20
LIMIT = 32 << 20


def raised(tmp_path: Path, size: int, face: str) -> int:
    """Return the bytes by which an upload of a sparse file raises the peak of a process's memory."""
    file = tmp_path / "sparse"
    with file.open("wb") as opened:
        opened.truncate(size)
    port = Sink().serve()
    command = [sys.executable, "-m", "tests.servicefabric.memory_probe", f"http://127.0.0.1:{port}", str(file)]
    done = subprocess.run(
        [*command, str(CHUNK), str(WORKERS), face],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    idle, peak = map(int, done.stdout.split())
    print(f"\n{face}, {size >> 20} MiB: idle {idle / 2**20:.1f} MiB, peak {peak / 2**20:.1f} MiB")
    return peak - idle


@pytest.mark.parametrize("face", ["blocking", "async"])
def test_a_large_file_takes_little_memory(tmp_path: Path, face: str) -> None:
    assert raised(tmp_path, 512 << 20, face) <= LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("face", ["blocking", "async"])
def test_four_gib_take_no_more(tmp_path: Path, face: str) -> None:
    assert raised(tmp_path, 4 << 30, face) <= LIMIT
