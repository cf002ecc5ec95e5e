"""What the specifications ask of a document beyond the form of each part: names that are unique and lead somewhere.

Parameters of values that have no spelling are in `unserializable`, schemas without an end in `infinite_schemas`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.pipeline import structure
from scripts.pipeline.holes import Hole, mend
from scripts.pipeline.infinite_schemas import infinite_schemas
from scripts.pipeline.structure import at, walk
from scripts.pipeline.unserializable import unserializable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.structure import Place


def inconsistencies(document: Document) -> Iterator[Hole]:
    """Every operation id, path parameter and reference that does not fit, and what has no spelling or no end."""
    yield from _operation_ids(document)
    yield from _path_parameters(document)
    yield from _bodies(document)
    yield from _two_choices(document)
    yield from _dangling(document)
    yield from unserializable(document)
    yield from infinite_schemas(document)


def _operation_ids(document: Document) -> Iterator[Hole]:
    seen: dict[str, Place] = {}
    for place, kind, node in walk("document", document):
        said = node.get("operationId")
        if kind != "operation" or not isinstance(said, str):
            continue
        if said in seen:
            words = re.findall(r"[A-Za-z0-9]+", f"{place[-1]} {place[1]}")
            own = "".join(word[0].upper() + word[1:] for word in words)
            why = f"The operationId {said} is that of {seen[said][-1].upper()} {seen[said][1]} already."
            yield Hole(
                place, f"has the operationId {said!r} of another", [mend(place, why, update={"operationId": own})]
            )
        else:
            seen[said] = place


def _path_parameters(document: Document) -> Iterator[Hole]:
    for path, item in document.get("paths", {}).items():
        in_path = set(re.findall(r"\{([^}]*)\}", path))
        for method in structure.METHODS:
            operation = item.get(method) if isinstance(item, dict) else None
            if not isinstance(operation, dict):
                continue
            place = ("paths", path, method)
            listed = [((*place, "parameters", index), entry) for index, entry in enumerate(_listed(operation))]
            shared = [(("paths", path, "parameters", index), entry) for index, entry in enumerate(_listed(item))]
            declared = set()
            for where, entry in [*shared, *listed]:
                parameter = _resolved(document, entry)
                if parameter.get("in") != "path":
                    continue
                declared.add(parameter.get("name"))
                if parameter.get("name") not in in_path:
                    why = f"The path has no {{{parameter.get('name')}}}, so that the value would go nowhere."
                    yield Hole(
                        where,
                        f"is the path parameter {parameter.get('name')!r}, which {path} does not have",
                        [mend(where, why, remove=True)],
                    )
            for name in sorted(in_path - declared):
                schema = {"type": "string"}
                value = schema if "swagger" in document else {"schema": schema}
                parameter = {"name": name, "in": "path", "required": True, **value}
                why = f"The path has {{{name}}} and the document does not say what that is."
                yield Hole(
                    place,
                    f"does not declare the path parameter {name!r}",
                    [mend(place, why, update={"parameters": [parameter]})],
                )


def _bodies(document: Document) -> Iterator[Hole]:
    """Every body of Swagger 2.0 beside another one or beside fields of a form: only one of them would be sent."""
    for place, kind, node in walk("document", document):
        if kind != "operation" or "swagger" not in document:
            continue
        above = place[:-1]
        entries = [((*above, "parameters", i), one) for i, one in enumerate(_listed(at(document, above)))]
        entries += [((*place, "parameters", i), one) for i, one in enumerate(_listed(node))]
        places: dict[str, list[Place]] = {"body": [], "formData": []}
        for where, entry in entries:
            places.get(str(_resolved(document, entry).get("in")), []).append(where)
        for where in places["body"][0 if places["formData"] else 1 :]:
            other = "the fields of a form" if places["formData"] else "another body"
            why = f"TODO: a request has one body, and there is {other} too; say which it is, and remove what it is not"
            yield Hole(where, f"is a body beside {other}", proposal=[mend(where, why, remove=True)])


def _listed(holder: dict[str, Any]) -> list[Any]:
    found = holder.get("parameters")
    return found if isinstance(found, list) else []


def _two_choices(document: Document) -> Iterator[Hole]:
    """Every schema that is one of several kinds and one of several others at once: only one choice is read."""
    for place, kind, node in walk("document", document):
        choices = [node.get("oneOf"), node.get("anyOf")] if kind == "schema" else [None]
        if all(isinstance(one, list) and any(_describes(part) for part in one) for one in choices):
            why = "TODO: of oneOf and anyOf beside each other one is read; put what anyOf says into the kinds of oneOf"
            removed = mend((*place, "anyOf"), why, remove=True)
            yield Hole(place, "has oneOf and anyOf beside each other, of which only one is read", proposal=[removed])


def _describes(part: Any) -> bool:
    """Whether a member of a choice says what a value holds, more than what it must hold."""
    return isinstance(part, dict) and not part.keys() <= {"required", "not", "title", "description", "type"}


def _dangling(document: Document) -> Iterator[Hole]:
    for place, _, node in walk("document", document):
        reference = node.get("$ref")
        if isinstance(reference, str) and not _leads(document, reference):
            problem = f"refers to {reference}, which the document does not have"
            yield Hole(place, problem, proposal=[_supply(document, reference)])


def _leads(document: Document, reference: str) -> bool:
    """Whether something is there, be it a schema that says nothing."""
    parts = reference.split("/")[1:]
    return at(document, tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)) is not None


def _supply(document: Document, reference: str) -> dict[str, Any]:
    """An action that gives a reference something to lead to: a value of any kind, until a person knows better."""
    keys = [part.replace("~1", "/").replace("~0", "~") for part in reference.split("/")[1:]]
    why = f"TODO: nothing is at {reference}; say what it is, or leave it at any value"
    there = max(count for count in range(len(keys)) if isinstance(at(document, tuple(keys[:count])), dict))
    value: dict[str, Any] = {}
    for key in reversed(keys[there:]):
        value = {key: value}
    return mend(tuple(keys[:there]), why, update=value)


def _resolved(document: Document, node: Any) -> dict[str, Any]:
    for _ in range(20):
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
            break
        parts = node["$ref"].split("/")[1:]
        node = at(document, tuple(part.replace("~1", "/").replace("~0", "~") for part in parts))
    return node if isinstance(node, dict) else {}
