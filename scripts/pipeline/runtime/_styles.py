"""How parameters are spelled in paths, queries, headers and cookies: each style that a document can declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from ._values import ABSENT, Unwritable
from ._writing import compact, fields_of, items, spelled

# What `allowReserved` lets stand in a query, without the three that would end or divide it.
_RESERVED: Final = ":/?[]@!$'()*,;"
# What stands before a path parameter and between its parts.
_SEGMENTS: Final = {"simple": ("", ","), "label": (".", "."), "matrix": (";", ";")}
_DELIMITERS: Final = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


def segment(value: Any, style: str = "simple", *, explode: bool = False, name: str = "") -> str:
    """Return a path parameter, percent-encoded, in the style simple, label or matrix.

    Raises:
        Unwritable: Nothing, a dot or two: the address would be another one.
    """
    before, between = _SEGMENTS[style]
    if value.__class__ is str:
        # What most are, before what takes longer to find out.
        made = f"{name}={_quoted(value)}" if style == "matrix" else _quoted(value)
    elif isinstance(value, Mapping) or hasattr(value, "to_json"):
        pairs = [(_encoded(k), _encoded(v)) for k, v in fields_of(value)]
        if explode:
            made = between.join(f"{k}={v}" for k, v in pairs)
        else:
            made = ",".join(part for pair in pairs for part in pair)
            made = f"{name}={made}" if style == "matrix" else made
    elif isinstance(value, (list, tuple)):
        encoded = [_encoded(one) for one in value]
        if style == "matrix":
            made = ";".join(f"{name}={one}" for one in encoded) if explode else f"{name}={','.join(encoded)}"
        else:
            made = (between if explode else ",").join(encoded)
    else:
        made = f"{name}={_encoded(value)}" if style == "matrix" else _encoded(value)
    made = f"{before}{made}"
    if made in ("", ".", ".."):
        raise Unwritable(f"{made!r} cannot stand in an address")
    return made


def query(*parameters: tuple[Any, ...]) -> str:
    """Return a query, percent-encoded; what was not given is left out.

    Args:
        parameters: Name, value, and where they are not the usual ones: style, explode, whether reserved characters
            stand as they are.
    """
    return "&".join([pair for parameter in parameters for pair in query_pairs(*parameter)])


def query_pairs(name: str, value: Any, style: str = "form", explode: bool = True, reserved: bool = False) -> list[str]:
    """Return the pairs of a query that one parameter comes to."""
    if value is None or value is ABSENT:
        return []
    safe, key = _RESERVED if reserved else "", quote(name, safe="")
    if value.__class__ is str:
        return [f"{key}={quote(value, safe=safe)}"]
    if value.__class__ is int:
        return [f"{key}={value}"]
    if isinstance(value, Mapping) or hasattr(value, "to_json"):
        pairs = fields_of(value)
        if style == "deepObject":
            return [f"{key}{deep}={_encoded(one, safe)}" for deep, one in _deep(pairs)]
        if explode:
            return [f"{_encoded(k)}={_encoded(v, safe)}" for k, v in pairs]
        return [f"{key}={_DELIMITERS[style].join(_encoded(part, safe) for pair in pairs for part in pair)}"]
    if not hasattr(value, "__iter__") or isinstance(value, (str, bytes, bytearray)):
        return [f"{key}={_encoded(value, safe)}"]
    encoded = [_encoded(one, safe) for one in value if one is not None]
    if explode:
        return [f"{key}={one}" for one in encoded]
    return [f"{key}={_DELIMITERS.get(style, ',').join(encoded)}"]


def _deep(pairs: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return the leaves of an object, each with its names in brackets."""
    found: list[tuple[str, Any]] = []
    for name, value in pairs:
        key = f"[{quote(name, safe='')}]"
        if isinstance(value, Mapping) or hasattr(value, "to_json"):
            found += [(f"{key}{below}", one) for below, one in _deep(fields_of(value))]
        elif isinstance(value, (list, tuple)):
            found += [(key, one) for one in value]
        else:
            found.append((key, value))
    return found


def _encoded(value: Any, safe: str = "") -> str:
    return quote(spelled(value), safe=safe)


def _quoted(text: str) -> str:
    """Return a text percent-encoded; `quote` goes through it letter by letter unless slashes may stay."""
    return quote(text).replace("/", "%2F")


def header(value: Any, *, explode: bool = False) -> str:
    """Return a header's value: arrays and objects with commas between, as the style simple has it.

    Raises:
        Unwritable: It holds what would end the header.
    """
    made = _with_commas(value, explode, spelled)
    if any(char in made for char in "\r\n\0"):
        raise Unwritable("a header cannot hold a line break")
    return made


def _with_commas(value: Any, explode: bool, spell: Callable[[Any], str]) -> str:
    if isinstance(value, Mapping) or hasattr(value, "to_json"):
        pairs = [(spell(name), spell(one)) for name, one in fields_of(value)]
        return ",".join(f"{name}={one}" if explode else f"{name},{one}" for name, one in pairs)
    if isinstance(value, (list, tuple)):
        return ",".join(spell(one) for one in value)
    return spell(value)


def headers(*parameters: tuple[Any, ...], cookies: Sequence[tuple[Any, ...]] = ()) -> dict[str, str]:
    """Return headers; what was not given is left out.

    Args:
        parameters: Name, value, and explode where it is declared.
        cookies: Name and value of each cookie, and explode where it is declared.
    """
    made = {
        name: header(value, explode=bool(rest and rest[0])) for name, value, *rest in parameters if value is not None
    }
    crumbs = [
        f"{name}={_with_commas(value, bool(rest and rest[0]), _crumb)}"
        for name, value, *rest in cookies
        if value is not None
    ]
    return {**made, "Cookie": "; ".join(crumbs)} if crumbs else made


def _crumb(value: Any) -> str:
    return _encoded(value, _COOKIE)


_COOKIE: Final = "!#$&'()*+-./:<=>?@[]^_`{|}~"


def compact_or_none(value: Any) -> str | None:
    """Return a value as JSON in one line, or `None` for one that was not given."""
    return None if value is None else compact(value)


def array(value: Any) -> Any:
    """Return an array that a caller gave, or `None`; one text is not an array of letters."""
    return None if value is None else items(value)
