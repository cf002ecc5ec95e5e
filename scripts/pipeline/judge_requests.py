"""Judges the requests of generated code: a made-up call of each form is sent, and read back as OpenAPI spells it.

Nothing goes over a network. `judge` runs it, `judge_parts` reads forms with files.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts.pipeline import judge_parts, sample_source, wire_reader
from scripts.pipeline.errors import one_line
from scripts.pipeline.example_values import ExampleValues
from scripts.pipeline.signatures import takes_content_type
from scripts.pipeline.wire_reader import Unread, same, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import Api, Body, Operation, Parameter

_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_OF_A_QUERY = {"style", "explode"}  # keys of an encoding


@dataclass(frozen=True)
class _Case:
    """A made-up call: the value of each parameter as JSON has it, and the body."""

    parameters: dict[tuple[str, str], Any]
    body: Body | None = None
    value: Any = None


class RequestJudge:
    """The requests of one operation."""

    def __init__(
        self, document: Document, api: Api, operation: Operation, item: Any, wrong: list[str], client: Any
    ) -> None:
        self._texts = ExampleValues(document, plain=True)
        self._values = ExampleValues(document)
        self._parts = ExampleValues(document, raw=True)
        self._plain_parts = ExampleValues(document, plain=True, raw=True)
        self._models = api.models
        self._operation = operation
        self._wrong = wrong
        self._client = client
        item = self._values.resolved(item)
        self._node = item[operation.method.lower()]
        self._server = _own_server(self._node) or _own_server(item)
        listed = [*item.get("parameters", ()), *self._node.get("parameters", ())]
        nodes = [self._values.resolved(entry) for entry in listed]
        self._nodes = {(str(node["in"]), str(node["name"])): node for node in nodes if not _is_own(node)}
        self._old = str(document.get("openapi")).startswith("3.0")
        self._headers = {name.lower() for place, name in self._nodes if place == "header"}
        self._arguments: dict[tuple[str, str], Parameter] = {(one.place, one.json): one for one in operation.parameters}

    def requests(self, endpoint: Any, names: dict[str, Any]) -> int:
        """Make every case of a call and read it back; how many there were."""
        count = 0
        for lost in self._nodes.keys() - self._arguments.keys():
            self._tell(f"{lost[0]} parameter {lost[1]} cannot be given")
        body = self._values.resolved(self._node.get("requestBody"))
        if body and body.get("content") and not self._operation.bodies:
            self._tell("the body cannot be given")
        for case in self._cases(body or {}):
            count += 1
            try:
                self._read_back(case, self._send(case, endpoint, names))
            except Exception as failure:  # whatever goes wrong in generated code is the finding
                self._tell(f"{type(failure).__name__}: {one_line(failure, limit=200)} (sent: {_shown(case)})")
        return count

    def _tell(self, problem: str) -> None:
        self._wrong.append(f"{self._operation.method} {self._operation.path}: {problem}")

    # -- what is tried ----------------------------------------------------------------------------------------------

    def _cases(self, body: Any) -> Iterator[_Case]:
        """All parameters, each other form of each one, each form of each body, and only what must be given."""
        forms = {key: self._forms(key, node) for key, node in self._nodes.items() if key in self._arguments}
        whole = {key: found[0] for key, found in forms.items() if found[0] is not None}
        needed = {key: value for key, value in whole.items() if self._arguments[key].required}
        bodies = list(self._bodies(body))
        first = bodies[0] if bodies else (None, None)
        yield _Case(whole, *first)
        for key, found in forms.items():
            yield from (_Case({**whole, key: other}, *first) for other in found[1:] if other is not None)
        yield from (_Case(needed, *other) for other in bodies[1:])
        yield _Case(needed, *(first if self._operation.body_required else (None, None)))

    def _forms(self, key: tuple[str, str], node: Any) -> list[Any]:
        """The values that a parameter is tried with; an object or array of nothing is spelled like nothing."""
        # Where a divider may stand in a value too, no reader can tell them apart.
        style, explode = self._style(key)
        divided = style in ("spaceDelimited", "pipeDelimited") or (node.get("allowReserved") is True and not explode)
        divided |= key[0] == "path" and len(_neighbours(self._operation.path, key[1])) > 1
        examples = self._texts if divided or key[0] in ("header", "cookie") else self._values
        schema = node.get("schema", {})
        if node.get("content"):
            schema = next(iter(node["content"].values())).get("schema", {})
        found = examples.variants(schema, "request")
        said = [value for value in found if not (isinstance(value, list) and None in value)]
        return [*said[:1], *(value for value in said[1:] if value not in ([], {}, None))] or [None]

    def _bodies(self, body: Any) -> Iterator[tuple[Body, Any]]:
        content = body.get("content") or {}
        for one in self._operation.bodies:
            media: Any = content.get(one.media_type) or next(
                (media for kind, media in content.items() if "*" in kind or "json" in kind), {}
            )
            if one.form == "bytes":
                yield one, b"bytes \x00\xff"
                continue
            examples = self._parts if one.form == "parts" else self._values
            if one.form == "parts" and self._styles_of(one):  # where nothing is escaped, a divider may not stand
                examples = self._plain_parts
            for value in examples.variants((media or {}).get("schema", {}), "request"):
                if one.form in ("form", "parts") and not isinstance(value, dict):
                    continue  # nor which fields a form has
                if one.form == "text" and isinstance(value, dict | list):
                    continue  # how an object is spelled as text the document does not say
                if one.form in ("form", "parts") and all(field == [] for field in value.values()):
                    continue  # a form of nothing is no form
                if value is not None:
                    yield one, value

    # -- sending ------------------------------------------------------------------------------------------------------

    def _send(self, case: _Case, endpoint: Any, names: dict[str, Any]) -> Any:
        from imageapis.core.endpoint import request_of

        given = {
            self._arguments[key].name: sample_source.expression(self._arguments[key].use, value, self._models)
            for key, value in case.parameters.items()
        }
        if case.body is not None:
            value = case.value
            if case.body.form == "parts":
                value = judge_parts.as_files(value, self._part_types(case.body))
            given["body"] = sample_source.expression(case.body.use, value, self._models)
            if takes_content_type(self._operation):
                given["content_type"] = repr(case.body.media_type.replace("*", "x-judge"))
        source = f"build({', '.join(f'{name}={text}' for name, text in given.items())})"
        call = eval(source, {**names, "build": endpoint.build})  # noqa: S307 - an expression of our own making
        if (call.server or None) != self._server:
            raise Unread(f"the server is {call.server}, meant is {self._server}")
        request = request_of(self._client, f"http://judge.test{call.path}", call, {})
        request.read()
        return request

    # -- reading back -----------------------------------------------------------------------------------------------

    def _read_back(self, case: _Case, request: Any) -> None:
        if request.method != self._operation.method:
            raise Unread(f"the method is {request.method}")
        template, _, fixed = self._operation.path.partition("?")
        raw, _, query = request.url.raw_path.decode("ascii").partition("?")
        in_path = wire_reader.path_values(template, raw)
        pairs = [(key, text) for key, _, text in (pair.partition("=") for pair in query.split("&") if pair)]
        for pair in fixed.split("&") if fixed else ():
            own, _, text = pair.partition("=")
            if (own, text) not in pairs:
                raise Unread(f"the path's own query {pair} is not sent")
            pairs.remove((own, text))
        crumbs = request.headers.get("cookie", "").split("; ") if "cookie" not in self._headers else ()
        cookies = dict(crumb.split("=", 1) for crumb in crumbs if crumb)
        exploded = {}
        for key, expected in case.parameters.items():
            parameter = self._arguments[key]
            if parameter.place == "query" and isinstance(expected, dict) and self._style(key)[1]:
                exploded[key] = expected  # whose names are the query's own: read after all others
                continue
            found = self._found(key, expected, in_path, pairs, request.headers, cookies)
            self._compare(parameter, found, expected)
        for key, expected in exploded.items():
            self._compare(self._arguments[key], self._found(key, expected, in_path, pairs, {}, {}), expected)
        if pairs:
            raise Unread(f"the query has {pairs[0][0]}={pairs[0][1]}, which nobody gave")
        if cookies:
            raise Unread(f"there are cookies {sorted(cookies)} that nobody gave")
        self._read_body(case, request)

    def _found(
        self,
        key: tuple[str, str],
        expected: Any,
        in_path: Any,
        pairs: list[tuple[str, str]],
        headers: Any,
        cookies: Any,
    ) -> Any:
        place, name = key
        style, explode = self._style(key)
        if self._nodes[key].get("content"):
            expected = ""  # JSON is one text
        if place == "path":
            return wire_reader.in_path(in_path[name], name, style, explode, expected)
        if place == "query":
            return wire_reader.in_query(pairs, name, style, explode, expected)
        if place == "header":
            return wire_reader.in_header(headers[name], explode, expected)
        return wire_reader.in_cookie(cookies.pop(name), explode, expected)

    def _style(self, key: tuple[str, str]) -> tuple[str, bool]:
        node = self._nodes[key]
        style = str(node.get("style") or _STYLES[key[0]])
        return style, bool(node.get("explode", style == "form"))

    def _compare(self, parameter: Parameter, found: Any, expected: Any) -> None:
        content = self._nodes[parameter.place, parameter.json].get("content")
        is_json = content and any("json" in kind for kind in content)
        right = same(json.loads(found), expected) if is_json else same(found, spelled(expected))
        if not right:
            raise Unread(f"{parameter.place} parameter {parameter.json} reads {found!r}, given was {expected!r}")

    def _read_body(self, case: _Case, request: Any) -> None:
        if case.body is None:
            if request.content:
                raise Unread("there is a body that nobody gave")
            return
        said = request.headers.get("content-type", "")
        wanted = case.body.media_type.replace("*", "x-judge").partition(";")[0]
        if said.partition(";")[0].lower() != wanted.lower():
            raise Unread(f"the body is said to be {said!r}, not {wanted}")
        content, expected = request.content, case.value
        if case.body.form == "form":
            content, expected = self._styled_fields(case, content)
        if case.body.form == "parts":
            sent = wire_reader.multipart(content, said)
            sent, expected = judge_parts.without_styled(sent, self._styles_of(case.body), expected)
            found = judge_parts.read(sent, expected, self._part_types(case.body))
        else:
            found = _body(case.body.form, content)
        if case.body.form in ("form", "parts"):
            expected = {key: one if isinstance(one, list) else [one] for key, one in expected.items() if one != []}
            found = {
                key: [_as_given(text, one) for text, one in zip(texts, expected.get(key, texts), strict=False)]
                for key, texts in found.items()
            }
            expected = {key: [_field(one) for one in ones] for key, ones in expected.items()}
        elif case.body.form == "text":
            expected = spelled(expected)
        if not same(found, expected):
            raise Unread(f"the body reads {one_line(found, limit=300)}, given was {one_line(expected, limit=300)}")

    def _part_types(self, body: Body) -> dict[str, list[str]]:
        """The media types that the document allows each part of a form with files."""
        media = self._values.resolved(self._node["requestBody"])["content"].get(body.media_type) or {}
        said = {name: one.get("contentType") for name, one in (media.get("encoding") or {}).items()}
        return {name: [one.strip() for one in text.split(",")] for name, text in said.items() if text}

    def _styled_fields(self, case: _Case, content: bytes) -> tuple[bytes, dict[str, Any]]:
        """Read the fields of a form that are spelled as in a query; the rest of the form, and of what was given."""
        assert case.body is not None
        pairs = [(key, text) for key, _, text in (pair.partition("=") for pair in content.decode("ascii").split("&"))]
        rest = wire_reader.without_styled(pairs, self._styles_of(case.body), case.value)
        return "&".join(f"{key}={text}" for key, text in pairs).encode("ascii"), rest

    def _styles_of(self, body: Body) -> dict[str, tuple[str, bool]]:
        """The fields of a form that are spelled as in a query: style and explode."""
        media = self._values.resolved(self._node["requestBody"])["content"].get(body.media_type) or {}
        if body.form == "parts" and self._old:
            return {}
        encoded = {name: said for name, said in (media.get("encoding") or {}).items() if said.keys() & _OF_A_QUERY}
        styles = {name: str(said.get("style", "form")) for name, said in encoded.items()}
        return {
            name: (styles[name], bool(said.get("explode", styles[name] == "form"))) for name, said in encoded.items()
        }


def _neighbours(path: str, name: str) -> list[str]:
    """The parameters of the segment of a path in which one stands."""
    segment = next((part for part in path.split("/") if f"{{{name}}}" in part), "")
    return re.findall(r"\{([^}]*)\}", segment)


def _body(form: str, content: bytes) -> Any:
    if form == "json":
        return json.loads(content)
    if form == "form":
        return wire_reader.form(content)
    return content.decode() if form == "text" else content


def _as_given(text: Any, expected: Any) -> Any:
    """A field of a form in the form that its value has."""
    if isinstance(expected, bytes):
        return text
    told = text.decode() if isinstance(text, bytes) else text
    return json.loads(told) if isinstance(expected, dict | list) else told


def _field(value: Any) -> Any:
    return value if isinstance(value, dict | list | bytes) else spelled(value)


def _own_server(holder: Any) -> str | None:
    """The address that an operation or a path item has of its own, with its variables' defaults."""
    servers = holder.get("servers")
    if not servers:
        return None
    url = str(servers[0].get("url") or "")
    for name, variable in (servers[0].get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url


def _is_own(node: Any) -> bool:
    """Whether a header parameter is one that OpenAPI says to ignore."""
    return node.get("in") == "header" and str(node.get("name")).lower() in ("accept", "content-type", "authorization")


def _shown(case: _Case) -> str:
    body = "" if case.body is None else f", {case.body.media_type} {case.value!r}"
    return one_line(f"{ {key[1]: value for key, value in case.parameters.items()} }{body}", limit=200)
