"""A local LUSID scheduler: the images API under /scheduler2, an OAuth endpoint beside it, and faults on demand.

No LUSID server could be observed: paths, shapes and constraints follow the documents; which status goes with which
refusal is inferred and marked so. Uploads point to a registry, if one is given, and appear when it has them.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from imageapis.testing.contract import operation_id
from imageapis.testing.faults import WIRE_KINDS, Faults
from imageapis.testing.lusid.images import (
    Json,
    PageTokens,
    Refusal,
    StoredImage,
    finished,
    running,
)
from imageapis.testing.lusid.oauth import OAuth
from imageapis.testing.lusid.routes import BASE, Routes, UploadTarget

if TYPE_CHECKING:
    import ssl

    from imageapis.testing.asgi import Receive, Scope, Send
    from imageapis.testing.faults import WireKind


@attrs.define
class Trouble:
    """An answer that takes the place of the real one.

    Attributes:
        status: Its status.
        times: How often it is given.
        headers: Its headers.
        body: Its body.
        where: It is given where the path holds this text.
    """

    status: int
    times: int = 1
    headers: dict[str, str] = attrs.field(factory=dict)
    body: bytes = b""
    where: str = BASE


class LusidServer(Routes):
    """A local LUSID scheduler with one user.

    Args:
        registry: Where uploads go; without one, instructions name a host that does not exist.
        shape: `aws` or `azure`: whose credentials the instructions carry.
        legacy: Whether the two withdrawn operations are still there.
        strict: Whether a request that breaks the document fails the test, besides being answered with 400.
        tls: A context to serve HTTPS with.

    Attributes:
        access_token: A personal access token that is taken.
        oauth: The token endpoint, at `token_url`.
        last_page: How a last page says that it is: `null`, `absent` or `empty`.
        latest: Whether instructions ask for the tag `latest` too.
        expiry: How long the registry's password lasts, as the instructions say.
        delay: Seconds that every answer of the API takes.
        scans: The reports that a pushed image shows, one a look.
        contents: Bytes of the images that can be downloaded, by name.
        cut: Bytes after which a download breaks off.
        troubles: Answers to give in place of the real ones; used up in their order.
        faults: What goes wrong on the wire: `server.faults.add("reset-after", "UploadImage")`.
    """

    def __init__(
        self,
        *,
        registry: UploadTarget | None = None,
        shape: str = "aws",
        legacy: bool = False,
        strict: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(tls=tls)
        self.clear(registry=registry, shape=shape, legacy=legacy, strict=strict)

    def clear(
        self,
        *,
        registry: UploadTarget | None = None,
        shape: str = "aws",
        legacy: bool = False,
        strict: bool = True,
    ) -> None:
        """Become as new, without stopping; the arguments are those of the class."""
        self.registry = registry
        self.shape = shape
        self.legacy = legacy
        self.strict = strict
        self.access_token = "not-a-secret-token"  # noqa: S105 - a dummy
        self.oauth = OAuth("svc+a&b@example.org", "not-a-secret", "client", "not-a-secret-either")
        self.domain = "acme"
        self.last_page = "null"
        self.latest = False
        self.expiry = timedelta(hours=12)
        self.delay = 0.0
        self.scans: list[Json | None] = [None, running(), finished()]
        self.contents: dict[str, bytes] = {}
        self.cut: int | None = None
        self.troubles: list[Trouble] = []
        self.faults: Faults[WireKind] = Faults(WIRE_KINDS)
        self.images: dict[str, list[StoredImage]] = {}
        self.tokens = PageTokens()
        self.seen = []
        self.violations = []
        self.announced: dict[str, str] = {}

    @property
    def scheduler_url(self) -> str:
        """The address that clients are given."""
        return self.url + BASE

    @property
    def token_url(self) -> str:
        """The address of the token endpoint."""
        return self.url + "/oauth2/v1/token"

    def disturbance(self, method: str, target: str) -> WireKind | None:
        """Return what goes wrong on the wire with a request."""
        path = target.partition("?")[0]
        if path == "/oauth2/v1/token":
            return self.faults.take("Login")
        return self.faults.take(operation_id("lusid", method, path.removeprefix(BASE)))

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        target = _target(scope)
        path = target.partition("?")[0]
        if self.delay and path.startswith(BASE):
            await asyncio.sleep(self.delay)
        response = self._trouble(path)
        if response is None:
            response = await self._answer(request, target, path)
        if path.startswith(BASE):
            response.headers.setdefault("scheduler-meta-requestid", f"request-{len(self.seen)}")
        await response(scope, receive, send)

    def _trouble(self, path: str) -> Response | None:
        with self.lock:
            for trouble in self.troubles:
                if trouble.where in path:
                    trouble.times -= 1
                    if trouble.times < 1:
                        self.troubles.remove(trouble)
                    return Response(trouble.body, trouble.status, trouble.headers)
        return None

    async def _answer(self, request: Request, target: str, path: str) -> Response:
        if path == "/oauth2/v1/token":
            return await self.oauth.answer(request)
        if not path.startswith(BASE + "/api/images"):
            return Response(status_code=404)
        body = await request.body()
        try:
            self._authorize(request)
            response = await self.route(request, path.removeprefix(BASE), target, body)
        except Refusal as refusal:
            response = self._problem(refusal, path)
        return response

    def _authorize(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in {self.access_token, *self.oauth.valid}:
            # Inferred: which status and code go with a token that is not taken.
            raise Refusal(401, 187, "The identity token is not valid")

    def _problem(self, refusal: Refusal, path: str) -> Response:
        problem: Json = {
            "name": "ValidationFailure" if refusal.errors else "Refusal",
            "code": refusal.code,
            "errorDetails": [],
            "type": "https://docs.lusid.com/#section/Error-Codes",
            "title": refusal.title,
            "status": refusal.status,
            "detail": None,
            "instance": f"https://{self.domain}.lusid.com/app/insights/logs/request-{len(self.seen)}",
        }
        if refusal.errors:
            problem["errors"] = refusal.errors
        return JSONResponse(problem, refusal.status, media_type="application/problem+json")


def _target(scope: Scope) -> str:
    path: str = scope["raw_path"].decode("latin-1").partition("?")[0]
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
