"""A local scheduler, logins for it, and a client of the face under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from imageapis.lusid import AsyncSchedulerImages, SchedulerImages, auth
from imageapis.testing.lusid import LusidServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imageapis.core.login import Login

    from tests.conftest import Face, FakeClock


@pytest.fixture
def server() -> Iterator[LusidServer]:
    with LusidServer() as running:
        yield running


def token_login(server: LusidServer, **options: Any) -> Login:
    return auth.personal_access_token(scheduler_url=server.scheduler_url, access_token=server.access_token, **options)


def password_login(server: LusidServer, **options: Any) -> Login:
    oauth = server.oauth
    settings: dict[str, Any] = {
        "scheduler_url": server.scheduler_url,
        "token_url": server.token_url,
        "username": oauth.username,
        "password": oauth.password,
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
    }
    return auth.password(**settings | options)


def open_images(face: Face, login: Login, **options: Any) -> Any:
    return face.open(SchedulerImages, AsyncSchedulerImages, login, **options)


@pytest.fixture
def images(face: Face, server: LusidServer, clock: FakeClock) -> Any:
    return open_images(face, token_login(server), clock=clock)
