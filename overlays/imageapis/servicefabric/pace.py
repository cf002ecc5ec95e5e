"""How many requests go at a time: as many as were asked for, or one where more would only get in each other's way.

That is where the network costs next to nothing. What a request takes is then this process's own work, of which an
interpreter does one piece at a time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from imageapis.core.io import Io
    from imageapis.servicefabric.options import Options

#: Requests for each connection from which on it pays to send the first ones alone, to see what they wait for.
MANY = 4
#: The part of a request's time that this thread's processor is busy from which on another thread would not help: four
#: of them make small requests cost it 1.6 times as much (`nox -s bench -- upload`).
BUSY = 0.6


async def run(io: Io, jobs: Iterator[Coroutine[Any, Any, None]], count: int, options: Options, *, trial: int) -> None:
    """Run jobs of one request each.

    Args:
        io: What to run them by.
        jobs: The jobs.
        count: How many there are.
        options: How many go at a time, and whether the caller said so.
        trial: How many go alone at first, if there are many. The last of these is judged by: the first small ones also
            pay for what is done once.
    """
    workers = options.concurrency
    if options.adapts and 1 < workers * MANY < count:
        took = busy = 0.0
        for _ in range(trial):
            if (job := next(jobs, None)) is None:
                return
            began, before = io.now(), time.thread_time()
            await job
            took, busy = io.now() - began, time.thread_time() - before
        if 0 < BUSY * took < busy:
            workers = 1
    await io.gather(jobs, workers)
