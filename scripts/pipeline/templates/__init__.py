"""The templates of generated modules; they print what Python code made ready, and decide nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python is printed, not HTML; `prose` and `repr` make texts safe
    )


def render(template: str, /, **given: Any) -> str:
    """What a template makes of what it is given."""
    return _environment().get_template(template).render(**given)
