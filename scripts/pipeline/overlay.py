"""A strict applier of OpenAPI Overlay 1.0 documents.

Strict means: an action that matches nothing or changes nothing is an error, every action says why it exists, and a
key that the specification does not know is refused. So a mend dies when the document heals, and a typo never passes.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonpath import JSONPathEnvironment, JSONPathError

from scripts.pipeline.errors import PipelineError, one_line

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document

_ROOT_KEYS = {"overlay", "info", "extends", "actions"}
_ACTION_KEYS = {"target", "description", "update", "remove"}
# An action with this key is for the Swagger 2.0 document, before it is converted; all others are for OpenAPI 3.
BEFORE_CONVERSION = "x-before-conversion"
_JSONPATH = JSONPathEnvironment(strict=True)


@dataclass(frozen=True)
class Action:
    """One mend: what it targets, why, and either what to merge in or that the target goes."""

    number: int
    target: str
    description: str
    update: Any
    remove: bool
    early: bool = False

    def __str__(self) -> str:
        """How messages name it."""
        return f"action {self.number} ({self.target}: {one_line(self.description, limit=100)})"


@dataclass(frozen=True)
class Stale:
    """An action that no longer applies, and why."""

    action: Action
    reason: str


def actions(overlay: Document, label: str) -> list[Action]:
    """The actions of an overlay document; whatever Overlay 1.0 does not know is refused."""
    _refuse_unknown(overlay, _ROOT_KEYS, label)
    if not str(overlay.get("overlay", "")).startswith("1.0."):
        raise PipelineError(f"{label} must say `overlay: 1.0.0`, not {overlay.get('overlay')!r}.")
    info = overlay.get("info")
    if not isinstance(info, dict) or not {"title", "version"} <= info.keys():
        raise PipelineError(f"{label} needs `info` with a title and a version.")
    entries = overlay.get("actions")
    if not isinstance(entries, list):
        raise PipelineError(f"{label} needs `actions`, a list (an empty one mends nothing).")
    return [_action(entry, number, label) for number, entry in enumerate(entries, 1)]


def _action(entry: object, number: int, label: str) -> Action:
    where = f"{label}, action {number}"
    if not isinstance(entry, dict):
        raise PipelineError(f"{where}: an action must be a mapping.")
    _refuse_unknown(entry, _ACTION_KEYS, where)
    target, why = entry.get("target"), entry.get("description")
    if not isinstance(target, str):
        raise PipelineError(f"{where} has no target.")
    if not isinstance(why, str) or not why.strip():
        raise PipelineError(f"{where} ({target}) does not say why: give it a description.")
    remove = entry.get("remove", False)
    if not isinstance(remove, bool):
        raise PipelineError(f"{where} ({target}): remove must be true or false.")
    if remove == ("update" in entry):
        raise PipelineError(f"{where} ({target}) must have either `update` or `remove: true`.")
    early = entry.get(BEFORE_CONVERSION, False)
    if not isinstance(early, bool):
        raise PipelineError(f"{where} ({target}): {BEFORE_CONVERSION} must be true or false.")
    return Action(number, target, why, entry.get("update"), remove, early)


def _refuse_unknown(entry: dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(key for key in entry if key not in known and not key.startswith("x-"))
    if unknown:
        raise PipelineError(
            f"{where} has the unknown key {unknown[0]!r}; known are {', '.join(sorted(known))} and x-…."
        )


def apply(document: Document, overlay: Document, label: str, *, early: bool = False) -> Document:
    """The mended document. Raises `PipelineError` naming the first action that does not apply.

    Args:
        document: What to mend; it is not changed.
        overlay: The mends.
        label: How messages name the overlay.
        early: Apply the actions for a document before its conversion, and not those for after it.
    """
    mended, stale = apply_where_possible(document, overlay, label, early=early)
    if stale:
        more = f" (and {len(stale) - 1} more)" if len(stale) > 1 else ""
        raise PipelineError(
            f"{label}: {stale[0].action} {stale[0].reason}{more}: correct its target, or delete it if the document "
            "no longer needs it."
        )
    return mended


def apply_where_possible(
    document: Document, overlay: Document, label: str, *, early: bool = False
) -> tuple[Document, list[Stale]]:
    """The document mended by the actions that still apply, and those that do not; see `apply`."""
    mended = copy.deepcopy(document)
    stale = []
    for action in actions(overlay, label):
        if action.early != early:
            continue
        reason = _apply_action(mended, action, label)
        if reason:
            stale.append(Stale(action, reason))
    return mended, stale


def _apply_action(document: Document, action: Action, label: str) -> str | None:
    """Change the document in place; the reason when nothing matched or nothing changed."""
    try:
        matches = [(tuple(match.parts), match.obj) for match in _JSONPATH.finditer(action.target, document)]
    except JSONPathError as broken:
        raise PipelineError(
            f"{label}: {action} has a target that is not an RFC 9535 JSONPath: {one_line(broken)}."
        ) from broken
    if not matches:
        return "matches nothing"
    if action.remove:
        _remove(document, [parts for parts, _ in matches], action, label)
        return None
    misfit = next((kind for _, node in matches if (kind := _misfit(node, action.update))), None)
    if misfit:
        return misfit
    changed = [_update(node, action.update) for _, node in matches]
    return None if any(changed) else "changes nothing"


def _remove(document: Document, places: list[tuple[Any, ...]], action: Action, label: str) -> None:
    for parts in sorted(set(places), key=lambda parts: tuple(_backwards(part) for part in parts)):
        if not parts:
            raise PipelineError(f"{label}: {action} would remove the whole document.")
        holder: Any = document
        try:
            for part in parts[:-1]:
                holder = holder[part]
            del holder[parts[-1]]
        except (KeyError, IndexError):
            continue  # went with a parent that the same action removed


def _backwards(part: object) -> tuple[int, int, str]:
    """Later list entries first, so that a removal does not move the others."""
    return (0, -part, "") if isinstance(part, int) else (1, 0, str(part))


def _misfit(node: object, update: object) -> str | None:
    """Why the update cannot go into the node, if it cannot."""
    if isinstance(node, list) or (isinstance(node, dict) and isinstance(update, dict)):
        return None
    if isinstance(node, dict):
        return f"targets an object with an update that is a {type(update).__name__}"
    return f"targets a {type(node).__name__}, not the object or list that holds it"


def _update(node: Any, update: Any) -> bool:
    """Merge into an object or append to a list; whether that changed it."""
    if isinstance(node, list):
        node.append(copy.deepcopy(update))
        return True
    before = copy.deepcopy(node)
    _merge(node, update)
    return node != before or list(node) != list(before)


def _merge(node: dict[str, Any], update: dict[str, Any]) -> None:
    """Objects merge, lists are appended to, anything else is replaced (Overlay 1.0, section 4.4.3)."""
    for key, value in update.items():
        present = node.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            present.extend(copy.deepcopy(value))
        else:
            node[key] = copy.deepcopy(value)
