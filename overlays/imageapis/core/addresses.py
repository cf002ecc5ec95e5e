"""Addresses of servers as they come in: from callers, files, variables and other servers. One check for all of them.

A user name or a password before the host (`https://user:password@host`) would show in every log line, error and
journal that names the address; so none gets past this door.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from imageapis.core.secrets import Secret
from imageapis.errors import LoginError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def checked_address(value: object, what: str, example: str = "https://host.example") -> str:
    """Return an http or https address without the white space around it.

    Args:
        value: What was given.
        what: What it is the address of, as the beginning of a sentence.
        example: What a right one looks like.

    Raises:
        LoginError: It is none, or holds a user name or a password. The text quotes neither.
    """
    text = value.strip() if isinstance(value, str) else ""
    scheme = _SCHEME.match(text)
    if scheme is not None and "@" in _authority(text):
        raise LoginError(
            f"{what} {shown(text)} holds a user name or a password, which would show wherever it is named. Leave out "
            "what stands before the @, and give a login in settings of its own."
        )
    if scheme is None or scheme[1].lower() not in ("http", "https") or not _can_be_asked(text):
        raise LoginError(f"{what} is no address{_quoted(text)}. Give scheme, host and port, e.g. {example}.")
    return scheme[1].lower() + text[scheme.end(1) :]


def base_address(value: object, what: str, example: str = "https://host.example") -> str:
    """Return an address that paths can be put behind: without a slash at its end.

    Args:
        value: What was given.
        what: What it is the address of, as the beginning of a sentence.
        example: What a right one looks like.

    Raises:
        LoginError: As `checked_address`; or it has a query.
    """
    text = checked_address(value, what, example)
    if "?" in text:
        raise LoginError(f"{what} {shown(text)} has a query. Leave out the ? and what stands behind it.")
    return text.rstrip("/")


def _authority(text: str) -> str:
    return re.split(r"[/?#\\]", text.partition("://")[2], maxsplit=1)[0]


def _can_be_asked(text: str) -> bool:
    import httpx

    if not text.isprintable() or any(character in text for character in " \\#"):
        return False
    try:
        url = httpx.URL(text)
        urlsplit(text)  # it refuses what httpx lets pass, such as half a bracket
        # Decoded only here: a host that begins with xn-- may be none that IDNA knows.
        host = url.host
    except (httpx.InvalidURL, ValueError):
        return False
    return bool(host.strip(".")) and (url.port is None or 0 < url.port < 65_536)


def without_userinfo(text: str) -> tuple[str, str | None, Secret | None]:
    """Return an address, and the user name and password that stood before its host."""
    scheme, separator, rest = text.strip().partition("://")
    authority = _authority(text.strip())
    userinfo, at, host = authority.rpartition("@")
    if not separator or not at:
        return text.strip(), None, None
    username, colon, password = userinfo.partition(":")
    return (
        f"{scheme}://{host}{rest[len(authority) :]}",
        unquote(username),
        Secret(unquote(password)) if colon else None,
    )


def with_userinfo(address: str, username: str, password: Secret | None) -> Secret:
    """Return an address with user name and password, which is a secret then."""
    scheme, _, rest = address.partition("://")
    secret = "" if password is None else password.reveal()
    return Secret(f"{scheme}://{quote(username, safe='')}:{quote(secret, safe='')}@{rest}")


def shown(text: str) -> str:
    """Return an address as it may stand in a text: without user name, password and query, and not too long."""
    before, at, after = text.rpartition("@")
    if at:
        scheme = _SCHEME.match(before.strip())
        text = f"{scheme[0] if scheme else ''}***@{after}"
    return text.partition("?")[0][:200]


def private(address: str, what: str) -> str:
    """Return an address over which a secret may go in the clear: of https, or of this machine.

    Args:
        address: A checked address.
        what: What goes there, as the beginning of a sentence.

    Raises:
        LoginError: It is another one.
    """
    if is_unencrypted(address):
        raise LoginError(f"{what} would go to {shown(address)} unencrypted, for all on the way to read. Use https.")
    return address


def is_unencrypted(address: str) -> bool:
    """Say whether all on the way to a checked address can read what goes there: by http to another machine."""
    return address.startswith("http://") and not is_loopback(address)


def _quoted(text: str) -> str:
    """Return what was given in brackets, if it looks like an address: something else may be a secret in its place."""
    return f": {shown(text)!r}" if _SCHEME.match(text) else ""


def is_loopback(address: str) -> bool:
    """Say whether an address is of this machine alone."""
    import ipaddress

    import httpx

    host = httpx.URL(address).host
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
