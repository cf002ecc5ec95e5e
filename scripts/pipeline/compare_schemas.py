"""Compares schemas: what a value may be, before and after, with the weight that its direction gives a change.

A request that must say more, or a reply that may say less, is major; the other way round is minor. Swagger 2.0,
OpenAPI 3.0 and 3.1 spell the same thing differently, so both sides are first brought to one form.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scripts.pipeline.json_paths import component_name
from scripts.pipeline.report import MAJOR, MINOR, PATCH

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.report import Report

REQUEST, REPLY = "request", "reply"

_UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
_ALTERNATIVES = ("oneOf", "anyOf")
_TRAITS = ("readOnly", "writeOnly", "contentEncoding", "contentMediaType")


@dataclass
class SchemaComparison:
    """The schemas of two documents; components of one name are compared once, after what refers to them."""

    ours: Document
    theirs: Document
    report: Report
    _waiting: list[tuple[str, str]] = field(default_factory=list)
    _done: set[tuple[str, str, str]] = field(default_factory=set)

    def compare(self, old: Any, new: Any, direction: str, where: str, label: str) -> None:
        """Record how the schema `new` differs from `old`.

        Args:
            old: a schema of our document.
            new: the schema at the same place of theirs.
            direction: `REQUEST` or `REPLY`.
            where: the operation or component that holds it.
            label: the place inside it.
        """
        was, now = component_name(old), component_name(new)
        if was is not None and was == now:
            if (was, direction) not in self._waiting:
                self._waiting.append((was, direction))
            return
        if was is not None and now is not None:
            if (was, now, direction) in self._done:
                return
            self._done.add((was, now, direction))
            self.report.add(PATCH, where, f"{label}: schema {was} is now {now}")
        before, after = self.plain(self.ours, old), self.plain(self.theirs, new)
        if not before and after:
            self.report.add(MINOR, where, f"{label} now has a schema")
        elif before and not after:
            self.report.add(MAJOR if direction == REPLY else MINOR, where, f"{label} no longer has a schema")
        else:
            self._compare_plain(before, after, direction, where, label)

    def compare_components(self) -> None:
        """Compare the components that both documents refer to by one name, and what those refer to in turn."""
        position = 0
        while position < len(self._waiting):  # it grows while it is read
            name, direction = self._waiting[position]
            position += 1
            before = self.plain(self.ours, {"$ref": f"#/components/schemas/{name}"})
            after = self.plain(self.theirs, {"$ref": f"#/components/schemas/{name}"})
            self._compare_plain(before, after, direction, f"schema {name}", "")

    def plain(self, document: Document, schema: Any) -> dict[str, Any]:
        """The schema without references and spelling differences of the outermost level."""
        for _ in range(20):
            name = component_name(schema) if isinstance(schema, dict) else None
            if name is None:
                break
            schema = document["components"]["schemas"][name]
        if not isinstance(schema, dict):
            return {}
        plain = dict(schema)
        for part in plain.pop("allOf", ()):
            inner = self.plain(document, part)
            merged = {**inner.get("properties", {}), **plain.get("properties", {})}
            required = [*inner.get("required", ()), *plain.get("required", ())]
            plain = {**inner, **plain, "properties": merged, "required": required}
        return self._one_spelling(document, plain)

    def _one_spelling(self, document: Document, plain: dict[str, Any]) -> dict[str, Any]:
        said = plain.get("type", ())
        types = {said} if isinstance(said, str) else set(said)
        if plain.pop("nullable", False):
            types.add("null")
        for key in _ALTERNATIVES:
            options = plain.get(key)
            if options and {"type": "null"} in options:
                types.add("null")
                plain[key] = [option for option in options if option != {"type": "null"}]
            if plain.get(key) and len(plain[key]) == 1:
                inner = self.plain(document, plain.pop(key)[0])
                types |= set(inner.get("type", ()))
                plain = {**inner, **plain}
        if "const" in plain:
            plain["enum"] = [plain.pop("const")]
        if "properties" in plain and not types - {"null"}:
            types.add("object")
        if "null" in types and "enum" in plain:
            plain["enum"] = [value for value in plain["enum"] if value is not None]
        for bound, flag in (("maximum", "exclusiveMaximum"), ("minimum", "exclusiveMinimum")):
            if isinstance(plain.get(flag), bool) and plain.pop(flag) and bound in plain:
                plain[flag] = plain.pop(bound)
        plain["type"] = sorted(types)
        if not types:
            del plain["type"]
        return plain

    def _compare_plain(self, old: dict[str, Any], new: dict[str, Any], direction: str, where: str, label: str) -> None:
        self.report.count_prose(f"{where} {label} schema", old, new)
        self._compare_types(old, new, direction, where, label)
        self._compare_enums(old, new, direction, where, label)
        self._compare_limits(old, new, direction, where, label)
        if old.get("default") != new.get("default"):
            change = f"default {_shown(old, 'default')} is now {_shown(new, 'default')}"
            self._add(MINOR, where, label, change)
        if bool(old.get("deprecated")) != bool(new.get("deprecated")):
            self._add(MINOR, where, label, "is now deprecated" if new.get("deprecated") else "is no longer deprecated")
        self._compare_properties(old, new, direction, where, label)
        for key, suffix in (("items", "[]"), ("additionalProperties", "{}")):
            mine, yours = old.get(key), new.get(key)
            if isinstance(mine, dict) and isinstance(yours, dict):
                self.compare(mine, yours, direction, where, f"{label}{suffix}")
            elif _open(key, mine) != _open(key, yours):
                self._add(MINOR, where, label, f"{key} {_shown(old, key)} is now {_shown(new, key)}")
        for key in _TRAITS:
            if old.get(key, False) != new.get(key, False):
                self._compare_trait(key, old, new, direction, where, label)
        for key in (*_ALTERNATIVES, "not", "patternProperties", "prefixItems", "discriminator"):
            if canonical(old.get(key)) != canonical(new.get(key)):
                self._add(MAJOR, where, label, f"{key} changed")

    def _compare_trait(
        self, key: str, old: dict[str, Any], new: dict[str, Any], direction: str, where: str, label: str
    ) -> None:
        """What travels one way only matters on that way; how bytes are spelled matters on both."""
        if key in ("readOnly", "writeOnly"):
            concerns = direction == (REQUEST if key == "readOnly" else REPLY)
            level = (MAJOR if new.get(key) else MINOR) if concerns else PATCH
            self._add(level, where, label, f"is now {key}" if new.get(key) else f"is no longer {key}")
        else:
            self._add(MAJOR, where, label, f"{key} {_shown(old, key)} is now {_shown(new, key)}")

    def _compare_types(self, old: dict[str, Any], new: dict[str, Any], direction: str, where: str, label: str) -> None:
        before, after = set(old.get("type", ())), set(new.get("type", ()))
        if before and after and before - {"null"} != after - {"null"}:
            self._add(MAJOR, where, label, f"type {'/'.join(sorted(before))} is now {'/'.join(sorted(after))}")
        elif bool(before) != bool(after):
            change = f"type {'/'.join(sorted(before)) or 'any'} is now {'/'.join(sorted(after)) or 'any'}"
            self._add(self._loosened(direction, looser=not after), where, label, change)
        elif ("null" in before) != ("null" in after):
            looser = "null" in after
            self._add(
                self._loosened(direction, looser=looser), where, label, f"may {'now' if looser else 'not'} be null"
            )
        if old.get("format") != new.get("format"):
            both = old.get("format") and new.get("format")
            change = f"format {_shown(old, 'format')} is now {_shown(new, 'format')}"
            self._add(MAJOR if both else MINOR, where, label, change)

    def _compare_enums(self, old: dict[str, Any], new: dict[str, Any], direction: str, where: str, label: str) -> None:
        if "enum" not in old and "enum" not in new:
            return
        if "enum" not in old or "enum" not in new:
            looser = "enum" not in new
            change = "takes any value now" if looser else f"takes only {_values(new['enum'])} now"
            self._add(MINOR if direction == REPLY else self._loosened(direction, looser=looser), where, label, change)
            return
        gone = [value for value in old["enum"] if value not in new["enum"]]
        fresh = [value for value in new["enum"] if value not in old["enum"]]
        if gone:
            level = MAJOR if direction == REQUEST else MINOR
            self._add(level, where, label, f"value {_values(gone)} removed")
        if fresh:
            self._add(MINOR, where, label, f"value {_values(fresh)} added")

    def _compare_limits(self, old: dict[str, Any], new: dict[str, Any], direction: str, where: str, label: str) -> None:
        for key in (*_UPPER, *_LOWER, "pattern", "multipleOf", "uniqueItems"):
            before, after = old.get(key), new.get(key)
            if before == after:
                continue
            looser = after is None or (
                before is not None and ((key in _UPPER and after > before) or (key in _LOWER and after < before))
            )
            level = PATCH if direction == REPLY else self._loosened(direction, looser=looser)
            self._add(level, where, label, f"{key} {_shown(old, key)} is now {_shown(new, key)}")

    def _compare_properties(
        self, old: dict[str, Any], new: dict[str, Any], direction: str, where: str, label: str
    ) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            place = f"{label}.{name}".lstrip(".")
            if name not in after:
                self.report.add(MAJOR, where, f"{place}: property removed")
                continue
            if (name in needed) != (name in needs):
                level = self._loosened(direction, looser=name in needed)
                self.report.add(level, where, f"{place}: is now {'required' if name in needs else 'optional'}")
            self.compare(before[name], after[name], direction, where, place)
        for name in after:
            if name not in before:
                required = name in needs
                level = MAJOR if required and direction == REQUEST else MINOR
                place = f"{label}.{name}".lstrip(".")
                self.report.add(level, where, f"{place}: property added ({'required' if required else 'optional'})")

    def _loosened(self, direction: str, *, looser: bool) -> str:
        """The weight of allowing more (or less) in that direction."""
        return MINOR if looser == (direction == REQUEST) else MAJOR

    def _add(self, level: str, where: str, label: str, what: str) -> None:
        self.report.add(level, where, f"{label}: {what}" if label else what)


def _shown(schema: dict[str, Any], key: str) -> str:
    return json.dumps(schema[key], ensure_ascii=False) if key in schema else "(none)"


def _values(values: list[Any]) -> str:
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)


def _open(key: str, value: object) -> object:
    """`additionalProperties` absent, true and {} say the same."""
    return None if key == "additionalProperties" and value in (True, {}) else value


def canonical(value: object) -> str:
    """A value without its prose, as text to compare."""
    return json.dumps(_without_prose(value), sort_keys=True)


def _without_prose(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_prose(inner) for key, inner in value.items() if key not in ("description", "title")}
    if isinstance(value, list):
        return [_without_prose(inner) for inner in value]
    return value
