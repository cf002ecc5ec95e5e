"""Run by `nox -s build`: says where the packages are imported from, and fails if that is the checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import imageapis
import imageapis_generated


def main() -> int:
    """Return 0 if both packages come from the environment."""
    checkout = Path(__file__).parents[1].resolve()
    environment = Path(sys.prefix).resolve()
    for package in (imageapis, imageapis_generated):
        place = Path(str(package.__file__)).resolve()
        if not place.is_relative_to(environment) and place.is_relative_to(checkout):
            print(f"{package.__name__} is imported from the checkout, not from the wheel", file=sys.stderr)
            return 1
        if not (place.parent / "py.typed").exists() and package is imageapis:
            print(f"{package.__name__} lacks py.typed", file=sys.stderr)
            return 1
    print("the packages of the wheel are under test")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
