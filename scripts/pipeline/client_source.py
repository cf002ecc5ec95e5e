"""Prints the client of a new service: its generated operations on two faces, to be written over where need be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.pipeline import operations_source
from scripts.pipeline.errors import one_line

if TYPE_CHECKING:
    from scripts.pipeline.ir import Api


def class_name(service: str) -> str:
    """The blocking client's class name."""
    return "".join(word.capitalize() for word in service.split("_"))


def client_source(api: Api) -> str:
    """`overlays/imageapis/<service>/client.py`."""
    name, generated, title = (
        class_name(api.service),
        operations_source.class_name(api.service),
        prose(api.title, limit=45),
    )
    return f'''"""The client for {title}: its generated operations on two faces.

An operation that needs more than one call is written over the generated one, under the same name.
"""

from __future__ import annotations

from imageapis.core.client import AsyncClient, BlockingClient
from imageapis.core.error_bodies import read_error
from imageapis.core.operations import Operations
from imageapis.core.service import Service
from imageapis_generated.{api.service}.operations import {generated}


class _Operations({generated}, Operations):
    """Every operation, before it has a face."""

    _service = Service({name!r}, read_error=read_error)


class {name}(BlockingClient, _Operations):
    """{title}; see `imageapis.core.client.BlockingClient` for the arguments."""


class Async{name}(AsyncClient, _Operations):
    """{title} for asyncio and trio; see `{name}`."""
'''


def prose(text: object, *, limit: int = 80) -> str:
    """A document's text made safe to stand in a docstring: one line, without what could end or escape it."""
    return one_line(text, limit=limit).replace("\\", "/").replace('"', "'") or "It has no name"
