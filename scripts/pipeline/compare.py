"""What changed between two OpenAPI 3 documents, by operation, parameter, body, response and schema property.

A level says what it means for a client of the first document: major, a call or reply that works today may stop
working; minor, something new or looser; patch, a name or text that does not travel. Prose is counted, not listed.
Examples and extensions are not compared: nothing is generated from them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scripts.pipeline import select
from scripts.pipeline.compare_schemas import REPLY, REQUEST, SchemaComparison, canonical
from scripts.pipeline.compare_servers import compare_own_servers, compare_servers
from scripts.pipeline.report import MAJOR, MINOR, PATCH, Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.pipeline.documents import Document

Key = tuple[str, str]


@dataclass(frozen=True)
class _Operation:
    """An operation with its references resolved as far as this comparison looks."""

    method: str
    path: str
    node: dict[str, Any]
    parameters: dict[Key, dict[str, Any]]
    place_names: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


def compare(ours: Document, theirs: Document) -> Report:
    """Everything that changed from `ours` to `theirs`; both are OpenAPI 3, selected by the same rules."""
    report = Report()
    schemas = SchemaComparison(ours, theirs, report)
    before, after = _aligned(ours, theirs)
    for key, operation in before.items():
        if key in after:
            _compare_operation(operation, after[key], schemas)
        else:
            known = " (ours marks it deprecated already)" if operation.node.get("deprecated") else ""
            report.add(MAJOR, str(operation), f"operation removed{known}")
    for key, operation in after.items():
        if key not in before:
            report.add(MINOR, str(operation), "operation added")
    schemas.compare_components()
    compare_servers(ours, theirs, report)
    _compare_logins(_logins(ours, {}), _logins(theirs, {}), "every operation", report)
    _compare_security_schemes(ours, theirs, report)
    return report


def _aligned(ours: Document, theirs: Document) -> tuple[dict[Key, _Operation], dict[Key, _Operation]]:
    """Operations by method and path, under the reading of paths (bare, or behind the base path) that fits better."""
    readings: list[Callable[[Document], str]] = [lambda _: "", select.base_path]
    pairs = [
        (_operations(ours, mine(ours)), _operations(theirs, yours(theirs))) for mine in readings for yours in readings
    ]
    return max(pairs, key=lambda pair: len(pair[0].keys() & pair[1].keys()))


def _operations(document: Document, prefix: str) -> dict[Key, _Operation]:
    found = {}
    for method, path, node in select.operations(document):
        names = re.findall(r"\{([^}]*)\}", path)
        listed = [*document["paths"][path].get("parameters", ()), *node.get("parameters", ())]
        parameters = {}
        for parameter in (resolve(document, entry) for entry in listed):
            place, name = str(parameter.get("in")), str(parameter.get("name"))
            if place == "path":
                key = (place, str(names.index(name)) if name in names else name)
            else:
                key = (place, name.lower() if place == "header" else name)
            parameters[key] = parameter
        shape = re.sub(r"\{[^}]*\}", "{}", prefix + path)
        found[method, shape] = _Operation(method, path, node, parameters, names)
    return found


def resolve(document: Document, node: Any) -> dict[str, Any]:
    """The node that a chain of local references ends at."""
    for _ in range(20):
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
            break
        target: Any = document
        for part in node["$ref"].split("/")[1:]:
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node if isinstance(node, dict) else {}


def _compare_operation(old: _Operation, new: _Operation, schemas: SchemaComparison) -> None:
    report, where = schemas.report, str(old)
    if old.path != new.path:
        report.add(PATCH, where, f"path is now written {new.path}")
    if old.node.get("operationId") != new.node.get("operationId"):
        change = f"operationId {old.node.get('operationId')} is now {new.node.get('operationId')}"
        report.add(PATCH, where, change)
    was, now = bool(old.node.get("deprecated")), bool(new.node.get("deprecated"))
    if was != now:
        report.add(MINOR, where, "is now deprecated" if now else "is no longer deprecated")
    tags = [sorted(node.get("tags", ())) for node in (old.node, new.node)]
    if tags[0] != tags[1]:
        report.add(PATCH, where, f"tags {tags[0]} are now {tags[1]}")
    mine, yours = (
        one.node.get("servers") or document["paths"].get(one.path, {}).get("servers")
        for document, one in ((schemas.ours, old), (schemas.theirs, new))
    )
    compare_own_servers(mine, yours, where, report)
    report.count_prose(where, old.node, new.node)
    if "security" in old.node or "security" in new.node:
        _compare_logins(_logins(schemas.ours, old.node), _logins(schemas.theirs, new.node), where, report)
    _compare_parameters(old, new, schemas)
    _compare_request(old, new, schemas)
    _compare_responses(old, new, schemas)


def _compare_security_schemes(ours: Document, theirs: Document, report: Report) -> None:
    before, after = (document.get("components", {}).get("securitySchemes", {}) for document in (ours, theirs))
    for name, scheme in before.items():
        if name not in after:
            report.add(MAJOR, f"login {name}", "removed")
        elif canonical(_without_scopes(scheme)) != canonical(_without_scopes(after[name])):
            report.add(MAJOR, f"login {name}", "is sent or fetched in another way")
        elif canonical(scheme) != canonical(after[name]):
            report.add(MINOR, f"login {name}", "scopes changed")
    for name in after:
        if name not in before:
            report.add(MINOR, f"login {name}", "added")


def _without_scopes(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return {key: _without_scopes(value) for key, value in node.items() if key != "scopes"}


def _compare_logins(before: list[str], after: list[str], where: str, report: Report) -> None:
    if before != after:
        level = MINOR if "none" in after else MAJOR
        report.add(level, where, f"login {' or '.join(before)} is now {' or '.join(after)}")


def _logins(document: Document, node: dict[str, Any]) -> list[str]:
    """The logins that an operation takes, or ["none"] where it may be called without one."""
    said = node["security"] if "security" in node else document.get("security") or []
    return sorted("+".join(sorted(choice)) or "none" for choice in said) or ["none"]


def _compare_headers(old: dict[str, Any], new: dict[str, Any], where: str, schemas: SchemaComparison) -> None:
    before, after = (
        {name.lower(): resolve(document, header) for name, header in (reply.get("headers") or {}).items()}
        for document, reply in ((schemas.ours, old), (schemas.theirs, new))
    )
    for name, header in before.items():
        if name not in after:
            schemas.report.add(MAJOR, where, f"header {name} removed")
        else:
            schemas.compare(_schema_of(header), _schema_of(after[name]), REPLY, where, f"header {name}")
    for name in after:
        if name not in before:
            schemas.report.add(MINOR, where, f"header {name} added")


_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}


def _trait(place: str, parameter: dict[str, Any], name: str) -> Any:
    """How a parameter is spelled, with the defaults of the specification."""
    style = str(parameter.get("style") or _STYLES.get(place, "simple"))
    if name == "style":
        return style
    if name == "explode":
        kinds = _schema_of(parameter).get("type")
        one = kinds in ("string", "integer", "number", "boolean")  # which cannot be taken apart
        return None if one else bool(parameter.get("explode", style == "form"))
    return sorted(parameter.get("content") or ()) if name == "content" else bool(parameter.get(name, False))


def _schema_of(holder: dict[str, Any]) -> dict[str, Any]:
    content = holder.get("content")
    if isinstance(content, dict) and content:
        holder = next(iter(content.values()))
    found = holder.get("schema", {})
    return found if isinstance(found, dict) else {}


def _compare_parameters(old: _Operation, new: _Operation, schemas: SchemaComparison) -> None:
    report, where = schemas.report, str(old)
    for key, parameter in old.parameters.items():
        label = f"{key[0]} parameter {parameter.get('name')}"
        if key not in new.parameters:
            report.add(MAJOR, where, f"{label} removed")
            continue
        other = new.parameters[key]
        if parameter.get("name") != other.get("name"):
            report.add(PATCH, where, f"{label} is now named {other.get('name')}")
        was, now = bool(parameter.get("required")), bool(other.get("required"))
        if was != now:
            report.add(MAJOR if now else MINOR, where, f"{label} is now {'required' if now else 'optional'}")
        report.count_prose(f"{where} {label}", parameter, other)
        for trait in ("style", "explode", "allowReserved", "content"):
            mine, yours = _trait(key[0], parameter, trait), _trait(key[0], other, trait)
            if mine != yours:
                report.add(MAJOR, where, f"{label}: {trait} {mine} is now {yours}")
        schemas.compare(_schema_of(parameter), _schema_of(other), REQUEST, where, label)
    for key, parameter in new.parameters.items():
        if key not in old.parameters:
            required = bool(parameter.get("required"))
            label = f"{key[0]} parameter {parameter.get('name')}"
            report.add(MAJOR if required else MINOR, where, f"{label} added ({'required' if required else 'optional'})")


def _compare_request(old: _Operation, new: _Operation, schemas: SchemaComparison) -> None:
    report, where = schemas.report, str(old)
    before, after = old.node.get("requestBody"), new.node.get("requestBody")
    if before is None and after is None:
        return
    if before is None or after is None:
        body = resolve(schemas.theirs, after)
        if before is not None:
            report.add(MAJOR, where, "request body removed")
        else:
            report.add(MAJOR if body.get("required") else MINOR, where, "request body added")
        return
    before, after = resolve(schemas.ours, before), resolve(schemas.theirs, after)
    if bool(before.get("required")) != bool(after.get("required")):
        now = bool(after.get("required"))
        report.add(MAJOR if now else MINOR, where, f"request body is now {'required' if now else 'optional'}")
    report.count_prose(f"{where} request body", before, after)
    _compare_content(before, after, REQUEST, where, "request body", schemas)


def _compare_responses(old: _Operation, new: _Operation, schemas: SchemaComparison) -> None:
    report, where = schemas.report, str(old)
    before, after = old.node.get("responses", {}), new.node.get("responses", {})
    for status, entry in before.items():
        if status not in after:
            report.add(MAJOR if status.startswith("2") else MINOR, where, f"response {status} removed")
            continue
        mine, yours = resolve(schemas.ours, entry), resolve(schemas.theirs, after[status])
        report.count_prose(f"{where} response {status}", mine, yours)
        _compare_content(mine, yours, REPLY, where, f"response {status}", schemas)
        _compare_headers(mine, yours, f"{where} response {status}", schemas)
    for status in after:
        if status not in before:
            report.add(MINOR, where, f"response {status} added")


def _compare_content(
    old: dict[str, Any],
    new: dict[str, Any],
    direction: str,
    where: str,
    label: str,
    schemas: SchemaComparison,
) -> None:
    """Media types that came or went, and the schemas of those that stayed."""
    report = schemas.report
    before, after = old.get("content", {}), new.get("content", {})
    if not before and after:
        report.add(MINOR, where, f"{label} now has content ({', '.join(after)})")
        return
    for media_type in before:
        if media_type not in after:
            report.add(MAJOR, where, f"{label}: media type {media_type} removed")
    for media_type in after:
        if media_type not in before:
            report.add(MINOR, where, f"{label}: media type {media_type} added")
    for media_type in before:
        if media_type in after:
            mine, yours = before[media_type].get("schema", {}), after[media_type].get("schema", {})
            schemas.compare(mine, yours, direction, where, label)
            if direction == REQUEST and canonical(before[media_type].get("encoding")) != canonical(
                after[media_type].get("encoding")
            ):
                report.add(MAJOR, where, f"{label}: encoding of {media_type} changed")
