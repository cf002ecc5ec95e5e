"""Reads a request back as OpenAPI says it is spelled: the judge's own eyes, which share nothing with the generator.

What a text means is not asked here, only where it stands: a parameter is read in the form that its expected value has,
and compared as text.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

_DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}
_PLAIN = "/%:@!$&'()*+,;=-._~"  # what stands for itself in a path


class Unread(Exception):
    """What was sent does not hold a parameter where and as its document says."""


def spelled(value: Any) -> Any:
    """A value of JSON as texts, lists and mappings of texts."""
    if isinstance(value, dict):
        return {str(key): spelled(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [spelled(one) for one in value]
    return value if isinstance(value, str) else json.dumps(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same; times in any spelling of one moment, whole numbers with a point or without."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other or (isinstance(one, str) and isinstance(other, str) and _moment(one) == _moment(other) != None)  # noqa: E711


def _moment(text: str) -> dt.datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\dT", text):
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def path_values(template: str, path: str) -> dict[str, str]:
    """The raw text of each path parameter.

    Raises:
        Unread: The path is not one of the template.
    """
    names: list[str] = []
    pattern = ""
    for index, part in enumerate(re.split(r"\{([^}]*)\}", template)):
        if not index % 2:
            pattern += re.escape(quote(part, safe=_PLAIN))
        elif part in names:  # which says the same each time
            pattern += f"(?:\\{names.index(part) + 1})"
        else:
            names.append(part)
            pattern += "([^/]*)"
    found = re.fullmatch(pattern, path)
    if found is None:
        raise Unread(f"the path {path} is none of {template}")
    return dict(zip(names, found.groups(), strict=True))


def in_path(raw: str, name: str, style: str, explode: bool, expected: Any) -> Any:
    """A path parameter's value."""
    before = {"simple": "", "label": ".", "matrix": ";"}[style]
    if not raw.startswith(before):
        raise Unread(f"{raw!r} does not begin with {before!r}")
    raw = raw[len(before) :]
    if isinstance(expected, dict):
        if style == "matrix" and not explode:
            raw = _after(raw, f"{name}=")
        divider = {"simple": ",", "label": ".", "matrix": ";"}[style] if explode else ","
        parts = raw.split(divider)
        return _pairs(parts) if explode else _alternating(parts)
    if isinstance(expected, list):
        if style == "matrix":
            parts = (
                [_after(part, f"{name}=") for part in raw.split(";")] if explode else _after(raw, f"{name}=").split(",")
            )
        else:
            parts = raw.split("." if style == "label" and explode else ",")
        return [unquote(part) for part in parts]
    return unquote(_after(raw, f"{name}=") if style == "matrix" else raw)


def in_query(pairs: list[tuple[str, str]], name: str, style: str, explode: bool, expected: Any) -> Any:
    """A query parameter's value, taken out of the raw pairs of the query."""
    if isinstance(expected, dict) and style == "deepObject":
        return _deep(pairs, name)
    if isinstance(expected, dict) and explode:
        taken: dict[str, str] = {}
        for key, text in list(pairs):  # another object may have a property of the same name
            if unquote(key) in expected and unquote(key) not in taken:
                taken[unquote(key)] = unquote(text)
                pairs.remove((key, text))
        return taken
    texts = [text for key, text in pairs if unquote(key) == name]
    pairs[:] = [(key, text) for key, text in pairs if unquote(key) != name]
    if isinstance(expected, list) and explode:
        return [unquote(text) for text in texts]
    if len(texts) != 1:
        raise Unread(f"{name} stands {len(texts)} times in the query")
    if isinstance(expected, list):
        return [unquote(part) for part in texts[0].split(_DELIMITERS[style])]
    if isinstance(expected, dict):
        return _alternating(texts[0].split(_DELIMITERS[style]))
    return unquote(texts[0])


def without_styled(
    pairs: list[tuple[str, str]], styles: dict[str, tuple[str, bool]], given: dict[str, Any]
) -> dict[str, Any]:
    """What was given of a form but for the fields that are spelled as in a query, which are taken out of its pairs.

    Raises:
        Unread: One of them is not what was given.
    """
    rest = dict(given)
    # An object whose names are the form's own is read after all others.
    for name in sorted(styles, key=lambda one: styles[one][0] == "form" and isinstance(rest.get(one), dict)):
        expected = rest.pop(name, None)
        if expected in (None, [], {}):
            continue
        found = in_query(pairs, name, *styles[name], expected)
        if not same(found, spelled(expected)):
            raise Unread(f"the field {name} reads {found!r}, given was {expected!r}")
    return rest


def _deep(pairs: list[tuple[str, str]], name: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    rest = []
    for key, text in pairs:
        bare = unquote(key)
        if not bare.startswith(f"{name}["):
            rest.append((key, text))
            continue
        keys = re.findall(r"\[([^\]]*)\]", bare)
        holder = made
        for one in keys[:-1]:
            holder = holder.setdefault(one, {})
        value: Any = unquote(text)
        if keys[-1] in holder:
            before = holder[keys[-1]]
            value = [*before, value] if isinstance(before, list) else [before, value]
        holder[keys[-1]] = value
    pairs[:] = rest
    return made


def in_header(text: str, explode: bool, expected: Any) -> Any:
    """A header's value."""
    if isinstance(expected, dict):
        parts = text.split(",")
        return (
            dict(part.split("=", 1) for part in parts) if explode else dict(zip(parts[::2], parts[1::2], strict=True))
        )
    return text.split(",") if isinstance(expected, list) else text


def in_cookie(text: str, explode: bool, expected: Any) -> Any:
    """A cookie's value, whose parts are escaped as in a query."""
    found = in_header(text, explode, expected)
    if isinstance(found, dict):
        return {unquote(key): unquote(one) for key, one in found.items()}
    return [unquote(one) for one in found] if isinstance(found, list) else unquote(found)


def form(body: bytes) -> dict[str, list[str]]:
    """The fields of a form."""
    made: dict[str, list[str]] = {}
    for pair in body.decode("ascii").split("&") if body else ():
        key, _, text = pair.partition("=")
        made.setdefault(unquote_plus(key), []).append(unquote_plus(text))
    return made


def multipart(body: bytes, content_type: str) -> dict[str, list[tuple[bytes, str]]]:
    """The parts of a form with files, each with its media type."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    made: dict[str, list[tuple[bytes, str]]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        said = str(part.get("content-type", "text/plain"))
        made.setdefault(str(name), []).append((content if isinstance(content, bytes) else b"", said))
    return made


def _after(text: str, start: str) -> str:
    if not text.startswith(start):
        raise Unread(f"{text!r} does not begin with {start!r}")
    return text[len(start) :]


def _pairs(parts: list[str]) -> dict[str, str]:
    return {unquote(key): unquote(text) for key, _, text in (part.partition("=") for part in parts)}


def _alternating(parts: list[str]) -> dict[str, str]:
    if len(parts) % 2:
        raise Unread(f"{parts} are no names and values")
    return {unquote(key): unquote(text) for key, text in zip(parts[::2], parts[1::2], strict=True)}
