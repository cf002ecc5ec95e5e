"""Small values of each type, twice: as Python source, to be given to an operation, and as JSON, to be answered."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from scripts.pipeline.ir import Array, Map, Named, Scalar, Use
from scripts.pipeline.sample_source import fit
from scripts.pipeline.values_source import is_needed

if TYPE_CHECKING:
    from scripts.pipeline.ir import Body, Model, Type, Union

_SOURCES = {
    "text": "'x'",
    "whole": "1",
    "digits": "1",
    "number": "1.5",
    "flag": "True",
    "moment": "dt.datetime(2024, 1, 2, tzinfo=dt.UTC)",
    "day": "dt.date(2024, 1, 2)",
    "uuid": "UUID(int=1)",
    "bytes": "b'x'",
    "base64": "b'x'",
    "any": "{}",
    "null": "None",
}
_JSON: dict[str, Any] = {
    "text": "x",
    "whole": 1,
    "digits": "1",
    "number": 1.5,
    "flag": True,
    "moment": "2024-01-02T03:04:05Z",
    "day": "2024-01-02",
    "uuid": "00000000-0000-0000-0000-000000000001",
    "bytes": "x",
    "base64": "eA==",
    "any": {},
    "null": None,
}
# A model that needs itself has no smallest value.
_DEEPEST = 12


class Samples:
    """Samples of the types of one service."""

    def __init__(self, models: dict[str, Model]) -> None:
        self._models = models

    def source(self, use: Use, depth: int = 0) -> str:
        """The Python source of a value; models are found in `values`."""
        found = use.type
        if isinstance(found, Scalar):
            return repr(found.words[0]) if found.words and found.kind in _JSON else _SOURCES[found.kind]
        if depth > _DEEPEST:
            return "None"
        if isinstance(found, Array):
            return f"[{self.source(found.item, depth + 1)}]"
        if isinstance(found, Map):
            return "{}" if found.empty else f"{{'x': {self.source(found.value, depth + 1)}}}"
        if isinstance(found, Named):
            model = self._models[found.name]
            given = [
                f"{field.name}={self.source(field.use, depth + 1)}" for field in model.fields if is_needed(field, model)
            ]
            return f"values.{found.name}({', '.join(given)})"
        return self.source(_first(found, use), depth)

    def form(self, body: Body) -> str:
        """The Python source of a body; a part that may be anything of a range is a file that says what it is."""
        ranges = {name: types[0] for name, types in body.part_types if all("*" in one for one in types)}
        if not ranges or not isinstance(body.use.type, Named):
            return self.source(body.use)
        model, given = self._models[body.use.type.name], []
        for field in model.fields:
            if not is_needed(field, model):
                continue
            source = self.source(field.use)
            if field.json in ranges and isinstance(field.use.type, (Scalar, Array)):
                file = f"values.File(b'x', 'x', {ranges[field.json].replace('*', 'x')!r})"
                source = f"[{file}]" if isinstance(field.use.type, Array) else file
            given.append(f"{field.name}={source}")
        return f"values.{model.name}({', '.join(given)})"

    def filled(self, use: Use) -> str:
        """The Python source of a value that is spelled as something: an object without a field would be nothing."""
        if use.type == Scalar("any"):
            return "'x'"
        if isinstance(use.type, Named):
            model = self._models[use.type.name]
            allowed = [field for field in model.fields if not field.read_only]
            if allowed and not any(is_needed(field, model) for field in model.fields):
                return f"values.{model.name}({allowed[0].name}={self.source(allowed[0].use)})"
        return self.source(use)

    def json(self, use: Use, depth: int = 0) -> Any:
        """The JSON of a value."""
        found = use.type
        if isinstance(found, Scalar):
            return found.words[0] if found.words else _JSON[found.kind]
        if depth > _DEEPEST:
            return None
        if isinstance(found, Array):
            return [self.json(found.item, depth + 1)]
        if isinstance(found, Map):
            return {} if found.empty else {"x": self.json(found.value, depth + 1)}
        if isinstance(found, Named):
            fields = self._models[found.name].fields
            return {
                field.json: self.json(field.use, depth + 1)
                for field in fields
                if field.required and not field.write_only
            }
        if use.nullable and depth:
            return None  # which is of no two kinds
        if found.tag is None:
            return self._telling(found, depth)
        made = self.json(_first(found, use), depth)
        words = [word for word, name in found.tags if found.options[0] == Named(name)]
        if found.tag is not None and words and isinstance(made, dict):
            made[found.tag] = words[0]
        return made

    def _telling(self, found: Union, depth: int) -> Any:
        """The JSON of the first member that no other can be taken for, with all of its fields if it needs them."""
        for made in (self.json, self._whole):
            for option in found.options:
                value = made(Use(option), depth)
                if self._is_one(found, value):
                    return value
        return self.json(Use(found.options[0]), depth)

    def _whole(self, use: Use, depth: int) -> Any:
        """The JSON of a value with every field that an answer can have."""
        if not isinstance(use.type, Named):
            return self.json(use, depth)
        fields = self._models[use.type.name].fields
        return {field.json: self.json(field.use, depth + 1) for field in fields if not field.write_only}

    def _is_one(self, found: Union, value: Any) -> bool:
        """Whether a value is of one member only: of those that it fits, one knows more of its fields than the rest."""
        if found.several or not isinstance(value, dict):
            return True
        unknown = [self._unknown(one, value) for one in found.options if fit(one, value, self._models) >= 0]
        return unknown.count(min(unknown, default=0)) == 1

    def _unknown(self, option: Type, value: dict[str, Any]) -> float:
        """How many fields of an object a member does not know; one of any names knows each of them a little."""
        if isinstance(option, Named):
            return len(value.keys() - {field.json for field in self._models[option.name].fields})
        return 0.5 if isinstance(option, Map) else 0


def _first(found: Union, use: Use) -> Use:
    """The use of a union as its first member."""
    return dataclasses.replace(use, type=found.options[0])
