"""How many requests go at a time: the number that the caller fixed, the one to begin with, and how far it goes back."""

from __future__ import annotations

import pytest

from imageapis.core.adaptive import AdaptiveLimit
from imageapis.core.concurrency import HIGHEST, FixedLimit, start_for
from imageapis.errors import InvalidArgument


@pytest.mark.parametrize(("refused", "left"), [(1, 15), (6, 10), (16, 8)])
def test_as_many_as_a_server_refuses_together_are_too_many_but_never_more_than_half(refused: int, left: int) -> None:
    limit = AdaptiveLimit(lambda: 0.0, start=16)
    for _ in range(refused):
        limit.throttled(0)
    assert limit.current == left


def test_a_request_that_was_sent_before_the_number_fell_and_is_refused_later_does_not_make_it_fall_anew() -> None:
    limit = AdaptiveLimit(lambda: 0.0, start=16)
    for _ in range(16):
        limit.throttled(0)
    assert (limit.current, limit.epoch) == (8, 1)


def test_a_request_that_was_sent_after_the_number_fell_and_is_refused_as_well_makes_it_fall_further() -> None:
    limit = AdaptiveLimit(lambda: 0.0, start=16)
    for _ in range(16):
        limit.throttled(0)
    limit.throttled(1)
    assert (limit.current, limit.epoch) == (7, 2)


def test_one_request_is_left_whatever_is_refused() -> None:
    limit = AdaptiveLimit(lambda: 0.0, start=4)
    for epoch in range(20):
        limit.throttled(epoch)
    assert limit.current == 1


def test_a_fixed_number_stays_whatever_happens() -> None:
    limit = FixedLimit(3)
    limit.finished(1)
    limit.throttled(0)
    assert (limit.current, limit.most) == (3, 3)


@pytest.mark.parametrize("count", [0, -1, HIGHEST + 1])
def test_a_number_of_requests_that_no_process_can_send_is_refused(count: int) -> None:
    with pytest.raises(InvalidArgument, match="concurrency is 1 to 1000"):
        FixedLimit(count)


def test_a_longer_round_trip_begins_with_more_requests() -> None:
    starts = [start_for(seconds) for seconds in (0.001, 0.005, 0.02, 0.1)]
    assert starts == sorted(set(starts))
    assert start_for(None) in starts


def test_light_requests_within_one_machine_begin_with_fewer_and_in_threads_with_one() -> None:
    starts = [start_for(0.0001, light=True), start_for(0.0001, light=True, loop=True), start_for(0.0001)]
    assert starts == sorted(set(starts))
    assert starts[0] == 1


@pytest.mark.parametrize("seconds", [0.0001, 0.001, 0.005])
def test_large_requests_on_a_loop_begin_with_many_wherever_the_server_is(seconds: float) -> None:
    assert start_for(seconds, loop=True) == start_for(0.02) > start_for(seconds)
    assert start_for(seconds, loop=True, encrypted=True) < start_for(0.02)


@pytest.mark.parametrize("seconds", [None, 0.001, 0.1])
def test_elsewhere_such_requests_begin_with_as_many_as_others(seconds: float | None) -> None:
    assert start_for(seconds, light=True) == start_for(seconds)


def test_light_requests_on_a_loop_begin_with_more_than_in_threads_within_one_building() -> None:
    light, large = start_for(0.001, light=True, loop=True), start_for(0.001, loop=True)
    assert start_for(0.001, light=True) < light < large
    assert start_for(0.02, light=True, loop=True) == large


def test_more_requests_that_move_less_are_tried_ever_more_seldom() -> None:
    clock, tries = 0.0, []
    limit = AdaptiveLimit(lambda: clock, start=1)
    limit.begins()
    for job in range(4000):
        before = limit.current
        clock += 0.05 if before == 1 else 0.06
        limit.finished(1 << 20)
        if limit.current > before:
            tries.append(job)
    assert tries[-1] - tries[-2] > 3 * (tries[2] - tries[1])
