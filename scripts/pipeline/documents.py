"""Reads and writes API documents: JSON or YAML, from a file or a URL, into plain dictionaries.

YAML is read by its JSON-like core only: no dates, no yes/no booleans, keys are text, a key given twice is refused.
A document that would take unbounded time or memory is refused: one too long, too deep, or grown by its own anchors.
"""

from __future__ import annotations

import codecs
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import httpx
import yaml

from scripts.pipeline.errors import PipelineError, one_line

if TYPE_CHECKING:
    from collections.abc import Hashable

    from scripts.pipeline.bundle import Loader

Document = dict[str, Any]

MOST_BYTES = 64 * 2**20  # the longest published documents have some ten megabytes
MOST_VALUES = 5_000_000  # with every anchor written out
# How a text that is not UTF-8 begins, the longer marks first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
DEEPEST = 100  # mappings and lists in one another; published documents stay below 40
MOST_FILES = 2_000
FETCH_TIMEOUT = 30.0  # seconds for each phase of fetching a document


class _Unreadable(Exception):
    """Something that YAML or JSON allows and an API document may not have."""


_MERGE = "tag:yaml.org,2002:merge"


class _CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # libyaml where it exists
    """YAML 1.2's core schema: what JSON can say, and nothing that surprises (`on`, `12:30`, `2024-01-01`)."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 # PyYAML's own shape

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Keys as they are written (`200:` is "200"); twice the same key is an error.

        Merged mappings (`<<`) are read as they stand: what is said here wins over them, and earlier ones over later.
        """
        mapping: dict[Hashable, Any] = {}
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged += value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]
                continue
            key = key_node.value
            if not isinstance(key, str):
                raise _Unreadable(f"line {key_node.start_mark.line + 1}: a key is not text")
            if key in mapping:
                raise _Unreadable(f"line {key_node.start_mark.line + 1}: {key!r} stands twice in one mapping")
            mapping[key] = self.construct_object(value_node, deep=deep)
        for inner in merged:
            given = self.construct_object(inner, deep=True)
            if not isinstance(given, dict):
                raise _Unreadable(f"line {inner.start_mark.line + 1}: << can merge mappings only")
            for key, value in given.items():
                mapping.setdefault(key, value)
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
    except RecursionError:
        raise _too_deep(label) from None
    except (yaml.YAMLError, _Unreadable, ValueError) as broken:
        raise PipelineError(f"{label} cannot be read: {one_line(broken)}.") from broken
    if not isinstance(loaded, dict):
        raise PipelineError(f"{label} must hold a mapping, not {type(loaded).__name__}.")
    _refuse_excess(loaded, label)
    if _SURROGATE.search(text) and not _can_be_written(loaded):
        raise PipelineError(f"{label} has half a character (an escape from \\ud800 to \\udfff alone): write it whole.")
    return loaded


def _can_be_written(document: Document) -> bool:
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _too_deep(label: str) -> PipelineError:
    return PipelineError(f"{label} is nested more than {DEEPEST} levels deep: no API needs that; flatten it.")


def _refuse_excess(root: Document, label: str) -> None:
    """Raise `PipelineError` for a document that is too deep, or too large with its anchors written out.

    A value that several anchors share is visited once: the time is that of reading the text. None holds itself: the
    loader refuses that.
    """
    sizes: dict[int, int] = {}
    depths: dict[int, int] = {}
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, left = stack.pop()
        inner = [value for value in (node.values() if isinstance(node, dict) else node) if _holds(value)]
        if left:
            sizes[id(node)] = 1 + len(node) + sum(sizes[id(value)] for value in inner)
            depths[id(node)] = 1 + max((depths[id(value)] for value in inner), default=0)
            if depths[id(node)] > DEEPEST:
                raise _too_deep(label)
            if sizes[id(node)] > MOST_VALUES:
                raise PipelineError(
                    f"{label} would have more than {MOST_VALUES} values with its anchors written out: shorten it."
                )
        elif id(node) not in sizes:
            stack.append((node, True))
            stack += [(value, False) for value in inner]


def _holds(value: object) -> bool:
    return isinstance(value, dict | list)


def _json(text: str, label: str) -> object:
    """JSON, which is read much faster than YAML; YAML may begin with a brace too, unless its name says JSON."""
    try:
        return json.loads(text, object_pairs_hook=_each_key_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        if label.endswith(".json"):
            raise
        return _yaml(text)


def _refuse_constant(name: str) -> object:
    raise _Unreadable(f"{name} is no number of JSON")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise _Unreadable(f"{twice!r} stands twice in one mapping")
    return mapping


def _yaml(text: str) -> object:
    return yaml.load(text, _CoreLoader)  # noqa: S506 - a safe loader, made narrower


def read(path: Path, label: str | None = None) -> Document:
    """The document in a file."""
    label = label or path.name
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _too_long(label)
        content = path.read_bytes()
    except OSError as failure:
        raise PipelineError(f"{label} cannot be read: {failure.strerror or failure}.") from failure
    return parse(_text(content, label), label)


def neighbours(source: str) -> Loader:
    """Reads the files that the document at `source` refers to, each once; `bundle` asks for them."""
    read_already: dict[str, Document] = {}

    def load(base: str, reference: str) -> tuple[str, Document]:
        base = base or source
        if is_address(base) or is_address(reference):
            place = urljoin(base, reference)
            if not is_address(place):
                raise PipelineError(f"{without_secrets(base)} refers to {reference}, which is not an http(s) address.")
        else:
            place = os.path.normpath(Path(base).parent / unquote(reference))
        if place in (source, os.path.normpath(source)):
            return "", {}  # the document itself, by its name
        if place not in read_already:
            if len(read_already) == MOST_FILES:
                raise PipelineError(f"{source} is spread over more than {MOST_FILES} files: bundle it into one.")
            read_already[place] = fetch(place)
        return place, read_already[place]

    return load


def _too_long(label: str) -> PipelineError:
    return PipelineError(f"{label} is longer than {MOST_BYTES // 2**20} MiB: cut it to the part that you need.")


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
        with httpx.stream("GET", source, timeout=FETCH_TIMEOUT, follow_redirects=True) as answer:
            content = bytearray()
            for block in answer.iter_bytes():
                content += block
                if len(content) > MOST_BYTES:
                    raise _too_long(shown)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        reason = one_line(failure) or type(failure).__name__
        raise PipelineError(
            f"{shown} could not be fetched: {reason}; check the address or pass a downloaded file."
        ) from failure
    if not answer.is_success:
        raise PipelineError(f"{shown} answered {answer.status_code}: check the address or pass a downloaded file.")
    return parse(_text(bytes(content), shown), shown)


def _text(content: bytes, label: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as broken:
        where = f"{broken.reason} at byte {broken.start}"
        raise PipelineError(f"{label} is not {encoding.upper()} text: {where}; save it as UTF-8.") from broken


def to_json(document: Document) -> str:
    """The document as committed JSON: readable, in the document's own order."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


class _PlainDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes without anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Write a shared value out each time: a reader of an API document should not chase anchors."""
        return True


def to_yaml(document: Document | list[Any]) -> str:
    """The document, or a list of its parts, as committed YAML in its own order."""
    text: str = yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=110)
    return text
