# Copied from scripts/pipeline/runtime.
# Do not edit: change it there, then run nox -s regenerate.

"""From JSON to values of one of several kinds: by a discriminator, or by the kind that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ._values import PROBLEMS, Unreadable, kind, short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def tagged(it: Any, field: str, readers: Mapping[str, Callable[[Any], Any]], name: str) -> Any:
    """Return a value of the class that its discriminator names.

    Args:
        it: What was there.
        field: The discriminator's name in JSON.
        readers: What reads each kind.
        name: What the union is called in errors.
    """
    if it.__class__ is not dict:
        raise Unreadable(name, "", f"an object was expected, not {kind(it)}")
    tag = it.get(field)
    reader = readers.get(tag) if isinstance(tag, str) else None
    if reader is None:
        listed = ", ".join(readers)
        raise Unreadable(
            name, f".{field}", f"{short(tag) if tag is not None else 'nothing'} is none of {listed}"
        )
    return reader(it)


class Shape(NamedTuple):
    """What tells one member of a union from the others.

    Attributes:
        read: Reads a value of this kind.
        json: Which classes of Python `json.loads` makes of it; none if it may be anything.
        names: The names that an object of this kind can have.
        required: Those that it must have.
        words: Fields that can hold nothing but these words.
        listed: Fields that hold one of these words, as far as the document knows.
        empty: Whether an object of this kind has no fields.
        any_names: Whether its fields may have any names.
    """

    read: Callable[[Any], Any]
    json: tuple[type, ...] = ()
    names: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    words: Mapping[str, tuple[Any, ...]] = {}
    listed: Mapping[str, tuple[Any, ...]] = {}
    empty: bool = False
    any_names: bool = False

    def takes(self, it: Any) -> bool:
        """Return whether a value can be of this kind, as far as that shows without reading it."""
        if self.json and it.__class__ not in self.json:
            return False
        if it.__class__ is not dict:
            return True
        if (self.empty and it) or not self.required <= it.keys():
            return False
        return all(it.get(field, words[0]) in words for field, words in self.words.items())

    def strangers(self, it: Any) -> tuple[float, int]:
        """Return how many fields of an object this kind does not know, and how many of their words.

        One that takes any names knows them less well than one that has them all, and better than all others.
        """
        if it.__class__ is not dict:
            return 0, 0
        fields = 0.5 if self.any_names else len(it.keys() - self.names) if self.names else 0
        return fields, sum(
            it.get(field, words[0]) not in words for field, words in self.listed.items()
        )


def fitting(it: Any, shapes: Sequence[Shape], name: str, *, several: bool) -> Any:
    """Return a value of the one kind that it fits: the one that knows most of its fields, then of their words.

    Args:
        it: What was there.
        shapes: The kinds, in the document's order.
        name: What the union is called in errors.
        several: Whether it may fit more than one (`anyOf`): the first counts. Otherwise that is an error.
    """
    likely = [
        (shape.strangers(it), index, shape) for index, shape in enumerate(shapes) if shape.takes(it)
    ]
    likely.sort(key=lambda one: one[:2])
    found: list[Any] = []
    fewest: tuple[float, int] = (0, 0)
    why = ""
    for strangers, _, shape in likely:
        # Those that know less of it, and further single values, are not even tried.
        if found and (several or strangers > fewest or it.__class__ is not dict):
            break
        try:
            value = shape.read(it)
        except PROBLEMS as problem:
            why = why or f" ({problem})"
            continue
        fewest = strangers
        if value not in found:
            found.append(value)
    if not found:
        raise Unreadable(name, "", f"{kind(it)} that fits none of its {len(shapes)} kinds{why}")
    if len(found) > 1:
        kinds = ", ".join(type(value).__name__ for value in found)
        raise Unreadable(name, "", f"{kind(it)} that fits several of its kinds: {kinds}")
    return found[0]
