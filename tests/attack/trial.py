"""One trial: a client against the hostile server, on one face, and what is wrong with how it ended."""

from __future__ import annotations

import inspect
import logging
import os
import signal
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import anyio
import anyio.lowlevel

from imageapis.errors import ImageApiError
from tests.attack.checks import Ears, error_faults, misfit, secrets_in, surfaces
from tests.attack.operations import CLASSES, Files, Skipping
from tests.attack.steps import counting

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attack.plans import Plan

#: Seconds after which a trial counts as hung and is cut short; its deadline has passed long before.
ALARM = 20
#: Seconds after which it does so however busy the machine is.
LAST_ALARM = 250
#: Seconds of processor time that a call may take which asks for nothing.
WORK = 5.5
#: Requests that one call may make at most.
REQUESTS = 600
#: Items of a list that are looked at.
ITEMS = 20_000


class Hung(BaseException):
    """The alarm went off."""


class _Alarm:
    """Ends a trial that hangs. How busy the machine is counts when it goes off, not only when it was set."""

    def __init__(self, deadline: float) -> None:
        self._began = time.monotonic()
        self._deadline = deadline
        signal.signal(signal.SIGALRM, self._rings)
        signal.setitimer(signal.ITIMER_REAL, self._left())

    def _left(self) -> float:
        longest = min(max(ALARM * crowded(), self._deadline + ALARM), LAST_ALARM)
        return self._began + longest - time.monotonic()

    def _rings(self, *_: object) -> None:
        if (left := self._left()) <= 0:
            raise Hung
        signal.setitimer(signal.ITIMER_REAL, left)

    def stop(self) -> None:
        """Let the trial be."""
        signal.setitimer(signal.ITIMER_REAL, 0)


class Outcome:
    """How a call ended: a value or a failure, and what the event loop was left with."""

    def __init__(self) -> None:
        self.value: Any = None
        self.failure: BaseException | None = None
        self.items: list[Any] | None = None
        self.tasks: list[str] = []
        self.shown = ""
        self.seconds = 0.0
        self.worked = 0.0
        self.crowded = crowded()


def run(plan: Plan, origin: str, ca: str | None, files: Files, ears: Ears) -> Outcome:
    """Call the operation and close the client."""
    outcome = Outcome()
    if plan.loud:
        ears.listen(logging.DEBUG)
    maker = plan.makers(origin, ca)
    alarm = _Alarm(plan.deadline)
    began, worked = time.monotonic(), time.process_time()
    try:
        if plan.face == "blocking":
            _blocking(plan, maker, files, outcome)
        else:
            options = {"use_uvloop": False} if plan.face == "asyncio" else {}
            anyio.run(_nonblocking, plan, maker, files, outcome, backend=plan.face, backend_options=options)
    except Hung as hung:
        outcome.failure = hung
    except (Exception, BaseExceptionGroup) as failure:
        outcome.failure = outcome.failure or failure
    finally:
        alarm.stop()
        outcome.seconds = time.monotonic() - began
        outcome.worked = time.process_time() - worked
        outcome.crowded = max(outcome.crowded, crowded())
    return outcome


def _limits(plan: Plan) -> dict[str, Any]:
    """Return how long a client of this trial waits, and how often it tries: every other one by its deadline alone."""
    timeout = None if plan.seed % 2 else 0.7 * plan.deadline
    return {"timeout": timeout, "deadline": plan.deadline, "retries": plan.retries}


def use_clock(client: Any) -> None:
    """Let a client wait without waiting."""
    client._io.use_clock(Skipping())


def _blocking(plan: Plan, maker: Callable[[], Any], files: Files, outcome: Outcome) -> None:
    client = CLASSES[plan.target.service][0](maker(), **_limits(plan))
    use_clock(client)
    try:
        value = plan.target.call(client, files)
        if isinstance(value, Iterator) or hasattr(value, "by_page"):
            outcome.items = []
            for item in value:
                outcome.items.append(item)
                if len(outcome.items) >= ITEMS:
                    break
        outcome.value = value
    except Exception as failure:
        outcome.failure = failure
    finally:
        outcome.shown = f"{client!r} {client._login!r} {client._login.auth!r}"
        client.close()


async def _nonblocking(plan: Plan, maker: Callable[[], Any], files: Files, outcome: Outcome) -> None:
    before = _tasks()
    client = CLASSES[plan.target.service][1](maker(), **_limits(plan))
    use_clock(client)
    try:
        if plan.cancel_at is None:
            await _called(plan, client, files, outcome)
        else:
            with anyio.CancelScope() as scope, counting(plan.cancel_at, scope):
                await _called(plan, client, files, outcome)
            if scope.cancelled_caught:
                # Whatever was cut off, the next call finds nothing of it.
                await _called(plan, client, files, outcome)
    except Exception as failure:
        outcome.failure = failure
    finally:
        outcome.shown = f"{client!r} {client._login!r} {client._login.auth!r}"
        await client.close()
    for _ in range(20):
        if _tasks() <= before:
            break
        await anyio.lowlevel.checkpoint()
    outcome.tasks = sorted(_tasks() - before)


async def _called(plan: Plan, client: Any, files: Files, outcome: Outcome) -> None:
    value = plan.target.call(client, files)
    if inspect.isawaitable(value):
        outcome.value = await value
    elif isinstance(value, AsyncIterator) or hasattr(value, "by_page"):
        outcome.items = []
        # Left in the middle it would be for the garbage collector to close, and trio warns of that.
        async with aclosing(value.__aiter__()) as items:
            async for item in items:
                outcome.items.append(item)
                if len(outcome.items) >= ITEMS:
                    break


def _tasks() -> set[str]:
    """Return the tasks of the running event loop."""
    import sniffio

    if sniffio.current_async_library() == "asyncio":
        import asyncio

        return {task.get_name() for task in asyncio.all_tasks()}
    import trio

    found: set[str] = set()
    todo = [trio.lowlevel.current_root_task()]
    while todo:
        task = todo.pop()
        if task is not None:
            found.add(f"{task.name}#{id(task)}")
            todo += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return found


def judged(plan: Plan, outcome: Outcome, ears: Ears, told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an outcome: the check that failed, and how."""
    failure = outcome.failure
    asked = [tuple(each) for each in told["requests"]]
    if isinstance(failure, Hung):
        yield "hung", f"{plan.target.service} {plan.target.name} at {innermost(failure)}"
        return
    documented = isinstance(failure, (ImageApiError, *plan.allowed)) or type(failure) is plan.exact
    if failure is not None and not documented:
        yield "untyped", f"{type(failure).__name__}: {str(failure)[:200]} at {innermost(failure)}"
    if isinstance(failure, ImageApiError):
        for fault in error_faults(failure):
            yield "error's fields", f"{type(failure).__name__}: {fault}"
    if failure is not None:
        for place in secrets_in(surfaces(failure)):
            yield "secret", f"{type(failure).__name__}: {place}"
            break
    else:
        if plan.hopeless:
            yield "false success", f"{plan.target.service} {plan.target.name} returned {str(outcome.value)[:200]}"
        values = [outcome.value] if outcome.items is None else outcome.items
        for value in values:
            if wrong := misfit(value, plan.target.promised, plan.target.name):
                yield "type", wrong
                break
    lines = ((f"log line {line[:40]!r}", line) for line in ears.lines)
    for place in secrets_in(iter([("repr", outcome.shown), *lines])):
        yield "secret", place
        break
    for text in ears.odd + ears.warned():
        yield "warnings", text[:300]
    for name in outcome.tasks:
        yield "tasks", name
    if len(asked) > REQUESTS:
        yield "endless", f"{len(asked)} requests"
    elif asked and outcome.seconds > (4 + (len(asked) + 1) * (plan.deadline + 0.5)) * outcome.crowded:
        yield "slow", f"{outcome.seconds:.1f} s for {len(asked)} requests"
    elif not asked and outcome.worked > WORK:
        # Whatever else the machine does meanwhile is not this call's fault.
        yield "slow", f"{outcome.worked:.1f} s of processor time for no request"
    for method, target in asked:
        if any(part in {".", ".."} for part in unquote(target.partition("?")[0]).replace("\\", "/").split("/")):
            yield "strayed", f"{method} {target}"
            break
    if told["outside"]:
        yield "secret", "a file outside of the folder was sent"
    if told["open"]:
        yield "sockets", f"{told['open']} connections open after close"


def crowded() -> float:
    """Return how many processes share a processor: on a busy machine everything takes that much longer.

    The mean of the last minute comes late where a crowd comes at once, and the number of now leaves out who rests.
    """
    now = int(Path("/proc/loadavg").read_text("ascii").split()[3].partition("/")[0])
    return max(1.0, max(os.getloadavg()[0], now) / (os.cpu_count() or 1))


def innermost(failure: BaseException) -> str:
    """Return the line of the library, or else of whom it called, in which a failure began."""
    frames = traceback.extract_tb(failure.__traceback__)
    ours = [frame for frame in frames if "/imageapis/" in frame.filename or "imageapis_generated" in frame.filename]
    if not frames:
        return "nowhere"
    frame = (ours or frames)[-1]
    return f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}"
