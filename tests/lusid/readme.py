"""The stage for the README's code: a domain with a registry, and the variables that log in at it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from imageapis.testing.lusid import LusidServer
from imageapis.testing.registry import EmbeddedRegistry
from tests.lusid.local_images import SMALL, docker_tar, made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, str]]:
    """Put `job.tar` into the folder and FBN_* into the environment."""
    docker_tar(folder / "job.tar", made(*SMALL))
    with EmbeddedRegistry() as registry, LusidServer(registry=registry) as server:
        server.fill("my-job", 3)
        variables = {
            "FBN_SCHEDULER_URL": server.scheduler_url,
            "FBN_TOKEN_URL": server.token_url,
            "FBN_USERNAME": server.oauth.username,
            "FBN_PASSWORD": server.oauth.password,
            "FBN_CLIENT_ID": server.oauth.client_id,
            "FBN_CLIENT_SECRET": server.oauth.client_secret,
        }
        with mock.patch.dict(os.environ, variables):
            yield {}
