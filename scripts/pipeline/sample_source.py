"""Turns a value as JSON has it into the Python expression that a caller of generated code would write for it."""

from __future__ import annotations

import base64
import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from scripts.pipeline.ir import Array, Map, Named, Scalar, Union

if TYPE_CHECKING:
    from scripts.pipeline.ir import Model, Type, Use

#: What the expressions need; `values` is the service's own module.
IMPORTS = "import datetime as dt\nfrom uuid import UUID\n"


def expression(use: Use, value: Any, models: dict[str, Model]) -> str:
    """The source of a value.

    Args:
        use: What it is, as the generator has read it.
        value: What it is in JSON; bytes where a body is not JSON.
        models: The service's models.
    """
    return "None" if value is None else _of_type(use.type, value, models)


def _of_type(found: Type, value: Any, models: dict[str, Model]) -> str:
    if isinstance(found, Array):
        return f"[{', '.join(expression(found.item, one, models) for one in value)}]"
    if isinstance(found, Map):
        pairs = (f"{key!r}: {expression(found.value, one, models)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(found, Named):
        return _model(models[found.name], value, models)
    if isinstance(found, Union):
        return _of_type(chosen(found, value, models), value, models)
    made = {
        "moment": lambda: f"dt.datetime.fromisoformat({value!r})",
        "day": lambda: f"dt.date.fromisoformat({value!r})",
        "uuid": lambda: f"UUID({value!r})",
        "digits": lambda: repr(int(value)),
        "base64": lambda: repr(base64.b64decode(value)),
    }
    return made[found.kind]() if found.kind in made and isinstance(value, str) else repr(value)


def _model(model: Model, value: dict[str, Any], models: dict[str, Model]) -> str:
    given = [
        f"{field.name}={expression(field.use, value[field.json], models)}"
        for field in model.fields
        if field.json in value and not field.read_only
    ]
    known = {field.json for field in model.fields}
    others = {key: one for key, one in value.items() if key not in known}
    if model.extra is not None and others:
        extra = "extra"
        while any(field.name == extra for field in model.fields):
            extra += "_"
        pairs = (f"{key!r}: {expression(model.extra, one, models)}" for key, one in others.items())
        given.append(f"{extra}={{{', '.join(pairs)}}}")
    return f"values.{model.name}({', '.join(given)})"


def chosen(union: Union, value: Any, models: dict[str, Model]) -> Type:
    """The member of a union that a value is of: the one that its tag names, else the first that fits best."""
    if union.tag is not None and isinstance(value, dict):
        tags = dict(union.tags)
        if value.get(union.tag) in tags:
            return Named(tags[value[union.tag]])
    best = max(union.options, key=lambda option: fit(option, value, models))
    return chosen(best, value, models) if isinstance(best, Union) else best


def fit(found: Type, value: Any, models: dict[str, Model]) -> int:
    """How well a value fits a type: -1 when it does not, else how much of it the type knows."""
    if isinstance(found, Array):
        if not isinstance(value, list):
            return -1
        fits = [fit(found.item.type, one, models) for one in value if one is not None]
        return -1 if -1 in fits else 1 + sum(fits)
    if isinstance(found, Map):
        if not isinstance(value, dict) or (found.empty and value):
            return -1
        fits = [fit(found.value.type, one, models) for one in value.values() if one is not None]
        return -1 if -1 in fits else 1 + sum(fits)
    if isinstance(found, Named):
        return _fit_model(models[found.name], value, models)
    if isinstance(found, Union):
        return max(fit(option, value, models) for option in found.options)
    return _fit_scalar(found, value)


def _fit_model(model: Model, value: Any, models: dict[str, Model]) -> int:
    if not isinstance(value, dict):
        return -1
    total = 1
    for field in model.fields:
        if field.json not in value:
            if field.required and not field.read_only and not field.write_only:
                return -1
            continue
        one = value[field.json]
        fits = 0 if one is None else fit(field.use.type, one, models)
        if fits < 0:
            return -1
        total += 2 + fits
    return total


def _fit_scalar(found: Scalar, value: Any) -> int:
    if found.kind == "any" or (found.kind == "bytes" and isinstance(value, str)):  # JSON holds them as a text
        return 0
    kinds: dict[str, type | tuple[type, ...]] = {"flag": bool, "whole": int, "number": (int, float), "bytes": bytes}
    if found.kind in kinds:
        right = isinstance(value, kinds[found.kind]) and (found.kind == "flag") == isinstance(value, bool)
    else:
        right = isinstance(value, str) and _reads(found.kind, value)
    if not right:
        return -1
    return 3 if value in found.words else 0 if found.words else 2 if found.kind != "text" else 1


def _reads(kind: str, value: str) -> bool:
    if kind in ("moment", "day"):
        try:
            dt.datetime.fromisoformat(value)
        except ValueError:
            return False
        return (kind == "day") == (len(value) == len("2024-01-02"))
    if kind == "uuid":
        return re.fullmatch(r"[0-9a-fA-F-]{36}", value) is not None
    return kind != "digits" or value.lstrip("-").isdigit()
