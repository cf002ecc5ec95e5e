"""Swagger 2.0 to OpenAPI 3.0, by swagger2openapi; a document that is OpenAPI 3 already passes unchanged."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from scripts.pipeline import node
from scripts.pipeline.errors import PipelineError, one_line

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document

CONVERT_TIMEOUT = 60  # seconds; 0.3 s is usual for a megabyte


def convert(document: Document, label: str) -> Document:
    """The OpenAPI 3 form of a validated document."""
    if "swagger" not in document:
        return document
    modules = node.modules()
    program, _ = node.commands()
    try:
        done = subprocess.run(
            [*program, str(node.SOURCES / "convert.js"), str(modules)],
            input=json.dumps(document),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=CONVERT_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise PipelineError(f"{label} could not be converted to OpenAPI 3: {one_line(failure)}.") from failure
    if done.returncode:
        raise PipelineError(f"{label} could not be converted to OpenAPI 3: {one_line(done.stderr)}.")
    converted: Document = json.loads(done.stdout)
    return converted
