"""Counting the steps of an event loop, to cancel a call at a given one: at every await, in the end."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sniffio
import trio

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator, Iterator

    import anyio


class _Steps:
    """Cancels a scope at the n-th step of whichever task."""

    def __init__(self, last: int, scope: anyio.CancelScope) -> None:
        self._left = last
        self._scope = scope

    def step(self) -> None:
        self._left -= 1
        if not self._left:
            self._scope.cancel()


class _Instrument(trio.abc.Instrument):
    def __init__(self, steps: _Steps) -> None:
        self._steps = steps

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        self._steps.step()


class _Counted:
    """A coroutine that counts how often it is suspended."""

    def __init__(self, work: Coroutine[Any, Any, Any], steps: _Steps) -> None:
        self._work = work
        self._steps = steps

    def __await__(self) -> Generator[Any, Any, Any]:
        answer, failure = None, None
        while True:
            try:
                asked = self._work.send(answer) if failure is None else self._work.throw(failure)
            except StopIteration as stop:
                return stop.value
            self._steps.step()
            answer, failure = None, None
            try:
                answer = yield asked
            except BaseException as thrown:
                failure = thrown


async def _run(counted: _Counted) -> Any:
    return await counted


@contextmanager
def counting(last: int, scope: anyio.CancelScope) -> Iterator[None]:
    """Cancel `scope` at the step with the number `last` of the tasks that are started within; trio: of all tasks."""
    steps = _Steps(last, scope)
    if sniffio.current_async_library() == "trio":
        instrument = _Instrument(steps)
        trio.lowlevel.add_instrument(instrument)
        try:
            yield
        finally:
            trio.lowlevel.remove_instrument(instrument)
        return
    loop = asyncio.get_running_loop()
    before = loop.get_task_factory()
    loop.set_task_factory(lambda loop, work, **options: asyncio.Task(_run(_Counted(work, steps)), loop=loop, **options))
    try:
        yield
    finally:
        loop.set_task_factory(before)
