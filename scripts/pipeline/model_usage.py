"""Which models of a service travel in requests and which in answers, and which field of one a method returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from scripts.pipeline import extensions
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.ir import Array, Map, Named, Union

if TYPE_CHECKING:
    from scripts.pipeline.ir import Model, Operation, Type


def mark(operation: Operation, models: dict[str, Model]) -> None:
    """Note which models an operation sends and answers with."""
    for use in [*(one.use for one in operation.parameters), *(one.use for one in operation.bodies)]:
        _reach(use.type, models, "sends")
    for reply in operation.replies:
        _reach(reply.use.type, models, "answers")


def _reach(found: Type, models: dict[str, Model], way: str) -> None:
    for name in named(found):
        model = models[name]
        if getattr(model, way):
            continue
        setattr(model, way, True)
        for field in model.fields:
            _reach(field.use.type, models, way)
        if model.extra is not None:
            _reach(model.extra.type, models, way)


def named(found: Type) -> list[str]:
    """The models that a type names."""
    if isinstance(found, Named):
        return [found.name]
    if isinstance(found, Array):
        return named(found.item.type)
    if isinstance(found, Map):
        return named(found.value.type)
    if isinstance(found, Union):
        return [name for option in found.options for name in named(option)] + [name for _, name in found.tags]
    return []


def check_unwrap(operation: Operation, models: dict[str, Model]) -> None:
    """Refuse an unwrapping of what is not there.

    Raises:
        PipelineError: the answer has no such field.
    """
    if operation.unwrap is None:
        return
    whole = [reply.use.type for reply in operation.replies if reply.form == "json"]
    model = models.get(whole[0].name) if len(whole) == 1 and isinstance(whole[0], Named) else None
    if model is None or operation.unwrap not in {field.json for field in model.fields}:
        raise PipelineError(
            f"{operation.method} {operation.path} says {extensions.UNWRAP}: {operation.unwrap}, but its one answer has "
            "no such field."
        )


def unwrapped(operation: Operation, models: dict[str, Model]) -> Any:
    """The field that a method returns in place of the whole answer, or `None`."""
    if operation.unwrap is None:
        return None
    [reply] = [reply for reply in operation.replies if reply.form == "json"]
    model = models[cast("Named", reply.use.type).name]
    return next(field for field in model.fields if field.json == operation.unwrap)
