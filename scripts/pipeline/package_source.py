"""Writes the package of a new service: what is imported from it."""

from __future__ import annotations

from scripts.pipeline.client_source import class_name, prose


def package_source(service: str, title: str) -> str:
    """`overlays/imageapis/<service>/__init__.py`."""
    name = class_name(service)
    return f'''"""{prose(title, limit=45)}: a blocking and an async client over one set of operations.

Its values are in `imageapis_generated.{service}.values`.
"""

from imageapis.{service} import auth
from imageapis.{service}.client import Async{name}, {name}

__all__ = [{", ".join(repr(entry) for entry in sorted([f"Async{name}", name, "auth"]))}]
'''
