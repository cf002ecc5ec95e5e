"""The way out where generated code of some operations is not what it should be: to go on without these operations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.pipeline import documents
from scripts.pipeline.holes import mend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.pipeline.ir import Api, Operation


def way_out(api: Api, found: Sequence[str]) -> list[str]:
    """What to paste into the overlay, or where else the fault is.

    Args:
        api: The service.
        found: All that the checks said, a line each: the judge names an operation by its method and path, mypy and
            ruff by its module, the smoke tests by its method in Python.
    """
    named = [operation for operation in api.operations if any(_names(line, operation) for line in found)]
    overlay = f"specs/{api.service}/overlay.yaml"
    if not named or len(named) == len(api.operations):
        where = "values_source.py prints values.py, operations_source.py prints operations.py"
        return [
            f"It is of no single operation: nothing in {overlay} mends it, the fault is in scripts/pipeline ({where})."
        ]
    why = "TODO: what is generated of it is not what the document says; mend its schemas, or leave it out"
    actions: list[dict[str, Any]] = [
        mend(("paths", operation.path, operation.method.lower()), why, remove=True) for operation in named
    ]
    head = f"To go on without what that is about, paste under `actions:` of {overlay}:"
    return [head, *(f"    {line}" for line in documents.to_yaml(actions).splitlines())]


def _names(line: str, operation: Operation) -> bool:
    words = (
        rf"^judge [^:]*: {operation.method} {re.escape(operation.path)}: ",
        rf"/endpoints/{re.escape(operation.name)}\.py\b",
        rf"test_smoke\.py::\w+\[(?:\w+-)?{re.escape(operation.method_name)}(?:-\w+)?\]",
    )
    return any(re.search(word, line) for word in words)
