"""Keeps the wanted operations of a document and what they refer to, and drops the rest.

A rule is a path prefix that ends at a segment ("/images" takes "/images/{id}", not "/imagesets") or one operation
("GET /images/{id}"). Rules match the path alone or with the document's base path in front.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scripts.pipeline.bundle import Bundle, stands_alone
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.structure import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scripts.pipeline.bundle import Loader
    from scripts.pipeline.documents import Document

EVERYTHING = "/"


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


def select(document: Document, rules: Sequence[str], label: str, load: Loader | None = None) -> Document:
    """The document with the operations that a rule names, and what they refer to as its components.

    Args:
        document: The whole document; it is not changed.
        rules: What to take.
        label: How messages name the document.
        load: Reads the other files that it refers to; without one a reference to another file is refused.

    Raises:
        PipelineError: A rule matches nothing, or a reference leads nowhere.
    """
    paths = document.get("paths")
    if not isinstance(paths, dict) and isinstance(document.get("webhooks"), dict):
        raise PipelineError(f"{label} has webhooks only: a service calls those, and there is nothing to call.")
    if not isinstance(paths, dict):
        raise PipelineError(f"{label} has no paths: it is not an API document.")
    for rule in rules:
        _check_rule(rule)
    bundle = Bundle(document, label, load or stands_alone(label))
    paths = bundle.with_path_items()["paths"]
    unmatched = set(rules)
    prefix = base_path(document)
    kept: dict[str, Any] = {}
    for path, item in paths.items():
        if item is None:
            continue  # a path without operations
        if not isinstance(item, dict):
            raise PipelineError(f"{label}: the path {path} must hold a mapping.")
        wanted = _wanted(item, path, prefix, rules, unmatched)
        if wanted:
            kept[path] = wanted
    if unmatched:
        raise PipelineError(f"{label}: the selection {', '.join(sorted(unmatched))} matches no operation.")
    selected = {**document, "paths": kept}
    selected.pop("webhooks", None)
    if "tags" in selected:
        used = {tag for _, _, operation in operations(selected) for tag in operation.get("tags", ())}
        selected["tags"] = [tag for tag in selected["tags"] if isinstance(tag, dict) and tag.get("name") in used]
        if not selected["tags"]:
            del selected["tags"]
    return bundle.bundle(selected)


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
    return {
        key: _called(value) if key in methods else value
        for key, value in item.items()
        if methods and (key in methods or key not in METHODS)
    }


def _called(operation: Any) -> Any:
    """The operation without what a server may call in return."""
    if not isinstance(operation, dict):
        return operation
    return {key: value for key, value in operation.items() if key != "callbacks"}


def _under(path: str, prefix: str) -> bool:
    prefix = prefix.rstrip("/")
    if not prefix:
        return True  # everything, be it a path that should have begun with a slash
    return path == prefix or path.startswith((prefix + "/", prefix + "?"))
