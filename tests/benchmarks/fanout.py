"""One package to 20 clusters against an upload to each, one after the other: time, as a ratio.

`nox -s bench -- fanout`. The clusters are 20 local gateways behind one way of 40 ms.
"""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

from imageapis.servicefabric import ImageStore, ImageStores, auth
from tests.benchmarks._ratios import Figures, quotients, table
from tests.benchmarks.upload import helper

CLUSTERS = 20
FILES, SIZE = 100, 4096
WAY = "40,1000,1000"
ROUNDS = int(os.environ.get("IMAGEAPIS_BENCH_ROUNDS", "3"))


def package(folder: Path) -> Path:
    """Write a package."""
    for number in range(FILES):
        path = folder / f"part-{number % 5}" / f"{number}.dll"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(SIZE))
    return folder


def main() -> None:
    """Measure both ways in turns."""
    figures = Figures()
    with ExitStack() as stack:
        folder = package(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imageapis-bench-"))) / "package")
        stores = []
        for _ in range(CLUSTERS):
            port = helper(stack, "_upload_proxy", helper(stack, "_upload_sink"), WAY)
            stores.append(stack.enter_context(ImageStore(auth.unsecured(f"http://127.0.0.1:{port}"))))
        each: list[float] = []
        fleet: list[float] = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            for store in stores:
                store.upload_package(folder, f"package-{uuid.uuid4()}")
            each.append(time.perf_counter() - began)
            began = time.perf_counter()
            report = ImageStores(stores).upload_package(folder, f"package-{uuid.uuid4()}")
            fleet.append(time.perf_counter() - began)
            if report.failed:
                raise SystemExit(f"an upload failed: {report.failed[0].error}")
    ratio = figures.ratio("fanout/time, 20 clusters together to one after the other", quotients(fleet, each))
    rows = [["one after the other", f"{min(each):.2f}", ""], ["together", f"{min(fleet):.2f}", ratio]]
    table(f"{FILES} files of {SIZE} bytes to {CLUSTERS} clusters at 40 ms", ["", "seconds", "ratio"], rows)


if __name__ == "__main__":
    main()
