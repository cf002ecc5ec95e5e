"""Small API documents and the scratch projects that tests make of them. Nothing here is a service of ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scripts.pipeline.project import Project

if TYPE_CHECKING:
    from pathlib import Path

Document = dict[str, Any]

OVERLAY = {
    "overlay": "1.0.0",
    "info": {"title": "Mends", "version": "1"},
    "actions": [
        {
            "target": "$.components.schemas.Pet.properties",
            "description": "The server sends an age that the document does not have.",
            "update": {"age": {"type": "integer"}},
        }
    ],
}


def pets() -> Document:
    """An OpenAPI 3.0 document without holes: two operations under /pets, one under /owners."""
    pet = {"$ref": "#/components/schemas/Pet"}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1.0"},
        "tags": [{"name": "Pets"}, {"name": "Owners"}],
        "paths": {
            "/pets": {
                "get": {
                    "tags": ["Pets"],
                    "operationId": "ListPets",
                    "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                    "responses": {"200": _json({"type": "array", "items": pet})},
                },
                "post": {
                    "tags": ["Pets"],
                    "operationId": "AddPet",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": pet}}},
                    "responses": {"201": _json(pet)},
                },
            },
            "/owners/{id}": {
                "get": {
                    "tags": ["Owners"],
                    "operationId": "GetOwner",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                    "responses": {"200": _json({"$ref": "#/components/schemas/Owner"})},
                }
            },
        },
        "components": {
            "schemas": {
                "Pet": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": {"type": "string"}, "kind": {"$ref": "#/components/schemas/Kind"}},
                },
                "Kind": {"type": "string"},
                "Owner": {"type": "object", "properties": {"phone": {"type": "string"}}},
            }
        },
    }


def swagger_pets() -> Document:
    """A Swagger 2.0 document without holes: one operation with a body."""
    return {
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1.0"},
        "basePath": "/v1",
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {
            "/pets": {
                "put": {
                    "tags": ["Pets"],
                    "operationId": "PutPet",
                    "parameters": [
                        {"name": "pet", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Pet"}}
                    ],
                    "responses": {"200": {"description": "Stored", "schema": {"$ref": "#/definitions/Pet"}}},
                }
            }
        },
        "definitions": {"Pet": {"type": "object", "properties": {"name": {"type": "string"}}}},
    }


def _json(schema: Document) -> Document:
    return {"description": "Fine", "content": {"application/json": {"schema": schema}}}


def write_service(project: Project, name: str, document: Document, overlay: Document | None = None) -> None:
    """Make specs/<name>/ with a document, an overlay (an empty one if none is given) and no settings."""
    folder = project.specs / name
    folder.mkdir(parents=True)
    if "swagger" in document:
        (folder / "swagger.json").write_text(json.dumps(document))
    else:
        (folder / "openapi.yaml").write_text(json.dumps(document))  # JSON is YAML
    (folder / "overlay.yaml").write_text(json.dumps(overlay or {**OVERLAY, "actions": []}))
    (folder / "generator.yaml").write_text("# The defaults.\n")


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder: to say that nothing changed."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def pets_project(root: Path) -> Project:
    """A scratch project, not yet generated, whose one service is `pets` with an overlay of one action."""
    project = Project(root)
    write_service(project, "pets", pets(), OVERLAY)
    return project
