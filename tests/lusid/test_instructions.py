"""Reading the commands of an upload: both known shapes, no other, and no secret on the way."""

from __future__ import annotations

import json
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imageapis.errors import UnexpectedReply
from imageapis.lusid.instructions import read_instructions
from imageapis.testing.lusid import LusidServer, Trouble
from imageapis.testing.lusid.images import upload_instructions
from tests.lusid.conftest import open_images, token_login

if TYPE_CHECKING:
    from tests.conftest import Face

SECRET = "not-a-secret+/="
AWS = ("acme.lusid.com", "AWS", SECRET)
AZURE = ("acmereg.azurecr.io", "push-token", SECRET)
END = datetime(2026, 1, 30, 17, 15, 58, 673000, tzinfo=UTC)


def answer(login: tuple[str, str, str] = AWS, *, latest: bool = False, **changes: Any) -> dict[str, Any]:
    return {**upload_instructions("my-job:1.4", "acme", login, latest=latest, expires=END), **changes}


@pytest.mark.parametrize("login", [AWS, AZURE])
@pytest.mark.parametrize("latest", [False, True])
def test_both_known_shapes_are_read(login: tuple[str, str, str], latest: bool) -> None:
    read = read_instructions("my-job:1.4", answer(login, latest=latest))
    assert (read.registry, read.username, read.password.reveal()) == login
    assert (read.repository, read.tag, read.latest) == ("acme/my-job", "1.4", latest)
    assert (read.expiry_time, read.platform) == (END, "linux/amd64")


@pytest.mark.parametrize(
    "command",
    [
        f"docker login --username AWS --password {SECRET} https://acme.lusid.com/",
        f"docker login --username=AWS --password={SECRET} acme.lusid.com",
        f"docker login acme.lusid.com -u 'AWS' -p '{SECRET}'",
        f'docker  login -p "{SECRET}" -u AWS acme.lusid.com',
    ],
)
def test_a_login_may_be_spelt_in_several_ways(command: str) -> None:
    read = read_instructions("my-job:1.4", answer(dockerLoginCommand=command))
    assert (read.registry, read.username, read.password.reveal()) == AWS


@pytest.mark.parametrize(
    ("build", "platform"),
    [
        ("docker build -t a:1 . --platform=linux/arm64", "linux/arm64"),
        ("docker build --platform linux/arm64 -t a:1 .", "linux/arm64"),
        ("docker build -t a:1 .", "linux/amd64"),
    ],
)
def test_the_wanted_platform_is_read_from_the_build_command(build: str, platform: str) -> None:
    assert read_instructions("my-job:1.4", answer(buildVersionedDockerImageCommand=build)).platform == platform


WRONG: dict[str, dict[str, Any]] = {
    "not a login": {"dockerLoginCommand": f"rm -rf / -u AWS -p {SECRET} acme.lusid.com"},
    "two registries": {"dockerLoginCommand": f"docker login -u AWS -p {SECRET} acme.lusid.com other.example"},
    "another command behind": {"dockerLoginCommand": f"docker login -u AWS -p {SECRET} acme.lusid.com; reboot"},
    "another command inside": {"dockerLoginCommand": f"docker login -u AWS -p {SECRET} $(reboot)"},
    "two lines": {"dockerLoginCommand": f"docker login -u AWS -p {SECRET} acme.lusid.com\nreboot"},
    "an open quote": {"dockerLoginCommand": f"docker login -u AWS -p '{SECRET} acme.lusid.com"},
    "no password": {"dockerLoginCommand": "docker login -u AWS acme.lusid.com"},
    "an empty password": {"dockerLoginCommand": "docker login -u AWS -p '' acme.lusid.com"},
    "a password without a value": {"dockerLoginCommand": "docker login -u AWS acme.lusid.com -p"},
    "two passwords": {"dockerLoginCommand": f"docker login -u AWS -p {SECRET} -p {SECRET} acme.lusid.com"},
    "an unknown option": {"dockerLoginCommand": f"docker login --tls=no -u AWS -p {SECRET} acme.lusid.com"},
    "a password from elsewhere": {"dockerLoginCommand": "docker login -u AWS --password-stdin acme.lusid.com"},
    "a pipe": {"dockerLoginCommand": f"echo {SECRET} | docker login -u AWS --password-stdin acme.lusid.com"},
    "a path as registry": {"dockerLoginCommand": f"docker login -u AWS -p {SECRET} acme.lusid.com/v2"},
    "a command without end": {"dockerLoginCommand": f"docker login -u AWS -p {SECRET} {'a' * 4_000_000}"},
    "no text": {"dockerLoginCommand": {"command": SECRET}},
    "nothing": {"dockerLoginCommand": None},
    "a push elsewhere": {"pushVersionedDockerImageCommand": "docker push evil.example/acme/my-job:1.4"},
    "tag and push elsewhere": {
        "tagVersionedDockerImageCommand": "docker tag acme/my-job:1.4 evil.example/acme/my-job:1.4",
        "pushVersionedDockerImageCommand": "docker push evil.example/acme/my-job:1.4",
    },
    "another image": {
        "tagVersionedDockerImageCommand": "docker tag acme/my-job:1.4 acme.lusid.com/acme/other:1.4",
        "pushVersionedDockerImageCommand": "docker push acme.lusid.com/acme/other:1.4",
    },
    "another tag": {
        "tagVersionedDockerImageCommand": "docker tag acme/my-job:1.4 acme.lusid.com/acme/my-job:1.5",
        "pushVersionedDockerImageCommand": "docker push acme.lusid.com/acme/my-job:1.5",
    },
    "a push of everything": {"pushVersionedDockerImageCommand": "docker push --all-tags acme.lusid.com/acme/my-job"},
    "half of latest": {"tagLatestDockerImageCommand": "docker tag a:1 acme.lusid.com/acme/my-job:latest"},
    "latest elsewhere": {
        "tagLatestDockerImageCommand": "docker tag a:1 acme.lusid.com/acme/other:latest",
        "pushLatestDockerImageCommand": "docker push acme.lusid.com/acme/other:latest",
    },
    "a build that is none": {"buildVersionedDockerImageCommand": "podman build ."},
    "an end that is no time": {"expiryTime": "tomorrow"},
}


@pytest.mark.parametrize("case", WRONG)
def test_any_other_shape_is_unexpected_and_shows_no_secret(face: Face, server: LusidServer, case: str) -> None:
    images = open_images(face, token_login(server))
    server.troubles.append(Trouble(200, body=json.dumps(answer(**WRONG[case])).encode()))
    with pytest.raises(UnexpectedReply) as caught:
        images.start_upload("my-job:1.4")
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert SECRET not in "".join(told.format())


def test_instructions_show_no_secret(face: Face, server: LusidServer) -> None:
    images = open_images(face, token_login(server))
    instructions = images.start_upload("my-job:1.4")
    assert instructions.password.reveal() == "not-a-secret-registry-password"
    assert "not-a-secret-registry-password" not in f"{instructions} {instructions!r}"


def test_the_time_that_never_was_is_no_end() -> None:
    assert read_instructions("my-job:1.4", answer(expiryTime="0001-01-01T00:00:00.0000000+00:00")).expiry_time is None
    assert read_instructions("my-job:1.4", answer(expiryTime=None)).expiry_time is None


VALUES = st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text()))


@settings(deadline=None)
@given(st.sampled_from(sorted(answer(latest=True))), VALUES)
def test_whatever_a_command_is_reading_it_ends_in_instructions_or_a_plain_error(key: str, value: Any) -> None:
    try:
        said = repr(read_instructions("my-job:1.4", answer(latest=True, **{key: value})))
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        said = str(failure)
    assert SECRET not in said
