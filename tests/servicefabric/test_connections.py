"""How many requests are on their way at a time: what the caller says, or what the first of many show."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.core.concurrency import FEW, LIGHT, MOST, start_for
from imageapis.core.operations import Operations
from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.servicefabric.small_files import MANY
from tests.conftest import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imageapis.core.concurrency import Limit, LimitMaker
    from imageapis.testing.servicefabric import ServiceFabricServer
    from tests.conftest import Face

CHUNK = 4096


class Ticking(FakeClock):
    """A clock on which each look takes a moment: what lies between two looks seems to take that long."""

    def __init__(self, step: float) -> None:
        super().__init__()
        self.step = step

    def now(self) -> float:
        self.moment += self.step
        return self.moment


class Crowd:
    """Counts how many uploads are on their way at a time, as the client's hooks see it.

    Args:
        what: What the addresses of the uploads hold.
        threads: Whether each is sent by a thread, which can wait for another one.
    """

    def __init__(self, what: str, *, threads: bool) -> None:
        self.what = what
        self.threads = threads
        self.lock = threading.Lock()
        self.now = self.most = 0
        #: Set once two are on their way at a time; no thread takes an answer before, however fast the first one comes.
        self.met = threading.Event()

    def enters(self, request: Any) -> None:
        if self.what in str(request.url) and request.method == "PUT":
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
                if self.now > 1:
                    self.met.set()

    def leaves(self, response: Any) -> None:
        if self.what in str(response.request.url) and response.request.method == "PUT":
            if self.threads:
                self.met.wait(30)
            with self.lock:
                self.now -= 1


def _open(face: Face, server: ServiceFabricServer, crowd: Crowd, step: float) -> Any:
    hooks = {"request": [crowd.enters], "response": [crowd.leaves]}
    return face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url), clock=Ticking(step), hooks=hooks)


def _upload(face: Face, server: ServiceFabricServer, folder: Path, chunks: int, step: float, **options: Any) -> Crowd:
    crowd = Crowd("UploadChunk", threads=face.blocking)
    file = folder / "file"
    file.write_bytes(bytes(chunks * CHUNK))
    store = _open(face, server, crowd, step)
    store.upload_file(file, "a", chunk_size=CHUNK, **options)
    assert server.store.content("a") == bytes(chunks * CHUNK)
    return crowd


class Way:
    """What a request meets, in seconds of a clock that stands still otherwise."""

    def __init__(
        self, clock: FakeClock, *, set_up: float = 0.0, works: float = 0.0, waits: float = 0.0, queues: float = 0.0
    ) -> None:
        self.clock = clock
        self.set_up = set_up
        self.works = works
        self.waits = waits
        #: What of the wait is one for a processor.
        self.queues = queues

    def connects(self, event: str) -> None:
        if event == "connection.connect_tcp.started":
            self.clock.moment += self.set_up

    def answers(self) -> None:
        self.clock.moment += self.works + self.waits
        self.clock.work += self.works
        self.clock.delay += self.queues


class WayThere(httpx.HTTPTransport):
    def __init__(self, way: Way) -> None:
        super().__init__()
        self.way = way

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        hears = request.extensions.get("trace")
        if hears is not None:

            def both(event: str, details: Any) -> None:
                self.way.connects(event)
                hears(event, details)

            request.extensions["trace"] = both
        response = super().handle_request(request)
        self.way.answers()
        return response


class AsyncWayThere(httpx.AsyncHTTPTransport):
    def __init__(self, way: Way) -> None:
        super().__init__()
        self.way = way

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        hears = request.extensions.get("trace")
        if hears is not None:

            async def both(event: str, details: Any) -> None:
                self.way.connects(event)
                await hears(event, details)

            request.extensions["trace"] = both
        response = await super().handle_async_request(request)
        self.way.answers()
        return response


@contextmanager
def _over(way: Way, face: Face, server: ServiceFabricServer) -> Iterator[Any]:
    http: Any = (
        httpx.Client(transport=WayThere(way)) if face.blocking else httpx.AsyncClient(transport=AsyncWayThere(way))
    )
    yield face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url), clock=way.clock, http_client=http)
    face.run(http.close if face.blocking else http.aclose)


def test_what_this_process_does_meanwhile_is_no_part_of_the_way(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"small")
    with _over(Way(FakeClock(), works=1.0), face, server) as store:
        store.upload_package(tmp_path, "P")
    assert start_for(store._round_trip) == start_for(0.0)


def test_small_files_of_a_client_with_threads_begin_one_by_one_where_the_server_is_near(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"small")
    with _over(Way(FakeClock(), works=1.0), face, server) as store:
        store.upload_package(tmp_path, "P")
    make = store._limit(None)
    assert make(2048).current == start_for(0.0, light=True, loop=not face.blocking) < make(LIGHT).current


def _watch_limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Return what will hold the size of the jobs and the first number of each limit that a client makes."""
    made: list[tuple[int, int]] = []
    make = Operations._limit

    def watched(self: Operations, told: int | None) -> LimitMaker:
        limit = make(self, told)

        def note(size: int, trips: int = 1) -> Limit:
            new = limit(size, trips)
            made.append((size, new.current))
            return new

        return note

    monkeypatch.setattr(Operations, "_limit", watched)
    return made


def test_small_files_stay_small_when_the_first_of_two_has_gone_ahead(
    face: Face, server: ServiceFabricServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(bytes(LIGHT - 1))
    made = _watch_limits(monkeypatch)
    with _over(Way(FakeClock(), works=1.0), face, server) as store:
        store.upload_package(tmp_path, "P")
    assert max(size for size, _ in made) == LIGHT - 1


class Restless(Way):
    """A way on which some requests are slow, as on a machine where others want the processor."""

    def __init__(self, clock: FakeClock, *seconds: float) -> None:
        super().__init__(clock)
        self.seconds = list(seconds)

    def answers(self) -> None:
        self.waits = self.seconds.pop(0) if self.seconds else 0.0
        super().answers()


# The first one is for the listing of what is there, the others for files that go one after the other.
@pytest.mark.parametrize("slow", [(0.025,), (0.025, 0.002), (0.025, 0.009, 0.003), (0.003, 0.003, 0.003)])
def test_small_files_begin_as_the_fastest_of_the_first_requests_says_while_these_differ(
    face: Face,
    server: ServiceFabricServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    slow: tuple[float, ...],
) -> None:
    for number in range(8):
        (tmp_path / f"file-{number}").write_bytes(b"small")
    made = _watch_limits(monkeypatch)
    with _over(Restless(FakeClock(), *slow), face, server) as store:
        store.upload_package(tmp_path, "P")
    assert (len(b"small"), start_for(0.0, light=True, loop=not face.blocking)) in made


def test_small_files_do_not_take_a_building_for_one_machine_where_others_want_the_processor(
    face: Face, server: ServiceFabricServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        (tmp_path / f"file-{number}").write_bytes(b"small")
    made = _watch_limits(monkeypatch)
    # Each request takes a millisecond, and waits as long for a processor.
    with _over(Way(FakeClock(), waits=0.002, queues=0.001), face, server) as store:
        store.upload_package(tmp_path, "P")
    assert (len(b"small"), start_for(0.001, light=True, loop=not face.blocking)) in made


def test_how_long_a_file_takes_that_is_not_light_is_not_taken_for_the_way(
    face: Face, server: ServiceFabricServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(bytes(LIGHT))
    made = _watch_limits(monkeypatch)
    with _over(Restless(FakeClock(), 0.002, 0.1), face, server) as store:
        store.upload_package(tmp_path, "P")
    assert (LIGHT, start_for(0.002, loop=not face.blocking)) in made


def test_small_files_go_together_at_once_where_the_way_is_long(
    face: Face, server: ServiceFabricServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"small")
    made = _watch_limits(monkeypatch)
    with _over(Restless(FakeClock(), 0.03), face, server) as store:
        store.upload_package(tmp_path, "P")
    assert (len(b"small"), MOST) in made


@pytest.mark.parametrize("round_trip", [0.0, 0.0007])
def test_chunks_that_are_encrypted_here_begin_one_by_one_where_the_server_is_near(
    face: Face, round_trip: float
) -> None:
    store = face.open(ImageStore, AsyncImageStore, auth.unsecured("https://127.0.0.1:1"))
    store.client._round_trip = round_trip
    assert store._limit(None)(LIGHT).current == 1 < start_for(round_trip)


def test_jobs_of_several_requests_begin_as_one_that_takes_as_long_as_all_of_them(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"small")
    with _over(Way(FakeClock(), waits=0.003), face, server) as store:
        store.upload_package(tmp_path, "P")
    assert store._limit(None)(LIGHT - 1, 4).current == start_for(4 * 0.003) > start_for(0.003)


def test_the_set_up_of_a_connection_is_no_part_of_the_way(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(bytes(2 * CHUNK))
    with _over(Way(FakeClock(), set_up=1.0, waits=0.002), face, server) as store:
        # It asks for sessions once, over a new connection.
        store.upload_file(tmp_path / "file", "a", chunk_size=CHUNK)
    assert store._round_trip == pytest.approx(0.002)


def test_a_walk_over_many_pages_tells_how_long_one_of_them_takes(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    before = face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url))
    for number in range(8):
        before.put_file(b"small", f"P/folder-{number}/file")
    (tmp_path / "file").write_bytes(b"small")
    with _over(Way(FakeClock(), waits=0.005), face, server) as store:
        store.upload_package(tmp_path, "P", concurrency=1)
    assert store._round_trip == pytest.approx(0.005)


@pytest.mark.parametrize("concurrency", [2, 3])
def test_what_the_caller_says_holds_however_fast_the_connection(
    face: Face, server: ServiceFabricServer, tmp_path: Path, concurrency: int
) -> None:
    assert 1 < _upload(face, server, tmp_path, 40, 1e-9, concurrency=concurrency).most <= concurrency


def _upload_package(face: Face, server: ServiceFabricServer, folder: Path, step: float, **options: Any) -> Crowd:
    crowd = Crowd("file-", threads=face.blocking)
    for number in range(40):
        (folder / f"file-{number}").write_bytes(b"small")
    _open(face, server, crowd, step).upload_package(folder, "P", **options)
    assert len(server.store.paths()) == 41
    return crowd


def test_the_caller_says_how_many_small_files_go_at_a_time(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    assert 1 < _upload_package(face, server, tmp_path, 1e-9, concurrency=3).most <= 3


def test_no_small_file_goes_alone_to_tell_of_the_way_where_the_caller_says_how_many_go(
    face: Face, server: ServiceFabricServer, tmp_path: Path
) -> None:
    for number in range(8):
        (tmp_path / f"file-{number}").write_bytes(b"small")
    # Of the files only; the listings before and after them take longer.
    with _over(Restless(FakeClock(), 0.025, *[0.002] * 8, *[0.025] * 8), face, server) as store:
        store.upload_package(tmp_path, "P", concurrency=3)
    assert store._round_trip == pytest.approx(0.025)


@pytest.mark.parametrize(("files", "told"), [(MANY, 0.002), (MANY - 1, 0.05)])
def test_of_many_small_files_one_goes_alone_before_it_is_believed_that_the_way_is_long(
    face: Face, server: ServiceFabricServer, tmp_path: Path, files: int, told: float
) -> None:
    for number in range(files):
        (tmp_path / f"file-{number}").write_bytes(b"small")
    # What asks before the files waits for the machine, as do all but the first few of them.
    with _over(Restless(FakeClock(), 0.05, *[0.002] * 8, *[0.05] * (files + 8)), face, server) as store:
        store.upload_package(tmp_path, "P")
    assert store._round_trip == pytest.approx(told)


@pytest.mark.parametrize(("waits", "start"), [(0.05, FEW), (0.12, MOST)])
def test_on_a_busy_machine_it_begins_with_many_only_where_the_machine_does_not_explain_how_long_a_request_took(
    face: Face, server: ServiceFabricServer, tmp_path: Path, waits: float, start: int
) -> None:
    (tmp_path / "file").write_bytes(bytes(2 * CHUNK))
    with _over(Way(FakeClock(), waits=waits, queues=0.02), face, server) as store:
        store.upload_file(tmp_path / "file", "a", chunk_size=CHUNK)
    assert start_for(store._round_trip) == start
