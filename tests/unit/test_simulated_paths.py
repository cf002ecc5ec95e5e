"""The limit that finds itself, on simulated paths: how much slower than the best fixed number of requests it is."""

from __future__ import annotations

import statistics
from functools import cache
from typing import Any

import attrs
import pytest

from imageapis.core.adaptive import AdaptiveLimit
from imageapis.core.concurrency import LIGHT, MOST, FixedLimit, start_for
from imageapis.core.workload import Workload
from tests.unit.simulated_path import MIB, Path, Simulation

SEEDS = range(5)
READING = 1 / (1500 * MIB)
FIXED = (1, 4, 16, 32)
#: How often one request is tried again before an upload ends.
TRIES = 9


def chunks(mib: int) -> tuple[int, ...]:
    """Return the chunks of a file as an upload cuts it."""
    size = min(16 * MIB, max(2 * MIB, mib * MIB // 64))
    return (size,) * (mib * MIB // size)


SMALL = (2048,) * 1000
MIXED = tuple(2048 * (1 + number * 7919 % 500) for number in range(400))
SIZES = {"96 MiB": chunks(96), "512 MiB": chunks(512), "2 GiB": chunks(2048), "small": SMALL, "mixed": MIXED}


def path(**properties: Any) -> Path:
    """Return a path with what reading a byte costs here."""
    return Path(**{"byte_work": READING, **properties})


#: What a new connection costs over TLS.
TLS: dict[str, Any] = {"set_up": 2.0, "set_up_work": 0.003}
LOOPBACK = path()
LAN = path(round_trip=0.001, line=110 * MIB)
NEAR = path(round_trip=0.01, connection=30 * MIB, line=300 * MIB)
FAR = path(round_trip=0.04, connection=20 * MIB, line=150 * MIB)
VERY_FAR = path(round_trip=0.15, connection=4 * MIB, line=60 * MIB)
LONGER = path(round_trip=0.1, connection=5 * MIB, line=80 * MIB)
STRICT = path(round_trip=0.02, connection=20 * MIB, line=200 * MIB, capacity=6, pause=1.0)
SLOW = path(slow=1, round_trip=0.03, connection=10 * MIB, line=200 * MIB)
THROTTLED = path(round_trip=0.04, connection=10 * MIB, line=200 * MIB, pause=0.25)


def changing(first: Path, *then: Any) -> Path:
    """Return a path that becomes others: after so many seconds this one, and so on."""
    if not then:
        return first
    until, later, *rest = then
    return attrs.evolve(first, until=until, later=changing(later, *rest))


PATHS = {
    "loopback": LOOPBACK,
    "loopback with TLS": path(byte_work=1 / (700 * MIB), **TLS),
    "a busy machine": path(speed=0.35),
    "LAN": LAN,
    "LAN with TLS": attrs.evolve(LAN, byte_work=1 / (700 * MIB), **TLS),
    "5 ms": path(round_trip=0.005, connection=100 * MIB, line=1000 * MIB),
    "10 ms": NEAR,
    "20 ms": attrs.evolve(NEAR, round_trip=0.02),
    "40 ms": FAR,
    "40 ms with TLS": attrs.evolve(FAR, **TLS),
    "40 ms that vary": attrs.evolve(FAR, jitter=0.9),
    "150 ms": VERY_FAR,
    "150 ms with TLS": attrs.evolve(VERY_FAR, **TLS),
    "600 ms": path(round_trip=0.6, connection=3 * MIB, line=30 * MIB),
    "a queue on the LAN": attrs.evolve(LAN, service=0.005, servers=8),
    "a queue far away": path(round_trip=0.06, connection=20 * MIB, service=0.1, servers=10),
    "it becomes shorter": changing(LONGER, 2.0, LAN),
    "it becomes shorter and longer again": changing(LONGER, 1.5, LAN, 3.0, LONGER),
    "half of it is gone": changing(FAR, 2.0, path(round_trip=0.04, connection=10 * MIB, line=75 * MIB)),
    "a server that comes to throttle": changing(FAR, 1.0, attrs.evolve(FAR, capacity=4, pause=0.25)),
}
#: What a server accepts: requests at a time, or in a second.
THROTTLES = {
    "1 accepted": attrs.evolve(THROTTLED, capacity=1),
    "3 accepted": attrs.evolve(THROTTLED, capacity=3),
    "8 accepted": attrs.evolve(THROTTLED, capacity=8),
    "20 accepted": attrs.evolve(THROTTLED, capacity=20),
    "3 accepted, without Retry-After": attrs.evolve(THROTTLED, capacity=3, pause=None),
    "8 accepted, without Retry-After": attrs.evolve(THROTTLED, capacity=8, pause=None),
    "20 accepted, without Retry-After": attrs.evolve(THROTTLED, capacity=20, pause=None),
    "3 accepted, 1 s": attrs.evolve(THROTTLED, capacity=3, pause=1.0),
    "20 accepted, 1 s": attrs.evolve(THROTTLED, capacity=20, pause=1.0),
    "8 accepted, refused when all is sent": attrs.evolve(THROTTLED, capacity=8, late=True),
    "8 accepted at 150 ms": attrs.evolve(VERY_FAR, capacity=8, pause=0.5),
    "2 accepted, LAN": attrs.evolve(LAN, capacity=2, pause=0.25),
    "5 accepted, LAN": attrs.evolve(LAN, capacity=5, pause=0.25),
    "5 accepted, LAN, without Retry-After": attrs.evolve(LAN, capacity=5, pause=None),
    "5 accepted, LAN, 1 s": attrs.evolve(LAN, capacity=5, pause=1.0),
    "100 a second": path(round_trip=0.02, connection=40 * MIB, line=400 * MIB, rate=100.0, pause=0.25),
    "400 a second": path(round_trip=0.02, connection=40 * MIB, line=400 * MIB, rate=400.0, pause=0.25),
    "400 a second, without Retry-After": path(
        round_trip=0.02, connection=40 * MIB, line=400 * MIB, rate=400.0, pause=None
    ),
    "400 a second at 150 ms": attrs.evolve(VERY_FAR, rate=400.0, pause=0.25),
    "400 a second at 150 ms, 1 s": attrs.evolve(VERY_FAR, rate=400.0, pause=1.0),
    "300 a second at 300 ms, without Retry-After": path(
        round_trip=0.3, connection=10 * MIB, line=160 * MIB, rate=300.0, pause=None
    ),
}
#: What a server refuses that is out of order now and then, however few come at a time.
FAULTS = {
    "1 of 30, LAN": attrs.evolve(LAN, faults=1 / 30),
    "1 of 10, LAN": attrs.evolve(LAN, faults=0.1),
    "1 of 30 at 40 ms": attrs.evolve(FAR, faults=1 / 30),
    "1 of 10 at 40 ms": attrs.evolve(FAR, faults=0.1),
    "1 of 10 at 150 ms": attrs.evolve(VERY_FAR, faults=0.1),
}


@cache
def best(path: Path, sizes: tuple[int, ...]) -> float:
    """Return the seconds of the best fixed number that comes to an end."""
    # Where chance decides which requests are refused, one run is luck.
    seeds = SEEDS if path.faults else range(1)
    found = []
    for count in FIXED:
        simulations = [Simulation(path, sizes, seed) for seed in seeds]
        seconds = statistics.median(simulation.run(FixedLimit(count)) for simulation in simulations)
        if max(simulation.most_tries for simulation in simulations) <= TRIES:
            found.append(seconds)
    return min(found)


def own(path: Path, sizes: tuple[int, ...], *, loop: bool = True) -> float:
    """Return the median seconds of the limit that finds itself."""
    return statistics.median(adaptive(path, sizes, seed, loop=loop).clock for seed in SEEDS)


def adaptive(path: Path, sizes: tuple[int, ...], seed: int, *, loop: bool = True) -> Simulation:
    """Run one simulation with the limit that finds itself, which is told what an event loop or a thread does."""
    simulation = Simulation(path, sizes, seed)
    light = sum(sizes) < LIGHT * len(sizes)
    start = start_for(path.round_trip + path.service, light=light)
    workload = Workload(simulation.now, simulation.busy, loop=loop) if light else None
    simulation.run(AdaptiveLimit(simulation.now, start=start, workload=workload))
    assert simulation.most_tries <= TRIES
    return simulation


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("name", PATHS)
def test_it_is_nearly_as_fast_as_the_best_fixed_number(name: str, sizes: str) -> None:
    assert own(PATHS[name], SIZES[sizes]) <= 1.2 * best(PATHS[name], SIZES[sizes])


@pytest.mark.parametrize("sizes", ["small", "mixed"])
@pytest.mark.parametrize("name", PATHS)
def test_what_one_thread_has_to_do_does_not_keep_it_from_that(name: str, sizes: str) -> None:
    assert own(PATHS[name], SIZES[sizes], loop=False) <= 1.2 * best(PATHS[name], SIZES[sizes])


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("name", THROTTLES)
def test_a_server_that_refuses_what_is_too_much_costs_little_but_one_wait_at_the_end(name: str, sizes: str) -> None:
    path = THROTTLES[name]
    # One that is refused last is waited for by nobody else: no more is lost than its pause.
    wait = 0.5 if path.pause is None else path.pause
    assert own(path, SIZES[sizes]) <= max(1.2 * best(path, SIZES[sizes]), best(path, SIZES[sizes]) + wait)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("name", ["3 accepted", "8 accepted", "20 accepted", "8 accepted, without Retry-After"])
def test_a_server_that_refuses_what_is_too_much_costs_little(name: str, sizes: str) -> None:
    assert own(THROTTLES[name], SIZES[sizes]) <= 1.2 * best(THROTTLES[name], SIZES[sizes])


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_refuses_some_of_few_requests_as_of_many_is_not_asked_for_fewer(name: str, sizes: str) -> None:
    path = FAULTS[name]
    assert path.pause is not None
    # Which of them are refused twice, and last, is luck.
    assert own(path, SIZES[sizes]) <= max(1.2 * best(path, SIZES[sizes]), best(path, SIZES[sizes]) + 2 * path.pause)


def test_a_server_that_lets_each_refused_request_wait_long_refuses_far_fewer_than_of_a_fixed_number() -> None:
    simulation = adaptive(STRICT, SMALL * 2, 0)
    fixed = Simulation(STRICT, SMALL * 2)
    fixed.run(FixedLimit(MOST))
    assert simulation.refused < fixed.refused / 5
    assert simulation.clock < fixed.clock


@pytest.mark.parametrize("sizes", SIZES)
def test_a_server_that_accepts_more_again_is_noticed(sizes: str) -> None:
    path = changing(attrs.evolve(FAR, capacity=4, pause=0.25), 2.0, FAR)
    assert own(path, SIZES[sizes]) <= 1.2 * best(path, SIZES[sizes])


@pytest.mark.parametrize(("mib", "most"), [(512, 1.4), (2048, 1.25)])
def test_a_way_that_becomes_longer_is_noticed(mib: int, most: float) -> None:
    # Each step up takes as long as a chunk on its way does, which is more than a second here.
    longer = changing(LAN, 2.0, LONGER)
    assert own(longer, chunks(mib)) <= most * best(longer, chunks(mib))


@pytest.mark.parametrize("sizes", ["96 MiB", "512 MiB", "2 GiB", "small"])
def test_one_slow_connection_of_many_does_not_hold_up_the_others(sizes: str) -> None:
    assert own(SLOW, SIZES[sizes]) <= 1.2 * best(SLOW, SIZES[sizes])


def test_it_ends_with_few_requests_where_this_process_is_what_is_busy() -> None:
    simulation = Simulation(attrs.evolve(LOOPBACK, crowding=0.05), SMALL * 2)
    limit = AdaptiveLimit(simulation.now, start=16)
    simulation.run(limit)
    assert limit.current <= 4


@pytest.mark.parametrize("start", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("name", ["loopback", "a busy machine", "LAN", "40 ms", "LAN with TLS"])
def test_whatever_it_begins_with_it_finds_its_number(name: str, start: int) -> None:
    simulation = Simulation(PATHS[name], SMALL * 4)
    simulation.run(AdaptiveLimit(simulation.now, start=start))
    assert simulation.clock <= 1.2 * best(PATHS[name], SMALL * 4)


@pytest.mark.parametrize("path", [LOOPBACK, FAR], ids=["loopback", "40 ms"])
def test_a_machine_on_which_others_work_does_not_fool_it(path: Path) -> None:
    restless = attrs.evolve(path, speed=0.6, unrest=0.9)
    seeds = range(9)
    fixed = min(
        statistics.median(Simulation(restless, SMALL * 2, seed).run(FixedLimit(count)) for seed in seeds)
        for count in FIXED
    )
    assert statistics.median(adaptive(restless, SMALL * 2, seed).clock for seed in seeds) <= 1.2 * fixed


class Watched(AdaptiveLimit):
    """A limit that keeps what it came to."""

    def finished(self, size: int) -> None:
        super().finished(size)
        self.__dict__.setdefault("seen", set()).add(self.current)


@pytest.mark.parametrize("path", [FAR, LOOPBACK, STRICT], ids=["40 ms", "loopback", "throttled"])
def test_it_never_exceeds_its_bound_nor_falls_below_one(path: Path) -> None:
    simulation = Simulation(path, chunks(512))
    limit = Watched(simulation.now, start=4, most=8)
    simulation.run(limit)
    assert min(limit.__dict__["seen"]) >= 1
    assert max(limit.__dict__["seen"]) <= 8
