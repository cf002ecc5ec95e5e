"""The calls by which the operations of the reference pages are carried out; see `tests/test_seed_operations.py`."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from imageapis.lusid import AsyncSchedulerImages, SchedulerImages, auth
from imageapis.testing.lusid import LusidServer
from imageapis.testing.lusid.images import new_image
from tests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Face


@contextmanager
def stage(face: Face) -> Iterator[Stage]:
    """Give a domain of a time when all six operations were there."""
    with LusidServer(legacy=True) as server, tempfile.TemporaryDirectory() as folder:
        server.add(new_image("job", ["1"]))
        server.contents["job:1"] = b"image"
        login = auth.personal_access_token(scheduler_url=server.scheduler_url, access_token=server.access_token)
        images = face.open(SchedulerImages, AsyncSchedulerImages, login)
        yield Stage(
            server,
            {
                "ImagesApi.delete_image": lambda: images.delete("job:1"),
                "ImagesApi.download_image": lambda: images.download("job:1", Path(folder) / "job.tar"),
                "ImagesApi.get_image": lambda: images.image("job:1"),
                "ImagesApi.list_images": lambda: face.items(images.images("job")),
                "ImagesApi.list_repositories": lambda: face.items(images.repositories()),
                "ImagesApi.upload_image": lambda: images.start_upload("job:2"),
            },
        )
