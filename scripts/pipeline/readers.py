"""Python expressions that read a type from JSON and write it; `_values` of the runtime has the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.pipeline import type_hints
from scripts.pipeline.ir import Array, Map, Named, Scalar, Union, Use

if TYPE_CHECKING:
    from scripts.pipeline.ir import Model, Type

# The classes whose values are taken as they are, with the function for all others.
_AS_THEY_ARE = {
    "text": ("str", "text"),
    "whole": ("int", "whole"),
    "flag": ("bool", "flag"),
    "number": ("float", "number"),
}
_FUNCTIONS = {
    "text": "text",
    "whole": "whole",
    "digits": "whole",
    "number": "number",
    "flag": "flag",
    "moment": "moment",
    "day": "day",
    "uuid": "uuid",
    "base64": "base64_bytes",
    "bytes": "anything",
    "any": "anything",
    "null": "anything",
}
_JSON_CLASSES = {
    "text": "str",
    "digits": "str, int",
    "whole": "int",
    "number": "float, int",
    "flag": "bool",
    "moment": "str",
    "day": "str",
    "uuid": "str",
    "base64": "str",
}


class Readers:
    """Expressions for the types of one module; the unions that they need become functions of it."""

    def __init__(self, models: dict[str, Model]) -> None:
        self._models = models
        self.unions: dict[str, Union] = {}

    # -- reading ----------------------------------------------------------------------------------------------------

    def value(self, found: Type, it: str = "it") -> str:
        """The expression that reads `it`, which is not null."""
        if isinstance(found, Scalar):
            if found.kind in _AS_THEY_ARE:
                kind, function = _AS_THEY_ARE[found.kind]
                return f"{it} if {it}.__class__ is {kind} else {function}({it})"
            function = _FUNCTIONS[found.kind]
            return it if function == "anything" else f"{function}({it})"
        if isinstance(found, Named):
            return f"{found.name}.from_json({it})"
        if isinstance(found, Array):
            return f"array({it}, {self.function(found.item)})"
        if isinstance(found, Map):
            return f"mapping({it}, {self.function(found.value)})"
        return f"{self._union(found)}({it})"

    def optional(self, found: Type, it: str = "it", *, nothing: str | None = None) -> str:
        """The expression that reads `it`, which may be null or absent.

        Args:
            found: what it is otherwise.
            it: a name.
            nothing: what null reads as: an empty array, or None for all else.
        """
        if isinstance(found, Scalar):
            if found.kind in _AS_THEY_ARE:
                kind, function = _AS_THEY_ARE[found.kind]
                # The class first: most fields are there.
                return f"{it} if {it}.__class__ is {kind} or {it} is None else {function}({it})"
            if found.kind == "moment":
                return f"moment_or_none({it})" if found.never is None else f"moment_or_none({it}, {found.never!r})"
            if found.kind == "digits":
                return f"whole_or_none({it})"
        read = self.value(found, it)
        if read == it:
            return it
        nothing = nothing or ("()" if isinstance(found, Array) else "None")
        return f"{nothing} if {it} is None else {read}"

    def function(self, use: Use) -> str:
        """An expression for the function that reads a member of an array or object."""
        found = use.type
        if isinstance(found, Scalar) and found.kind == "moment" and found.never is not None:
            return f"lambda it: moment_or_none(it, {found.never!r})"
        if use.nullable and not (isinstance(found, Scalar) and found.kind in ("any", "null")):
            return f"lambda it: {self.optional(found)}"
        if isinstance(found, Scalar):
            return _FUNCTIONS[found.kind]
        if isinstance(found, Named):
            return f"{found.name}.from_json"
        if isinstance(found, Union):
            return self._union(found)
        return f"lambda it: {self.value(found)}"

    # -- unions -------------------------------------------------------------------------------------------------------

    def _union(self, found: Union) -> str:
        name = next((name for name, other in self.unions.items() if other == found), None)
        if name is None:
            stem = "read_" + "_or_".join(_word(one) for one in found.options[:3])
            stem = f"{stem}_or_other" if len(found.options) > 3 else stem
            name, number = stem, 2
            while name in self.unions:
                name, number = f"{stem}_{number}", number + 1
            self.unions[name] = found
        return name

    def union_lines(self, name: str, found: Union) -> list[str]:
        """The function that reads a union."""
        annotation = type_hints.of_type(found, "answer")
        lines = [
            f"def {name}(it: Any, /) -> {annotation}:",
            f'    """Return what the one of {len(found.options)} kinds holds that is there."""',
        ]
        label = annotation if len(annotation) <= 60 else f"{annotation[:59]}…"
        if found.tag is not None:
            readers = ", ".join(f"{tag!r}: {model}.from_json" for tag, model in found.tags)
            call = f"tagged(it, {found.tag!r}, {{{readers}}}, {label!r})"
            return [*lines, f"    found: {annotation} = {call}", "    return found"]
        shapes = ", ".join(self._shape(one) for one in found.options)
        return [
            *lines,
            f"    found: {annotation} = fitting(it, [{shapes}], {label!r}, several={found.several})",
            "    return found",
        ]

    def _shape(self, found: Type) -> str:
        read = self.function(Use(found))
        if isinstance(found, Scalar):
            classes = _JSON_CLASSES.get(found.kind)
            return f"Shape({read}, ({classes},))" if classes else f"Shape({read})"
        if isinstance(found, Array):
            return f"Shape({read}, (list,))"
        if isinstance(found, Named):
            fields = [field for field in self._models[found.name].fields if not field.write_only]
            names = {field.json for field in fields}
            required = {field.json for field in fields if field.required}
            listed = {
                field.json: field.use.type.words
                for field in fields
                if isinstance(field.use.type, Scalar) and field.use.type.words
            }
            words = {name: said for name, said in listed.items() if len(said) == 1 and name in required}
            parts = [read, "(dict,)", _frozen(names), _frozen(required)]
            parts += [f"words={words!r}"] if words else []
            listed = {name: said for name, said in listed.items() if name not in words}
            parts += [f"listed={listed!r}"] if listed else []
            return f"Shape({', '.join(parts)})"
        if isinstance(found, Map):
            return f"Shape({read}, (dict,), {'empty' if found.empty else 'any_names'}=True)"
        return f"Shape({read}, (dict,))"

    # -- writing ------------------------------------------------------------------------------------------------------

    def written(self, use: Use, value: str) -> str:
        """The expression that makes JSON of a value that was given."""
        found = use.type
        if isinstance(found, Scalar) and found.kind == "bytes":
            return value
        if holds(found, "bytes") or (isinstance(found, Union) and any(holds(one, "bytes") for one in found.options)):
            return f"filed({value})"
        if holds(found, "digits"):
            return f"digits({value})"
        if isinstance(found, Scalar) and found.kind in ("text", "whole", "flag"):
            return value
        if isinstance(found, Array):
            return f"each({value})"
        return f"plain({value})"


def holds(found: Type, kind: str) -> bool:
    """Whether a type is made of nothing but one kind of single value, however nested."""
    if isinstance(found, Scalar):
        return found.kind == kind
    if isinstance(found, Array):
        return holds(found.item.type, kind)
    if isinstance(found, Map):
        return holds(found.value.type, kind)
    return False


def _frozen(names: set[str]) -> str:
    return f"frozenset({{{', '.join(repr(name) for name in sorted(names))}}})" if names else "frozenset()"


def _word(found: Type) -> str:
    """What a member of a union is called in a function's name."""
    from scripts.pipeline import naming

    if isinstance(found, Named):
        return naming.snake(found.name, "model")
    if isinstance(found, Scalar):
        return found.kind
    return "array" if isinstance(found, Array) else "object"
