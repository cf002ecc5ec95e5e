"""Whether the thread that sends has something to do nearly all the time, so that more requests at a time are no use."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from imageapis.core.adaptive import AdaptiveLimit
from imageapis.core.workload import FULL, FULL_THREAD, Workload
from tests.conftest import FakeClock

LOOPS = pytest.mark.parametrize("loop", [False, True], ids=["thread", "loop"])


def _spend(clock: FakeClock, seconds: float, *, works: float = 0.0, queues: float = 0.0) -> None:
    clock.moment += seconds
    clock.work += works * seconds
    clock.delay += queues * seconds


def _workload(clock: FakeClock, *, loop: bool) -> Workload:
    workload = Workload(clock.now, clock.busy, loop=loop)
    workload.begins()
    return workload


@LOOPS
def test_a_thread_that_works_all_the_time_is_full_and_one_that_waits_for_answers_is_not(loop: bool) -> None:
    clock = FakeClock()
    workload = _workload(clock, loop=loop)
    _spend(clock, 0.1, works=0.9)
    assert workload.is_full(1)
    workload.begins()
    _spend(clock, 0.1, works=0.5)
    assert not workload.is_full(1)


@LOOPS
def test_waits_for_a_processor_are_no_waits_for_answers(loop: bool) -> None:
    clock = FakeClock()
    workload = _workload(clock, loop=loop)
    _spend(clock, 0.1, works=0.4, queues=0.5)
    assert workload.is_full(1)


def test_one_of_several_threads_says_nothing_about_the_others_but_a_loop_is_one_thread() -> None:
    clock = FakeClock()
    thread, loop = _workload(clock, loop=False), _workload(clock, loop=True)
    _spend(clock, 0.1, works=0.9)
    assert not thread.is_full(2)
    assert loop.is_full(2)


def test_a_second_thread_has_to_have_more_to_do_than_a_second_task() -> None:
    clock = FakeClock()
    thread, loop = _workload(clock, loop=False), _workload(clock, loop=True)
    _spend(clock, 0.1, works=(FULL + FULL_THREAD) / 2)
    assert thread.is_full(1)
    assert not loop.is_full(1)


@LOOPS
def test_another_thread_than_the_one_that_began_is_measured_from_its_first_job_on(loop: bool) -> None:
    clock = FakeClock()
    with ThreadPoolExecutor(1) as other:
        workload = other.submit(_workload, clock, loop=loop).result()
    _spend(clock, 0.1, works=1.0)
    assert not workload.is_full(1)
    workload.goes_on(1)
    _spend(clock, 0.1, works=1.0)
    workload.goes_on(1)
    assert workload.is_full(1)


@LOOPS
def test_a_moment_says_nothing(loop: bool) -> None:
    clock = FakeClock()
    workload = _workload(clock, loop=loop)
    _spend(clock, 0.01, works=1.0)
    assert not workload.is_full(1)


def _limits(*, works: float) -> set[int]:
    """Return the numbers of a limit for jobs whose times differ as on a machine where others work."""
    clock, chance, seen = FakeClock(), random.Random(1), {1}
    limit = AdaptiveLimit(clock.now, start=1, workload=Workload(clock.now, clock.busy, loop=True))
    limit.begins()
    for _ in range(4000):
        _spend(clock, 0.001 * chance.choice([1, 1, 8]) / min(limit.current, 2), works=works)
        limit.finished(2048)
        seen.add(limit.current)
    return seen


def test_where_this_process_is_what_is_busy_more_is_not_tried_however_measurements_differ() -> None:
    assert _limits(works=0.9) == {1}


def test_where_it_waits_more_is_found() -> None:
    assert max(_limits(works=0.5)) > 1
