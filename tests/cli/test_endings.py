"""How commands end when they are stopped: Ctrl-C, a kill, a reader that goes away. Processes of their own."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imageapis.cli.outcome import Code, outcome
from imageapis.cli.output import write_json

if TYPE_CHECKING:
    from imageapis.testing.openstack import OpenStackServer
    from imageapis.testing.servicefabric import ServiceFabricServer

SIZE = 32 << 20


#: Who was started in the background of a shell ignores Ctrl-C, and so do all whom he starts: heard again here.
HEARS_CTRL_C = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('imageapis.cli', run_name='__main__')"
)
#: Seconds after which something hangs, on a machine that is as busy as can be.
HANGS = 300


def _upload(source: Path) -> subprocess.Popen[str]:
    arguments = ["servicefabric", "upload", str(source), "big", "--chunk-size", "1", "--concurrency", "1"]
    command = [sys.executable, "-c", HEARS_CTRL_C, *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _wait_for(cluster: ServiceFabricServer, received: int, process: subprocess.Popen[str]) -> None:
    give_up = time.monotonic() + HANGS
    while cluster.received.get("UploadFileChunk", 0) < received:
        assert process.poll() is None
        assert time.monotonic() < give_up
        threading.Event().wait(0.002)


def _stopped(cluster: ServiceFabricServer, source: Path, with_signal: int) -> tuple[int, str]:
    """Stop an upload in its middle: later chunks get no answer, so it cannot end before."""
    source.write_bytes(os.urandom(SIZE))
    cluster.faults.add("stall", "UploadFileChunk", skip=8)
    process = _upload(source)
    _wait_for(cluster, 8 << 20, process)
    process.send_signal(with_signal)
    _, said = process.communicate(timeout=HANGS)
    cluster.faults.clear()
    return process.returncode, said


def test_ctrl_c_says_how_to_go_on_and_the_same_command_does(cluster: ServiceFabricServer, tmp_path: Path) -> None:
    code, said = _stopped(cluster, tmp_path / "big", signal.SIGINT)
    assert code == Code.CTRL_C
    assert said.splitlines()[-1] == (
        "imageapis: Cancelled by Ctrl-C. Run the same command again: it goes on where it stopped."
    )
    assert "Traceback" not in said
    cluster.received.clear()
    again = _upload(tmp_path / "big")
    again.communicate(timeout=HANGS)
    assert again.returncode == 0
    assert cluster.received["UploadFileChunk"] <= SIZE - (7 << 20)
    assert cluster.store.content("big") == (tmp_path / "big").read_bytes()


def test_a_killed_upload_is_continued_by_the_same_command(cluster: ServiceFabricServer, tmp_path: Path) -> None:
    code, _ = _stopped(cluster, tmp_path / "big", signal.SIGKILL)
    assert code == -signal.SIGKILL
    cluster.received.clear()
    again = _upload(tmp_path / "big")
    again.communicate(timeout=HANGS)
    assert again.returncode == 0
    assert cluster.received["UploadFileChunk"] <= SIZE - (7 << 20)
    assert cluster.store.content("big") == (tmp_path / "big").read_bytes()


def test_a_reader_that_has_seen_enough_causes_no_traceback(cluster: ServiceFabricServer) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "imageapis.cli", "servicefabric", "info", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.wait(timeout=HANGS)
    process.stderr.close()


def test_a_name_that_the_terminal_has_no_letters_for_is_spelt_out(
    cloud: OpenStackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.add("日本")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = subprocess.run([sys.executable, "-m", "imageapis.cli", "openstack", "ls"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\u65e5\u672c" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_an_upload_whose_progress_cannot_be_written_goes_on(cluster: ServiceFabricServer, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(bytes(1 << 20))
    command = [sys.executable, "-m", "imageapis.cli", "servicefabric", "upload", str(tmp_path / "big"), "big"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "big: 1.0 MiB\n")
    assert cluster.store.content("big") == bytes(1 << 20)


def test_a_command_whose_output_is_closed_does_its_work(cluster: ServiceFabricServer) -> None:
    command = [sys.executable, "-m", "imageapis.cli", "servicefabric", "info"]
    done = subprocess.run(f"{shlex.join(command)} >&-", shell=True, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_metadata_that_is_nested_too_deep_to_show_is_said_to_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    nested: list[object] = []
    for _ in range(2000):
        nested = [nested]
    with pytest.raises(SystemExit) as ended, outcome():
        write_json({"nested": nested})
    assert ended.value.code == Code.FAILED
    assert "nested too deep" in capsys.readouterr().err
