"""A place of a document that must be mended before anything is generated: what is wrong there, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scripts.pipeline import documents
from scripts.pipeline.errors import PipelineError, one_line
from scripts.pipeline.json_paths import jsonpath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.pipeline.structure import Place


@dataclass(frozen=True)
class Hole:
    """A place to mend.

    Attributes:
        place: The keys that lead there.
        problem: What is wrong, to be read after the place.
        mends: Overlay actions, when there is only one sound answer; `add_service` applies them.
        proposal: Overlay actions to paste and complete, when a person must decide.
    """

    place: Place
    problem: str
    mends: list[dict[str, Any]] = field(default_factory=list)
    proposal: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        """As messages show it."""
        return f"{jsonpath(self.place)} {self.problem}"

    def way_out(self) -> str:
        """The overlay actions to paste under `actions:`, as YAML; empty when there is nothing to paste."""
        actions = self.mends or self.proposal
        return documents.to_yaml(actions) if actions else ""


def mend(place: Place, why: str, **change: Any) -> dict[str, Any]:
    """An overlay action on one place: `update=...` or `remove=True`."""
    return {"target": jsonpath(place), "description": why, **change}


def propose(place: Place, problem: str, node: Any) -> dict[str, Any]:
    """An overlay action for a person to complete, on the object at a place or on the one that holds the value there."""
    why = f"TODO: {one_line(problem, limit=80)}; say what the service means, and why"
    if isinstance(node, dict):
        return mend(place, why, update={"TODO": None})
    if place and isinstance(place[-1], str):
        return mend(place[:-1], why, update={place[-1]: "TODO"})
    return mend(place, why, remove=True)


def refuse(holes: Sequence[Hole], label: str) -> None:
    """Raise `PipelineError` with every hole, each with the overlay action to paste, unless there is none."""
    if not holes:
        return
    if len(holes) == 1 and not holes[0].way_out():
        raise PipelineError(f"{label}: {holes[0]}.")
    head = f"{label}: {len(holes)} {'place needs' if len(holes) == 1 else 'places need'} a mend in overlay.yaml:"
    raise PipelineError("\n".join([head, *listed(holes)]))


def listed(holes: Sequence[Hole]) -> list[str]:
    """A line for each place, and under it the actions to paste."""
    lines: list[str] = []
    told: set[str] = set()
    for hole in holes:
        lines.append(f"- {hole}.")
        if hole.way_out() not in told:  # one action may mend several places
            told.add(hole.way_out())
            lines += [f"    {line}" for line in hole.way_out().splitlines()]
    return lines
