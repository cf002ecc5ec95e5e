"""Which failures are tried again: a table of method, what the server does, and what the caller gets."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.core.faces import run_blocking
from imageapis.core.login import Login
from imageapis.errors import ConnectionFailed, ImageApiError, RateLimited, ServerError, TimedOut
from tests.unit.toy import Answer, AsyncToy, Toy, ToyServer, login

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Face, FakeClock

BUSY = Answer(503, {"code": "BUSY"})
LIMIT = Answer(429, {"code": "SLOW"}, {"Retry-After": "7"})
GOOD = Answer(200, {"ok": True})

TABLE = [
    ("get", [BUSY, GOOD], 2, None),
    ("get", [LIMIT, LIMIT, GOOD], 3, None),
    ("get", [Answer(502), Answer(504), GOOD], 3, None),
    ("put", [BUSY, GOOD], 2, None),
    ("delete", [BUSY, GOOD], 2, None),
    ("get", [BUSY], 4, ServerError),
    ("get", [LIMIT], 4, RateLimited),
    ("get", [Answer(500, {"code": "BROKEN"})], 1, ServerError),
    ("post", [BUSY, GOOD], 1, ServerError),
    ("post", [LIMIT, GOOD], 2, None),
    ("get", [Answer(200, {"ok": True}, short=True), GOOD], 2, None),
    ("post", [Answer(200, {"ok": True}, short=True), GOOD], 1, ConnectionFailed),
]


@pytest.mark.parametrize(("method", "script", "requests", "error"), TABLE)
def test_a_failure_is_tried_again_only_where_that_is_safe(
    face: Face, clock: FakeClock, method: str, script: list[Answer], requests: int, error: type[ImageApiError] | None
) -> None:
    with ToyServer(*script) as server:
        toy = face.open(Toy, AsyncToy, login(server), clock=clock)
        if error is None:
            assert getattr(toy, method)() == {"ok": True}
        else:
            with pytest.raises(error):
                getattr(toy, method)()
        assert len(server.seen) == requests


@pytest.mark.parametrize("answer", [BUSY, LIMIT, Answer(200, {"ok": True}, short=True)])
def test_what_is_tried_again_elsewhere_is_sent_once(face: Face, clock: FakeClock, answer: Answer) -> None:
    with ToyServer(answer) as server:
        toy = face.open(Toy, AsyncToy, login(server), clock=clock).client
        request = toy._http.build_request("PUT", server.url + "/thing")
        with pytest.raises(ImageApiError):
            sent = partial(toy._exchange, request, retry=False)
            run_blocking(sent()) if face.blocking else face.run(sent)
        assert len(server.seen) == 1


def _far_away() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=3000), usegmt=True)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0.5", 0.5, 0.5),
        (_far_away, 60, 60),
        ("9999", 60, 60),
        ("soon", 0, 1),
        ("-5", 0, 1),
        ("0", 0, 1),
    ],
)
def test_retry_after_is_read_as_seconds_fraction_or_date_and_capped(
    face: Face, clock: FakeClock, header: str | Callable[[], str], least: float, most: float
) -> None:
    said = header if isinstance(header, str) else header()
    with ToyServer(Answer(429, None, {"Retry-After": said}), GOOD) as server:
        face.open(Toy, AsyncToy, login(server), clock=clock).get()
    assert len(clock.slept) == 1
    assert least <= clock.slept[0] <= most


def test_the_error_after_the_retries_says_how_long_to_wait(face: Face, clock: FakeClock) -> None:
    with ToyServer(LIMIT) as server:
        toy = face.open(Toy, AsyncToy, login(server), clock=clock, retries=1)
        with pytest.raises(RateLimited) as caught:
            toy.get()
    assert caught.value.retry_after == 7
    assert len(server.seen) == 2


def test_retries_end_at_the_deadline_although_tries_are_left(face: Face, clock: FakeClock) -> None:
    with ToyServer(LIMIT) as server:
        toy = face.open(Toy, AsyncToy, login(server), clock=clock, retries=50, deadline=30)
        with pytest.raises((TimedOut, RateLimited)):
            toy.get()
    assert sum(clock.slept) <= 37
    assert len(server.seen) < 7


def test_a_refused_connection_says_that_nothing_was_sent(face: Face, clock: FakeClock) -> None:
    # Nobody else can be given this port, and nobody listens to it.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        toy = face.open(Toy, AsyncToy, Login(endpoint=f"http://127.0.0.1:{taken.getsockname()[1]}"), clock=clock)
        with pytest.raises(ConnectionFailed) as caught:
            toy.post()
    assert caught.value.sent is False
    assert len(clock.slept) == 3


def test_no_retries_means_one_request(face: Face, clock: FakeClock) -> None:
    with ToyServer(BUSY) as server:
        toy = face.open(Toy, AsyncToy, login(server), clock=clock, retries=0)
        with pytest.raises(ServerError):
            toy.get()
    assert len(server.seen) == 1


def test_a_slow_answer_ends_in_our_time_out(face: Face) -> None:
    import threading

    release = threading.Event()

    def slow(*_: Any) -> Answer:
        release.wait(10)
        return GOOD

    with ToyServer(answer=slow) as server:
        toy = face.open(Toy, AsyncToy, login(server), timeout=httpx.Timeout(60, read=0.05), retries=0)
        with pytest.raises(TimedOut) as caught:
            toy.get()
        release.set()
    assert caught.value.sent is True
