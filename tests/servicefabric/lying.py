"""A local gateway that answers some operations with what a test says instead of the truth."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.testing.servicefabric.records import Blob
    from imageapis.testing.servicefabric.routes import Call

    #: Status and JSON.
    Reply = tuple[int, Any]
    #: Gets the call and a function that carries it out in truth.
    Lie = Callable[[Call, Callable[[], Reply]], Reply]


class LyingServer(ServiceFabricServer):
    """A gateway with lies.

    Attributes:
        lies: What answers an operation, by its id in the service's document.
    """

    def __init__(self, **options: Any) -> None:
        self.lies: dict[str, Lie] = {}
        super().__init__(**options)

    def _carry_out(self, call: Call, content: bytes) -> Reply:
        return self._tell(call, partial(super()._carry_out, call, content))

    def _put(self, call: Call, bounds: tuple[int, int, int], body: Blob) -> Reply:
        return self._tell(call, partial(super()._put, call, bounds, body))

    def _tell(self, call: Call, truth: Callable[[], Reply]) -> Reply:
        lie = self.lies.get(call.operation)
        return truth() if lie is None else lie(call, truth)
