"""Finds schemas of which no value is ever complete: an object that must hold one of its own kind, and that one another.

Such a schema says "required" of something that cannot always be there. What is optional, a list that may be empty or
a choice with another branch ends the chain; so only what leads back to itself by nothing else is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scripts.pipeline.holes import Hole
from scripts.pipeline.json_paths import component_name, jsonpath, quoted
from scripts.pipeline.structure import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.structure import Place

_DEEPEST = 40  # schemas in one another without a reference between them


class _Link(NamedTuple):
    """A required property that is never complete: where it is required, its name, and the schemas that it needs."""

    place: Place
    name: str
    needs: frozenset[str]


def infinite_schemas(document: Document) -> Iterator[Hole]:
    """One hole for each ring of schemas that need one another."""
    if "swagger" in document:  # which is looked at once it is converted
        return
    found = _Endless(document)
    while (link := found.ring()) is not None:
        found.optional.add((link.place, link.name))
        yield Hole(
            link.place,
            f"requires {link.name!r}, which needs another of its kind in turn: no value is ever complete",
            proposal=[found.as_optional(link)],
        )


class _Endless:
    """The component schemas of a document, and which of their required properties are taken for optional."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._schemas: dict[str, Any] = (document.get("components") or {}).get("schemas") or {}
        self.optional: set[tuple[Place, str]] = set()
        self._open: set[str] = set()

    def ring(self) -> _Link | None:
        """A property on a way that leads from a schema back to itself, if there still is one."""
        self._open = set(self._schemas)
        while closed := {name for name in self._open if not self._needs(name)}:
            self._open -= closed
        for name in self._schemas:
            link = self._needs(name) if name in self._open else None
            if isinstance(link, _Link) and self._leads(link.needs, name):
                return link
        return None

    def as_optional(self, link: _Link) -> dict[str, Any]:
        """The action that requires a property no longer; a list of nothing may not stand in OpenAPI 3.0."""
        place = (*link.place, "required")
        listed = at(self._document, place)
        emptied = all((link.place, name) in self.optional for name in listed)
        chosen = "" if emptied else f"[?@ == {quoted(link.name)}]"
        why = f"TODO: it cannot need {link.name} without end; leave it optional, or say where the chain ends"
        return {"target": f"{jsonpath(place)}{chosen}", "description": why, "remove": True}

    def _leads(self, names: frozenset[str], target: str) -> bool:
        """Whether one of some schemas needs the target, however many stand between."""
        seen, waiting = set(names), list(names)
        while waiting:
            link = self._needs(waiting.pop())
            new = (link.needs if isinstance(link, _Link) else link or frozenset()) - seen
            seen |= new
            waiting += new
        return target in seen

    def _needs(self, name: str) -> _Link | frozenset[str] | None:
        return self._unmet(self._schemas[name], ("components", "schemas", name))

    def _unmet(self, schema: Any, place: Place) -> _Link | frozenset[str] | None:
        """What a schema needs that is not known to be complete: a property, or schemas that it stands for."""
        if not isinstance(schema, dict) or schema.get("nullable") is True or len(place) > _DEEPEST:
            return None
        if "$ref" in schema:
            name = component_name(schema)
            return frozenset({name}) if name in self._open else None
        for index, part in enumerate(schema.get("allOf") or ()):
            if unmet := self._unmet(part, (*place, "allOf", index)):
                return unmet
        for key in ("oneOf", "anyOf"):
            branches = [self._unmet(one, (*place, key, index)) for index, one in enumerate(schema.get(key) or ())]
            if branches and all(branches):
                return branches[0]
        return self._unmet_property(schema, place)

    def _unmet_property(self, schema: dict[str, Any], place: Place) -> _Link | None:
        said, properties = schema.get("type", "object"), schema.get("properties")
        if said not in ("object", ["object"]) or not isinstance(properties, dict):
            return None
        required = schema.get("required")
        for name in required if isinstance(required, list) else ():
            if (place, name) in self.optional:
                continue
            unmet = self._unmet(properties.get(name), (*place, "properties", name))
            if isinstance(unmet, _Link):
                return unmet
            if unmet:
                return _Link(place, str(name), unmet)
        return None
