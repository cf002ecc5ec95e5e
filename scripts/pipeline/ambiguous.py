"""Finds choices by `oneOf` in which an answer can be of two kinds just as well, so that it would be refused.

Such a document is valid and usable: what is found is told as a notice, with the overlay actions that make it `anyOf`.
"""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

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
    """Each choice of an answer with kinds that not every answer tells apart, and how to read the first of them."""
    answered = _answered(api)
    places: dict[int, Place] = {
        id(node["oneOf"]): place
        for place, kind, node in walk("document", document)
        if kind == "schema" and isinstance(node.get("oneOf"), list) and "anyOf" not in node
    }
    found: dict[Place, Hole] = {}
    for choice in api.choices:
        place = places.get(id(choice.members))
        if place is None or choice.union not in answered:
            continue
        if pair := _alike(choice.union, api.models):
            found[place] = _notice(place, choice, *pair)
        elif shared := _overlap(choice.union, api.models):
            found[place] = _overlap_notice(place, choice, *shared)
    return list(found.values())


def _notice(place: Place, choice: Choice, one: str, other: str) -> Hole:
    why = f"Each {one} is of the form of {other} too: the first that fits is read."
    problem = f"has {one} and {other}, and an answer that is the one is refused as being both"
    return Hole(place, problem, _as_any_of(place, choice, why))


def _overlap_notice(place: Place, choice: Choice, one: str, other: str, names: list[str]) -> Hole:
    held = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    why = f"With {held} alone, {one} and {other} are of one form: the first that fits is read."
    problem = f"has {one} and {other}, and an answer that holds {held} alone is refused as being both"
    return Hole(place, problem, _as_any_of(place, choice, why))


def _as_any_of(place: Place, choice: Choice, why: str) -> list[dict[str, Any]]:
    return [mend((*place, "oneOf"), why, remove=True), mend(place, why, update={"anyOf": choice.members})]


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


# -- kinds of which some values are alike ----------------------------------------------------------------------------


def _overlap(union: Union, models: dict[str, Model]) -> tuple[str, str, list[str]] | None:
    """Two members that share a value, and the fields of it: all that either requires, and nothing else.

    What merely could be left out of both is not told: few services send an object of nothing.
    """
    named = [option.name for option in union.options if isinstance(option, Named)]
    for one, other in combinations(named, 2):
        if names := _shared(models[one], models[other], models, ()):
            return one, other, names
    return None


def _shared(one: Model, other: Model, models: dict[str, Model], above: tuple[str, ...]) -> list[str]:
    """The fields of a value that two models read just as well; empty where it is not certain that there is one."""
    of_one, of_other = ({field.json: field for field in _read(model)} for model in (one, other))
    needed = [field.json for field in (*of_one.values(), *of_other.values()) if field.required]
    names = list(dict.fromkeys(needed))
    both = all(
        name in of_one
        and name in of_other
        and _types_share(of_one[name].use.type, of_other[name].use.type, models, above)
        for name in names
    )
    return names if both else []


def _types_share(one: Type, other: Type, models: dict[str, Model], above: tuple[str, ...]) -> bool:
    """Whether there is a value of both types for certain."""
    if one == other or Scalar("any") in (one, other):
        return True
    for union, rest in ((one, other), (other, one)):
        if isinstance(union, Union):
            return any(_types_share(option, rest, models, above) for option in union.options)
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        if one.words and other.words:
            return not set(one.words).isdisjoint(other.words)
        return one.kind == other.kind or ({one.kind, other.kind} <= _TEXTS and "text" in (one.kind, other.kind))
    if isinstance(one, Array) and isinstance(other, Array):
        return _types_share(one.item.type, other.item.type, models, above)
    if isinstance(one, Named) and isinstance(other, Named):
        pair = f"{one.name} {other.name}"
        return pair not in above and bool(_shared(models[one.name], models[other.name], models, (*above, pair)))
    return False
