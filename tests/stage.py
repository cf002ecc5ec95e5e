"""What `tests/<service>/seeds.py` gives: a local server and the calls to make against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from imageapis.testing.server import LocalServer


@attrs.frozen
class Stage:
    """A local server with a client on it.

    Attributes:
        server: The server; what it saw is the evidence.
        calls: By the names of the reference pages, what carries an operation out.
    """

    server: LocalServer
    calls: Mapping[str, Callable[[], object]]
