"""The limit that finds itself, on simulated paths: how much slower than the best fixed number of requests it is."""

from __future__ import annotations

import statistics

import attrs
import pytest

from imageapis.core.concurrency import MOST, Adaptive, Fixed, start_for
from tests.unit.simulated_path import MIB, Path, Simulation

SEEDS = range(5)
READING = 1 / (1500 * MIB)
FIXED = (1, 4, 16, 32)


def chunks(mib: int) -> list[int]:
    """Return the chunks of a file as an upload cuts it."""
    size = min(16 * MIB, max(2 * MIB, mib * MIB // 64))
    return [size] * (mib * MIB // size)


SMALL = [2048] * 2000
LOOPBACK = Path(byte_work=READING)
BUSY = Path(byte_work=READING, speed=0.35)
LAN = Path(round_trip=0.001, line=110 * MIB, byte_work=READING)
FAR = Path(round_trip=0.04, connection=20 * MIB, line=150 * MIB, byte_work=READING)
VERY_FAR = Path(round_trip=0.15, connection=4 * MIB, line=60 * MIB, byte_work=READING)
UNSHARED = Path(round_trip=0.04, connection=20 * MIB, byte_work=READING)
THROTTLED = Path(round_trip=0.05, connection=10 * MIB, line=200 * MIB, capacity=12, pause=0.25, byte_work=READING)
STRICT = Path(round_trip=0.02, connection=20 * MIB, line=200 * MIB, capacity=6, pause=1.0, byte_work=READING)
LONGER = Path(round_trip=0.1, connection=5 * MIB, line=80 * MIB, byte_work=READING)


def changing(first: Path, then: Path, seconds: float) -> Path:
    """Return a path that becomes another one after a while."""
    return attrs.evolve(first, until=seconds, later=then)


def ratio(path: Path, sizes: list[int]) -> float:
    """Return the median time of the adaptive limit as a multiple of the best fixed one's."""
    best = min(Simulation(path, sizes).run(Fixed(count)) for count in FIXED)
    return statistics.median(_adaptive(path, sizes, seed).clock / best for seed in SEEDS)


def _adaptive(path: Path, sizes: list[int], seed: int) -> Simulation:
    simulation = Simulation(path, sizes, seed)
    start = start_for(path.round_trip + path.request_work / path.speed)
    simulation.run(Adaptive(simulation.now, start=start))
    return simulation


@pytest.mark.parametrize("sizes", [chunks(96), chunks(2048), SMALL], ids=["96 MiB", "2 GiB", "small files"])
@pytest.mark.parametrize(
    "path",
    [LOOPBACK, BUSY, LAN, FAR, VERY_FAR, UNSHARED],
    ids=["loopback", "busy machine", "LAN", "40 ms", "150 ms", "40 ms, unshared"],
)
def test_it_is_nearly_as_fast_as_the_best_fixed_number(path: Path, sizes: list[int]) -> None:
    assert ratio(path, sizes) <= 1.2


@pytest.mark.parametrize("sizes", [chunks(96), chunks(512), SMALL], ids=["96 MiB", "512 MiB", "small files"])
def test_a_server_that_refuses_what_is_too_much_costs_little(sizes: list[int]) -> None:
    assert ratio(THROTTLED, sizes) <= 1.2


def test_a_server_that_lets_each_refused_request_wait_long_is_asked_less_and_less_often() -> None:
    simulation = _adaptive(STRICT, SMALL, 0)
    fixed = Simulation(STRICT, SMALL)
    fixed.run(Fixed(MOST))
    assert simulation.refused < fixed.refused / 10
    assert simulation.clock < fixed.clock


@pytest.mark.parametrize(("refused", "left"), [(1, 15), (6, 10), (16, 8)])
def test_as_many_as_a_server_refuses_together_are_too_many_but_never_more_than_half(refused: int, left: int) -> None:
    limit = Adaptive(lambda: 0.0, start=16)
    for _ in range(refused):
        limit.throttled()
    assert limit.current == left


def test_a_request_that_is_refused_again_later_does_not_count_twice() -> None:
    moments = iter([0.0, *[0.0] * 4, *[1.0] * 8])
    limit = Adaptive(lambda: next(moments), start=16)
    for _ in range(4):
        limit.throttled()
    assert limit.current == 12
    for _ in range(4):
        limit.throttled()
    assert limit.current == 12


def test_a_way_that_becomes_shorter_is_noticed() -> None:
    assert ratio(changing(LONGER, LAN, 2.0), chunks(2048)) <= 1.2


def test_a_way_that_becomes_longer_is_noticed() -> None:
    # Each step up takes as long as a chunk on its way does, which is most of a second here.
    assert ratio(changing(LAN, LONGER, 2.0), chunks(2048)) <= 1.3


def test_it_ends_with_few_requests_where_this_process_is_what_is_busy() -> None:
    simulation = Simulation(LOOPBACK, SMALL)
    limit = Adaptive(simulation.now, start=16)
    simulation.run(limit)
    assert limit.current <= 4


@pytest.mark.parametrize("path", [LOOPBACK, FAR], ids=["loopback", "40 ms"])
def test_a_machine_on_which_others_work_does_not_fool_it(path: Path) -> None:
    restless = attrs.evolve(path, speed=0.6, unrest=0.9)
    fixed = min(
        statistics.median(Simulation(restless, SMALL, seed).run(Fixed(count)) for seed in range(12)) for count in FIXED
    )
    assert statistics.median(_adaptive(restless, SMALL, seed).clock for seed in range(12)) <= 1.2 * fixed


class Watched(Adaptive):
    """A limit that keeps what it came to."""

    def finished(self, size: int) -> None:
        super().finished(size)
        self.__dict__.setdefault("seen", set()).add(self.current)


@pytest.mark.parametrize("path", [UNSHARED, LOOPBACK, STRICT], ids=["40 ms", "loopback", "throttled"])
def test_it_never_exceeds_its_bound_nor_falls_below_one(path: Path) -> None:
    simulation = Simulation(path, chunks(512))
    limit = Watched(simulation.now, start=4, most=8)
    simulation.run(limit)
    assert min(limit.__dict__["seen"]) >= 1
    assert max(limit.__dict__["seen"]) <= 8


def test_a_fixed_number_stays_whatever_happens() -> None:
    limit = Fixed(3)
    limit.finished(1)
    limit.throttled()
    assert limit.current == 3


def test_a_longer_round_trip_begins_with_more_requests() -> None:
    starts = [start_for(seconds) for seconds in (0.0001, 0.001, 0.01, 0.1)]
    assert starts == sorted(starts)
    assert len(set(starts)) == 4
    assert start_for(None) in starts
