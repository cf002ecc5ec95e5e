"""A download's file: whole under its name or not there, and nothing else of the user's is touched."""

from __future__ import annotations

import gc
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from imageapis.core.files import Draft
from imageapis.errors import ConnectionFailed, UnexpectedReply, UnusableFile
from imageapis.lusid import AsyncSchedulerImages, SchedulerImages, auth
from imageapis.testing.lusid import Trouble
from imageapis.testing.lusid.images import new_image
from tests.lusid.conftest import token_login

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from imageapis.testing.lusid import LusidServer
    from tests.conftest import Face

NAME = "a:1"


@pytest.fixture
def server(server: LusidServer) -> LusidServer:
    server.legacy = True
    server.contents[NAME] = bytes(range(256)) * 4000
    return server


def test_a_file_of_the_users_beside_the_target_is_left_alone(server: LusidServer, images: Any, tmp_path: Path) -> None:
    own = tmp_path / "image.part"
    own.write_text("the user's own")
    images.download(NAME, tmp_path / "image")
    assert own.read_text() == "the user's own"
    assert sorted(it.name for it in tmp_path.iterdir()) == ["image", "image.part"]


def _link(path: Path) -> None:
    (path.parent / "elsewhere").write_text("before")
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("make", [_link, os.mkfifo, os.mkdir], ids=["a link", "a pipe", "a folder"])
def test_what_is_no_regular_file_is_neither_replaced_nor_written_through(
    server: LusidServer, images: Any, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    target = tmp_path / "image"
    make(target)
    before = target.lstat()
    with pytest.raises(UnusableFile, match="image"):
        images.download(NAME, target)
    assert (target.lstat().st_mode, target.lstat().st_ino) == (before.st_mode, before.st_ino)
    assert not (tmp_path / "elsewhere").exists() or (tmp_path / "elsewhere").read_text() == "before"


def test_downloads_to_one_target_at_a_time_do_not_mix(server: LusidServer, tmp_path: Path) -> None:
    names = [f"a:{number}" for number in range(6)]
    for number, name in enumerate(names):
        server.contents[name] = bytes([number]) * 3_000_000
    with SchedulerImages(token_login(server)) as images, ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda name: images.download(name, tmp_path / "image"), names))
    assert (tmp_path / "image").read_bytes() in server.contents.values()
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(200, headers={"Content-Type": "text/html; charset=utf-8"}, body=b"<html>Sign in</html>"),
        Trouble(200, headers={"Content-Type": "application/xhtml+xml"}, body=b"<html>Sign in</html>"),
        Trouble(200, headers={"Content-Type": "application/problem+json"}, body=b"{}"),
        Trouble(202, headers={"Content-Type": "application/json"}, body=b"{}"),
        Trouble(206, headers={"Content-Type": "application/octet-stream"}, body=b"part"),
    ],
    ids=lambda it: f"{it.status} {it.headers['Content-Type']}",
)
def test_an_answer_that_is_no_image_is_not_saved_as_one(
    server: LusidServer, images: Any, tmp_path: Path, trouble: Trouble
) -> None:
    server.troubles.append(trouble)
    with pytest.raises(UnexpectedReply):
        images.download(NAME, tmp_path / "image")
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_fails_leaves_no_file_behind(server: LusidServer, images: Any, tmp_path: Path) -> None:
    server.cut = 1000
    with pytest.raises(ConnectionFailed):
        images.download(NAME, tmp_path / "image")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("headers", "version", "taken"),
    [
        ({}, b"HTTP/1.1", False),
        ({"Connection": "close"}, b"HTTP/1.0", False),
        ({"Content-Length": "4"}, b"HTTP/1.1", True),
        ({"Transfer-Encoding": "chunked"}, b"HTTP/1.1", True),
        ({}, b"HTTP/2", True),
    ],
)
def test_an_answer_that_may_end_anywhere_is_not_taken_for_a_whole_image(
    face: Face, tmp_path: Path, headers: dict[str, str], version: bytes, taken: bool
) -> None:
    class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b"part"

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"part"

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, stream=Body(), extensions={"http_version": version})

    transport = httpx.MockTransport(answer)
    client = httpx.Client(transport=transport) if face.blocking else httpx.AsyncClient(transport=transport)
    login = auth.personal_access_token(scheduler_url="https://lusid.example", access_token="not-a-secret")
    images = face.open(SchedulerImages, AsyncSchedulerImages, login, http_client=client)
    (tmp_path / "image").write_bytes(b"before")
    with nullcontext() if taken else pytest.raises(UnexpectedReply, match="does not say how long the image is"):
        images.download(NAME, tmp_path / "image")
    assert (tmp_path / "image").read_bytes() == (b"part" if taken else b"before")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_deletion_counts_as_done_by_200_alone(server: LusidServer, images: Any) -> None:
    server.add(new_image("a", ["1"]))
    for status, body in ((202, b'"yes"'), (204, b"")):
        server.troubles.append(Trouble(status, headers={"Content-Type": "application/json"}, body=body))
        with pytest.raises(UnexpectedReply):
            images.delete(NAME)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_download_that_breaks_off_closes_the_answer_itself(
    server: LusidServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Draft, "write", full)

    async def story() -> None:
        async with AsyncSchedulerImages(token_login(server)) as images:
            with pytest.raises(OSError, match="the disk is full"):
                await images.download(NAME, tmp_path / "image")

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        anyio.run(story, backend=backend)
        gc.collect()
    assert [str(it.message) for it in warned if "garbage" in str(it.message)] == []
