"""The type of a single schema: of one kind, of an enum's words, and of several types together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.pipeline.ir import Scalar, Type, Union, Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.pipeline.ir import Kind
    from scripts.pipeline.references import Node

ANY = Use(Scalar("any"), nullable=True)
NULL = Use(Scalar("null"), nullable=True)

_WHOLE_FORMATS = {"int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "integer", "int", "long"}
TEXT_FORMATS: dict[str, Kind] = {
    **dict.fromkeys(_WHOLE_FORMATS, "digits"),
    "date-time": "moment",
    "date": "day",
    "uuid": "uuid",
    "byte": "base64",
    "base64": "base64",
    "binary": "bytes",
}


def scalar(kind: str, schema: Node) -> Scalar:
    """The type of a text, a number or a truth value."""
    if kind == "string":
        inner = schema.get("contentMediaType")
        if schema.get("contentEncoding") in ("base64", "base64url"):
            return Scalar("base64")
        if isinstance(inner, str) and not inner.startswith("text/") and "json" not in inner:
            return Scalar("bytes")
        return Scalar(TEXT_FORMATS.get(str(schema.get("format")), "text"))
    kinds: dict[str, Kind] = {"integer": "whole", "number": "number", "boolean": "flag", "null": "null"}
    return Scalar(kinds.get(kind, "any"))


def of_words(listed: list[Any], kinds: list[str], schema: Node) -> Type:
    """The type of an enum: what its words are made of."""
    if not listed:
        return Scalar("null")
    by_kind: dict[Kind, list[Any]] = {}
    for value in listed:
        kind: Kind = "flag" if isinstance(value, bool) else "whole" if isinstance(value, int) else "text"
        kind = "number" if isinstance(value, float) else kind
        if kind == "whole" and kinds == ["number"]:
            kind = "number"
        if kind == "text" and kinds == ["string"]:
            kind = scalar("string", schema).kind
        by_kind.setdefault(kind if isinstance(value, (str, int, float)) else "any", []).append(value)
    return merged([Scalar(kind, tuple(words)) for kind, words in by_kind.items()], several=True)


def merged(types: Iterable[Type], *, several: bool) -> Type:
    """One type for all of them: nested unions opened, what is the same merged."""
    opened: list[Type] = []
    for one in types:
        opened += one.options if isinstance(one, Union) and one.tag is None else [one]
    kept: list[Type] = []
    for one in opened:
        if one == Scalar("any"):
            return Scalar("any")
        twin = next((other for other in kept if _alike(one, other)), None)
        if twin is None:
            kept.append(one)
        elif isinstance(twin, Scalar) and isinstance(one, Scalar) and twin != one:
            words = (*twin.words, *one.words) if twin.words and one.words else ()
            kept[kept.index(twin)] = Scalar(twin.kind, tuple(dict.fromkeys(words)), twin.never or one.never)
    if not kept:
        return Scalar("any")
    return kept[0] if len(kept) == 1 else Union(tuple(kept), several)


def _alike(one: Type, other: Type) -> bool:
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.kind == other.kind
    return one == other
