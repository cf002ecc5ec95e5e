"""Knows the mends of what is not allowed in a document, as far as there is only one sound answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.pipeline.holes import mend
from scripts.pipeline.structure import at

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.structure import Place

# Keys that only remark on something, and those of other dialects of JSON Schema that nothing is generated from.
_REMARKS = {"description", "title", "example", "examples", "$comment", "$recursiveAnchor", "$anchor", "$dynamicAnchor"}

# How the schemas of 3.0 and 3.1 say that there is a key that they do not know.
_STRANGERS = {"additionalProperties", "unevaluatedProperties"}

# What each of two forms of an open end says the end is.
_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}

# What may stand beside several types, and is said of none of them.
_BESIDE_CHOICES = {
    "type",
    "description",
    "title",
    "example",
    "default",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
}


def sound_mends(document: Document, place: Place, problem: Any) -> list[dict[str, Any]]:
    """The overlay actions for a problem that has only one sound answer."""
    holder = at(document, place)
    if problem.validator == "required" and isinstance(holder, dict):
        missing = next((name for name in problem.validator_value if name not in holder), None)
        kept = place[-2:-1] == ("responses",)
        if missing == "description" and kept:
            return [mend(place, "A response must have a description; it changes nothing.", update={missing: ""})]
        if missing == "version" and place == ("info",):
            return [mend(place, "A document must say its version.", update={missing: "unknown"})]
        if missing == "required" and holder.get("in") == "path":
            return [mend(place, "A path parameter is always required.", update={"required": True})]
    if place in (("openapi",), ("swagger",)) and isinstance(holder, int | float) and not isinstance(holder, bool):
        said = f"{holder:.1f}" if place == ("swagger",) else f"{holder:.1f}.0"
        return [mend((), "A version is a text: without quotes YAML reads a number.", update={place[0]: said})]
    if place[-1:] == ("required",) and holder is False and at(document, place[:-1]).get("in") == "path":
        return [mend(place[:-1], "A path parameter is always required.", update={"required": True})]
    if place[-1:] == ("responses",) and isinstance(holder, dict) and problem.validator in _STRANGERS:
        lower = [key for key in holder if re.fullmatch(r"[1-5]xx", key) and key.upper() not in holder]
        if lower:
            why = "A range of statuses is spelled with capitals."
            removed = [mend((*place, key), why, remove=True) for key in lower]
            return [*removed, mend(place, why, update={key.upper(): holder[key] for key in lower})]
    if place == ("paths",) and isinstance(holder, dict) and problem.validator in _STRANGERS:
        return _paths(holder)
    if problem.validator == "unevaluatedProperties" and isinstance(holder, dict):
        why = "The specification knows no such key here, and nothing is generated from it."
        strangers = [key for key in re.findall(r"'([^']*)'", problem.message) if key in holder]
        return [mend((*place, key), why, remove=True) for key in strangers]
    if problem.validator == "additionalProperties" and isinstance(holder, dict):
        known = problem.schema.get("properties", {})
        patterns = problem.schema.get("patternProperties", {})
        strangers = [
            key for key in holder if key not in known and not any(re.search(pattern, key) for pattern in patterns)
        ]
        if "const" in strangers and "nullable" in known:
            one = "OpenAPI 3.0 says this by an enum of one value."
            update = mend(place, one, update={"enum": [holder["const"]]})
            return [mend((*place, "const"), one, remove=True), update]
        why = "The specification knows no such key here, and nothing is generated from it."
        return [mend((*place, key), why, remove=True) for key in strangers]
    if holder is None and place and isinstance(place[-1], str):
        return [mend(place, "It says nothing, where an object or nothing at all may stand.", remove=True)]
    if place[-1:] == ("type",) and holder == "null" and place[-3:-2] in (("anyOf",), ("oneOf",)):
        why = "OpenAPI 3.0 says by `nullable` that a value may be null."
        return [mend(place[:-1], why, remove=True), mend(place[:-3], why, update={"nullable": True})]
    if place[-1:] == ("type",) and isinstance(holder, list) and problem.validator in ("type", "enum"):
        return _one_type(at(document, place[:-1]), place, holder)
    if place[-1:] and place[-1] in _BOUNDS and problem.validator == "type":
        return _bound(at(document, place[:-1]), place, holder)
    if place[-1:] == ("required",) and isinstance(holder, bool) and place[-3:-2] == ("properties",):
        why = "Whether a property is required is said by the object that has it."
        mends = [mend(place, why, remove=True)]
        if holder:
            above = place[:-3]
            listed = isinstance(at(document, above).get("required"), list)
            name = place[-2]
            if not (listed and name in at(document, above)["required"]):
                mends.append(mend(above, why, update={"required": [name]}))
        return mends
    if place[-1:] == ("required",) and holder == []:
        return [mend(place, "It requires nothing.", remove=True)]
    if problem.validator == "uniqueItems" and place[-1:] in (("required",), ("enum",), ("tags",)):
        why = "It says the same thing twice."
        once = [value for index, value in enumerate(holder) if value not in holder[:index]]
        return [mend(place, why, remove=True), mend(place[:-1], why, update={place[-1]: once})]
    if _is_remark(place) and problem.validator in ("type", "pattern"):
        return [mend(place, "It only remarks on something, and has no form that a remark can have.", remove=True)]
    return []


def _paths(paths: dict[str, Any]) -> list[dict[str, Any]]:
    """Paths that do not begin with a slash; none where the path with one is there already."""
    bare = [path for path in paths if not path.startswith(("/", "x-"))]
    if any(f"/{path}" in paths for path in bare):
        return []
    why = "A path begins with a slash."
    removed = [mend(("paths", path), why, remove=True) for path in bare]
    return [*removed, mend(("paths",), why, update={f"/{path}": paths[path] for path in bare})]


def _one_type(node: dict[str, Any], place: Place, said: list[Any]) -> list[dict[str, Any]]:
    """A list of types where only one may stand: one and null, a text in the place of others, or a choice."""
    kinds = [kind for kind in dict.fromkeys(said) if kind != "null"]
    if "in" in node:  # a parameter of Swagger 2.0
        if "string" not in kinds and len(kinds) != 1:
            return []
        why = "A parameter has one type, and outside of a body each value is a text."
        return [mend(place[:-1], why, update={"type": kinds[0] if len(kinds) == 1 else "string"})]
    nullable = {"nullable": True} if "null" in said else {}
    if len(kinds) == 1:
        why = "OpenAPI 3.0 says by `nullable` that a value may be null." if nullable else "A list of one is that one."
        return [mend(place[:-1], why, update={"type": kinds[0], **nullable})]
    if not kinds or node.keys() - _BESIDE_CHOICES:  # what stands beside the types is of one of them
        return []
    why = "OpenAPI 3.0 says by a choice that a value may have several types."
    update = {"anyOf": [{"type": kind} for kind in kinds], **nullable}
    return [mend(place, why, remove=True), mend(place[:-1], why, update=update)]


def _bound(schema: dict[str, Any], place: Place, said: Any) -> list[dict[str, Any]]:
    """An open end in the form of the other version: a number where OpenAPI 3.0 says yes or no, and the reverse."""
    key = place[-1]
    end = schema.get(_BOUNDS[key])
    if isinstance(said, bool):
        why = "OpenAPI 3.1 says an open end by its number."
        if not said or end is None:
            return [mend(place, why, remove=True)]
        return [mend((*place[:-1], _BOUNDS[key]), why, remove=True), mend(place[:-1], why, update={key: end})]
    if not isinstance(said, int | float):
        return []
    why = "OpenAPI 3.0 says by yes or no whether an end is open."
    looser = isinstance(end, int | float) and (end > said if key == "exclusiveMinimum" else end < said)
    if looser:  # the closed end lies inside the open one
        return [mend(place, why, remove=True)]
    return [mend(place[:-1], why, update={_BOUNDS[key]: said, key: True})]


def _is_remark(place: Place) -> bool:
    """Whether a place is a remark that may be left out: not a property of that name, nor what a form requires."""
    if len(place) < 2 or place[-1] not in _REMARKS or place[-2] in ("properties", "info"):
        return False
    return place[-3:-2] != ("responses",)
