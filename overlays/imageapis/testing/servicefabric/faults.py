"""Faults that the local image store commits on demand; those of its own besides those that every local server knows."""

from __future__ import annotations

from typing import Literal, get_args

from imageapis.testing.faults import Fault as AnyFault
from imageapis.testing.faults import Faults as AnyFaults

__all__ = ["KINDS", "Fault", "Faults", "Kind"]

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

Fault = AnyFault[Kind]


class Faults(AnyFaults[Kind]):
    """The faults still to come in the image store."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(KINDS, *faults)
