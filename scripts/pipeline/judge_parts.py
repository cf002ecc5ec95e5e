"""Forms with files, as the judge gives and reads them: each part has a media type that the document allows."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote, unquote

from scripts.pipeline import wire_reader
from scripts.pipeline.wire_reader import Unread, spelled


class _Typed(bytes):
    """The content of a file whose media type the caller says, as its source."""

    said: str = ""

    def __repr__(self) -> str:
        return f"File({bytes(self)!r}, 'file', {self.said!r})"


def as_files(form: dict[str, Any], types: dict[str, list[str]]) -> dict[str, Any]:
    """A form of which the parts that can be anything of a range are files that say what they are."""

    def named(value: Any, said: str) -> Any:
        if isinstance(value, list):
            return [named(one, said) for one in value]
        if not isinstance(value, str | bytes):
            return value
        made = _Typed(value.encode() if isinstance(value, str) else value)
        made.said = said.replace("*", "x-judge")
        return made

    return {
        name: named(value, types[name][0]) if name in types and all("*" in one for one in types[name]) else value
        for name, value in form.items()
    }


def without_styled(
    found: dict[str, list[tuple[bytes, str]]], styles: dict[str, tuple[str, bool]], given: Any
) -> tuple[dict[str, list[tuple[bytes, str]]], Any]:
    """The parts, and what was given, but for the fields that are spelled as in a query; files never are."""
    styles = {name: said for name, said in styles.items() if not _holds_bytes(given.get(name))}
    if not styles:
        return found, given
    pairs, parts = [], {}
    for name, sent in found.items():
        for content, said in sent:
            pair = (quote(name, safe=""), quote(content, safe=","))
            pairs.append(pair)
            parts[pair] = (content, said)
    rest = wire_reader.without_styled(pairs, styles, given)
    left: dict[str, list[tuple[bytes, str]]] = {}
    for key, text in pairs:
        left.setdefault(unquote(key), []).append(parts[key, text])
    return left, rest


def _holds_bytes(value: Any) -> bool:
    return isinstance(value, bytes) or (isinstance(value, list) and any(isinstance(one, bytes) for one in value))


def read(found: dict[str, list[tuple[bytes, str]]], expected: Any, types: dict[str, list[str]]) -> Any:
    """What the parts of a form hold, each as its media type says, which must be one that the document allows."""
    for name, parts in found.items():
        value = expected.get(name)
        whole = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))
        allowed = types.get(name) or (["application/json"] if whole else ["*"])
        for _, said in parts:
            plain = said.replace('"', "").lower()  # which the reader puts around parameters
            if not any(fnmatchcase(plain, one.replace('"', "").lower()) for one in allowed):
                raise Unread(f"the part {name} is said to be {said}, allowed is {', '.join(allowed)}")
    return {name: [_part(content, said, types.get(name)) for content, said in parts] for name, parts in found.items()}


def _part(content: bytes, said: str, allowed: list[str] | None) -> Any:
    """A part's content; the JSON of a single value as that."""
    if not allowed or "json" not in said:
        return content
    read = json.loads(content)
    return content if isinstance(read, dict | list) else spelled(read).encode()
