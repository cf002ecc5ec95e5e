"""Reads a document's operations: parameters, bodies, answers of success, and the models that these can hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from scripts.pipeline import extensions, naming, references, select
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.ir import (
    Api,
    Array,
    Body,
    Map,
    Model,
    Named,
    Operation,
    Parameter,
    Reply,
    Scalar,
    Settings,
    Union,
    Use,
)
from scripts.pipeline.read_schemas import Schemas

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import BodyForm, Type
    from scripts.pipeline.references import Node

_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
# Headers that HTTP, the login and the body decide.
_OWN_HEADERS = {"accept", "content-type", "authorization"}


def read_api(service: str, document: Document, settings: Settings | None = None) -> Api:
    """All of a document that is printed.

    Args:
        service: its name.
        document: what OpenAPI 3 says of it.
        settings: what `generator.yaml` says.

    Raises:
        PipelineError: something in it cannot be called from Python as it stands.
    """
    extensions.check(document, f"specs/{service}/openapi.json")
    settings = settings or Settings()
    schemas = Schemas(document, settings.class_names)
    found = list(select.operations(document))
    ids = [str(node.get("operationId") or f"{method} {path}") for method, path, node in found]
    names = naming.distinct(naming.method_name(said) for said in ids)
    methods = _method_names([node for _, _, node in found], names)
    operations = [
        _Reader(document, schemas, settings, method, path, node).read(name, method_name)
        for (method, path, node), name, method_name in zip(found, names, methods, strict=True)
    ]
    schemas.name_tags()
    for operation in operations:
        _mark(operation, schemas.models)
        _check_unwrap(operation, schemas.models)
    used = {name: model for name, model in sorted(schemas.models.items()) if model.sends or model.answers}
    info = document.get("info", {})
    return Api(service, str(info.get("title") or service), used, tuple(operations), tuple(schemas.choices))


def _method_names(nodes: list[Node], names: list[str]) -> list[str]:
    """The method of each operation; several operations may be one that is written by hand."""
    said = [str(node.get(extensions.NAME) or name) for node, name in zip(nodes, names, strict=True)]
    by_hand = [name for node, name in zip(nodes, said, strict=True) if extensions.BY_HAND in node]
    plain = [name for node, name in zip(nodes, said, strict=True) if extensions.BY_HAND not in node]
    reserved = list(dict.fromkeys(by_hand))
    generated = iter(naming.distinct([*reserved, *plain])[len(reserved) :])
    return [name if extensions.BY_HAND in node else next(generated) for node, name in zip(nodes, said, strict=True)]


class _Reader:
    """One operation of a document."""

    def __init__(
        self, document: Document, schemas: Schemas, settings: Settings, method: str, path: str, node: Node
    ) -> None:
        self._document = document
        self._schemas = schemas
        self._settings = settings
        self._method = method
        self._path = path
        self._node = node

    def read(self, name: str, method_name: str) -> Operation:
        node, hint = self._node, naming.pascal(name)
        body = references.resolved(self._document, node.get("requestBody") or {})
        summary = str(node.get("summary") or "")
        says = str(node.get("description") or "")
        return Operation(
            name=name,
            method_name=method_name,
            method=self._method.upper(),
            path=self._path,
            summary=summary or says.strip().partition("\n")[0].partition(". ")[0] or name.replace("_", " "),
            says="" if says.strip().rstrip(".") == summary.strip().rstrip(".") else says,
            parameters=self._parameters(hint),
            bodies=tuple(self._bodies(body, hint)),
            body_required=body.get("required") is True,
            body_says=str(body.get("description") or ""),
            replies=tuple(self._replies(hint)),
            server=self._server(),
            deprecated=node.get("deprecated") is True,
            unwrap=node.get(extensions.UNWRAP),
            by_hand=node.get(extensions.BY_HAND),
            withheld=frozenset(node.get(extensions.WITHHELD) or ()),
        )

    def _server(self) -> str | None:
        item = references.resolved(self._document, self._document["paths"][self._path])
        for holder in (self._node, item):
            for server in holder.get("servers") or ():
                url = str(server.get("url") or "")
                for variable, said in (server.get("variables") or {}).items():
                    url = url.replace(f"{{{variable}}}", str(said.get("default", "")))
                return url
        return None

    # -- parameters -----------------------------------------------------------------------------------------------

    def _parameters(self, hint: str) -> tuple[Parameter, ...]:
        item = references.resolved(self._document, self._document["paths"][self._path])
        listed = [*(item.get("parameters") or ()), *(self._node.get("parameters") or ())]
        nodes: dict[tuple[str, str], Node] = {}
        for entry in listed:
            node = references.resolved(self._document, entry)
            if node.get("in") == "header" and str(node.get("name")).lower() in _OWN_HEADERS:
                continue
            nodes[str(node.get("in")), str(node.get("name"))] = node
        names = naming.distinct(
            node.get(extensions.NAME) or naming.parameter_name(str(node["name"])) for node in nodes.values()
        )
        found = tuple(self._parameter(node, name, hint) for node, name in zip(nodes.values(), names, strict=True))
        for parameter in found:
            if parameter.place == "path" and f"{{{parameter.json}}}" not in self._path:
                raise PipelineError(f"{self._which()} declares the path parameter {parameter.json}, which it has not.")
        return found

    def _parameter(self, node: Node, name: str, hint: str) -> Parameter:
        place, content = str(node["in"]), node.get("content")
        schema = node.get("schema", {})
        if isinstance(content, dict) and content:
            schema = next(iter(content.values())).get("schema", {})
        style = str(node.get("style") or _STYLES[place])
        use = self._schemas.use(schema, f"{hint}{naming.pascal(str(node['name']))}")
        required = node.get("required") is True or place == "path"
        default = references.flat(self._document, schema).get("default") if isinstance(schema, dict) else None
        return Parameter(
            json=str(node["name"]),
            name=name,
            place=cast("Any", place),
            use=use,
            required=required,
            style=style,
            explode=bool(node.get("explode", style in ("form", "deepObject"))),
            reserved=node.get("allowReserved") is True,
            as_json=isinstance(content, dict) and "json" in next(iter(content), ""),
            default=_default(default, use.type) if required and place != "path" else None,
            says=str(node.get("description") or ""),
        )

    def _which(self) -> str:
        return f"{self._method.upper()} {self._path}"

    # -- bodies and answers ---------------------------------------------------------------------------------------

    def _bodies(self, body: Node, hint: str) -> list[Body]:
        found: list[Body] = []
        for said, media in (body.get("content") or {}).items():
            kind = self._kind(said)
            schema = media.get("schema", {}) if isinstance(media, dict) else {}
            use = self._schemas.use(schema, f"{hint}Body")
            form = _body_form(kind, use)
            if form in ("json", "form", "parts") and "*" in said:
                said = "application/json"
            styles = _styles(media) if form == "form" else ()
            types = _part_types(media) if form == "parts" else ()
            found.append(Body(said, form, use if form != "bytes" else Use(Scalar("bytes")), styles, types))
        found.sort(key=lambda one: (one.form != "json", one.media_type != "application/json"))
        # Several spellings of JSON for one schema are one body.
        kept: list[Body] = []
        for one in found:
            if not any(other.form == one.form == "json" and other.use == one.use for other in kept):
                kept.append(one)
        return kept

    def _replies(self, hint: str) -> list[Reply]:
        said = {
            str(status).upper(): references.resolved(self._document, reply)
            for status, reply in (self._node.get("responses") or {}).items()
            if not str(status).startswith("x-")
        }
        good = {status: reply for status, reply in said.items() if status.startswith("2") and len(status) == 3}
        if not good and "DEFAULT" in said:
            good = {"2XX": said["DEFAULT"]}
        if not good:
            # Any answer of success says no more than that: the document has errors, redirects or upgrades only.
            return [Reply(200, 299)]
        exact = sorted(good, key=lambda status: (status.endswith("XX"), status))
        return [one for status in exact for one in self._reply(status, good[status], hint)]

    def _kind(self, media_type: str) -> str:
        """What a media type is read and written as, without its parameters."""
        bare = media_type.partition(";")[0].strip()
        return self._settings.media_types.get(media_type, self._settings.media_types.get(bare, bare)).lower()

    def _reply(self, status: str, reply: Node, hint: str) -> list[Reply]:
        low, high = (200, 299) if status.endswith("XX") else (int(status), int(status))
        says = str(reply.get("description") or "")
        content = reply.get("content") or {}
        if not content or self._method == "head":
            return [Reply(low, high, says=says)]
        made = []
        for media_type, media in content.items():
            kind = self._kind(media_type)
            schema = media.get("schema") if isinstance(media, dict) else None
            use = self._schemas.use(schema or {}, f"{hint}Answer")
            form = _reply_form(kind, use)
            if form != "json":
                use = Use(Scalar("text" if form == "text" else "bytes"))
            bare = media_type.partition(";")[0].strip()
            made.append(Reply(low, high, bare, cast("Any", form), use, says, offers=len(content) > 1))
        # JSON is asked for where there is a choice.
        best = [one for one in made if one.form == "json"] or made
        return best[:1]


def _styles(media: Node) -> tuple[tuple[str, str, bool], ...]:
    """The fields of a form whose encoding says a style: those are spelled as in a query, all others as in any form."""
    made = []
    for name, said in (media.get("encoding") or {}).items():
        if isinstance(said, dict) and ("style" in said or "explode" in said):
            style = str(said.get("style") or "form")
            made.append((str(name), style, bool(said.get("explode", style in ("form", "deepObject")))))
    return tuple(made)


def _part_types(media: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The parts of a form with files whose encoding says which media types they may have."""
    return tuple(
        (str(name), tuple(one.strip() for one in said["contentType"].split(",") if one.strip()))
        for name, said in (media.get("encoding") or {}).items()
        if isinstance(said, dict) and isinstance(said.get("contentType"), str)
    )


def _default(said: Any, found: Type) -> Any:
    """A default as the annotation has it, or `None` for one that cannot stand in a signature."""
    kind = found.kind if isinstance(found, Scalar) else ""
    if kind == "text" and isinstance(said, (str, int, float)):
        return said if isinstance(said, str) else json.dumps(said)
    right: dict[str, tuple[type, ...]] = {"whole": (int,), "number": (int, float), "flag": (bool,)}
    fits = isinstance(said, right.get(kind, ())) and (kind == "flag") == isinstance(said, bool)
    return said if fits else None


def _is_json(kind: str) -> bool:
    return kind.endswith(("/json", "+json", "/*", "*+json")) or kind == "application/x-json"


def _is_bytes(use: Use) -> bool:
    return isinstance(use.type, Scalar) and use.type.kind in ("bytes", "base64")


def _body_form(kind: str, use: Use) -> BodyForm:
    if kind == "multipart/form-data":
        return "parts"
    if kind == "application/x-www-form-urlencoded":
        return "form"
    if _is_json(kind) and not _is_bytes(use):
        return "json"
    return "text" if kind.startswith("text/") and not _is_bytes(use) else "bytes"


def _reply_form(kind: str, use: Use) -> str:
    if _is_json(kind) and not _is_bytes(use):
        return "json"
    return "text" if kind.startswith("text/") and not _is_bytes(use) else "bytes"


# -- which models travel which way -----------------------------------------------------------------------------------


def _mark(operation: Operation, models: dict[str, Model]) -> None:
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


def _check_unwrap(operation: Operation, models: dict[str, Model]) -> None:
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
