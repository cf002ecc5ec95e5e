"""Prints a package for a document and imports it: what a test holds is what a user would."""

from __future__ import annotations

import importlib
import itertools
import sys
from typing import TYPE_CHECKING, Any

from scripts.pipeline import printing

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

_NUMBERS = itertools.count(1)


class Printed:
    """A generated package of one service, imported under a name of its own."""

    def __init__(self, folder: Path, document: dict[str, Any]) -> None:
        self.name = f"printed_{next(_NUMBERS)}"
        self.folder = folder / self.name
        for path, text in self.sources(document).items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, encoding="utf-8")
        sys.path.insert(0, str(folder))
        try:
            importlib.invalidate_caches()
            self.values: Any = self._module("api.values")
            self.operations: Any = self._module("api.operations")
            self.shared: Any = self._module("_values")
        finally:
            sys.path.remove(str(folder))

    def sources(self, document: dict[str, Any]) -> dict[str, str]:
        """The modules of the package."""
        own = {f"api/{path}": text for path, text in printing.service_sources("api", document).items()}
        return {"__init__.py": "", "api/__init__.py": "", **printing.shared_sources(), **own}

    def endpoint(self, name: str) -> Any:
        """The module of an operation."""
        return self._module(f"api.endpoints.{name}")

    def _module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{self.name}.{name}")


def document(
    schemas: dict[str, Any] | None = None, paths: dict[str, Any] | None = None, **operation: Any
) -> dict[str, Any]:
    """An API document; without `paths` it answers `GET /it` with the first of the schemas and takes it by `PUT /it`."""
    names = list(schemas or {})
    if paths is None:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{names[0]}"} if names else {}}}
        answer = {"200": {"description": "It.", "content": content}}
        paths = {
            "/it": {
                "get": {"operationId": "get_it", "responses": answer, **operation},
                "put": {
                    "operationId": "put_it",
                    "requestBody": {"required": True, "content": content},
                    "responses": {"204": {"description": "Done."}},
                },
            }
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas or {}},
    }


def answering(schemas: dict[str, Any]) -> dict[str, Any]:
    """A document whose one operation answers with the first of the schemas and takes nothing."""
    made = document(schemas)
    del made["paths"]["/it"]["put"]
    return made
