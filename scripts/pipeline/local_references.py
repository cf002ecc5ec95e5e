"""Lets references to a schema's own `$defs`, and to a schema by its `$id`, lead there from the top of the document.

JSON Schema reads `#/$defs/X` from the nearest schema with an `$id`; tools that paste whole schemas into an API document
leave even that out. Where the document itself has nothing at such a place, the schema around it is what is meant.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from scripts.pipeline.structure import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.structure import Place

_HOMES = {"$id", "$defs", "definitions"}


def from_the_top(document: Document) -> Document:
    """The document with such references written out; itself where it has none."""
    found = list(_local(document))
    if not found:
        return document
    made = copy.deepcopy(document)
    for place, reference in found:
        at(made, place)["$ref"] = reference
    return made


def _local(document: Document) -> Iterator[tuple[Place, str]]:
    """The place of each object whose reference leads into a schema around it, and the pointer from the top."""
    named = {said: place for place, said in _identified(document)}
    stack: list[tuple[Place, Any, tuple[Place, ...]]] = [((), document, ())]
    while stack:
        place, node, around = stack.pop()
        if isinstance(node, list):
            stack += [((*place, index), entry, around) for index, entry in enumerate(node)]
            continue
        if not isinstance(node, dict):
            continue
        if place and not _HOMES.isdisjoint(node):
            around = (*around, place)
        reference = node.get("$ref")
        address, _, fragment = reference.partition("#") if isinstance(reference, str) else ("", "", "")
        if address in named and (not fragment or fragment.startswith("/")):
            yield place, "#/" + "/".join(_escaped(part) for part in named[address]) + fragment
        elif around and isinstance(reference, str) and reference.startswith("#/"):
            words = [part.replace("~1", "/").replace("~0", "~") for part in reference.split("/")[1:]]
            if at(document, tuple(words)) is None:
                homes = (home for home in reversed(around) if at(at(document, home), tuple(words)) is not None)
                if (home := next(homes, None)) is not None:
                    yield place, "#/" + "/".join(_escaped(part) for part in (*home, *words))
        stack += [((*place, key), value, around) for key, value in node.items()]


def _identified(document: Document) -> Iterator[tuple[Place, str]]:
    """The place of each schema that has a name of its own (`$id`), and that name."""
    stack: list[tuple[Place, Any]] = [((), document)]
    while stack:
        place, node = stack.pop()
        entries = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
        stack += [((*place, key), value) for key, value in entries]
        if place and isinstance(node, dict) and isinstance(node.get("$id"), str):
            yield place, node["$id"]


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
