"""The bare sockets of event loops: they wait where a socket makes them, until it is closed or their time is up."""

from __future__ import annotations

import asyncio
import itertools
import socket
import ssl
import threading
from contextlib import asynccontextmanager, closing
from types import SimpleNamespace
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
import httpcore
import pytest

from imageapis.core import sockets
from imageapis.core.sendfile import CAN_SEND, Span
from imageapis.core.sockets import TURN, Socket, bare
from imageapis.core.uploadable import open_source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    import trustme

#: Far more than a socket takes by itself.
LARGE = bytes(range(256)) * (128 << 10)


@pytest.fixture(params=["asyncio", "trio"])
def run(request: pytest.FixtureRequest) -> Callable[[Callable[[], Awaitable[None]]], None]:
    """Run an async function, on either event loop."""
    return lambda work: anyio.run(work, backend=request.param)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


@pytest.fixture
def clients_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@asynccontextmanager
async def connected(listener: socket.socket) -> AsyncIterator[tuple[httpcore.AsyncNetworkStream, socket.socket]]:
    """Yield a bare socket, and the other end of it."""
    host, port = listener.getsockname()
    backend = httpcore.AnyIOBackend()
    stream = await bare(await backend.connect_tcp(host, port))
    other, _ = listener.accept()
    with closing(other):
        try:
            yield stream, other
        finally:
            await stream.aclose()


def _received(other: socket.socket, tls: ssl.SSLContext | None = None) -> tuple[threading.Thread, bytearray]:
    """Begin to receive as much as `LARGE` has, in a thread."""
    got = bytearray()

    def receive() -> None:
        end = tls.wrap_socket(other, server_side=True) if tls else other
        with end:
            while len(got) < len(LARGE) and (data := end.recv(1 << 20)):
                got.extend(data)

    thread = threading.Thread(target=receive)
    thread.start()
    return thread, got


def test_all_of_a_buffer_is_sent_however_little_a_socket_takes(
    run: Callable[..., None], listener: socket.socket
) -> None:
    async def main() -> None:
        async with connected(listener) as (stream, other):
            assert isinstance(stream, Socket)
            thread, got = _received(other)
            await stream.write(LARGE)
            thread.join(60)
            assert got == LARGE

    run(main)


def test_all_of_a_buffer_is_sent_over_tls(
    run: Callable[..., None], listener: socket.socket, secured: ssl.SSLContext, clients_tls: ssl.SSLContext
) -> None:
    async def main() -> None:
        async with connected(listener) as (stream, other):
            thread, got = _received(other, secured)
            encrypted = await stream.start_tls(clients_tls, "127.0.0.1")
            assert encrypted.get_extra_info("ssl_object").version() == "TLSv1.3"
            await encrypted.write(LARGE)
            thread.join(60)
            await encrypted.aclose()
            assert got == LARGE

    run(main)


@pytest.mark.skipif(not CAN_SEND, reason="this system sends no parts of files")
def test_a_part_of_a_file_goes_on_where_a_socket_took_no_more_over_tls(
    run: Callable[..., None],
    listener: socket.socket,
    secured: ssl.SSLContext,
    clients_tls: ssl.SSLContext,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_bytes(LARGE)

    async def main() -> None:
        async with connected(listener) as (stream, other):
            thread, got = _received(other, secured)
            encrypted = await stream.start_tls(clients_tls, "127.0.0.1")
            assert isinstance(encrypted, Socket)
            with closing(open_source(tmp_path / "file")) as source, (tmp_path / "file").open("rb") as file:
                span = Span(source, file.fileno(), 0, 0, len(LARGE))
                await encrypted.write_span(span)
            assert span.left == 0
            thread.join(60)
            await encrypted.aclose()
            assert got == LARGE

    run(main)


def test_a_certificate_that_nobody_vouches_for_closes_the_connection(
    run: Callable[..., None], listener: socket.socket, secured: ssl.SSLContext
) -> None:
    def answer(other: socket.socket) -> None:
        with pytest.raises(ssl.SSLError):
            secured.wrap_socket(other, server_side=True)

    async def main() -> None:
        async with connected(listener) as (stream, other):
            thread = threading.Thread(target=answer, args=[other])
            thread.start()
            with pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await stream.start_tls(ssl.create_default_context(), "127.0.0.1")
            assert stream.get_extra_info("socket").fileno() == -1
            thread.join(60)

    run(main)


def test_a_handshake_sleeps_while_the_server_says_nothing(
    run: Callable[..., None], listener: socket.socket, clients_tls: ssl.SSLContext
) -> None:
    async def main() -> None:
        async with connected(listener) as (stream, _), anyio.create_task_group() as group:
            group.start_soon(stream.start_tls, clients_tls, "127.0.0.1")
            with anyio.fail_after(20):
                await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()

    run(main)


def test_a_read_that_waits_fails_when_the_connection_is_closed(
    run: Callable[..., None], listener: socket.socket
) -> None:
    async def main() -> None:
        async with connected(listener) as (stream, _), anyio.create_task_group() as group:

            async def read() -> None:
                with pytest.raises(httpcore.ReadError):
                    await stream.read(1)

            group.start_soon(read)
            await anyio.wait_all_tasks_blocked()
            await stream.aclose()

    run(main)


def test_a_read_ends_when_its_time_is_up(run: Callable[..., None], listener: socket.socket) -> None:
    async def main() -> None:
        async with connected(listener) as (stream, _):
            with pytest.raises(httpcore.ReadTimeout):
                await stream.read(1, timeout=0.05)

    run(main)


def test_a_write_that_nobody_reads_ends_when_its_time_is_up(run: Callable[..., None], listener: socket.socket) -> None:
    async def main() -> None:
        async with connected(listener) as (stream, _):
            with pytest.raises(httpcore.WriteTimeout):
                await stream.write(LARGE, timeout=0.05)

    run(main)


@pytest.mark.parametrize(("step", "least", "most"), [(1.0, 90, 110), (TURN / 10, 5, 40)])
def test_other_tasks_have_their_turn_as_often_as_promised_where_reads_need_not_wait(
    run: Callable[..., None],
    listener: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    step: float,
    least: int,
    most: int,
) -> None:
    clock = itertools.count(1.0, step)
    monkeypatch.setattr(sockets, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    async def main() -> None:
        turns = 0

        async def other_work() -> None:
            nonlocal turns
            while True:
                turns += 1
                await anyio.lowlevel.checkpoint()

        async with connected(listener) as (stream, other), anyio.create_task_group() as group:
            other.sendall(b"x" * 100)
            group.start_soon(other_work)
            for _ in range(100):
                assert await stream.read(1) == b"x"
            group.cancel_scope.cancel()
        assert least <= turns <= most

    run(main)


def test_a_connection_tells_its_ends_and_whether_anything_came(
    run: Callable[..., None], listener: socket.socket
) -> None:
    async def main() -> None:
        async with connected(listener) as (stream, other):
            assert stream.get_extra_info("server_addr") == other.getsockname()
            assert stream.get_extra_info("client_addr") == other.getpeername()
            assert stream.get_extra_info("ssl_object") is None
            assert stream.get_extra_info("anything else") is None
            assert stream.get_extra_info("is_readable") is False
            other.shutdown(socket.SHUT_WR)
            with anyio.fail_after(60):
                assert await stream.read(1) == b""
            assert stream.get_extra_info("is_readable") is True
            await stream.aclose()
            assert stream.get_extra_info("is_readable") is True

    run(main)


def test_an_event_loop_that_waits_for_no_sockets_keeps_its_own_streams(listener: socket.socket) -> None:
    class Proactor(asyncio.SelectorEventLoop):
        add_writer = asyncio.AbstractEventLoop.add_writer

    async def main() -> None:
        async with connected(listener) as (stream, _):
            assert not isinstance(stream, Socket)

    with asyncio.Runner(loop_factory=Proactor) as runner:
        runner.run(main())
