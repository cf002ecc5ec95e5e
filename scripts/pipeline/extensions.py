"""The `x-imageapis-` keys: what an overlay can say of Python that OpenAPI has no word for.

`x-imageapis-name`
    of a property, parameter, schema or operation: the field, argument, class or method in Python.
`x-imageapis-never`
    of a schema of a time: how a text begins that means never, and is read as `None`.
`x-imageapis-unwrap`
    of an operation: the field of the answer that the method returns in its place.
`x-imageapis-by-hand`
    of an operation: why the generated class has no method of it.
`x-imageapis-withheld`
    of an operation or schema: parameters or fields that do not reach the user, each with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.pipeline import naming
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.json_paths import jsonpath
from scripts.pipeline.structure import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.json_paths import Place

PREFIX = "x-imageapis-"
NAME, NEVER, UNWRAP, BY_HAND, WITHHELD = (
    f"{PREFIX}{key}" for key in ("name", "never", "unwrap", "by-hand", "withheld")
)
_KNOWN = (NAME, NEVER, UNWRAP, BY_HAND, WITHHELD)


def check(document: dict[str, Any], label: str) -> None:
    """Raise `PipelineError` for a key that is unknown, out of place or of the wrong kind."""
    for place, holder, key in _uses((), document):
        problem = _problem(place, holder, key)
        if problem:
            raise PipelineError(f"{label}: {jsonpath((*place, key))} {problem}.")


def _uses(place: Place, node: Any) -> Iterator[tuple[Place, dict[str, Any], str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(key, str) and key.startswith(PREFIX):
                yield place, node, key
            else:
                yield from _uses((*place, key), value)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _uses((*place, index), value)


def _problem(place: Place, holder: dict[str, Any], key: str) -> str | None:
    value = holder[key]
    operation = len(place) == 3 and place[0] == "paths" and place[2] in METHODS
    if key not in _KNOWN:
        return f"is no key of ours: there are {', '.join(_KNOWN)}"
    if key == WITHHELD:
        reasons = isinstance(value, dict) and all(isinstance(why, str) and why for why in value.values())
        return None if reasons else "must give a reason for each name"
    if not isinstance(value, str) or not value:
        return "must be a text"
    if key == NAME and not naming.is_name(value):
        return f"is {value!r}, which cannot be a public name in Python"
    if key in (UNWRAP, BY_HAND) and not operation:
        return "belongs to an operation"
    if key == NEVER and holder.get("format") != "date-time":
        return "belongs to the schema of a time (format: date-time)"
    return None
