"""Walks through 1,150 images behind a ceiling of 50, while another process adds and deletes; openstacksdk beside us.

Needs `python -m scripts.openstack_stack all --images 1150 --max-limit 50`, and many minutes; prints a table.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import anyio
import pytest

from imageapis.openstack import AsyncComputeImages, ComputeImages, auth
from imageapis_generated.openstack.endpoints import list_images
from scripts.openstack_stack.stack import Stack, default_folder
from tests.tools import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from imageapis.core.login import Login

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.tools]
HEADINGS = ("walker", "size", "stayed", "got", "missing", "doubled", "added", "deleted", "at page's end", "s", "error")
SIZES = (5000, 1000, 60, 51, 50, 49, 1)


@pytest.fixture(scope="module")
def login(seed: dict[str, Any]) -> Login:
    """User demo in the stack that this needs."""
    settings = Stack(default_folder()).settings
    if settings.max_limit != 50 or settings.images < 1150:
        pytest.skip("this needs `python -m scripts.openstack_stack all --images 1150 --max-limit 50`")
    return auth.password(
        auth_url=seed["keystone"],
        username="demo",
        password=seed["password"],
        project_name="demo",
        user_domain_name="Default",
        project_domain_name="Default",
        region_name="RegionOne",
    )


@contextmanager
def churn(marker: Path) -> Iterator[dict[str, int]]:
    """Let another process change the list; afterwards, what it did."""
    done: dict[str, int] = {}
    command = [sys.executable, "-m", "tests.live.churn", str(default_folder() / "seed.json"), str(marker)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield done
    finally:
        told, _ = process.communicate("", timeout=60)
    done.update(json.loads(told))


def walks(login: Login, seed: dict[str, Any]) -> dict[str, Callable[[int, Path], tuple[list[str], str]]]:
    """The walkers; each takes a page size and the file for its markers, and returns ids and the error that ended it."""

    def blocking(size: int, marker: Path) -> tuple[list[str], str]:
        ids: list[str] = []
        with ComputeImages(login) as images:
            for page in images.list(page_size=size).by_page():
                ids += [image.id for image in page.items]
                marker.write_text(page.next or "", "utf-8")
        return ids, ""

    def nonblocking(size: int, marker: Path) -> tuple[list[str], str]:
        ids: list[str] = []

        async def walk() -> None:
            async with AsyncComputeImages(login) as images:
                async for page in images.list(page_size=size).by_page():
                    ids.extend(image.id for image in page.items)
                    await anyio.Path(marker).write_text(page.next or "", "utf-8")

        anyio.run(walk)
        return ids, ""

    def openstacksdk(size: int, marker: Path) -> tuple[list[str], str]:
        tools = environment("openstacksdk", "openstacksdk==4.22.0")
        script = str(Path(__file__).with_name("sdk_walk.py"))
        command = [str(tools / "python"), script, seed["keystone"], seed["password"], str(size), str(marker)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        told = json.loads(done.stdout)
        return told["ids"], told["error"]

    return {"blocking": blocking, "asyncio": nonblocking, "openstacksdk": openstacksdk}


def test_no_image_that_stays_is_missing_and_none_comes_twice(
    login: Login, seed: dict[str, Any], tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    walkers = walks(login, seed)
    wrong = []
    print(
        "walker",
        "size",
        "stayed",
        "got",
        "missing",
        "doubled",
        "added",
        "deleted",
        "at a page's end",
        "s",
        "error",
        sep="\t",
    )

    def present() -> set[str]:
        # Without a limit Nova gives all in one answer.
        with ComputeImages(login) as images:
            answer = images.call(cast("Any", list_images))
            return {image.id for image in answer.images}

    for name in ("openstacksdk", "blocking", "asyncio"):
        for size in SIZES:
            before, began = present(), time.monotonic()
            with churn(marker) as done:
                ids, error = walkers[name](size, marker)
            seconds = time.monotonic() - began
            stayed = before & present()
            missing, doubled = len(stayed - set(ids)), len(ids) - len(set(ids))
            row = (name, size, len(stayed), len(ids), missing, doubled, *done.values(), f"{seconds:.1f}", error[:60])
            print(*row, sep="\t", flush=True)
            marker.unlink(missing_ok=True)
            if name != "openstacksdk" and (missing or doubled or error):
                wrong.append(row)
    assert wrong == []
