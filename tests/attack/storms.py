"""Many callers at once on one login, clients used after their end or in another event loop, and forked processes."""

from __future__ import annotations

import inspect
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import anyio

from imageapis.errors import ImageApiError

if TYPE_CHECKING:
    from tests.attack.operations import Files, Target

#: Seconds after which somebody waits for ever. A busy machine takes many for what is over at once elsewhere.
EVER = 60
#: Threads that a process may have while tasks wait.
THREADS = 80


class Wrong(Exception):
    """Something of which no error of the library tells."""


class Storm:
    """Calls of one client, all at once, before there is a token.

    Args:
        crowd: How many.
        service: Whose client it is.
        face: On which face.
        cancels: How many of the async callers are cancelled while they wait.
    """

    def __init__(self, crowd: int, service: str, face: str, cancels: int) -> None:
        self._crowd = crowd
        self._service = service
        self._face = face
        self._cancels = cancels
        self.good = True

    def call(self, client: Any, files: Files) -> Any:
        """Call."""
        return self._blocking(client) if self._face == "blocking" else self._nonblocking(client)

    def _ask(self, client: Any, number: int) -> Any:
        return client.image("job:1") if self._service == "lusid" else client.image(f"a{number}")

    def _check(self, number: int, value: Any) -> None:
        if self._service == "openstack" and self.good and value.id != f"a{number}":
            raise Wrong(f"asked for a{number} and got {value.id}")

    def _blocking(self, client: Any) -> None:
        failures: list[BaseException] = []

        def work(number: int) -> None:
            try:
                self._check(number, self._ask(client, number))
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(self._crowd)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(EVER)
        if any(thread.is_alive() for thread in threads):
            raise Wrong("a caller waits for ever")
        self._judge(failures)

    async def _nonblocking(self, client: Any) -> None:
        failures: list[BaseException] = []
        most = 0

        async def work(number: int, scope: anyio.CancelScope) -> None:
            nonlocal most
            with scope:
                try:
                    self._check(number, await self._ask(client, number))
                except Exception as failure:
                    failures.append(failure)
                most = max(most, threading.active_count())

        async with anyio.create_task_group() as group:
            scopes = [anyio.CancelScope() for _ in range(self._crowd)]
            for number, scope in enumerate(scopes):
                group.start_soon(work, number, scope)
            for scope in scopes[: self._cancels]:
                await anyio.sleep(0.005)
                scope.cancel()
        if most > THREADS:
            raise Wrong(f"{most} threads for {self._crowd} tasks")
        self._judge(failures)

    def _judge(self, failures: list[BaseException]) -> None:
        for failure in failures:
            if self.good or not isinstance(failure, ImageApiError):
                raise failure


def after_close(target: Target, face: str, client: Any, files: Files) -> Any:
    """Call an operation of a client that was closed."""
    if face == "blocking":
        client.close()
        value = target.call(client, files)
        return list(value) if hasattr(value, "by_page") else value

    async def call() -> Any:
        await client.close()
        return await _awaited(target.call(client, files))

    return call()


async def _awaited(value: Any) -> Any:
    if inspect.isawaitable(value):
        return await value
    return [item async for item in value]


def two_loops(target: Target, face: str, client: Any, files: Files) -> Any:
    """Call an operation in a second event loop, in a thread, after a first call in this one."""

    async def call() -> Any:
        await _awaited(target.call(client, files))
        await anyio.to_thread.run_sync(_elsewhere, target, face, client, files)
        return await _awaited(target.call(client, files))

    return call()


def _elsewhere(target: Target, face: str, client: Any, files: Files) -> None:
    async def call() -> None:
        await _awaited(target.call(client, files))

    anyio.run(call, backend=face)


def forked(during: bool, client: Any, files: Files) -> None:
    """Fork with a connection that is kept open, or during a login, and see that each process gets its own answers."""
    login: threading.Thread | None = None
    if during:
        login = threading.Thread(target=client.image, args=("a0",), daemon=True)
        login.start()
        # Each answer takes twice as long: the login is under way, and whatever it is at must do no harm.
        login.join(0.05)
    else:
        client.image("a0")
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _child(client, writing)
    os.close(writing)
    wrong = ""
    try:
        wrong = _own_answers(client, "p")
    finally:
        with os.fdopen(reading) as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        if login is not None:
            login.join(EVER)
    if wrong or said != "fine":
        raise Wrong(f"parent: {wrong or 'fine'}; child: {said or 'ended without a word'}")


def _child(client: Any, writing: int) -> None:
    """Make calls in a forked process and end it."""
    said = "hung"
    try:
        signal.signal(signal.SIGALRM, lambda *_: (os.write(writing, b"it hung"), os._exit(1)))
        signal.setitimer(signal.ITIMER_REAL, EVER)
        said = _own_answers(client, "c") or "fine"
    except BaseException as failure:
        said = f"{type(failure).__name__}: {failure}"
    finally:
        os.write(writing, said.encode()[:4000])
        os._exit(0)


def _own_answers(client: Any, mark: str) -> str:
    """Return what is wrong with the answers to ten calls, if anything."""
    asked = [f"{mark}{number}" for number in range(10)]
    got = [client.image(name).id for name in asked]
    others = [f"{name} got {answer}" for name, answer in zip(asked, got, strict=True) if name != answer]
    return ", ".join(others[:3])
