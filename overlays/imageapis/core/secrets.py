"""Secrets as they come in: one check for all of them, one wrapping that shows nothing, one way to read their files.

No text made here quotes a secret, and no error made here was born while another one was handled: the other's
attributes would hold what the file or the reply held.
"""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from imageapis.core.decoding import excerpt, json_value
from imageapis.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

#: Characters of a header beyond which no server listens.
LONGEST_HEADER = 65_536
#: Bytes of a file of settings or of a token.
LARGEST_FILE = 4 * 1024 * 1024


class Secret:
    """A secret text that shows itself nowhere: `reveal()` gives it. Pickles of it do not hold it.

    Raises:
        LoginError: It is not text.
    """

    __slots__ = ("_text",)

    _text: str | None

    def __init__(self, text: str) -> None:
        self._text = checked_text(text, "A secret")

    @property
    def lost(self) -> bool:
        """Whether this came out of a pickle, which does not hold the secret."""
        return self._text is None

    def reveal(self) -> str:
        """Return the secret.

        Raises:
            LoginError: It came out of a pickle.
        """
        if self._text is None:
            raise LoginError("Secrets are left out of pickles, and this object came out of one. Log in anew.")
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _lost, ()


def _lost() -> Secret:
    secret = Secret("")
    secret._text = None  # noqa: SLF001 - nobody else makes one
    return secret


def fingerprint(secret: str) -> str:
    """Return a short hash by which two log lines can be matched without the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()[:8]


def checked_text(value: object, what: str) -> str:
    """Return a text that can be sent in a body.

    Args:
        value: What was given.
        what: What it is, as the beginning of a sentence.

    Raises:
        LoginError: It is not text, or holds half a character (as bytes in an environment variable come out).
    """
    if not isinstance(value, str):
        raise LoginError(f"{what} is text, not {type(value).__name__}.")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise LoginError(f"{what} holds bytes that are no characters in UTF-8. Write it in UTF-8.")
    return value


def header_text(value: object, what: str = "The token") -> str:
    """Return a text that can stand in a header, without the white space around it.

    Args:
        value: What was given.
        what: What it is, as the beginning of a sentence.

    Raises:
        LoginError: It cannot.
    """
    text = checked_text(value, what).strip()
    if not text:
        raise LoginError(f"{what} is empty.")
    if not (text.isascii() and text.isprintable()):
        raise LoginError(
            f"{what} holds characters that no header can carry (a line break, or one beyond ASCII). Get it anew."
        )
    if len(text) > LONGEST_HEADER:
        raise LoginError(f"{what} has {len(text):,} characters, which no server takes in a header.")
    return text


def masked(text: str, secrets: Iterable[Secret | None]) -> str:
    """Return what somebody said, without the secrets that it may echo, on one line of 300 characters at most."""
    for secret in secrets:
        if secret is not None and (plain := secret.reveal()):
            for form in {plain, quote(plain, safe=""), quote_plus(plain)}:
                text = text.replace(form, "***")
    return excerpt(text, 300)


def read_file(path: str | os.PathLike[str], what: str) -> str:
    """Return the text of a file that may hold secrets.

    Args:
        path: The file.
        what: What it is, as the beginning of a sentence.

    Raises:
        LoginError: It cannot be read, is no regular file, is larger than 4 MiB, or is not UTF-8.
    """
    content, reason = _content(path)
    text: str | None = None
    if content is not None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            reason = "it is no text in UTF-8"
    if text is None:
        raise LoginError(f"{what} {os.fspath(path)} cannot be read ({reason}). Check its path and permissions.")
    return text


def read_json(text: str, what: str) -> Any:
    """Return what a JSON text that may hold secrets says.

    Args:
        text: The text.
        what: What it is, as the beginning of a sentence.

    Raises:
        LoginError: It is not JSON. The place is told, and nothing of what it holds.
    """
    try:
        return json_value(text)
    except ValueError as failure:
        why = str(failure)
    raise LoginError(f"{what} is {why}.")


def _content(path: str | os.PathLike[str]) -> tuple[bytes | None, str]:
    """Return a file's bytes, or why there are none."""
    try:
        # Opening a FIFO would wait for whoever writes to it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None, "it is no regular file"
            content = file.read(LARGEST_FILE + 1)
    except OSError as failure:
        return None, failure.strerror or type(failure).__name__
    except ValueError:
        return None, "no path holds the character 0"
    return (None, f"it is larger than {LARGEST_FILE:,} bytes") if len(content) > LARGEST_FILE else (content, "")
