"""The list of changes between two documents, each with its level, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAJOR, MINOR, PATCH = "major", "minor", "patch"
LEVELS = (MAJOR, MINOR, PATCH)
_PROSE = ("summary", "description", "title")


@dataclass
class Report:
    """Changes by where they are; the same change found in two ways is listed once, at its graver level."""

    changes: dict[tuple[str, str], str] = field(default_factory=dict)
    prose: set[tuple[str, str]] = field(default_factory=set)

    def add(self, level: str, where: str, what: str) -> None:
        """Record a change."""
        known = self.changes.get((where, what), PATCH)
        self.changes[where, what] = min(level, known, key=LEVELS.index)

    def count_prose(self, place: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Count the texts that differ between two nodes; a place that is reached twice counts once."""
        self.prose |= {(place, key) for key in _PROSE if _text(old.get(key)) != _text(new.get(key))}

    def count(self, level: str) -> int:
        """How many changes have that level; all differing texts together are one patch."""
        listed = sum(1 for found in self.changes.values() if found == level)
        return listed + (1 if level == PATCH and self.prose else 0)

    @property
    def verdict(self) -> str:
        """The gravest level, or "none"."""
        return next((level for level in LEVELS if self.count(level)), "none")

    def lines(self) -> Iterator[str]:
        """The printed form: places in the documents' order, graver changes first."""
        places = dict.fromkeys(where for where, _ in self.changes)
        for place in places:
            yield place
            here = [(level, what) for (where, what), level in self.changes.items() if where == place]
            for level, what in sorted(here, key=lambda change: LEVELS.index(change[0])):
                yield f"  {level}  {what}"
        if self.prose:
            yield f"patch  {len(self.prose)} texts read differently (summaries, descriptions, titles)"
        counts = ", ".join(f"{self.count(level)} {level}" for level in LEVELS)
        yield f"Verdict: {self.verdict} ({counts})"


def _text(value: object) -> str:
    return " ".join(str(value or "").split())
