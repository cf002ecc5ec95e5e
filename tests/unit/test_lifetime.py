"""When a client may be used: until it is closed, and in one event loop."""

from __future__ import annotations

import threading
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from imageapis.core.login import Login
from imageapis.core.response_body import BLOCK
from imageapis.errors import ClientClosed, WrongEventLoop
from tests.unit.toy import Answer, AsyncToy, Toy, ToyServer, ToyTokens, login

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.conftest import Face


TOKEN, GOOD = Answer(200, {"token": "not-a-secret"}), Answer(200, {})


@pytest.fixture
def server() -> Iterator[ToyServer]:
    with ToyServer() as made:
        yield made


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_closed_client_says_so(face: Face, server: ToyServer, method: str) -> None:
    toy = face.open(Toy, AsyncToy, login(server))
    toy.get()
    toy.close()
    with pytest.raises(ClientClosed, match="closed"):
        getattr(toy, method)()
    assert len(server.seen) == 1


def test_closing_twice_is_closing(face: Face, server: ToyServer) -> None:
    toy = face.open(Toy, AsyncToy, login(server))
    toy.close()
    toy.close()


def test_a_client_that_was_closed_does_not_log_in_either(face: Face, server: ToyServer) -> None:
    toy = face.open(Toy, AsyncToy, Login(endpoint=server.url, auth=ToyTokens(server.url)))
    toy.close()
    with pytest.raises(ClientClosed):
        toy.get()
    assert server.seen == []


def test_closing_leaves_the_callers_http_client_open_and_ends_ours(server: ToyServer) -> None:
    with httpx.Client() as mine:
        toy = Toy(login(server), http_client=mine)
        toy.close()
        with pytest.raises(ClientClosed):
            toy.get()
        assert mine.get(server.url).status_code == 200


def test_a_callers_http_client_that_the_caller_closed_is_the_same_error(server: ToyServer) -> None:
    mine = httpx.Client()
    toy = Toy(login(server), http_client=mine)
    mine.close()
    with pytest.raises(ClientClosed):
        toy.get()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_second_event_loop_is_told_to_make_its_own_client(server: ToyServer, backend: str) -> None:
    server.script = [Answer(200, {}, {"connection": "close"})]
    toy = AsyncToy(login(server))
    anyio.run(toy.get, backend=backend)
    for call in (toy.get, toy.close):
        with pytest.raises(WrongEventLoop, match="event loop"):
            anyio.run(call, backend=backend)
    assert len(server.seen) == 1


def test_a_client_that_was_made_outside_belongs_to_the_loop_that_first_uses_it(server: ToyServer) -> None:
    toy = AsyncToy(login(server))

    async def use() -> Any:
        async with toy:
            return [await toy.get(), await toy.get()]

    assert anyio.run(use) == [{}, {}]


def test_waiting_for_a_login_takes_no_threads(server: ToyServer) -> None:
    go_on = threading.Event()
    waiting = 300
    most = 0

    class Slow(ToyTokens):
        async def fetch(self, io: Any, previous: Any) -> Any:
            await io.run(go_on.wait, 60)
            return await super().fetch(io, previous)

    server.answer = lambda _, path, __: TOKEN if path == "/token" else GOOD

    async def main() -> None:
        nonlocal most
        before = threading.active_count()
        slow = Login(endpoint=server.url, auth=Slow(server.url))
        async with AsyncToy(slow) as toy, anyio.create_task_group() as group:
            for _ in range(waiting):
                group.start_soon(toy.get)
            await anyio.wait_all_tasks_blocked()
            most = threading.active_count() - before
            go_on.set()

    anyio.run(main, backend="trio")
    assert most < 10


class Parting(httpx.AsyncByteStream):
    """A body whose reader is cancelled with the first block, and whose close takes a moment."""

    def __init__(self) -> None:
        self.reader = anyio.CancelScope()
        self.ended = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            self.reader.cancel()
            yield bytes(BLOCK)
            await anyio.lowlevel.checkpoint()
        finally:
            self.ended = True

    async def aclose(self) -> None:
        await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("streamed", [True, False])
def test_a_body_is_let_go_of_where_its_reader_is_cancelled(backend: str, *, streamed: bool) -> None:
    async def first_block(toy: AsyncToy, http: httpx.AsyncClient) -> None:
        response = await toy._io.send(http.build_request("GET", "http://127.0.0.1:9/"), stream=True)
        async with aclosing(toy._io.body(response)) as blocks:
            await anext(blocks)

    async def main() -> bool:
        body = Parting()
        transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=body))
        async with httpx.AsyncClient(transport=transport) as http:
            toy = AsyncToy(Login(endpoint="http://127.0.0.1:9"), http_client=http, max_response_size=1)
            with body.reader:
                await (first_block(toy, http) if streamed else toy.get())
            return body.ended

    assert anyio.run(main, backend=backend)
