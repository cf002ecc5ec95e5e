"""Prints a module an operation: `build`, which makes the request, and `parse`, which reads the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.pipeline import prose
from scripts.pipeline.client_generator import render
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.ir import Array, Scalar
from scripts.pipeline.model_usage import named
from scripts.pipeline.readers import Readers, holds
from scripts.pipeline.signatures import described, parameters, returns, signature
from scripts.pipeline.values_source import IMPORTED

if TYPE_CHECKING:
    from scripts.pipeline.ir import Api, Body, Model, Operation, Parameter, Reply


def endpoints_sources(api: Api) -> dict[str, str]:
    """The modules of `endpoints/` by their file names, unformatted."""
    made = {f"{operation.name}.py": _module(operation, api.models) for operation in api.operations}
    names = [operation.name for operation in api.operations]
    return {"__init__.py": render("endpoints.py.jinja", title=prose.text(api.title), names=names), **made}


def _module(operation: Operation, models: dict[str, Model]) -> str:
    readers = _Replies(models)
    replies = [(_test(reply), readers.result(reply)) for reply in operation.replies]
    uses = [one.use for one in parameters(operation)] + [one.use for one in operation.bodies]
    uses += [one.use for one in operation.replies]
    classes = sorted({name for use in uses for name in named(use.type)})
    where = f"{operation.method} {prose.text(operation.path)}"
    head = prose.wrapped(f"{where}: {prose.text(operation.summary).rstrip('.')}.", 0)
    doc = [*prose.paragraphs(operation.summary, 4), *prose.section("Args", described(operation), 4)]
    doc += ["", "    Raises:", "        Unwritable: An argument is something that a request cannot carry."]
    return render(
        "endpoint.py.jinja",
        head=prose.docstring(head, 0),
        classes=classes,
        imported=IMPORTED,
        unions=_unions(readers),
        signature=signature(operation),
        doc=prose.docstring(doc, 4),
        call=_call(operation),
        returns=returns(operation),
        replies=replies,
    )


def _unions(readers: Readers) -> list[list[str]]:
    lines: list[list[str]] = []
    while len(lines) < len(readers.unions):
        name, found = list(readers.unions.items())[len(lines)]
        lines.append(readers.union_lines(name, found))
    return lines


# -- the request ---------------------------------------------------------------------------------------------------


def _call(operation: Operation) -> list[str]:
    """The arguments of `Call`, one an entry."""
    by_place: dict[str, list[Parameter]] = {}
    for parameter in operation.parameters:
        by_place.setdefault(parameter.place, []).append(parameter)
    lines = [repr(operation.method), _path(operation, by_place.get("path", []))]
    if query := by_place.get("query"):
        lines.append(f"query=_requests.query({', '.join(_query(one) for one in query)})")
    headers = [_header(one) for one in by_place.get("header", [])]
    if cookies := by_place.get("cookie"):
        headers.append(f"cookies=[{', '.join(_header(one) for one in cookies)}]")
    accept = _accept(operation)
    if accept:
        headers.insert(0, f"('Accept', {accept!r})")
    if headers:
        lines.append(f"headers=_requests.headers({', '.join(headers)})")
    lines += _body(operation)
    if operation.server is not None:
        lines.append(f"server={operation.server!r}")
    return lines


def _accept(operation: Operation) -> str | None:
    """What to ask for; only where the document offers more than one thing."""
    offered = {reply.media_type for reply in operation.replies if reply.offers}
    return next(iter(sorted(kind for kind in offered if kind)), None) if len(offered) == 1 else None


def _path(operation: Operation, listed: list[Parameter]) -> str:
    by_name = {parameter.json: parameter for parameter in listed}
    parts = re.split(r"\{([^{}]*)\}", operation.path)
    made = ""
    for index, part in enumerate(parts):
        if index % 2:
            if part not in by_name:
                raise PipelineError(f"{operation.method} {operation.path} does not declare its parameter {part}.")
            made += "{" + _segment(by_name[part]) + "}"
        else:
            # A number sign would end the path, and what stands behind it would not be sent.
            literal = part.replace("#", "%23").replace(" ", "%20")
            made += repr(literal)[1:-1].replace('"', '\\"').replace("\\'", "'").replace("{", "{{").replace("}", "}}")
    return f'f"{made}"' if by_name else f'"{made}"'


def _segment(parameter: Parameter) -> str:
    value = _value(parameter)
    arguments = [value]
    if parameter.style != "simple":
        arguments.append(f"'{parameter.style}'")
    if parameter.explode:
        arguments.append("explode=True")
    if parameter.style == "matrix":
        # The name stands in an f-string: only what Python's identifiers can hold.
        if not re.fullmatch(r"[\w.-]+", parameter.json):
            raise PipelineError(f"The path parameter {parameter.json} has a name that the style matrix cannot carry.")
        arguments.append(f"name='{parameter.json}'")
    return f"_requests.segment({', '.join(arguments)})"


def _value(parameter: Parameter) -> str:
    """The argument as its style takes it."""
    name, found = parameter.name, parameter.use.type
    if parameter.as_json:
        function = "compact" if parameter.required else "compact_or_none"
        return f"_requests.{function}({name})"
    return f"_requests.array({name})" if isinstance(found, Array) else name


def _query(parameter: Parameter) -> str:
    parts = [repr(parameter.json), _value(parameter)]
    rest: list[str] = []
    if parameter.reserved:
        rest = [repr(parameter.style), repr(parameter.explode), "True"]
    elif parameter.style != "form" or not parameter.explode:
        rest = [repr(parameter.style), repr(parameter.explode)]
    return f"({', '.join([*parts, *rest])})"


def _may_be_an_object(parameter: Parameter) -> bool:
    """Whether explode can matter to a parameter that is spelled with commas."""
    return parameter.place == "header" or not isinstance(parameter.use.type, (Scalar, Array))


def _header(parameter: Parameter) -> str:
    parts = [
        repr(parameter.json),
        _value(parameter),
        *(["True"] if parameter.explode and _may_be_an_object(parameter) else []),
    ]
    return f"({', '.join(parts)})"


def _body(operation: Operation) -> list[str]:
    if not operation.bodies:
        return []
    if len(operation.bodies) == 1:
        [body] = operation.bodies
        media_type = "content_type" if "*" in body.media_type else repr(body.media_type)
        if not operation.body_required:
            media_type = f"None if body is None else {media_type}"
        return [
            _content(body, "body", operation.body_required),
            *([f"content_type={media_type}"] if body.form != "parts" else []),
        ]
    choices = ", ".join(f"{body.media_type!r}: {_writer(body)}" for body in operation.bodies)
    return [f"**_requests.choose({{{choices}}}, content_type, body)"]


def _content(body: Body, value: str, required: bool) -> str:
    place = "files" if body.form == "parts" else "content"
    if body.form == "bytes":
        return f"{place}={value}"
    written = f"{_writer(body)}({value})"
    return f"{place}={written}" if required else f"{place}=None if {value} is None else {written}"


def _writer(body: Body) -> str:
    if body.form == "json" and holds(body.use.type, "digits"):
        return "_requests.digits_body"
    styles = {name: (style, explode) for name, style, explode in body.styles}
    if body.form == "parts" and (body.part_types or styles):
        return f"_requests.typed_parts({dict(body.part_types)!r}{f', {styles!r}' if styles else ''})"
    if styles:
        return f"_requests.styled_form({styles!r})"
    writers = {"json": "json_body", "text": "text_body", "form": "form_body", "parts": "parts", "bytes": "as_it_is"}
    return f"_requests.{writers[body.form]}"


# -- the answer ----------------------------------------------------------------------------------------------------


def _test(reply: Reply) -> str:
    return f"status == {reply.low}" if reply.low == reply.high else f"{reply.low} <= status <= {reply.high}"


class _Replies(Readers):
    """Readers for whole answers: functions are found in the modules that have them."""

    def result(self, reply: Reply) -> str:
        """The expression that reads an answer."""
        if reply.form == "json":
            return f"_requests.read_json(answer, {self.function(reply.use)})"
        return {"text": "answer.text", "bytes": "answer.content", "none": "None"}[reply.form]
