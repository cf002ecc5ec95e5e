"""Keeps the wanted operations of a document and what they refer to, and drops the rest.

A rule is a path prefix that ends at a segment ("/images" takes "/images/{id}", not "/imagesets") or one operation
("GET /images/{id}"). Rules match the path alone or with the document's base path in front.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scripts.pipeline.documents import Document

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
EVERYTHING = "/"

# The parts of a document that hold only what others refer to.
_SWAGGER_STORES = ("definitions", "parameters", "responses")
_UNREFERENCED = ("securitySchemes",)  # named by `security`, not by $ref: kept whole


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation of a document as (method, path, operation)."""
    for path, item in document.get("paths", {}).items():
        if isinstance(item, dict):
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    yield method, path, item[method]


def base_path(document: Document) -> str:
    """What stands before each path: Swagger 2.0's basePath, or the first server's path without its variables."""
    if "swagger" in document:
        prefix = document.get("basePath", "")
    else:
        servers = document.get("servers") or [{}]
        url = str(servers[0].get("url", "")) if isinstance(servers[0], dict) else ""
        prefix = "" if "{" in url else urlsplit(url).path
    return str(prefix).rstrip("/")


def select(document: Document, rules: Sequence[str], label: str) -> Document:
    """The document with the operations that a rule names and the components that they refer to.

    Raises `PipelineError` when a rule matches nothing, a reference leads nowhere, or one leaves the document.
    """
    paths = document.get("paths")
    if not isinstance(paths, dict):
        raise PipelineError(f"{label} has no paths: it is not an API document.")
    for rule in rules:
        _check_rule(rule)
    unmatched = set(rules)
    prefix = base_path(document)
    kept: dict[str, Any] = {}
    for path, item in paths.items():
        if not isinstance(item, dict):
            raise PipelineError(f"{label}: the path {path} must hold a mapping.")
        wanted = _wanted(item, path, prefix, rules, unmatched)
        if wanted:
            kept[path] = wanted
    if unmatched:
        raise PipelineError(f"{label}: the selection {', '.join(sorted(unmatched))} matches no operation.")
    selected = _without_outside_extensions({**document, "paths": kept})
    selected.pop("webhooks", None)
    if "tags" in selected:
        used = {tag for _, _, operation in operations(selected) for tag in operation.get("tags", ())}
        selected["tags"] = [tag for tag in selected["tags"] if isinstance(tag, dict) and tag.get("name") in used]
        if not selected["tags"]:
            del selected["tags"]
    return _without_unreferenced(selected, label)


def _without_outside_extensions(node: Any) -> Any:
    """The node without extensions (x-…) that refer to other files, as Azure's documents do for examples."""
    if isinstance(node, list):
        return [_without_outside_extensions(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_outside_extensions(value)
        for key, value in node.items()
        if not (str(key).startswith("x-") and _leads_outside(value))
    }


def _leads_outside(node: object) -> bool:
    if isinstance(node, list):
        return any(_leads_outside(entry) for entry in node)
    if not isinstance(node, dict):
        return False
    reference = node.get("$ref")
    outside = isinstance(reference, str) and not reference.startswith("#/")
    return outside or any(_leads_outside(value) for value in node.values())


def _check_rule(rule: str) -> None:
    method, _, path = rule.rpartition(" ")
    if not path.startswith("/") or (method and method.lower() not in METHODS):
        raise PipelineError(
            f"The selection {rule!r} is neither a path prefix (/images) nor an operation (GET /images)."
        )


def _wanted(item: dict[str, Any], path: str, prefix: str, rules: Sequence[str], unmatched: set[str]) -> dict[str, Any]:
    """The path item with only its selected methods; empty when none is."""
    methods: set[str] = set()
    for rule in rules:
        method, _, wanted = rule.rpartition(" ")
        if method:
            taken = {method.lower()} & item.keys() if wanted in (path, prefix + path) else set()
        else:
            taken = set(METHODS) & item.keys() if _under(path, wanted) or _under(prefix + path, wanted) else set()
        if taken:
            unmatched.discard(rule)
        methods |= taken
    return {key: value for key, value in item.items() if key in methods or key not in METHODS} if methods else {}


def _under(path: str, prefix: str) -> bool:
    prefix = prefix.rstrip("/")
    return path == prefix or path.startswith(prefix + "/")


def _without_unreferenced(document: Document, label: str) -> Document:
    stores: list[tuple[str, ...]] = [(name,) for name in _SWAGGER_STORES] if "swagger" in document else []
    if "openapi" in document:
        stores = [("components", name) for name in document.get("components", {}) if name not in _UNREFERENCED]
    live = _reachable(document, {store[0] for store in stores}, label)
    trimmed = dict(document)
    for store in stores:
        holder = trimmed if len(store) == 1 else trimmed["components"]
        entries = holder.get(store[-1])
        if not isinstance(entries, dict):
            continue
        remaining = {name: entry for name, entry in entries.items() if (*store, name) in live}
        changed = {key: value for key, value in holder.items() if key != store[-1] or remaining}
        if remaining:
            changed[store[-1]] = remaining
        if len(store) == 1:
            trimmed = changed
        else:
            trimmed["components"] = changed
    if "openapi" in document and trimmed.get("components") == {}:
        del trimmed["components"]
    return trimmed


def _reachable(document: Document, stores: set[str], label: str) -> set[tuple[str, ...]]:
    """The (store, name) of every component that the rest of the document leads to."""
    depth = 3 if "openapi" in document else 2
    live: set[tuple[str, ...]] = set()
    waiting: list[Any] = [value for key, value in document.items() if key not in stores]
    while waiting:
        for pointer in _references(waiting.pop(), label):
            parts = tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
            target: Any = document
            for part in parts:
                if not isinstance(target, dict) or part not in target:
                    raise PipelineError(f"{label} refers to {pointer}, which it does not have.")
                target = target[part]
            component = parts[:depth]
            if component not in live:
                live.add(component)
                waiting.append(target)
                if len(parts) > depth:  # a reference into a component keeps the whole of it
                    whole: Any = document
                    for part in component:
                        whole = whole[part]
                    waiting.append(whole)
    return live


def _references(node: object, label: str) -> Iterator[str]:
    """Each local pointer ("#/...") below a node; one to another document is refused."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, list):
            stack.extend(current)
        elif isinstance(current, dict):
            reference = current.get("$ref")
            if isinstance(reference, str):
                if not reference.startswith("#/"):
                    raise PipelineError(f"{label} refers to {reference}: a document must stand alone, bundle it first.")
                yield reference
            mapping = current.get("discriminator")
            if isinstance(mapping, dict) and isinstance(mapping.get("mapping"), dict):
                yield from (value for value in mapping["mapping"].values() if str(value).startswith("#/"))
            stack.extend(current.values())
