"""Says everything in which a document is not what its version of Swagger or OpenAPI allows, each with its place.

The schemas of the specifications themselves say what is allowed (openapi-spec-validator has them); what they cannot
say (operation ids that are unique, path parameters that fit their path) is in `consistency`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft4Validator, Draft7Validator, Draft202012Validator
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
from openapi_spec_validator.schemas import schema_v2, schema_v30, schema_v31
from referencing import Resource

from scripts.pipeline import holes
from scripts.pipeline.consistency import inconsistencies
from scripts.pipeline.errors import PipelineError, one_line
from scripts.pipeline.holes import Hole
from scripts.pipeline.mending import sound_mends
from scripts.pipeline.structure import at, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.documents import Document
    from scripts.pipeline.structure import Place

# Words of JSON Schema that OpenAPI 3.0 does not have, that its authors use, and that are read all the same.
_READ_ANYWAY: tuple[str, ...] = (
    "patternProperties",
    "prefixItems",
    "examples",
    "$defs",
    "$comment",
    "$id",
    "$schema",
    "if",
    "then",
)
_READ_ANYWAY += ("else", "contains", "propertyNames", "contentMediaType", "contentEncoding", "dependentSchemas")


def _telling(node: Any) -> Any:
    """The specification's schema of 3.0 with each choice between a thing and a reference to it made by `$ref`.

    A choice by `oneOf` stops at its first fault; this way every fault is told, each at its own place.
    """
    if isinstance(node, list):
        return [_telling(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    if node.get("exclusiveMinimum") is True:  # as draft 4 says it
        node = {**{key: value for key, value in node.items() if key != "minimum"}, "exclusiveMinimum": node["minimum"]}
    told = {key: _telling(value) for key, value in node.items()}
    reference = {"$ref": "#/definitions/Reference"}
    options = node.get("oneOf")
    if isinstance(options, list) and len(options) == 2 and reference in options:
        [thing] = [option for option in options if option != reference]
        del told["oneOf"]
        told |= {"if": {"type": "object", "required": ["$ref"]}, "then": reference, "else": thing}
    return told


def _schema_of_3_0() -> Draft7Validator:
    told = _telling(dict(schema_v30))
    told["definitions"]["Schema"]["properties"] |= {key: {} for key in _READ_ANYWAY}
    return Draft7Validator({key: value for key, value in told.items() if key not in ("$schema", "id")})


# The schemas of 3.1 refer to anchors, which are looked for anew in each object unless they are known beforehand.
_OF_3_1: Resource[Any] = Resource.from_contents(dict(schema_v31))
_REGISTRY = REGISTRY.with_resource(schema_v31["$id"], _OF_3_1).crawl()

_SCHEMAS = {
    "2.0": Draft4Validator(dict(schema_v2)),
    "3.0": _schema_of_3_0(),
    "3.1": Draft202012Validator(dict(schema_v31), registry=_REGISTRY),
}
_DIALECT = Draft202012Validator(Draft202012Validator.META_SCHEMA, registry=_REGISTRY)


def version(document: Document, label: str) -> str:
    """Which of 2.0, 3.0 and 3.1 the document says it is; anything else is refused."""
    if "swagger" in document:
        said = document["swagger"]
        if str(said) == "2.0":
            return "2.0"
    else:
        said = document.get("openapi")
        family = ".".join(str(said).split(".")[:2])
        if family in ("3.0", "3.1"):
            return family
    raise PipelineError(f"{label} says it is version {said!r}; the pipeline reads Swagger 2.0 and OpenAPI 3.0 and 3.1.")


def validate(document: Document, label: str) -> None:
    """Raise `PipelineError` with everything that its version does not allow, each with its place and a way out."""
    holes.refuse(problems(document, label), f"{label} is not valid")


def problems(document: Document, label: str) -> list[Hole]:
    """Everything that the document's version does not allow, each place once."""
    said = version(document, label)
    found = [_hole(document, (), problem) for problem in _SCHEMAS[said].iter_errors(document) if not _is_file(problem)]
    if said == "3.1":  # whose own schema leaves schemas to their dialect
        found += [
            _hole(document, place, problem)
            for place, schema in _schemas(document)
            for problem in _DIALECT.iter_errors(schema)
        ]
    return _most_telling([*found, *inconsistencies(document)])


def _most_telling(found: list[Hole]) -> list[Hole]:
    """Each fault once: of several that were found at one place not those that only say that something is wrong."""
    told = {(hole.place, hole.problem): hole for hole in found}
    places = [hole.place for hole in told.values()]
    vague = ("no form that", "is not of type")
    return [
        hole
        for hole in told.values()
        if places.count(hole.place) == 1 or not any(word in hole.problem for word in vague)
    ] or list(told.values())


def _schemas(document: Document) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Each schema that does not stand inside another, with its place."""
    inside: Place | None = None
    for place, kind, node in walk("document", document):
        if kind == "schema" and (inside is None or place[: len(inside)] != inside):
            inside = place
            yield place, node


def _is_file(problem: Any) -> bool:
    """Swagger 2.0 has a type `file` for replies, which a second look at schemas does not know."""
    return problem.instance == "file" and list(problem.absolute_path)[-1:] == ["type"]


def _hole(document: Document, above: Place, problem: Any) -> Hole:
    deepest = _deepest(problem)
    place = (*above, *deepest.absolute_path)
    said = one_line(deepest.message, limit=200)
    if deepest.validator in ("oneOf", "anyOf", "not"):
        said = "has a value of no form that is allowed here"
    if not place:
        top = f"(the document's top level): {said}"
        mends = sound_mends(document, place, deepest)
        return Hole((), top, mends, proposal=[] if mends else [_at_the_top(document, deepest, said)])
    mends = sound_mends(document, place, deepest)
    return Hole(
        place,
        f"is not allowed: {said}",
        mends,
        proposal=[] if mends else [holes.propose(place, said, at(document, place))],
    )


def _at_the_top(document: Document, problem: Any, said: str) -> dict[str, Any]:
    if problem.validator == "required" and "info" not in document:
        about = {"title": "TODO", "version": "unknown"}
        return holes.mend((), "TODO: the document does not say what it is of; give it a title", update={"info": about})
    return holes.propose((), said, document)


def _deepest(problem: Any) -> Any:
    """The most telling cause: under `oneOf` that of the branch which fits best, and which is not a reference's."""
    while getattr(problem, "context", None):
        branches: dict[Any, list[Any]] = {}
        for inner in problem.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        meant = [branch for branch in branches.values() if not any(_asks_for_reference(inner) for inner in branch)]
        if not meant:
            return problem
        depth = len(problem.absolute_path)
        best = max(meant, key=lambda branch: _fit(branch, depth))
        problem = max(best, key=lambda inner: (len(inner.absolute_path), inner.validator in ("required", "enum")))
        if problem.validator == "enum" and len(meant) > 1 and not _fit(best, depth)[0]:
            allowed = [
                value
                for branch in meant
                for inner in branch
                if inner.validator == "enum"
                for value in inner.validator_value
            ]
            problem.message = f"{problem.instance!r} is not one of {allowed}"
            return problem
    return problem


def _asks_for_reference(problem: Any) -> bool:
    return problem.validator == "required" and str(problem.message).startswith("'$ref' is")


def _fit(branch: list[Any], depth: int) -> tuple[bool, int, int]:
    """How well a branch fits: first whether the word that chooses it is there, then how far it got."""
    chosen = not any(inner.validator == "enum" and len(inner.absolute_path) == depth + 1 for inner in branch)
    return chosen, max(len(inner.absolute_path) for inner in branch), -len(branch)
