"""Reading the shell commands with which LUSID answers an upload: strictly, word by word, and never by running them.

Two shapes are known: of domains on AWS, where the registry has the domain's own name, and on Azure. What is not of
such a shape is refused rather than guessed at.
"""

from __future__ import annotations

import re
import shlex
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.secrets import Secret
from imageapis.errors import LoginError
from imageapis_generated._values import moment_or_none

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from imageapis.core.http import Response

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})(?::[0-9]{1,5})?")
_REFERENCE = re.compile(
    r"(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?)/"
    r"(?P<repository>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*):(?P<tag>[A-Za-z0-9_][\w.-]{0,127})",
    re.ASCII,
)
#: Characters of a command; the longest passwords of registries have a few thousand.
LONGEST_COMMAND = 32 << 10
#: What the service's build command says; it runs nothing else.
PLATFORM = "linux/amd64"


def _masked(_: str) -> str:
    return "'***'"


@attrs.frozen
class UploadInstructions:
    """Where and how an announced image is to be pushed.

    A pickle of it, or of an error that carries it, does not hold the password: a push that resumes with what came out
    of one gets another password first.

    Attributes:
        name: The image that was announced, e.g. `my-job:1.4`.
        registry: The registry's host, with a port if it is not the usual one.
        repository: The repository there, e.g. `acme/my-job`.
        tag: The tag to push.
        latest: Whether the service wants the tag `latest` to be pushed as well.
        username: Who logs in to the registry.
        password: The short-lived password; `password.reveal()` shows it.
        platform: The platform that the service asks builds for, e.g. `linux/amd64`.
        expiry_time: When the password ends; `None` if the service does not say.
        docker_login_command: The command as it came. It holds the password, so it is left out of `repr`.
        build_versioned_docker_image_command: The command as it came.
        tag_versioned_docker_image_command: The command as it came.
        push_versioned_docker_image_command: The command as it came.
        tag_latest_docker_image_command: The command as it came, if it did.
        push_latest_docker_image_command: The command as it came, if it did.
    """

    name: str
    registry: str
    repository: str
    tag: str
    latest: bool
    username: str
    password: Secret
    platform: str
    expiry_time: datetime | None
    docker_login_command: str = attrs.field(repr=_masked)
    build_versioned_docker_image_command: str
    tag_versioned_docker_image_command: str
    push_versioned_docker_image_command: str
    tag_latest_docker_image_command: str | None = None
    push_latest_docker_image_command: str | None = None

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        kept = attrs.asdict(self, recurse=False)  # in which the password leaves itself out
        return partial(type(self), **kept | {"docker_login_command": "***"}), ()


@attrs.frozen
class _Reference:
    host: str
    repository: str
    tag: str


def read_answer(name: str, response: Response) -> UploadInstructions | str:
    """Return the instructions for an image from an answer of UploadImage, or what is wrong with them.

    A returned text instead of an exception: the frames of one would carry the commands, and the password in them, to
    whatever shows tracebacks with their variables.
    """
    try:
        return read_instructions(name, response.json())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, LoginError) as failure:
        return f"{type(failure).__name__}: {failure}"


def read_instructions(name: str, data: dict[str, Any]) -> UploadInstructions:
    """Return the instructions for an image from the answer of UploadImage.

    Raises:
        ValueError: The commands are not of a known shape, or do not agree with each other or with the name. The text
            quotes none of them: they hold a password.
        KeyError: A command is missing.
    """
    host, username, password = _login(data)
    target = _pushed(data, "Versioned")
    repository, _, tag = name.partition(":")
    if target.host != host:
        raise ValueError("the login and the push go to different registries")
    if target.tag != tag or target.repository.rpartition("/")[2] != repository:
        raise ValueError("the push goes to another image than the one announced")
    latest = bool(data.get("tagLatestDockerImageCommand"))
    if latest != bool(data.get("pushLatestDockerImageCommand")):
        raise ValueError("one of the two commands for `latest` is missing")
    if latest and _pushed(data, "Latest") != _Reference(host, target.repository, "latest"):
        raise ValueError("the commands for `latest` go elsewhere than those for the version")
    return UploadInstructions(
        name=name,
        registry=host,
        repository=target.repository,
        tag=target.tag,
        latest=latest,
        username=username,
        password=password,
        platform=_platform(data),
        expiry_time=moment_or_none(data.get("expiryTime"), "0001-01-01"),
        docker_login_command=data["dockerLoginCommand"],
        build_versioned_docker_image_command=data["buildVersionedDockerImageCommand"],
        tag_versioned_docker_image_command=data["tagVersionedDockerImageCommand"],
        push_versioned_docker_image_command=data["pushVersionedDockerImageCommand"],
        tag_latest_docker_image_command=data.get("tagLatestDockerImageCommand") or None,
        push_latest_docker_image_command=data.get("pushLatestDockerImageCommand") or None,
    )


def _words(data: dict[str, Any], key: str, *expected: str) -> list[str]:
    """Return the words of a command after the expected first ones."""
    command = data[key]
    if not isinstance(command, str) or len(command) > LONGEST_COMMAND or not command.isprintable():
        raise ValueError(f"{key} is no line of text, or one of more than {LONGEST_COMMAND} characters")
    words = shlex.split(command)
    if tuple(words[: len(expected)]) != expected:
        raise ValueError(f"{key} does not begin with {' '.join(expected)!r}")
    return words[len(expected) :]


def _login(data: dict[str, Any]) -> tuple[str, str, Secret]:
    """Return host, user and password of the login command."""
    options: dict[str, str] = {}
    places: list[str] = []
    rest = iter(_words(data, "dockerLoginCommand", "docker", "login"))
    for word in rest:
        if not word.startswith("-"):
            places.append(word)
            continue
        option, separator, value = word.partition("=")
        kind = {"-u": "username", "--username": "username", "-p": "password", "--password": "password"}.get(option)
        if kind is None or kind in options:
            raise ValueError("the login command has an option that is unknown or stands twice")
        options[kind] = value if separator else next(rest, "")
    if len(places) != 1 or set(options) != {"username", "password"}:
        raise ValueError("the login command does not consist of a user, a password and a registry")
    host = places[0].removeprefix("https://").removesuffix("/")
    if _HOST.fullmatch(host) is None or ":" in options["username"] or not all(options.values()):
        raise ValueError("the login command's user, password or registry cannot be one")
    return host, options["username"], Secret(options["password"])


def _pushed(data: dict[str, Any], which: str) -> _Reference:
    """Return the reference that is tagged and pushed."""
    tagged = _words(data, f"tag{which}DockerImageCommand", "docker", "tag")
    pushed = _words(data, f"push{which}DockerImageCommand", "docker", "push")
    if len(tagged) != 2 or len(pushed) != 1 or tagged[1] != pushed[0]:
        raise ValueError("what is tagged is not what is pushed")
    match = _REFERENCE.fullmatch(pushed[0])
    if match is None:
        raise ValueError("the push command's reference is not <registry>/<repository>:<tag>")
    return _Reference(match["host"], match["repository"], match["tag"])


def _platform(data: dict[str, Any]) -> str:
    words = _words(data, "buildVersionedDockerImageCommand", "docker", "build")
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--platform="):
            return word.removeprefix("--platform=")
        if word == "--platform":
            return following
    return PLATFORM
