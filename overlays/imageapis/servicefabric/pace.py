"""How many requests go at a time: as many as were asked for, or one where more would only get in each other's way.

That is where the network costs next to nothing. What a request takes is then this process's own work, of which an
interpreter does one piece at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from imageapis.core.io import Io
    from imageapis.servicefabric.options import Options

#: Requests for each connection from which on it pays to send the first ones alone, to see how fast a connection is.
MANY = 4
#: Bytes a second at which one connection keeps both ends busy: loopback, or the next machine.
FAST = 400 << 20
#: Seconds within which a small request is answered where most of them are spent in this process.
PROMPT = 0.001
#: How many small requests are looked at: the first ones also pay for what is done once.
TRIAL = 3


async def run(
    io: Io, jobs: Iterator[Coroutine[Any, Any, None]], count: int, options: Options, *, trial: int, prompt: float
) -> None:
    """Run jobs of one request each.

    Args:
        io: What to run them by.
        jobs: The jobs.
        count: How many there are.
        options: How many go at a time, and whether the caller said so.
        trial: How many go alone at first, if there are many.
        prompt: Seconds; if one of these takes less, all others go alone too.
    """
    workers = options.concurrency
    if options.adapts and 1 < workers * MANY < count:
        for _ in range(trial):
            began = io.now()
            if (job := next(jobs, None)) is None:
                return
            await job
            if 0 < io.now() - began < prompt:
                workers = 1
                break
    await io.gather(jobs, workers)
