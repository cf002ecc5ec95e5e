"""Look at a domain's repositories, announce an image, and push it."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from imageapis.lusid import AsyncSchedulerImages, SchedulerImages
from imageapis.testing.lusid import LusidServer
from imageapis.testing.registry import EmbeddedRegistry
from tests.lusid.conftest import password_login
from tests.lusid.local_images import SMALL, docker_tar, made

if TYPE_CHECKING:
    from collections.abc import Callable


def _domain(stack: ExitStack) -> LusidServer:
    server = stack.enter_context(LusidServer(registry=stack.enter_context(EmbeddedRegistry())))
    server.fill("pricing", 120)
    server.latest = True
    return server


def _archive(stack: ExitStack) -> Path:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    return docker_tar(Path(folder) / "job.tar", made(*SMALL))


def blocking(say: Callable[[str], None]) -> None:
    """Tell it with the blocking client."""
    with ExitStack() as stack:
        server = _domain(stack)
        images = stack.enter_context(SchedulerImages(password_login(server)))
        say(f"logged in by password; repositories: {[repository.name for repository in images.repositories()]}")
        count = sum(1 for _ in images.images("pricing", limit=50))
        say(f"walked {count} images of 'pricing' in pages of 50")
        say(f"announced an image: {images.start_upload('my-job:1.3')}")
        pushed = images.push(_archive(stack), "my-job:1.4", progress=lambda event: say(f"pushing: {event}"))
        say(f"pushed: {pushed}")
        say(f"scanned: {images.wait_for_scan('my-job:1.4', interval=0.01).scan_report}")


async def nonblocking(say: Callable[[str], None]) -> None:
    """Tell it with the async client."""
    with ExitStack() as stack:
        server = _domain(stack)
        async with AsyncSchedulerImages(password_login(server)) as images:
            newest = await images.images("pricing", sort_by=["-pushTime"]).first()
            assert newest is not None
            say(f"newest image of 'pricing': {newest.digest}, tags {[tag.name for tag in newest.tags or ()]}")
            pushed = await images.push(_archive(stack), "my-job:1.5")
            say(f"pushed: {pushed}")
            again = await images.push(_archive(stack), "my-job:1.6")
            say(f"pushed once more under another tag, every layer was there: {again}")
