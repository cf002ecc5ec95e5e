"""A program that forks with connections open; `test_forks` runs it: face, address, a CA file or nothing, what to do.

Parent and child call the server at the same time and end with 0 if each answer was their own.
"""

from __future__ import annotations

import os
import ssl
import sys
import threading
from typing import TYPE_CHECKING, Any

from imageapis.core.login import Login
from imageapis.errors import ClientClosed
from tests.unit.toy import AsyncToy, Toy

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 40


def _login(url: str, ca: str) -> Login:
    return Login(endpoint=url, verify=(lambda: ssl.create_default_context(cafile=ca)) if ca else None)


def _is_own(answer: Any, name: str) -> bool:
    return bool(answer == {"name": name})


def _blocking(login: Login) -> bool:
    client = Toy(login)
    assert _is_own(client.get(name="parent-first"), "parent-first")
    child = os.fork()
    who = "parent" if child else "child"
    right = [_is_own(client.get(name=f"{who}-{number}"), f"{who}-{number}") for number in range(CALLS)]
    client.close()
    return all(right) and (not child or os.waitpid(child, 0)[1] == 0)


def _async(login: Login, run: Callable[..., Any]) -> bool:
    async def calls(client: AsyncToy, who: str) -> bool:
        right = [_is_own(await client.get(name=f"{who}-{number}"), f"{who}-{number}") for number in range(CALLS)]
        await client.close()
        return all(right)

    async def parent() -> int:
        client = AsyncToy(login)
        assert _is_own(await client.get(name="parent-first"), "parent-first")
        child = os.fork()
        if child:
            return child if await calls(client, "parent") else 0
        # The parent's event loop is of no use in the child.
        outcome: list[bool] = []
        thread = threading.Thread(target=lambda: outcome.append(run(calls, client, "child")))
        thread.start()
        thread.join()
        os._exit(0 if outcome == [True] else 1)

    child = run(parent)
    return bool(child) and os.waitpid(child, 0)[1] == 0


def _callers_own(login: Login) -> bool:
    import httpx

    with httpx.Client() as http:
        client = Toy(login, http_client=http)
        client.get(name="parent-first")
        child = os.fork()
        if child:
            return os.waitpid(child, 0)[1] == 0
        try:
            client.get(name="child-0")
        except ClientClosed:
            os._exit(0)
        os._exit(1)


def main(face: str, url: str, ca: str) -> int:
    login = _login(url, ca)
    if face == "blocking":
        return 0 if _blocking(login) else 1
    if face == "http_client":
        return 0 if _callers_own(login) else 1
    import anyio

    return 0 if _async(login, lambda work, *args: anyio.run(work, *args, backend=face)) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
