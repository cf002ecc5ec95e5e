"""One body, two faces: operations, and what an `Io` promises besides HTTP."""

from __future__ import annotations

import inspect
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from imageapis.core.cancellation import checkpoint
from imageapis.core.concurrency import FixedLimit
from imageapis.core.faces import Blocking, NonBlocking, operation, run_blocking
from imageapis.core.work import _Done
from tests.unit.toy import AsyncToy, Toy, ToyServer, login

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from tests.conftest import Face


class _Ops:
    @operation
    async def double(self, number: int, *, plus: int = 0) -> int:
        """Double a number."""
        return 2 * number + plus


class _Plain(Blocking, _Ops):
    pass


class _Awaited(NonBlocking, _Ops):
    pass


def test_an_operation_is_a_plain_method_on_the_blocking_class() -> None:
    assert _Plain().double(2, plus=1) == 5
    assert not inspect.iscoroutinefunction(_Plain.double)


def test_an_operation_is_a_coroutine_method_on_the_async_class() -> None:
    assert inspect.iscoroutinefunction(_Awaited.double)
    assert anyio.run(_Awaited().double, 2) == 4


def test_both_classes_show_the_same_signature_and_docstring() -> None:
    assert inspect.signature(_Plain.double) == inspect.signature(_Awaited.double)
    assert _Plain.double.__doc__ == _Awaited.double.__doc__ == "Double a number."


def test_a_blocking_operation_that_suspends_is_an_error_in_plain_words() -> None:
    async def suspends() -> None:
        await anyio.lowlevel.checkpoint()

    class _Suspends(Blocking):
        @operation
        async def wait(self) -> None:
            future: Any = _Never()
            await future

    with pytest.raises(RuntimeError, match="suspended although its Io blocks"):
        _Suspends().wait()


class _Never:
    def __await__(self) -> Iterator[None]:
        yield


def _io(face: Face, server: ToyServer) -> Any:
    return face.open(Toy, AsyncToy, login(server)).client._io


@pytest.fixture(scope="module")
def server() -> Iterator[ToyServer]:
    with ToyServer() as made:
        yield made


def _gather(face: Face, io: Any, jobs: Iterator[Coroutine[Any, Any, None]], limit: int) -> None:
    if face.blocking:
        run_blocking(io.gather(jobs, FixedLimit(limit)))
    else:
        face.run(io.gather, jobs, FixedLimit(limit))


def test_gather_draws_a_job_only_when_its_turn_comes(face: Face, server: ToyServer) -> None:
    drawn = 0
    ended = 0
    ahead: list[int] = []

    async def job() -> None:
        nonlocal ended
        ahead.append(drawn - ended)
        ended += 1

    def jobs() -> Iterator[Coroutine[Any, Any, None]]:
        nonlocal drawn
        for _ in range(50):
            drawn += 1
            yield job()

    _gather(face, _io(face, server), jobs(), 3)
    assert ended == 50
    assert max(ahead) <= 3


def test_the_first_failure_of_gather_is_raised_as_itself_and_stops_the_rest(face: Face, server: ToyServer) -> None:
    began: list[int] = []

    async def job(number: int) -> None:
        began.append(number)
        if number == 3:
            raise LookupError(number)

    with pytest.raises(LookupError):
        _gather(face, _io(face, server), (job(number) for number in range(1000)), 2)
    assert len(began) < 1000


def test_workers_of_a_failed_blocking_gather_end_at_their_next_checkpoint(server: ToyServer) -> None:
    failed = threading.Event()
    rounds = 0

    async def works() -> None:
        nonlocal rounds
        failed.wait(10)
        for _ in range(10_000_000):
            rounds += 1
            checkpoint()

    async def fails() -> None:
        failed.set()
        raise LookupError

    with Toy(login(server)) as toy, pytest.raises(LookupError):
        run_blocking(toy._io.gather(iter([works(), fails()]), FixedLimit(2)))
    assert rounds < 10_000_000


def test_wait_returns_what_another_thread_brings(face: Face, server: ToyServer) -> None:
    io = _io(face, server)
    future: Future[int] = Future()
    timer = threading.Timer(0.01, future.set_result, [42])
    timer.start()
    value = run_blocking(io.wait(future)) if face.blocking else face.run(io.wait, future)
    timer.join()
    assert value == 42


def test_run_keeps_blocking_work_off_the_event_loop(face: Face, server: ToyServer) -> None:
    io = _io(face, server)
    here: list[int] = []

    async def loop_thread() -> None:
        here.append(threading.get_ident())

    if face.blocking:
        assert run_blocking(io.run(threading.get_ident)) == threading.get_ident()
        return
    face.run(loop_thread)
    assert face.run(io.run, threading.get_ident) != here[0]


def test_background_work_can_be_given_up(face: Face, server: ToyServer) -> None:
    io = _io(face, server)
    begun = threading.Event()

    async def work() -> int:
        begun.set()
        return 1

    def start() -> None:
        io.start(work()).cancel()

    async def start_async() -> None:
        start()

    face.run(start if face.blocking else start_async)


def test_background_work_that_was_given_up_before_its_thread_began_is_closed() -> None:
    async def work() -> int:
        return 1

    never: Future[int] = Future()
    coroutine = work()
    _Done(never, coroutine).cancel()
    assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CLOSED
