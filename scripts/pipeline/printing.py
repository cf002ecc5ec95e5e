"""Prints what is generated of a service: values, endpoints, operations, and what all services share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pipeline import prose
from scripts.pipeline.client_generator import render
from scripts.pipeline.endpoints_source import endpoints_sources
from scripts.pipeline.operations_source import operations_source
from scripts.pipeline.read_operations import read_api
from scripts.pipeline.values_source import values_source

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import Settings

_RUNTIME = Path(__file__).parent / "runtime"


def service_sources(service: str, document: Document, settings: Settings | None = None) -> dict[str, str]:
    """The modules of a service by their paths in its package, unformatted."""
    api = read_api(service, document, settings)
    return {
        "__init__.py": render("package.py.jinja", title=prose.text(api.title)),
        "values.py": values_source(api),
        "operations.py": operations_source(api),
        **{f"endpoints/{name}": text for name, text in endpoints_sources(api).items()},
    }


def shared_sources() -> dict[str, str]:
    """The modules that all services share."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(_RUNTIME.glob("_[a-z]*.py"))}
