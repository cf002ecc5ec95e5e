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
from imageapis_generated.lusid.values import UploadImageInstructions

if TYPE_CHECKING:
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


@attrs.frozen(kw_only=True)
class UploadInstructions(UploadImageInstructions):
    """Where and how an announced image is to be pushed: the commands as they came, and what they say.

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
        docker_login_command: The command as it came. It holds the password, so it is left out of `repr`.
    """

    name: str
    registry: str
    repository: str
    tag: str
    latest: bool
    username: str
    password: Secret
    platform: str
    docker_login_command: str = attrs.field(repr=_masked)

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
    except (ValueError, RecursionError, LoginError) as failure:
        return f"{type(failure).__name__}: {failure}"


def read_instructions(name: str, data: Any) -> UploadInstructions:
    """Return the instructions for an image from the answer of UploadImage.

    Raises:
        ValueError: The commands are not of a known shape, or do not agree with each other or with the name. The text
            quotes none of them: they hold a password.
    """
    commands = UploadImageInstructions.from_json(data)
    host, username, password = _login(commands.docker_login_command)
    target = _pushed(commands.tag_versioned_docker_image_command, commands.push_versioned_docker_image_command)
    repository, _, tag = name.partition(":")
    if target.host != host:
        raise ValueError("the login and the push go to different registries")
    if target.tag != tag or target.repository.rpartition("/")[2] != repository:
        raise ValueError("the push goes to another image than the one announced")
    tagged, pushed = commands.tag_latest_docker_image_command, commands.push_latest_docker_image_command
    if bool(tagged) != bool(pushed):
        raise ValueError("one of the two commands for `latest` is missing")
    if tagged and pushed and _pushed(tagged, pushed) != _Reference(host, target.repository, "latest"):
        raise ValueError("the commands for `latest` go elsewhere than those for the version")
    return UploadInstructions(
        name=name,
        registry=host,
        repository=target.repository,
        tag=target.tag,
        latest=bool(tagged),
        username=username,
        password=password,
        platform=_platform(commands.build_versioned_docker_image_command),
        **attrs.asdict(commands, recurse=False),
    )


def _words(command: str, verb: str) -> list[str]:
    """Return the words of a command of Docker's after the verb."""
    if len(command) > LONGEST_COMMAND or not command.isprintable():
        raise ValueError(f"the {verb} command is no line of text, or one of more than {LONGEST_COMMAND} characters")
    words = shlex.split(command)
    if words[:2] != ["docker", verb]:
        raise ValueError(f"the {verb} command does not begin with 'docker {verb}'")
    return words[2:]


def _login(command: str) -> tuple[str, str, Secret]:
    """Return host, user and password of the login command."""
    options: dict[str, str] = {}
    places: list[str] = []
    rest = iter(_words(command, "login"))
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


def _pushed(tag: str, push: str) -> _Reference:
    """Return the reference that two commands tag and push."""
    tagged, pushed = _words(tag, "tag"), _words(push, "push")
    if len(tagged) != 2 or len(pushed) != 1 or tagged[1] != pushed[0]:
        raise ValueError("what is tagged is not what is pushed")
    match = _REFERENCE.fullmatch(pushed[0])
    if match is None:
        raise ValueError("the push command's reference is not <registry>/<repository>:<tag>")
    return _Reference(match["host"], match["repository"], match["tag"])


def _platform(build: str) -> str:
    words = _words(build, "build")
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--platform="):
            return word.removeprefix("--platform=")
        if word == "--platform":
            return following
    return PLATFORM
