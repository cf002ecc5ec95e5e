"""What is done to a good reply: the grammar of the hostile server.

A spoiler is a function of a random generator, the good reply, the request and the service. `SPOILERS` names each with
the class under which the table counts it and how often it is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.attack import hostile_flow as flow
from tests.attack import hostile_headers as headers
from tests.attack import hostile_json as json

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.attack.wire import Reply, Request


class Spoiler(NamedTuple):
    """One way to spoil a reply."""

    kind: str
    weight: float
    spoil: Callable[[random.Random, Reply, Request, Any], None]


SPOILERS = [
    Spoiler("json", 14, json.replace_one),
    Spoiler("json", 5, json.replace_many),
    Spoiler("json", 5, json.drop_one),
    Spoiler("json", 3, json.another_root),
    Spoiler("json", 1, json.repeat_items),
    Spoiler("json", 3, json.deep),
    Spoiler("json", 3, json.huge_number),
    Spoiler("json", 2, json.surrogate),
    Spoiler("json", 2, json.torn),
    Spoiler("charset", 1, json.recoded),
    Spoiler("charset", 3, json.charset),
    Spoiler("status", 5, headers.another_status),
    Spoiler("status", 8, headers.refusal),
    Spoiler("status", 2, headers.echo),
    Spoiler("status", 2, headers.page),
    Spoiler("status", 1, headers.odd_status_line),
    Spoiler("headers", 4, headers.numbers_in_headers),
    Spoiler("headers", 3, headers.addresses_in_headers),
    Spoiler("headers", 2, headers.challenges),
    Spoiler("headers", 3, headers.odd_headers),
    Spoiler("headers", 2, headers.odd_token),
    Spoiler("framing", 2, headers.odd_length),
    Spoiler("framing", 2, headers.odd_encoding),
    Spoiler("framing", 2, flow.odd_chunks),
    Spoiler("framing", 2, flow.cut),
    Spoiler("no end", 1, flow.no_end),
    Spoiler("framing", 1, flow.closing),
    Spoiler("framing", 1, flow.twice),
    Spoiler("framing", 1, flow.garbage),
    Spoiler("framing", 1, flow.interim),
    Spoiler("time", 0.25, flow.drip_body),
    Spoiler("time", 0.25, flow.drip_head),
    Spoiler("time", 0.1, flow.stall),
    Spoiler("memory", 0.2, flow.bomb),
    Spoiler("memory", 0.15, flow.flood),
]
_WEIGHTS = [spoiler.weight for spoiler in SPOILERS]


def drawn(rng: random.Random, only: str | None) -> Spoiler:
    """Draw a spoiler, of one kind if only that is wanted."""
    if only is not None:
        return rng.choice([spoiler for spoiler in SPOILERS if spoiler.kind == only])
    return rng.choices(SPOILERS, _WEIGHTS)[0]
