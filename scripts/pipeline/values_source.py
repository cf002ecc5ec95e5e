"""Prints `values.py`: the models of a service as frozen classes that read themselves from JSON and write themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.pipeline import prose, type_hints
from scripts.pipeline.client_generator import render
from scripts.pipeline.ir import Array, Named, Scalar, Union
from scripts.pipeline.readers import Readers

if TYPE_CHECKING:
    from scripts.pipeline.ir import Api, Field, Model, Type

# What a module may need of the runtime; ruff drops what it does not.
IMPORTED = {
    "_values": (
        *("ABSENT", "PROBLEMS", "Absent", "anything", "array", "base64_bytes", "day", "flag", "mapping", "moment"),
        *("moment_or_none", "number", "others", "text", "twin", "unreadable", "uuid", "whole", "whole_or_none"),
    ),
    "_unions": ("Shape", "fitting", "tagged"),
    "_writing": ("digits", "each", "filed", "given", "plain", "present"),
}


@dataclass(frozen=True)
class _Class:
    """What the template prints of a model."""

    name: str
    doc: list[str]
    fields: list[str]
    reads: list[str]
    required: list[str]
    optional: list[str]
    answers: bool
    sends: bool
    extra: str | None


def values_source(api: Api) -> str:
    """`values.py` of a service, unformatted."""
    readers = Readers(api.models)
    classes = [_class(model, readers) for model in api.models.values()]
    # A union's function may need another union's.
    unions: list[list[str]] = []
    while len(unions) < len(readers.unions):
        name, found = list(readers.unions.items())[len(unions)]
        unions.append(readers.union_lines(name, found))
    return render(
        "values.py.jinja",
        title=prose.text(api.title),
        classes=classes,
        unions=unions,
        imported=IMPORTED,
        files=any(body.form == "parts" for operation in api.operations for body in operation.bodies),
    )


def _class(model: Model, readers: Readers) -> _Class:
    fields = [field for field in model.fields if not (field.write_only and not model.sends)]
    doc = prose.paragraphs(model.says or model.name, 4)
    doc += prose.section("Attributes", [(field.name, said) for field in fields if (said := _says(field))], 4)
    extra = _extra_name(model)
    return _Class(
        name=model.name,
        doc=prose.docstring(doc, 4),
        fields=[*(_declaration(field, model) for field in fields), *(_extra_lines(model, extra) if extra else [])],
        reads=_reads(model, readers, extra) if model.answers else [],
        required=[
            f"{field.json!r}: {readers.written(field.use, f'self.{field.name}')}"
            for field in fields
            if field.required and not field.read_only
        ],
        optional=[_optional(field, readers) for field in fields if not field.required and not field.read_only],
        answers=model.answers,
        sends=model.sends,
        extra=extra,
    )


def _says(field: Field) -> str:
    parts = [prose.sentence(field.says)]
    found = field.use.type
    if isinstance(found, Scalar) and len(found.words) > 1:
        parts.append(f"One of {prose.text(', '.join(str(word) for word in found.words))}, or a word of later.")
    if field.deprecated:
        parts.append("Deprecated.")
    return " ".join(part for part in parts if part)


# -- fields --------------------------------------------------------------------------------------------------------


def is_needed(field: Field, model: Model) -> bool:
    """Whether the constructor needs the field."""
    return field.required and not (model.sends and field.read_only) and not (model.answers and field.write_only)


def _declaration(field: Field, model: Model) -> str:
    found, needed = field.use.type, is_needed(field, model)
    side: type_hints.Side = "argument" if model.sends else "answer"
    plain = type_hints.of_type(found, side)
    if not model.sends:
        if isinstance(found, Array):
            return _declared(field, plain, None if needed and not field.use.nullable else "()")
        bare = needed and not field.use.nullable
        return _declared(field, plain if bare else type_hints.or_none(plain), None if needed else "None")
    if needed:
        return _declared(field, type_hints.of_use(field.use, side), None)
    if field.use.nullable and not field.read_only:
        return _declared(field, _or_absent(type_hints.or_none(plain)), "ABSENT")
    return _declared(field, type_hints.or_none(plain), "None")


def _or_absent(annotation: str) -> str:
    return annotation if annotation == "Any" else f"{annotation} | Absent"


def _declared(field: Field, annotation: str, default: str | None) -> str:
    if _hashable(field.use.type):
        return f"{field.name}: {annotation}" + (f" = {default}" if default is not None else "")
    given = f"default={default}, " if default is not None else ""
    return f"{field.name}: {annotation} = attrs.field({given}hash=False)"


def _hashable(found: Type) -> bool:
    """Whether values of a type can be hashed; objects of any names, and what nobody knows, cannot."""
    if isinstance(found, Scalar):
        return found.kind != "any"
    if isinstance(found, Array):
        return _hashable(found.item.type)
    if isinstance(found, Union):
        return all(_hashable(option) for option in found.options)
    return isinstance(found, Named)


def _extra_name(model: Model) -> str | None:
    if model.extra is None:
        return None
    name = "extra"
    while any(field.name == name for field in model.fields):
        name += "_"
    return name


def _extra_lines(model: Model, name: str) -> list[str]:
    assert model.extra is not None
    side: type_hints.Side = "argument" if model.sends else "answer"
    annotation = type_hints.of_use(model.extra, side)
    return [
        "#: Fields that the document does not name.",
        f"{name}: Mapping[str, {annotation}] = attrs.field(factory=dict, hash=False)",
    ]


# -- reading and writing ---------------------------------------------------------------------------------------------


def _reads(model: Model, readers: Readers, extra: str | None) -> list[str]:
    lines = []
    for field in model.fields:
        if field.write_only:
            if model.sends:
                lines.append(f"made.{field.name} = None")
            continue
        found = field.use.type
        lines.append(f"at = {field.json!r}")
        strict = field.required and not field.use.nullable
        source = "data[at]" if field.required else "get(at)"
        # What is read and sent back must not say "empty" where nothing was said.
        nothing = "None" if model.sends else None
        read = readers.value(found) if strict else readers.optional(found, nothing=nothing)
        if strict and isinstance(found, Array):
            # A null where an array must be is an empty one: that is how Go's servers write it.
            read = readers.optional(found)
        if read == "it":
            lines.append(f"made.{field.name} = {source}")
        else:
            lines += [f"it = {source}", f"made.{field.name} = {read}"]
    if extra is not None and model.extra is not None:
        known = ", ".join(repr(field.json) for field in model.fields)
        lines += [
            "at = ''",
            f"made.{extra} = others(data, frozenset({{{known}}}), {readers.function(model.extra)})",
        ]
    return lines


def _optional(field: Field, readers: Readers) -> str:
    value = f"self.{field.name}"
    if field.use.nullable:
        written = readers.written(field.use, value)
        return f"{field.json!r}: {written}" if written == value else f"{field.json!r}: {_unless_absent(value, written)}"
    written = readers.written(field.use, value)
    if written == value:
        return f"{field.json!r}: given({value})"
    return f"{field.json!r}: ABSENT if {value} is None else {written}"


def _unless_absent(value: str, written: str) -> str:
    return f"ABSENT if {value} is ABSENT else {written}"
