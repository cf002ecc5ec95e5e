"""One operation, two faces. What that is stands beside the generated operations, which are made of it as well."""

from __future__ import annotations

import inspect
from typing import Any

from imageapis_generated._faces import Blocking, NonBlocking, TwoFaced, operation, run_blocking

__all__ = ["Blocking", "NonBlocking", "TwoFaced", "maybe_await", "operation", "run_blocking"]


async def maybe_await(value: Any) -> Any:
    """Return a value, or what it comes to if it has to be awaited."""
    return await value if inspect.isawaitable(value) else value
