"""Finds choices by `oneOf` in which every answer of one kind is one of another kind too, so that it would be refused.

Such a document is valid and usable: what is found is told as a notice, with the overlay actions that make it `anyOf`.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from scripts.pipeline.holes import Hole, mend
from scripts.pipeline.ir import Array, Map, Named, Scalar, Union
from scripts.pipeline.structure import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import Api, Choice, Field, Model, Type
    from scripts.pipeline.structure import Place

# Texts of these kinds are texts as well.
_TEXTS = {"text", "digits", "moment", "day", "uuid", "base64"}


def ambiguous(document: Document, api: Api) -> list[Hole]:
    """Each choice of an answer with a kind that no answer tells from another, and how to read the first of them."""
    answered = _answered(api)
    places: dict[int, Place] = {
        id(node["oneOf"]): place
        for place, kind, node in walk("document", document)
        if kind == "schema" and isinstance(node.get("oneOf"), list) and "anyOf" not in node
    }
    found: dict[Place, Hole] = {}
    for choice in api.choices:
        place = places.get(id(choice.members))
        pair = _alike(choice.union, api.models) if choice.union in answered else None
        if place is not None and pair is not None:
            found[place] = _notice(place, choice, *pair)
    return list(found.values())


def _notice(place: Place, choice: Choice, one: str, other: str) -> Hole:
    why = f"Each {one} is of the form of {other} too: the first that fits is read."
    actions = [mend((*place, "oneOf"), why, remove=True), mend(place, why, update={"anyOf": choice.members})]
    return Hole(place, f"has {one} and {other}, and an answer that is the one is refused as being both", actions)


def _answered(api: Api) -> set[Union]:
    """The unions that an answer can hold."""
    waiting: list[Type] = [reply.use.type for operation in api.operations for reply in operation.replies]
    unions: set[Union] = set()
    met: set[str] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, Array):
            waiting.append(found.item.type)
        elif isinstance(found, Map):
            waiting.append(found.value.type)
        elif isinstance(found, Union):
            unions.add(found)
            waiting += [*found.options, *(Named(name) for _, name in found.tags)]
        elif isinstance(found, Named) and found.name not in met:
            met.add(found.name)
            model = api.models[found.name]
            waiting += [field.use.type for field in model.fields]
            waiting += [model.extra.type] if model.extra is not None else []
    return unions


def _alike(union: Union, models: dict[str, Model]) -> tuple[str, str] | None:
    """Two members of which each value of the first is one of the second, with all of its fields known to both."""
    named = [option.name for option in union.options if isinstance(option, Named)]
    pairs = permutations(named, 2)
    return next(((one, other) for one, other in pairs if _within(models[one], models[other], models, ())), None)


def _within(one: Model, other: Model, models: dict[str, Model], above: tuple[str, ...]) -> bool:
    """Whether each value of a model is read as another one just as well."""
    known = {field.json: field for field in _read(other)}
    given = {field.json: field for field in _read(one)}
    if any(field.required and not (name in given and given[name].required) for name, field in known.items()):
        return False
    return all(name in known and _field_within(field, known[name], models, above) for name, field in given.items())


def _read(model: Model) -> Iterator[Field]:
    return (field for field in model.fields if not field.write_only)


def _field_within(one: Field, other: Field, models: dict[str, Model], above: tuple[str, ...]) -> bool:
    if one.use.nullable and not other.use.nullable:
        return False
    return _type_within(one.use.type, other.use.type, models, above)


def _type_within(one: Type, other: Type, models: dict[str, Model], above: tuple[str, ...]) -> bool:
    if one == other or other == Scalar("any"):
        return True
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        same = one.kind == other.kind or (one.kind in _TEXTS and other.kind == "text")
        return same and (not other.words or (bool(one.words) and set(one.words) <= set(other.words)))
    if isinstance(one, Array) and isinstance(other, Array):
        return _type_within(one.item.type, other.item.type, models, above)
    if isinstance(one, Map) and isinstance(other, Map) and not (one.empty or other.empty):
        return _type_within(one.value.type, other.value.type, models, above)
    if isinstance(one, Named) and isinstance(other, Named):
        pair = f"{one.name} {other.name}"
        return pair in above or _within(models[one.name], models[other.name], models, (*above, pair))
    return False
