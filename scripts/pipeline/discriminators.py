"""Reads discriminators: which word stands for which model, and the field that the word stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.pipeline import naming, references
from scripts.pipeline.ir import Field, Named, Scalar, Use

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import Model, Type
    from scripts.pipeline.references import Node

COMPONENTS = "#/components/schemas/"
_DEEPEST_TAG = 4  # unions in unions, which may lead back to themselves


def speaks_of(document: Document, schema: Node, name: str, depth: int = 0) -> bool:
    """Whether a schema, or a member of it, has a property."""
    whole = references.flat(document, schema)
    parts = [part for key in ("oneOf", "anyOf") for part in whole.get(key) or () if isinstance(part, dict)]
    inner = depth < _DEEPEST_TAG and any(speaks_of(document, part, name, depth + 1) for part in parts)
    return name in (whole.get("properties") or {}) or inner


def words_of(
    document: Document, tag: Node, members: list[Node], options: list[Type], behind: Callable[[str, str], Use]
) -> dict[str, str]:
    """What the discriminator says of each model: as it maps them, else their names in the document.

    Args:
        document: what references lead into.
        tag: the discriminator.
        members: the schemas that it tells apart.
        options: what these are.
        behind: reads what a reference leads to.
    """
    by_reference = {
        str(member.get("$ref")): option.name
        for member, option in zip(members, options, strict=True)
        if isinstance(option, Named)
    }
    tags: dict[str, str] = {}
    for word, said in (tag.get("mapping") or {}).items():
        reference = str(said) if "/" in str(said) else f"{COMPONENTS}{said}"
        name = by_reference.get(reference)
        if name is None and reference.startswith("#"):
            found = behind(reference, naming.pascal(reference.rsplit("/", 1)[-1])).type
            name = found.name if isinstance(found, Named) else None
        if name is not None:
            tags[str(word)] = name
    for reference, name in by_reference.items():
        if name not in tags.values() and reference.startswith("#"):
            tags.setdefault(reference.rsplit("/", 1)[-1], name)
    for member, option in zip(members, options, strict=True):
        # One that is written in place has no name: what its own field can be tells it.
        if "$ref" not in member and isinstance(option, Named) and option.name not in tags.values():
            field = (references.flat(document, member).get("properties") or {}).get(tag["propertyName"])
            words = field.get("enum") or [field.get("const")] if isinstance(field, dict) else []
            tags.update((word, option.name) for word in words if isinstance(word, str) and word not in tags)
    return tags


def name_tags(models: dict[str, Model], tagged: list[tuple[str, dict[str, str]]]) -> None:
    """Give each model of a union the field that its discriminator stands in, where the document only maps it.

    Args:
        models: the models by their names.
        tagged: the name of each discriminator, and its words by model.
    """
    for tag, words in tagged:
        for name in dict.fromkeys(words.values()):
            model = models.get(name)
            if model is None or any(field.json == tag for field in model.fields):
                continue
            said = tuple(word for word, other in words.items() if other == name)
            own = naming.distinct([*(field.name for field in model.fields), naming.field_name(tag)])[-1]
            model.fields = (*model.fields, Field(tag, own, Use(Scalar("text", said)), required=False))
