"""What changed between two documents for those who call the generated code: classes, fields, methods and arguments.

A level says what it means for code that is written against the first: major, it may stop running or type-checking;
minor, there is more than before; patch, only a text differs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.pipeline import type_hints
from scripts.pipeline.ir import Array
from scripts.pipeline.report import MAJOR, MINOR, PATCH, Report
from scripts.pipeline.signatures import parameters, returns, takes_content_type

if TYPE_CHECKING:
    from scripts.pipeline.ir import Api, Field, Model, Operation


def compare_python(ours: Api, theirs: Api) -> Report:
    """Everything that changed from `ours` to `theirs`; operations are the same by method and path."""
    report = Report()
    before, after = _by_path(ours), _by_path(theirs)
    for key, operation in before.items():
        where = _where(operation)
        if key not in after:
            report.add(MAJOR, where, "removed")
        else:
            _compare_methods(operation, after[key], where, report)
    for key, operation in after.items():
        if key not in before:
            report.add(MINOR, _where(operation), "added")
    for name, model in ours.models.items():
        if name not in theirs.models:
            report.add(MAJOR, f"class {name}", "removed")
        else:
            _compare_models(model, theirs.models[name], report)
    for name in theirs.models:
        if name not in ours.models:
            report.add(MINOR, f"class {name}", "added")
    return report


def _by_path(api: Api) -> dict[tuple[str, str], Operation]:
    return {(one.method, re.sub(r"\{[^}]*\}", "{}", one.path)): one for one in api.operations}


def _where(operation: Operation) -> str:
    """What callers know an operation by: its method, or its endpoint if that is all that is generated of it."""
    if operation.by_hand is None:
        return f"method {operation.method_name}"
    if operation.method_name == operation.name:
        return f"endpoint {operation.name}"
    return f"endpoint {operation.name}, and the method {operation.method_name} that is written by hand"


def _compare_methods(old: Operation, new: Operation, where: str, report: Report) -> None:
    if old.method_name != new.method_name:
        report.add(MAJOR, where, f"is now named {new.method_name}")
    elif old.name != new.name:
        report.add(MAJOR, where, f"the endpoint {old.name} is now named {new.name}")
    if old.deprecated != new.deprecated:
        report.add(MINOR, where, "is now deprecated" if new.deprecated else "is no longer deprecated")
    before, after = _arguments(old), _arguments(new)
    if [name for name, (_, order, _) in before.items() if order] != [
        name for name, (_, order, _) in after.items() if order
    ]:
        listed = ", ".join(name for name, (_, order, _) in after.items() if order)
        report.add(MAJOR, where, f"positional arguments are now ({listed})")
    for name, (kind, _, needed) in before.items():
        if name not in after:
            report.add(MAJOR, where, f"argument {name} removed")
            continue
        now, _, needs = after[name]
        if needed != needs:
            report.add(MAJOR if needs else MINOR, where, f"argument {name} is now {'needed' if needs else 'optional'}")
        _compare_annotations(kind, now, where, f"argument {name}", report, given=True)
    for name, (_, _, needs) in after.items():
        if name not in before:
            report.add(MAJOR if needs else MINOR, where, f"argument {name} added ({'needed' if needs else 'optional'})")
    _compare_annotations(returns(old), returns(new), where, "result", report, given=False)


def _arguments(operation: Operation) -> dict[str, tuple[str, bool, bool]]:
    """By name: the annotation, whether it is positional, whether it must be given."""
    found: dict[str, tuple[str, bool, bool]] = {}
    for one in parameters(operation):
        needed = one.required and one.default is None
        kind = type_hints.of_type(one.use.type, "argument")
        found[one.name] = (kind if needed else type_hints.or_none(kind), one.place == "path", needed)
    if operation.bodies:
        # What is sent as it is has the annotation Any; here it is told from what is written out.
        kinds = ["bytes" if one.form == "bytes" else type_hints.of_use(one.use, "argument") for one in operation.bodies]
        kind = " | ".join(dict.fromkeys(kinds))
        needed = operation.body_required
        found["body"] = (kind if needed else type_hints.or_none(kind), needed, needed)
    if takes_content_type(operation):
        found["content_type"] = ("str", False, False)
    return found


def _compare_annotations(old: str, new: str, where: str, what: str, report: Report, *, given: bool) -> None:
    """A wider argument and a narrower result suit old callers; the other way round they do not."""
    if old == new:
        return
    before, after = _parts(old), _parts(new)
    suits = before <= after or "Any" in after if given else after <= before
    report.add(MINOR if suits else MAJOR, where, f"{what} {old} is now {new}")


def _parts(annotation: str) -> set[str]:
    return {part.strip() for part in annotation.split(" | ")}


def _compare_models(old: Model, new: Model, report: Report) -> None:
    where = f"class {old.name}"
    if " ".join(old.says.split()) != " ".join(new.says.split()):
        report.add(PATCH, where, "its docstring reads differently")
    before, after = ({field.json: field for field in model.fields} for model in (old, new))
    for name, field in before.items():
        if name not in after:
            report.add(MAJOR, where, f"field {field.name} removed")
        else:
            _compare_fields(field, after[name], old, new, where, report)
    for name, field in after.items():
        if name not in before:
            needed = new.sends and _needed(field)
            report.add(MAJOR if needed else MINOR, where, f"field {field.name} added{' (needed)' if needed else ''}")
    if (old.extra is None) != (new.extra is None):
        report.add(
            MINOR if new.extra else MAJOR, where, f"unnamed fields are {'now' if new.extra else 'no longer'} kept"
        )


def _compare_fields(field: Field, other: Field, old: Model, new: Model, where: str, report: Report) -> None:
    if field.name != other.name:
        report.add(MAJOR, where, f"field {field.name} is now named {other.name}")
    if old.sends and new.sends and _needed(field) != _needed(other):
        needs = _needed(other)
        report.add(MAJOR if needs else MINOR, where, f"field {field.name} is now {'needed' if needs else 'optional'}")
    if old.sends and field.read_only != other.read_only:
        told = "is no longer sent" if other.read_only else "is now sent"
        report.add(MAJOR if other.read_only else MINOR, where, f"field {field.name} {told}")
    before, after = _annotation(field), _annotation(other)
    if new.answers:
        _compare_annotations(before, after, where, f"field {field.name}", report, given=False)
    if new.sends and not other.read_only:
        _compare_annotations(before, after, where, f"field {field.name}", report, given=True)


def _needed(field: Field) -> bool:
    return field.required and not field.read_only


def _annotation(field: Field) -> str:
    kind = type_hints.of_type(field.use.type, "answer")
    bare = field.required and not field.use.nullable
    return kind if bare or isinstance(field.use.type, Array) else type_hints.or_none(kind)
