"""Python's annotations for types: of fields and answers, and of arguments, which take more than one kind of array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from scripts.pipeline.ir import Array, Map, Named, Scalar, Union

if TYPE_CHECKING:
    from scripts.pipeline.ir import Type, Use

Side = Literal["answer", "argument"]

_SCALARS = {
    "text": "str",
    "whole": "int",
    "digits": "int",
    "number": "float",
    "flag": "bool",
    "moment": "dt.datetime",
    "day": "dt.date",
    "uuid": "UUID",
    "base64": "bytes",
    "any": "Any",
    "null": "None",
}


def of_type(found: Type, side: Side) -> str:
    """The annotation of a value that is there."""
    if isinstance(found, Scalar):
        # What is sent as it is may be anything that httpx streams; in JSON there are no bytes.
        return _SCALARS[found.kind] if found.kind != "bytes" else "bytes" if side == "answer" else "Any"
    if isinstance(found, Named):
        return found.name
    if isinstance(found, Array):
        inner = of_use(found.item, side)
        return f"tuple[{inner}, ...]" if side == "answer" else f"Sequence[{inner}]"
    if isinstance(found, Map):
        return f"Mapping[str, {of_use(found.value, side)}]"
    if isinstance(found, Union):
        listed = list(dict.fromkeys(of_type(one, side) for one in found.options))
        return "Any" if "Any" in listed else " | ".join(listed)
    raise TypeError(f"{found!r} has no annotation")


def of_use(use: Use, side: Side) -> str:
    """The annotation of a value that may be null."""
    return or_none(of_type(use.type, side)) if use.nullable else of_type(use.type, side)


def or_none(annotation: str) -> str:
    """The annotation with None."""
    return annotation if annotation in ("Any", "None") or annotation.endswith("| None") else f"{annotation} | None"
