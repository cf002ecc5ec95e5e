"""Faults that the local image store commits on demand: what goes wrong, in which operation, at its how-manieth call."""

from __future__ import annotations

import threading
from typing import Literal, get_args

import attrs

Kind = Literal[
    "refuse",  # cut before the body is read
    "reset-before",  # cut after the body, before any effect
    "reset-after",  # the effect, then cut: a lost reply
    "truncate-reply",  # the effect, then half an answer
    "busy",  # 503 E_ABORT, no effect
    "timeout",  # 504 FABRIC_E_TIMEOUT, no effect
    "timeout-after",  # the effect, then 504 FABRIC_E_TIMEOUT
    "pending",  # 500 OperationsPending, no effect
    "stall",  # no answer for as long as the client waits, no effect
    "stall-after",  # the effect, then no answer
    "failover",  # all sessions are lost, then the call is carried out
    "expiry",  # all sessions are older than their life, then the call is carried out
    "duplicate",  # carried out twice, as after a proxy's retry; the second outcome is the answer
    "lose",  # 200 without any effect
    "shorten",  # half of the body is stored, 200
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@attrs.frozen
class Fault:
    """Something that goes wrong.

    Attributes:
        kind: What.
        operation: In which operation, by its id in the service's document; `*` for any.
        skip: How many such calls pass unharmed before it.
        times: How many calls in a row it hits.
    """

    kind: Kind
    operation: str = "*"
    skip: int = 0
    times: int = 1


class Faults:
    """The faults still to come. Several may wait at a time; each call takes the first that is due."""

    def __init__(self, *faults: Fault) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = list(faults)

    def add(self, kind: Kind, operation: str = "*", *, skip: int = 0, times: int = 1) -> None:
        """Let something go wrong; see `Fault`."""
        with self._lock:
            self._waiting.append(Fault(kind, operation, skip, times))

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._waiting.clear()

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, operation: str) -> Kind | None:
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
