"""Faults by name, for every local server: what goes wrong, in which operation, at its how-manieth call.

`Faults` is the list of those to come; `disturb` carries out the ones that a service's own server knows nothing of,
because they happen on the wire.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, get_args

import anyio
import attrs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imageapis.testing.asgi import Receive, Scope, Send

Kind = TypeVar("Kind", bound=str)

WireKind = Literal[
    "refuse",  # cut before the body is read
    "reset-before",  # cut after the body, before any effect
    "reset-after",  # the effect, then cut: a lost reply
    "truncate-reply",  # the effect, then half an answer
    "busy",  # 503, no effect
    "timeout",  # 504, no effect
    "rate-limit",  # 429 with `Retry-After: 0`, no effect
    "unauthorized",  # 401, no effect
    "stall",  # no answer for as long as the client waits, no effect
    "stall-after",  # the effect, then no answer
]
WIRE_KINDS: tuple[WireKind, ...] = get_args(WireKind)

_STATUSES = {"busy": 503, "timeout": 504, "rate-limit": 429, "unauthorized": 401}
#: Seconds that a stalled call is held at most.
_PATIENCE = 60


@attrs.frozen
class Fault(Generic[Kind]):
    """Something that goes wrong.

    Attributes:
        kind: What.
        operation: In which operation, by its id in the service's document; `Login` where the service has a login of its
            own, and `*` for any.
        skip: How many such calls pass unharmed before it.
        times: How many calls in a row it hits.
    """

    kind: Kind
    operation: str = "*"
    skip: int = 0
    times: int = 1


class Faults(Generic[Kind]):
    """The faults still to come. Several may wait at a time; each call takes the first that is due.

    Args:
        kinds: The names that the server knows.
        *faults: What goes wrong from the beginning.
    """

    def __init__(self, kinds: tuple[Kind, ...], *faults: Fault[Kind]) -> None:
        self.kinds = kinds
        self._lock = threading.Lock()
        self._waiting: list[Fault[Kind]] = list(faults)

    def add(self, kind: Kind, operation: str = "*", *, skip: int = 0, times: int = 1) -> None:
        """Let something go wrong; see `Fault`.

        Raises:
            ValueError: The server knows no such fault.
        """
        if kind not in self.kinds:
            raise ValueError(f"there is no fault {kind!r}; there are {', '.join(self.kinds)}")
        with self._lock:
            self._waiting.append(Fault(kind, operation, skip, times))

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._waiting.clear()

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, operation: str | None) -> Kind | None:
        """Return what goes wrong with this call of an operation, if anything does."""
        with self._lock:
            for at, fault in enumerate(self._waiting):
                if fault.operation not in ("*", operation):
                    continue
                if fault.skip:
                    self._waiting[at] = attrs.evolve(fault, skip=fault.skip - 1)
                    continue
                if fault.times > 1:
                    self._waiting[at] = attrs.evolve(fault, times=fault.times - 1)
                else:
                    del self._waiting[at]
                return fault.kind
        return None


async def disturb(
    kind: WireKind, app: Callable[..., Awaitable[None]], scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer one request as a fault says.

    Args:
        kind: The fault.
        app: What answers when nothing goes wrong.
        scope: Of ASGI, as the rest.
        receive: Gives the request's body.
        send: Takes the answer.
    """
    if kind in _STATUSES:
        await _read(receive)
        headers = [(b"content-length", b"0")] + ([(b"retry-after", b"0")] if kind == "rate-limit" else [])
        await send({"type": "http.response.start", "status": _STATUSES[kind], "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    if kind in ("reset-before", "stall"):
        await _read(receive)
    answer: list[Any] = []
    if kind in ("reset-after", "stall-after", "truncate-reply"):

        async def keep(message: Any) -> None:
            answer.append(message)

        await app(scope, receive, keep)
    if kind in ("stall", "stall-after"):
        with anyio.move_on_after(_PATIENCE):
            while (await receive())["type"] != "http.disconnect":
                pass
    if kind == "truncate-reply" and answer[0]["status"] != 204:
        # (204 has no body to lack anything: half of it is nothing.)
        content = b"".join(message.get("body", b"") for message in answer[1:])
        # One byte more than there is: also an empty body can end too soon.
        headers = [(name, value) for name, value in answer[0]["headers"] if name.lower() != b"content-length"]
        length = (b"content-length", str(len(content) + 1).encode())
        await send({**answer[0], "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
    cut(receive)


def cut(receive: Receive) -> None:
    """Cut the connection: ASGI itself has no way to."""
    receive.__self__.transport.abort()  # type: ignore[attr-defined]


async def _read(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass
