"""Uploads against a bare `http.client` loop, a bare httpx loop, `curl -T` and `sfctl`: throughput and CPU, as ratios.

`nox -s bench -- upload`. To reach, on loopback, with TLS and without: at least the `http.client` loop's throughput with
at most 1.2 of its CPU; 6 times sfctl for one file of 512 MiB at 40 ms and 20 MiB/s a connection; 2.5 times sfctl for
2,000 small files, and 8 times at 40 ms. Contestants run as where they are installed: compiled, with what they need.
`nox -s bench -- upload tls --only blocking async` measures a part of it: some of `loopback`, `tls`, `far` and `small`,
and of the first two these contestants beside the bare loops. `IMAGEAPIS_BENCH_MIB` is the size of the file on loopback
(1024), `IMAGEAPIS_BENCH_ROUNDS` the number of rounds there (5).
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from tests.benchmarks._ratios import Figures, table
from tests.benchmarks._upload_sink import AUTHORITY_FILE
from tests.tools import Unavailable, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MIB = int(os.environ.get("IMAGEAPIS_BENCH_MIB", "1024"))
FAR_MIB = 512
ROUNDS = int(os.environ.get("IMAGEAPIS_BENCH_ROUNDS", "5"))
SMALL_FILES = 2000
SMALL_ROUNDS = 3
#: How many times as many on loopback, where nothing but processors bounds an upload: of three the medians differ by a
#: sixth.
MORE_ROUNDS = 3
FIGURES = Figures()
ROUND_TRIP_MS, MIB_PER_SECOND = 40, 20
#: MiB a second of a line that is never full.
UNLIMITED = 100_000
#: What can be measured by itself.
PARTS = ("loopback", "tls", "far", "small")
#: By what the large file on loopback is sent, beside the bare loops that all are compared with; which of it over TLS.
LARGE = ("httpx", "blocking", "blocking, 1", "async", "async, 1", "curl -T", "sfctl")
LARGE_TLS = ("blocking", "blocking, 1", "async", "async, 1", "curl -T")
SFCTL = ("sfctl==11.2.1", "setuptools<81")


@attrs.frozen
class Cost:
    """What an upload took.

    Attributes:
        seconds: On the clock.
        cpu: Of the client's processor, its children's included.
    """

    seconds: float
    cpu: float


def middle(costs: list[Cost]) -> Cost:
    """Return the medians."""
    return Cost(statistics.median(cost.seconds for cost in costs), statistics.median(cost.cpu for cost in costs))


def ratios(key: str, costs: list[Cost], bare: list[Cost]) -> tuple[str, str]:
    """Keep throughput and CPU as multiples of another's, and return them for a table."""
    pairs = list(zip(costs, bare, strict=False))
    return (
        FIGURES.ratio(f"{key}, throughput", [other.seconds / cost.seconds for cost, other in pairs]),
        FIGURES.ratio(f"{key}, CPU", [cost.cpu / other.cpu for cost, other in pairs]),
    )


def python(contestant: str, url: str, path: Path, times: int = 1, most: float | None = None, **variables: str) -> Cost:
    """Run a contestant of `_upload_clients`.

    Raises:
        TimeoutExpired: It took more than `most` seconds.
    """
    command = [interpreter(), "-m", "tests.benchmarks._upload_clients", contestant, url, str(path), str(times)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=most, env={**_environment(), **variables}
    )
    return Cost(**json.loads(done.stdout))


@functools.cache
def interpreter() -> str:
    """Return a Python with what this project needs and nothing else: httpcore imports trio where that is installed."""
    needed = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    try:
        return str(build("imageapis-needs", *needed) / "python")
    except Unavailable as reason:
        print(f"with all that is installed here: {reason}")
        return sys.executable


def _environment() -> dict[str, str]:
    """Return the environment in which contestants are as they are where they were installed: compiled."""
    own = {"PYTHONPATH": os.pathsep.join(("overlays", "generated"))}
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own


def program(command: list[str], **environment: str) -> Cost:
    """Run another program and measure all of it."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**_environment(), **environment})
    seconds, after = time.perf_counter() - began, os.times()
    return Cost(
        seconds,
        after.children_user + after.children_system - before.children_user - before.children_system,
    )


def curl(url: str, path: Path, *options: str) -> Cost:
    """Upload by one PUT."""
    target = f"{url}/ImageStore/curl.bin?api-version=6.0"
    return program(["curl", "--silent", "--fail", "--noproxy", "*", *options, "-T", str(path), target])


class Sfctl:
    """sfctl in an environment of its own, logged in to a gateway.

    Raises:
        Unavailable: It cannot be installed.
    """

    def __init__(self, home: Path) -> None:
        self._home = str(home)
        self._executable = str(build("sfctl", *SFCTL) / "sfctl")

    def _run(self, *arguments: str) -> Cost:
        return program([self._executable, *arguments], HOME=self._home, PYTHONWARNINGS="ignore")

    def upload(self, url: str, folder: Path) -> Cost:
        """Upload a folder."""
        self._run("cluster", "select", "--endpoint", url)
        return self._run("application", "upload", "--path", str(folder), "--timeout", "600")


def helper(stack: ExitStack, module: str, *arguments: object) -> int:
    """Start a helper process, which ends with the stack, and return its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.enter_context(process)
    assert process.stdin is not None
    assert process.stdout is not None
    stack.callback(process.stdin.close)
    return int(process.stdout.readline())


def random_file(path: Path, mib: int) -> Path:
    """Write a file that nothing can compress or skip."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as opened:
        for _ in range(mib // 8):
            opened.write(os.urandom(8 << 20))
    return path


def large(
    url: str, file: Path, names: Iterable[str], times: int, authority: Path | None = None
) -> dict[str, list[Cost]]:
    """Return what the large file costs each contestant and the bare loops, where the network costs nothing.

    Args:
        url: The sink.
        file: What is sent.
        names: The contestants.
        times: How often each process sends it; its best counts.
        authority: Whom to trust, over TLS.
    """
    rounds: dict[str, list[Cost]] = {}
    trusting = {} if authority is None else {"SSL_CERT_FILE": str(authority)}
    trusted = () if authority is None else ("--cacert", str(authority))
    for _ in range(ROUNDS):  # in turns, so that a noisy moment hits all alike
        for name in ("http.client", "http.client (blocks)", *names):
            if name == "curl -T":
                rounds.setdefault(name, []).append(curl(url, file, *trusted))
            else:
                rounds.setdefault(name, []).append(python(name, url, file, times, None, **trusting))
    return rounds


def against_loop(where: str, rounds: dict[str, list[Cost]]) -> None:
    """Print costs of the large file with their ratios to the bare loops'."""
    rows = []
    for name, costs in rounds.items():
        typical = middle(costs)
        row = [name, f"{MIB / typical.seconds:.0f}", f"{typical.cpu * 1024 / MIB:.2f}"]
        for other in ("http.client", "http.client (blocks)"):
            row += ratios(f"upload/{where}, {MIB} MiB/{name} to {other}", costs, rounds[other])
        rows.append(row)
    table(
        f"one file of {MIB} MiB, {where}, medians of {ROUNDS} rounds",
        ("", "MiB/s", "CPU s/GiB", "throughput", "CPU", "throughput (blocks)", "CPU (blocks)"),
        rows,
    )


def far(url: str, file: Path, sfctl: Sfctl | None) -> None:
    """Compare over a long way, where connections are what counts."""
    costs = {name: [python(name, url, file)] for name in ("http.client", "blocking", "async")}
    if shutil.which("curl"):
        costs["curl -T"] = [curl(url, file)]
    if sfctl is not None:
        costs["sfctl"] = [sfctl.upload(url, file.parent)]
    against("sfctl", f"one file of {FAR_MIB} MiB, {ROUND_TRIP_MS} ms, {MIB_PER_SECOND} MiB/s a connection", costs)


def small(title: str, ways: Sequence[str], folder: Path, sfctl: Sfctl | None) -> None:
    """Compare with many small files.

    Args:
        title: What lies between.
        ways: The same for the relay; none for loopback itself.
        folder: The files.
        sfctl: The rival, if there is one.
    """
    contestants: dict[str, Callable[[str], Cost]] = {
        "httpx loop": lambda url: python("httpx small", url, folder),
        "blocking": lambda url: python("blocking, package", url, folder),
        "async": lambda url: python("async, package", url, folder),
    }
    if sfctl is not None:
        contestants["sfctl"] = lambda url: sfctl.upload(url, folder)
    costs: dict[str, list[Cost]] = {name: [] for name in contestants}
    for _ in range(SMALL_ROUNDS if ways else MORE_ROUNDS * SMALL_ROUNDS):
        for name, upload in contestants.items():
            # A sink for each: it lists the more slowly the more it holds, and not everybody asks for a listing.
            with ExitStack() as stack:
                port = helper(stack, "_upload_sink")
                port = helper(stack, "_upload_proxy", port, *ways) if ways else port
                costs[name].append(upload(f"http://127.0.0.1:{port}"))
    against("sfctl", f"{SMALL_FILES} files of 2 KiB, {title}", costs)


def against(rival: str, title: str, costs: dict[str, list[Cost]]) -> None:
    """Print costs with their speed as a multiple of a rival's."""
    rows = []
    for name, found in costs.items():
        typical = middle(found)
        times = "-"
        if rival in costs:
            quotients = [other.seconds / cost.seconds for cost, other in zip(found, costs[rival], strict=True)]
            times = FIGURES.ratio(f"upload/{title}/{name}, times {rival}", quotients)
        rows.append((name, f"{typical.seconds:.2f}", f"{typical.cpu:.2f}", times))
    table(title, ("", "seconds", "CPU s", f"times {rival}"), rows)


def arguments() -> argparse.Namespace:
    """Read what is to be measured."""
    parser = argparse.ArgumentParser(prog="upload", description="Measure uploads.")
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=f"{', '.join(PARTS)}; all by default"
    )
    parser.add_argument(
        "--only", nargs="+", choices=LARGE, default=LARGE, metavar="NAME", help=f"of {', '.join(map(repr, LARGE))}"
    )
    return parser.parse_args()


def main() -> None:
    """Run what was asked for and print the tables."""
    told = arguments()
    parts: Sequence[str] = told.parts or PARTS
    only = [name for name in LARGE if name in told.only and (name != "curl -T" or shutil.which("curl"))]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imageapis-bench-")))
        sfctl = None
        if "sfctl" in only and parts != ["tls"]:
            try:
                sfctl = Sfctl(folder)
            except Unavailable as reason:
                print(f"without sfctl: {reason}")
        port, far_away = helper(stack, "_upload_sink"), f"{ROUND_TRIP_MS},{MIB_PER_SECOND},{UNLIMITED}"
        proxy = helper(stack, "_upload_proxy", port, far_away)
        near_url, far_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{proxy}"
        if {"loopback", "tls"} & set(parts):
            near = random_file(folder / "near" / "near.bin", MIB)
            if "loopback" in parts:
                rounds = large(near_url, near, [name for name in only if name != "sfctl"], 3)
                if sfctl is not None:
                    rounds["sfctl"] = [sfctl.upload(near_url, near.parent)]
                against_loop("loopback", rounds)
            if "tls" in parts:
                secured = f"https://127.0.0.1:{helper(stack, '_upload_sink', '--tls', folder)}"
                names = [name for name in only if name in LARGE_TLS]
                against_loop("TLS", large(secured, near, names, 2, folder / AUTHORITY_FILE))
            shutil.rmtree(folder / "near")
        if "far" in parts:
            far(far_url, random_file(folder / "far" / "far.bin", FAR_MIB), sfctl)
        if "small" in parts:
            for number in range(SMALL_FILES):
                path = folder / "small" / f"part {number % 20}".replace(" ", "-") / f"{number}.dll"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(os.urandom(2048))
            small("loopback", (), folder / "small", sfctl)
            small(f"{ROUND_TRIP_MS} ms", (far_away,), folder / "small", sfctl)


if __name__ == "__main__":
    main()
