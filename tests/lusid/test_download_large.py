"""A download of half a gibibyte: memory does not grow with it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from imageapis.testing.lusid import LusidServer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

SIZE = 512 << 20
#: KiB that the peak of memory may grow by.
GROWTH = 32 * 1024


@pytest.mark.parametrize("face", ["blocking", "async"])
def test_memory_does_not_grow_with_a_download(tmp_path: Path, face: str, capsys: pytest.CaptureFixture[str]) -> None:
    with LusidServer(legacy=True) as server:
        server.contents = {"small:1": bytes(2 << 20), "large:1": bytes(SIZE)}
        arguments = [face, server.scheduler_url, server.access_token, str(tmp_path)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.lusid.download_memory", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    growth = int(done.stdout)
    with capsys.disabled():
        print(f"\n  downloaded {SIZE >> 20} MiB, {face}: peak memory grew {growth / 1024:.1f} MiB")
    assert (tmp_path / "large").stat().st_size == SIZE
    assert growth <= GROWTH
