"""Prints `operations.py`: the class with a typed, documented method for each operation that is one call and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.pipeline import naming, prose, type_hints
from scripts.pipeline.client_generator import render
from scripts.pipeline.ir import Array
from scripts.pipeline.model_usage import named, unwrapped
from scripts.pipeline.signatures import described, parameters, passed, returns, signature

if TYPE_CHECKING:
    from scripts.pipeline.ir import Api, Model, Operation


@dataclass(frozen=True)
class _Method:
    """What the template prints of an operation."""

    name: str
    signature: str
    returns: str
    doc: list[str]
    body: list[str]


def class_name(service: str) -> str:
    """The class of a service's generated operations."""
    return f"{naming.pascal(service)}Operations"


def operations_source(api: Api) -> str:
    """`operations.py` of a service, unformatted."""
    plain = [operation for operation in api.operations if operation.by_hand is None]
    return render(
        "operations.py.jinja",
        title=prose.text(api.title),
        name=class_name(api.service),
        classes=sorted({name for operation in plain for name in _classes(operation, api.models)}),
        methods=[_method(operation, api.models) for operation in plain],
        by_hand=[
            (operation.method_name, prose.sentence(operation.by_hand))
            for operation in api.operations
            if operation.by_hand is not None
        ],
    )


def _classes(operation: Operation, models: dict[str, Model]) -> list[str]:
    uses = [one.use for one in parameters(operation)] + [one.use for one in operation.bodies]
    field = unwrapped(operation, models)
    uses += [field.use] if field is not None else [reply.use for reply in operation.replies]
    return [name for use in uses for name in named(use.type)]


def _method(operation: Operation, models: dict[str, Model]) -> _Method:
    result = result_of(operation, models)
    answer = f"await self._answer(_endpoints.{operation.name}{passed(operation)})"
    field = unwrapped(operation, models)
    if field is not None and returns(operation).endswith("| None"):
        body = [f"answer = {answer}", f"return None if answer is None else answer.{field.name}"]
    elif field is not None:
        body = [f"answer = {answer}", f"return answer.{field.name}"]
    else:
        body = [answer if result == "None" else f"return {answer}"]
    return _Method(operation.method_name, signature(operation, "self"), result, _doc(operation, result), body)


def result_of(operation: Operation, models: dict[str, Model]) -> str:
    """What a method returns: the answer, or the one field that it is unwrapped to."""
    field = unwrapped(operation, models)
    if field is None:
        return returns(operation)
    plain = type_hints.of_type(field.use.type, "answer")
    missing = field.use.nullable or not field.required or returns(operation).endswith("| None")
    return type_hints.or_none(plain) if missing and not isinstance(field.use.type, Array) else plain


def _doc(operation: Operation, result: str) -> list[str]:
    lines = prose.paragraphs(operation.summary, 8)
    if operation.says:
        lines += ["", *prose.wrapped(prose.sentence(operation.says), 8)]
    if operation.deprecated:
        lines += ["", "        .. deprecated:: The document marks it so."]
    lines += prose.section("Args", described(operation), 8)
    says = next((reply.says for reply in operation.replies if reply.form != "none" and reply.says), "")
    if result != "None":
        lines += ["", "        Returns:", *prose.wrapped(prose.sentence(says) or "The answer.", 12)]
    lines += ["", "        Raises:", "            ImageApiError: The service refused, or there is no whole answer."]
    lines += ["", f"        REST: `{operation.method} {prose.text(operation.path)}`."]
    return prose.docstring(lines, 8)
