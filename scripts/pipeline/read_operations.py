"""Reads a document's operations: parameters, bodies, answers of success, and the models that these can hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from scripts.pipeline import extensions, naming, references, select
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.ir import (
    Api,
    Operation,
    Parameter,
    Scalar,
    Settings,
)
from scripts.pipeline.model_usage import check_unwrap, mark
from scripts.pipeline.read_contents import Contents
from scripts.pipeline.read_schemas import Schemas

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import Type
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
        mark(operation, schemas.models)
        check_unwrap(operation, schemas.models)
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
        contents = Contents(self._document, self._schemas, self._settings, self._method, node)
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
            bodies=tuple(contents.bodies(body, hint)),
            body_required=body.get("required") is True,
            body_says=str(body.get("description") or ""),
            replies=tuple(contents.replies(hint)),
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


def _default(said: Any, found: Type) -> Any:
    """A default as the annotation has it, or `None` for one that cannot stand in a signature."""
    kind = found.kind if isinstance(found, Scalar) else ""
    if kind == "text" and isinstance(said, (str, int, float)):
        return said if isinstance(said, str) else json.dumps(said)
    right: dict[str, tuple[type, ...]] = {"whole": (int,), "number": (int, float), "flag": (bool,)}
    fits = isinstance(said, right.get(kind, ())) and (kind == "flag") == isinstance(said, bool)
    return said if fits else None
