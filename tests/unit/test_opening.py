"""What is opened in a thread is closed, whoever comes first: the thread with it, or the task that gives up."""

from __future__ import annotations

import asyncio
import threading

import pytest

from imageapis.core.cancellation import Cancelled, checkpoint
from imageapis.core.opening import Opening
from imageapis.core.work import AsyncWork


class Thing:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_what_was_opened_is_closed_once() -> None:
    opening = Opening(Thing)
    thing = opening()
    opening.close()
    opening.close()
    assert thing.closed == 1


def test_what_would_open_too_late_does_not() -> None:
    opening = Opening(lambda: pytest.fail("opened"))
    opening.close()
    with pytest.raises(Cancelled):
        opening()
    assert not opening.busy


def test_what_opens_while_it_is_closed_is_closed_at_once() -> None:
    thing = Thing()

    def closed_meanwhile() -> Thing:
        opening.close()
        return thing

    opening = Opening(closed_meanwhile)
    opening()
    assert thing.closed == 1


def test_what_takes_long_to_open_ends_at_a_checkpoint_when_it_is_closed() -> None:
    def long_work() -> Thing:
        opening.close()
        checkpoint()
        raise AssertionError("went on")

    opening = Opening(long_work)
    with pytest.raises(Cancelled):
        opening()
    assert opening.ended.done()


def test_what_is_closed_otherwise_says_how() -> None:
    closed: list[str] = []
    opening = Opening(lambda: "a thing", closed.append)
    opening()
    opening.close()
    assert closed == ["a thing"]


def test_what_did_not_open_needs_no_closing() -> None:
    def fail() -> Thing:
        raise FileNotFoundError

    opening = Opening(fail)
    with pytest.raises(FileNotFoundError):
        opening()
    opening.close()


def test_a_task_that_is_cancelled_while_its_thread_opens_leaves_nothing_open() -> None:
    thing, begun, go_on, ended = Thing(), threading.Event(), threading.Event(), threading.Event()

    def slow() -> Thing:
        begun.set()
        assert go_on.wait(20)
        return thing

    opening = Opening(slow)

    def work() -> Thing:
        try:
            return opening()
        finally:
            ended.set()

    async def use() -> None:
        try:
            await AsyncWork().run(work)
        finally:
            opening.close()

    async def main() -> None:
        task = asyncio.create_task(use())
        await asyncio.to_thread(begun.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        assert await asyncio.to_thread(ended.wait, 20)

    asyncio.run(main())
    assert thing.closed == 1
