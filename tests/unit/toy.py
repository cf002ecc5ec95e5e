"""A service that does not exist: a client of two operations and a server whose answers a test writes down.

With it core is tested without any of the three services.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.client import AsyncClient, BlockingClient
from imageapis.core.faces import operation
from imageapis.core.login import Login, request
from imageapis.core.operations import Operations
from imageapis.core.pages import MOST_EMPTY, Page, Walk
from imageapis.core.paging import paged
from imageapis.core.service import ErrorDetail, Service
from imageapis.core.tokens import Token, TokenAuth
from imageapis.errors import LoginError
from imageapis.testing.server import LocalServer
from imageapis_generated._requests import Call, query, read_json
from imageapis_generated._values import Unreadable, anything, whole

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from imageapis.core.http import Response
    from imageapis.core.io import Io
    from imageapis.testing.asgi import Receive, Scope, Send


@attrs.frozen
class Answer:
    """What the server says once. `cut` drops the connection instead, before or after the head was sent."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = attrs.field(factory=dict)
    cut: bool = False
    short: bool = False


class ToyServer(LocalServer):
    """Gives the answers of `script` in their order, the last one for ever; `answer` may compute them instead."""

    def __init__(
        self,
        *script: Answer,
        answer: Callable[[str, str, bytes], Answer] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(tls=tls)
        self.script = list(script) or [Answer(body={})]
        self.answer = answer
        self.bodies: list[bytes] = []

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.bodies.append(body)
        if self.answer is not None:
            answer = self.answer(scope["method"], scope["path"], body)
        else:
            answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if answer.cut:
            # uvicorn drops the connection when an application ends without an answer to a closed transport.
            raise ConnectionResetError
        text = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        text = b"" if answer.body is None else text
        headers = {"content-type": "application/json", "content-length": str(len(text)), **answer.headers}
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
        await send(
            {"type": "http.response.body", "body": text[:1] if answer.short else text, "more_body": answer.short}
        )


def endpoint(method: str, path: str, read: Callable[[Any], Any] = anything, **fixed: Any) -> Any:
    """Make a stand-in for a generated endpoint, whose answers are JSON that `read` takes."""

    def build(**params: Any) -> Call:
        return Call(method.upper(), path, query=query(*params.items()), **fixed)

    def parse(answer: Any) -> Any:
        return None if answer.status_code == 204 else read_json(answer, read)

    return SimpleNamespace(build=build, parse=parse)


def _number(raw: Any) -> int:
    if not isinstance(raw, dict) or "number" not in raw:
        raise Unreadable("Thing", ".number", "it is missing")
    try:
        return whole(raw["number"])
    except (TypeError, ValueError) as problem:
        raise Unreadable("Thing", ".number", str(problem)) from None


NUMBER = endpoint("get", "/thing", _number)
GET = endpoint("get", "/thing")
POST = endpoint("post", "/thing")
PUT = endpoint("put", "/thing")
DELETE = endpoint("delete", "/thing")
LIST = endpoint("get", "/list")


def _fault(response: Response) -> ErrorDetail:
    said = response.json()
    return ErrorDetail(said["code"], said.get("message"), "Try something else.")


class _Operations(Operations):
    _service = Service("Toy", _fault, request_ids=("X-Toy-Id",))

    @operation
    async def get(self, *, name: str = "x") -> Any:
        """Get the thing."""
        return await self._answer(GET, name=name)

    @operation
    async def put(self) -> Any:
        """Put the thing."""
        return await self._answer(PUT)

    @operation
    async def post(self) -> Any:
        """Post the thing."""
        return await self._answer(POST)

    @operation
    async def delete(self) -> Any:
        """Delete the thing."""
        return await self._answer(DELETE)

    @operation
    async def ask(self, endpoint: Any, /, **params: Any) -> Any:
        """Call an endpoint of the test's own."""
        return await self._answer(endpoint, **params)

    @operation
    async def number(self) -> int:
        """Get the thing as a number."""
        return int(await self._answer(NUMBER))

    @operation
    async def blocks(self) -> list[int]:
        """Get the thing block by block and tell how long each was."""
        sizes = []
        async with self._stream(await self._built(GET)) as response:
            async for block in self._io.body(response):
                sizes.append(len(block))  # noqa: PERF401 - ruff would have it all at once
        return sizes

    @paged
    def things(self, *, prefetch: int = 0, most_empty: int = MOST_EMPTY) -> Walk[int]:
        """List the things."""

        async def fetch(token: str | None) -> Page[int]:
            raw = await self._answer(LIST, **({} if token is None else {"page": token}))
            return Page(raw["items"], raw.get("next"))

        return Walk(lambda: fetch, prefetch, most_empty)


class Toy(BlockingClient, _Operations):
    """The blocking face."""


class AsyncToy(AsyncClient, _Operations):
    """The async face."""


class ToyTokens(TokenAuth):
    """Logs in at `/token` of the same server."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(**options)
        self.url = url

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        response = await io.send(request(io, "POST", self.url + "/token"))
        if response.status_code != 200:
            raise LoginError(f"the toy's login answered {response.status_code}")
        raw = response.json()
        return Token(raw["token"], raw.get("expires"))


def login(server: LocalServer) -> Login:
    """Return a login that proves nothing."""
    return Login(endpoint=server.url)
