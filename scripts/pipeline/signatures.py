"""The signatures of an operation: of its `build`, and of its method, which have the same parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.pipeline import prose, type_hints
from scripts.pipeline.ir import Array, Parameter, Scalar, Use

if TYPE_CHECKING:
    from scripts.pipeline.ir import Body, Operation


def parameters(operation: Operation) -> list[Parameter]:
    """The parameters in the order of the signature: path, then those that must be given, then the rest."""
    path = [one for one in operation.parameters if one.place == "path"]
    order = {name: index for index, name in enumerate(_names_in(operation.path))}
    path.sort(key=lambda one: order.get(one.json, len(order)))
    others = [one for one in operation.parameters if one.place != "path"]
    needed = [one for one in others if one.required and one.default is None]
    return [*path, *needed, *(one for one in others if one not in needed)]


def _names_in(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def body_annotation(operation: Operation) -> str:
    """What `body` may be."""
    listed = list(dict.fromkeys(_body_kind(body) for body in operation.bodies))
    return "Any" if "Any" in listed else " | ".join(listed)


def _body_kind(body: Body) -> str:
    return "Any" if body.form == "bytes" else type_hints.of_use(body.use, "argument")


def takes_content_type(operation: Operation) -> bool:
    """Whether a call may say which media type its body has."""
    return len(operation.bodies) > 1 or any("*" in body.media_type for body in operation.bodies)


def signature(operation: Operation, first: str = "") -> str:
    """The parameters, with annotations and defaults.

    Args:
        operation: the operation.
        first: what stands before them: `self`.
    """
    listed = parameters(operation)
    before = [first] if first else []
    before += [_declared(one) for one in listed if one.place == "path"]
    rest = [_declared(one) for one in listed if one.place != "path"]
    if operation.bodies:
        kind = body_annotation(operation)
        if operation.body_required:
            before.append(f"body: {kind}")
        else:
            rest.append(f"body: {type_hints.or_none(kind)} = None")
    if takes_content_type(operation):
        rest.append(f"content_type: str = {_default_type(operation)!r}")
    return ", ".join([*before, *(["*"] if rest else []), *rest])


def _default_type(operation: Operation) -> str:
    said = operation.bodies[0].media_type
    return "application/octet-stream" if "*" in said else said


def _declared(parameter: Parameter) -> str:
    kind = type_hints.of_use(parameter.use, "argument")
    if parameter.default is not None:
        return f"{parameter.name}: {kind} = {parameter.default!r}"
    if parameter.required:
        return f"{parameter.name}: {type_hints.of_type(parameter.use.type, 'argument')}"
    return f"{parameter.name}: {type_hints.or_none(kind)} = None"


def passed(operation: Operation) -> str:
    """The arguments that a method hands on to its endpoint, each with a comma before it."""
    listed = parameters(operation)
    given = [one.name for one in listed if one.place == "path"]
    rest = [f"{one.name}={one.name}" for one in listed if one.place != "path"]
    if operation.bodies:
        (given if operation.body_required else rest).append("body" if operation.body_required else "body=body")
    if takes_content_type(operation):
        rest.append("content_type=content_type")
    return "".join(f", {one}" for one in [*given, *rest])


def described(operation: Operation) -> list[tuple[str, str]]:
    """Each parameter with what the document says of it."""
    entries = [
        (one.name, _says(one) or f"The {one.place} parameter `{prose.text(one.json)}`.")
        for one in parameters(operation)
    ]
    if operation.bodies:
        said = prose.sentence(operation.body_says) or "What is sent."
        if any(body.form == "bytes" for body in operation.bodies):
            said += " Bytes, or what the client streams."
        place = (
            sum(1 for one in operation.parameters if one.place == "path") if operation.body_required else len(entries)
        )
        entries.insert(place, ("body", said))
    if takes_content_type(operation):
        choices = ", ".join(body.media_type for body in operation.bodies)
        entries.append(("content_type", f"The media type of the body: {prose.text(choices)}."))
    return entries


def _says(parameter: Parameter) -> str:
    parts = [prose.sentence(parameter.says)]
    found = parameter.use.type
    inner = found.item.type if isinstance(found, Array) else found
    if isinstance(inner, Scalar) and len(inner.words) > 1:
        parts.append(f"One of {prose.text(', '.join(str(word) for word in inner.words))}.")
    return " ".join(part for part in parts if part)


def returns(operation: Operation) -> str:
    """What the whole answer is."""
    kinds = [_answer_kind(reply.use, reply.form) for reply in operation.replies]
    listed = list(dict.fromkeys(part for kind in kinds for part in _parts(kind)))
    if "Any" in listed:
        return "Any"
    # None reads best at the end.
    listed.sort(key=lambda part: part == "None")
    return " | ".join(listed) or "None"


def _parts(kind: str) -> list[str]:
    """The members of a union, as deep as brackets allow."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(kind):
        depth += (char == "[") - (char == "]")
        if char == "|" and depth == 0:
            parts.append(kind[start:index].strip())
            start = index + 1
    return [*parts, kind[start:].strip()]


def _answer_kind(use: Use, form: str) -> str:
    if form == "none":
        return "None"
    if use.nullable and isinstance(use.type, Array):
        return type_hints.of_type(use.type, "answer")
    return type_hints.of_use(use, "answer")
