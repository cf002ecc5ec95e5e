"""Makes a part of a document stand alone: what it refers to, in the document or in other files, becomes a component.

References to components of the document stay as they are. Any other (into a list, a path, another file) becomes a
reference to a component made for it, so that every later step knows one form of reference only.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urlsplit

from scripts.pipeline import structure
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.local_references import from_the_top
from scripts.pipeline.structure import at

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.pipeline.documents import Document

    Loader = Callable[[str, str], tuple[str, Any]]  # (the file that refers, the reference's file) -> (name, content)

_LONGEST_CHAIN = 50


def stands_alone(label: str) -> Loader:
    """A loader for documents that must not refer to other files."""

    def refuse(_base: str, reference: str) -> tuple[str, Any]:
        raise PipelineError(f"{label} refers to {reference}: a document must stand alone, bundle it first.")

    return refuse


@dataclass
class Bundle:
    """One document, with the other files that it refers to as they are met.

    Attributes:
        document: The document, which is not changed.
        label: How messages name it.
        load: Reads another file.
    """

    document: Document
    label: str
    load: Loader
    _files: dict[str, Any] = field(default_factory=dict)
    _names: dict[tuple[str, tuple[str, ...], str], tuple[str, ...]] = field(default_factory=dict)
    _made: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _waiting: list[tuple[tuple[str, ...], str, Any, str]] = field(default_factory=list)
    _homes: dict[str, str] = field(default_factory=dict)  # path -> the file that its path item came from

    def __post_init__(self) -> None:
        """Take the document for the file named ""."""
        self.document = from_the_top(self.document)
        self._files[""] = self.document
        self._stores = structure.STORES["swagger" if "swagger" in self.document else "openapi"]

    def with_path_items(self) -> Document:
        """The document with each path item that stands behind a reference written out in its place."""
        paths = {}
        for path, item in self.document["paths"].items():
            if isinstance(item, dict) and isinstance(item.get("$ref"), str):
                beside = {key: value for key, value in item.items() if key != "$ref"}
                self._homes[path], found = self._follow("", item)
                paths[path] = {**found, **beside} if isinstance(found, dict) else found
            else:
                paths[path] = item
        return {**self.document, "paths": paths}

    def bundle(self, part: Document) -> Document:
        """The part with all that it refers to as components, and with no other components.

        Args:
            part: The document of `with_path_items`, with some of its paths left out.
        """
        roots = {self._stores[kind][0] for kind in self._stores}
        trimmed = {key: value for key, value in part.items() if key not in roots}
        logins = part.get("components", {}).get("securitySchemes", {}) if "components" in roots else {}
        written = self._walk("document", {**trimmed, "paths": {}}, "")
        for path, item in trimmed["paths"].items():
            written["paths"][path] = self._walk("path", item, self._homes.get(path, ""))
        while self._waiting:
            place, kind, target, file = self._waiting.pop()
            self._made[place] = self._walk(kind, target, file)
        for store, entry in sorted(self._made.items(), key=lambda made: self._order(made[0])):
            holder = written
            for key in store[:-1]:
                holder = holder.setdefault(key, {})
            holder[store[-1]] = entry
        if logins:
            found = {name: self._follow("", login)[1] for name, login in logins.items()}
            written.setdefault("components", {})["securitySchemes"] = found
        return self._in_order(written, part)

    def _walk(self, kind: str, node: Any, home: str) -> Any:
        """A copy of an object of a kind that stands in the file `home`, with its references as they shall be."""
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str) and kind not in ("document", "components"):
            beside = {key: value for key, value in node.items() if key != "$ref"}
            beside = self._walk(kind, beside, home) if kind == "schema" and beside else beside
            return {**node, **beside, "$ref": self._pointer(self._component(kind, node["$ref"], home))}
        written = self._extensions(node, home)
        for keys, part, entry in structure.inner(kind, node):
            holder = written
            for key in keys[:-1]:
                holder = holder[key]
            holder[keys[-1]] = self._walk(part, entry, home)
        if kind == "schema" and isinstance(node.get("discriminator"), dict):
            written["discriminator"] = self._discriminator(node["discriminator"], home)
        return written

    def _extensions(self, node: dict[str, Any], home: str) -> dict[str, Any]:
        """The object with its containers copied, and without extensions that refer to what is not in the document."""
        written = {}
        for key, value in node.items():
            if str(key).startswith("x-"):
                references = list(_references(value))
                if all(self._keep(reference, home) for reference in references):
                    written[key] = copy.deepcopy(value)
            else:
                written[key] = value.copy() if isinstance(value, dict | list) else value
        return written

    def _keep(self, reference: str, home: str) -> bool:
        """Keep the component that an extension refers to; whether it is one of the document."""
        parts = _parts(reference.removeprefix("#")) if reference.startswith("#/") and not home else ()
        kind = next((kind for kind, store in self._stores.items() if parts[:-1] == store), None)
        if kind is None:
            return False
        self._component(kind, reference, home)
        return True

    def _component(self, kind: str, reference: str, home: str) -> tuple[str, ...]:
        """Where the component is that shall stand for a reference; it is made when it is first asked for."""
        file, parts = self._resolve(home, reference)
        known = (file, parts, kind)
        if known not in self._names:
            store = self._stores.get(kind)
            if not file and parts[:-1] == store and at(self._files[""], parts) is None:
                return parts  # it leads nowhere: an overlay may mend that, and `consistency` looks afterwards
            target = self._target(file, parts, reference)
            if store is None:
                raise PipelineError(f"{self.label} refers to {reference} for a {kind}, which Swagger 2.0 cannot share.")
            own = not file and parts[:-1] == store
            place = parts if own else (*store, self._free_name(store, file, parts))
            self._names[known] = place
            self._made[place] = None
            self._waiting.append((place, kind, target, file))
        return self._names[known]

    def _free_name(self, store: tuple[str, ...], file: str, parts: tuple[str, ...]) -> str:
        """A name for a new component: the last word that leads to it, made unlike those that are there."""
        stem = PurePosixPath(urlsplit(file).path).stem
        words = [re.sub(r"[^A-Za-z0-9]+", "_", word).strip("_") for word in (stem, *parts)]
        words = [word for word in words if word and not word.isdigit()] or ["Part"]
        present: Any = self.document
        for key in store:
            present = present.get(key, {}) if isinstance(present, dict) else {}
        choices = ["_".join(words[-length:]) for length in range(1, len(words) + 1)]
        choices += [f"{choices[-1]}_{number}" for number in range(2, len(self._made) + 3)]
        return next(name for name in choices if name not in present and (*store, name) not in self._made)

    def _follow(self, home: str, node: Any) -> tuple[str, Any]:
        """The file and the object that a chain of references ends at."""
        for _ in range(_LONGEST_CHAIN):
            if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
                return home, node
            reference = node["$ref"]
            home, parts = self._resolve(home, reference)
            node = self._target(home, parts, reference)
        raise PipelineError(f"{self.label} has references that lead in a circle: {node['$ref']} is one of them.")

    def _resolve(self, home: str, reference: str) -> tuple[str, tuple[str, ...]]:
        """The file and the keys that a reference leads to."""
        address, pointer = urldefrag(reference)
        file = home
        if address:
            file, content = self.load(home, address)
            if file not in self._files:
                self._files[file] = from_the_top(content) if isinstance(content, dict) else content
        if pointer and not pointer.startswith("/"):
            return file, self._anchor(file, pointer, reference)
        return file, _parts(pointer)

    def _anchor(self, file: str, name: str, reference: str) -> tuple[str, ...]:
        """The keys that lead to the schema with an `$anchor`."""
        stack: list[tuple[tuple[str, ...], Any]] = [((), self._files[file])]
        while stack:
            keys, node = stack.pop()
            if isinstance(node, dict) and name in (node.get("$anchor"), node.get("$dynamicAnchor")):
                return keys
            entries = list(enumerate(node)) if isinstance(node, list) else []
            entries = list(node.items()) if isinstance(node, dict) else entries
            stack += [((*keys, str(key)), value) for key, value in entries]
        raise PipelineError(f"{self.label} refers to {reference}, which it does not have.")

    def _target(self, file: str, parts: tuple[str, ...], reference: str) -> Any:
        node = self._files[file]
        for part in parts:
            try:
                node = node[int(part)] if isinstance(node, list) else node[part]
            except (KeyError, IndexError, ValueError, TypeError):
                raise PipelineError(f"{self.label} refers to {reference}, which it does not have.") from None
        return node

    def _discriminator(self, said: dict[str, Any], home: str) -> dict[str, Any]:
        """A discriminator whose mapping leads to components; bare names are names of components already."""
        mapping = said.get("mapping")
        if not isinstance(mapping, dict):
            return said
        return {**said, "mapping": {word: self._mapped(target, home) for word, target in mapping.items()}}

    def _mapped(self, target: str, home: str) -> str:
        """What a word of a discriminator leads to: the bare name of a component, or a reference."""
        schemas: Any = self._files[home]
        for key in self._stores["schema"]:
            schemas = schemas.get(key, {}) if isinstance(schemas, dict) else {}
        if target in schemas:
            place = self._component("schema", self._pointer((*self._stores["schema"], target)), home)
            return target if place[-1] == target else self._pointer(place)
        try:
            return self._pointer(self._component("schema", target, home))
        except PipelineError as lost:
            # Tools that put all files into one forget the words of discriminators.
            name = PurePosixPath(urlsplit(target).path).stem
            if name not in schemas or target.startswith("#"):
                why = f"a discriminator leads to {target}, which is none of the document's schemas"
                raise PipelineError(f"{lost} In {self.label} {why}: map it to one of them.") from lost
            return self._mapped(name, home)

    def _order(self, place: tuple[str, ...]) -> tuple[int, int]:
        """Components in the document's order, those made anew after them."""
        holder: Any = self.document
        numbers = []
        for key in place:
            keys = list(holder) if isinstance(holder, dict) else []
            numbers.append(keys.index(key) if key in keys else len(keys))
            holder = holder.get(key) if isinstance(holder, dict) else None
        return numbers[-2] if len(numbers) > 1 else 0, numbers[-1]

    def _in_order(self, written: Document, part: Document) -> Document:
        """The top level, and that of components, in the document's order."""
        keys = [*(key for key in part if key in written), *(key for key in written if key not in part)]
        ordered = {key: written[key] for key in keys}
        if "components" in ordered and isinstance(part.get("components"), dict):
            ours = part["components"]
            inner = ordered["components"]
            ordered["components"] = {
                key: inner[key]
                for key in [*(key for key in ours if key in inner), *(key for key in inner if key not in ours)]
            }
        return ordered

    @staticmethod
    def _pointer(place: tuple[str, ...]) -> str:
        return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in place)


def _parts(pointer: str) -> tuple[str, ...]:
    return tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _references(node: object) -> list[str]:
    """Every `$ref` below a node of unknown shape."""
    if isinstance(node, list):
        return [reference for entry in node for reference in _references(entry)]
    if not isinstance(node, dict):
        return []
    found = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return found + [reference for value in node.values() for reference in _references(value)]
