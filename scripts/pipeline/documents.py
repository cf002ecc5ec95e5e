"""Reads and writes API documents: JSON or YAML, from a file or a URL, into plain dictionaries.

YAML is read by its JSON-like core only: no dates, no yes/no booleans, keys are text, a key given twice is refused.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import yaml

from scripts.pipeline.errors import PipelineError, one_line

if TYPE_CHECKING:
    from collections.abc import Hashable

Document = dict[str, Any]

FETCH_TIMEOUT = 30.0  # seconds for each phase of fetching a document


class _Duplicate(Exception):
    """A key that stands twice in one mapping."""


class _CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # libyaml where it exists
    """YAML 1.2's core schema: what JSON can say, and nothing that surprises (`on`, `12:30`, `2024-01-01`)."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 # PyYAML's own shape

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Keys as they are written (`200:` is "200"); twice the same key is an error."""
        self.flatten_mapping(node)
        mapping: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                raise _Duplicate(f"line {key_node.start_mark.line + 1}: a key is not text")
            if key in mapping:
                raise _Duplicate(f"line {key_node.start_mark.line + 1}: {key!r} stands twice in one mapping")
            mapping[key] = self.construct_object(value_node, deep=deep)
        return mapping


def _core_map(loader: _CoreLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    return loader.construct_mapping(node, deep=True)


_CoreLoader.add_constructor("tag:yaml.org,2002:map", _core_map)
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("merge", r"^(?:<<)$", "<"),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _core_int(loader: _CoreLoader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


_CoreLoader.add_constructor("tag:yaml.org,2002:int", _core_int)


def parse(text: str, label: str) -> Document:
    """The mapping that `text` holds, JSON or YAML; `label` names it in messages."""
    try:
        loaded = _json(text, label) if text.lstrip().startswith("{") else _yaml(text)
    except json.JSONDecodeError as broken:
        raise PipelineError(f"{label} is not valid JSON: line {broken.lineno}: {broken.msg}.") from broken
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else "?"
        raise PipelineError(f"{label} is not valid YAML: line {line}: {one_line(broken.problem)}.") from broken
    except (yaml.YAMLError, _Duplicate) as broken:
        raise PipelineError(f"{label} cannot be read: {one_line(broken)}.") from broken
    if not isinstance(loaded, dict):
        raise PipelineError(f"{label} must hold a mapping, not {type(loaded).__name__}.")
    return loaded


def _json(text: str, label: str) -> object:
    """JSON, which is read much faster than YAML; YAML may begin with a brace too, unless its name says JSON."""
    try:
        return json.loads(text, object_pairs_hook=_each_key_once)
    except json.JSONDecodeError:
        if label.endswith(".json"):
            raise
        return _yaml(text)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Duplicate(f"{twice!r} stands twice in one mapping")
    return mapping


def _yaml(text: str) -> object:
    return yaml.load(text, _CoreLoader)  # noqa: S506 - a safe loader, made narrower


def read(path: Path, label: str | None = None) -> Document:
    """The document in a file."""
    label = label or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as broken:
        raise PipelineError(f"{label} is not UTF-8 text: {broken.reason} at byte {broken.start}.") from broken
    except OSError as failure:
        raise PipelineError(f"{label} cannot be read: {failure.strerror or failure}.") from failure
    return parse(text, label)


def is_address(source: str) -> bool:
    """Whether a source is an http(s) URL; anything else is a file."""
    return re.match(r"https?://", source, re.IGNORECASE) is not None


def without_secrets(address: str) -> str:
    """A URL as it may be shown and recorded: without user, password, query and fragment."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def fetch(source: str) -> Document:
    """The document at an http(s) URL or in a file."""
    if not is_address(source):
        return read(Path(source), source)
    shown = without_secrets(source)
    try:
        answer = httpx.get(source, timeout=FETCH_TIMEOUT, follow_redirects=True)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        reason = one_line(failure) or type(failure).__name__
        raise PipelineError(
            f"{shown} could not be fetched: {reason}; check the address or pass a downloaded file."
        ) from failure
    if not answer.is_success:
        raise PipelineError(f"{shown} answered {answer.status_code}: check the address or pass a downloaded file.")
    return parse(answer.text, shown)


def to_json(document: Document) -> str:
    """The document as committed JSON: readable, in the document's own order."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


class _PlainDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes without anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Write a shared value out each time: a reader of an API document should not chase anchors."""
        return True


def to_yaml(document: Document) -> str:
    """The document as committed YAML, in the document's own order."""
    text: str = yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=110)
    return text
