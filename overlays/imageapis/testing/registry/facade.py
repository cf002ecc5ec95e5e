"""A facade before a registry: the quirks of ECR and ACR, and faults on demand.

It stands for what cannot be run here. Quirks follow public reports of how those services behave. It holds each request
in memory: large images go to the registry itself.
"""

from __future__ import annotations

import asyncio
import base64
import http.client
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import attrs
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from imageapis.testing.server import LocalServer

if TYPE_CHECKING:
    from imageapis.testing.asgi import Receive, Scope, Send
    from imageapis.testing.registry.docker import DockerRegistry
    from imageapis.testing.registry.embedded import EmbeddedRegistry

#: Bytes that ACR takes in one PUT.
ACR_LIMIT = 20_000_000


@attrs.define
class RegistryFault:
    """Something that goes wrong.

    Attributes:
        kind: `answer` gives a status without asking the registry; `cut` breaks the connection in the middle of the
            request; `lose` lets the registry do it and breaks the connection before the answer; `corrupt` changes a
            byte on the way.
        method: The method of the requests that it befalls.
        where: Text that their path holds.
        times: How often.
        status: The status of an `answer`.
        headers: The headers of an `answer`.
        code: The registry's code in an `answer`.
    """

    kind: str
    method: str
    where: str = ""
    times: int = 1
    status: int = 500
    headers: dict[str, str] = attrs.field(factory=dict)
    code: str = "UNKNOWN"


class RegistryFacade(LocalServer):
    """A registry with quirks.

    Args:
        registry: The one behind it; `clear` can give it later.
        ecr: Answers a PATCH with 201 and the range of the first chunk, and tells of no upload's state.
        acr: Asks for a Bearer token, refuses a PUT of more than 20 MB and a Content-Range with a unit.
        chunk_minimum: Named as the least size of a chunk, and insisted on.
        store: Another server, at whose address uploads go on.
        digest: The digest that every answer names, in place of the real one.

    Attributes:
        faults: What is to go wrong; used up in their order.
        tokens: The tokens that it has given.
        chunks: The Content-Range of each PATCH.
        delay: Seconds that every answer takes.
        crowd: A method, and how many of its requests must be under way at a time before the first of them is answered.
        most: The most requests that were under way at a time.
    """

    registry: DockerRegistry | EmbeddedRegistry

    def __init__(self, registry: DockerRegistry | EmbeddedRegistry | None = None, **quirks: Any) -> None:
        super().__init__()
        if registry is not None:
            self.clear(registry, **quirks)

    def clear(
        self,
        registry: DockerRegistry | EmbeddedRegistry,
        *,
        ecr: bool = False,
        acr: bool = False,
        chunk_minimum: int | None = None,
        store: LocalServer | None = None,
        digest: str | None = None,
    ) -> None:
        """Become as new before another registry, without stopping; the arguments are those of the class."""
        self.registry = registry
        self.faults: list[RegistryFault] = []
        self.tokens: set[str] = set()
        self.chunks: list[str | None] = []
        self.delay = 0.0
        self.crowd: tuple[str, int] | None = None
        self._waiting = 0
        self.most = 0
        self._under_way = 0
        self.seen = []
        self._ecr = ecr
        self._acr = acr
        self._chunk_minimum = chunk_minimum
        self._store = store
        self._digest = digest
        self._ranges: dict[str, str] = {}

    @property
    def username(self) -> str:
        """Who may use it."""
        return self.registry.username

    @property
    def password(self) -> str:
        """That user's password."""
        return self.registry.password

    @property
    def host(self) -> str:
        """Its address and port."""
        return urlsplit(self.url).netloc

    def find(self, repository: str, tag: str) -> tuple[str, int] | None:
        """Return digest and size of the image under a tag, or `None`."""
        return self.registry.find(repository, tag)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        try:
            await asyncio.sleep(self.delay)
            await self._meet(scope["method"])
            await self._serve(scope, receive, send)
        finally:
            self._under_way -= 1

    async def _meet(self, method: str) -> None:
        if self.crowd is None or self.crowd[0] != method:
            return
        self._waiting += 1
        for _ in range(2000):
            if self.crowd is None or self._waiting >= self.crowd[1]:
                self.crowd = None
                return
            await asyncio.sleep(0.01)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        fault = self._fault(request)
        if fault is not None and fault.kind == "cut":
            await receive()
            await _break(send)
            return
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        if fault is not None and fault.kind == "answer":
            response: Response = JSONResponse({"errors": [{"code": fault.code}]}, fault.status, fault.headers)
        else:
            if fault is not None and fault.kind == "corrupt":
                body = bytes([body[0] ^ 1]) + body[1:]
            response = await self._answer(request, body)
        if fault is not None and fault.kind == "lose":
            await _break(send)
            return
        await response(scope, receive, send)

    def _fault(self, request: Request) -> RegistryFault | None:
        with self.lock:
            for fault in self.faults:
                if fault.method == request.method and fault.where in request.url.path:
                    fault.times -= 1
                    if fault.times < 1:
                        self.faults.remove(fault)
                    return fault
        return None

    async def _answer(self, request: Request, body: bytes) -> Response:
        if request.url.path == "/oauth2/token":
            return self._token(request)
        refusal = self._refusal(request, body)
        if refusal is not None:
            return refusal
        response = await asyncio.to_thread(self._forward, request, body)
        if request.method == "POST" and self._chunk_minimum is not None:
            response.headers["OCI-Chunk-Min-Length"] = str(self._chunk_minimum)
        if request.method == "PATCH" and self._ecr:
            upload = request.url.path.rpartition("/")[2]
            response.status_code = 201
            response.headers["Range"] = self._ranges.setdefault(upload, f"0-{len(body) - 1}")
        if self._store is not None and "location" in response.headers and response.status_code == 202:
            response.headers["location"] = response.headers["location"].replace(self.url, self._store.url)
        if self._digest is not None and "docker-content-digest" in response.headers:
            response.headers["docker-content-digest"] = self._digest
        return response

    def _refusal(self, request: Request, body: bytes) -> Response | None:
        """Return what the services refuse that the registry behind would take."""
        if self._acr and request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            realm = f'Bearer realm="{self.url}/oauth2/token",service="{self.host}"'
            return JSONResponse({"errors": [{"code": "UNAUTHORIZED"}]}, 401, {"WWW-Authenticate": realm})
        span = request.headers.get("content-range")
        if request.method == "PATCH":
            self.chunks.append(span)
            if span is not None and self._chunk_minimum is not None and len(body) < self._chunk_minimum:
                return Response(status_code=416)
        if self._acr and (len(body) > ACR_LIMIT and request.method == "PUT"):
            return Response("<html>413 Request Entity Too Large</html>", 413, media_type="text/html")
        if self._acr and span is not None and not span.replace("-", "", 1).isdigit():
            return Response(status_code=400)
        if self._ecr and request.method == "GET" and "/blobs/uploads/" in request.url.path:
            return Response(status_code=404)
        return None

    def _token(self, request: Request) -> Response:
        pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")
        query = parse_qs(request.url.query)
        if request.headers.get("authorization") != f"Basic {pair}" or "scope" not in query or "service" not in query:
            return JSONResponse({"errors": [{"code": "UNAUTHORIZED"}]}, 401)
        token = f"registry-token-{len(self.tokens)}"
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "expires_in": 300})

    def _forward(self, request: Request, body: bytes) -> Response:
        """Let the real registry answer."""
        headers = {name: value for name, value in request.headers.items() if name != "transfer-encoding"}
        # Its addresses for uploads are made from this one.
        headers["host"] = self.host
        if self._acr:
            pair = base64.b64encode(f"{self.registry.username}:{self.registry.password}".encode()).decode("ascii")
            headers["authorization"] = f"Basic {pair}"
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        connection = http.client.HTTPConnection(self.registry.host, timeout=20)
        try:
            connection.request(request.method, target, body or None, headers)
            answer = connection.getresponse()
            kept: dict[str, Any] = {
                name: value
                for name, value in answer.getheaders()
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date")
            }
            content = answer.read()
            length = answer.getheader("Content-Length")
        finally:
            connection.close()
        response = Response(content, answer.status, kept)
        if request.method == "HEAD" and length is not None:
            response.headers["content-length"] = length
        return response


class Store(LocalServer):
    """A place at another address where uploads go on: it hands every request to a facade, which it is given later."""

    facade: RegistryFacade

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the facade's registry answer with its own login, as a signed address would."""
        request = Request(scope, receive)
        body = await request.body()
        pair = base64.b64encode(f"{self.facade.registry.username}:{self.facade.registry.password}".encode())
        scope["headers"] = [*scope["headers"], (b"authorization", b"Basic " + pair)]
        response = await asyncio.to_thread(self.facade._forward, Request(scope), body)  # noqa: SLF001 - its other half
        if "location" in response.headers:
            response.headers["location"] = response.headers["location"].replace(self.facade.url, self.url)
        await response(scope, receive, send)


async def _break(send: Send) -> None:
    """Begin an answer and leave it: the connection is closed in its middle."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
