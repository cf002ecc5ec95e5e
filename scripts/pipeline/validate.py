"""Says whether a document is what its version of Swagger or OpenAPI allows, before and after conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from scripts.pipeline.errors import PipelineError, one_line

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document

_VALIDATORS = {
    "2.0": OpenAPIV2SpecValidator,
    "3.0": OpenAPIV30SpecValidator,
    "3.1": OpenAPIV31SpecValidator,
}


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
    """Raise `PipelineError` with the place and nature of the first thing that its version does not allow."""
    validator = _VALIDATORS[version(document, label)](document)
    try:
        problem = next((found for found in validator.iter_errors() if not _is_file(found)), None)
    except Exception as failure:  # a validator's own crash is a refusal too
        raise PipelineError(f"{label} cannot be validated: {type(failure).__name__}: {one_line(failure)}.") from failure
    if problem is None:
        return
    deepest = _deepest(problem)
    place = "/".join(str(part) for part in deepest.absolute_path) or "the top level"
    raise PipelineError(f"{label} is not valid at {place}: {one_line(deepest.message, limit=200)}.")


def _is_file(problem: Any) -> bool:
    """Swagger 2.0 has a type `file` for replies, which the validator's second look at schemas does not know.

    Its first look, by Swagger's own schema, refuses the type anywhere else.
    """
    return problem.instance == "file" and list(problem.absolute_path)[-1:] == ["type"]


def _deepest(problem: Any) -> Any:
    """The most telling cause: under `oneOf` the branch that got furthest into the document."""
    while getattr(problem, "context", None):
        best = max(problem.context, key=lambda inner: len(inner.absolute_path))
        if len(best.absolute_path) <= len(problem.absolute_path):
            return problem
        problem = best
    return problem
