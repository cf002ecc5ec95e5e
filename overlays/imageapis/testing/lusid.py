"""A local LUSID scheduler: the images API under /scheduler2, an OAuth endpoint beside it, and faults on demand.

No LUSID server could be observed: paths, shapes and constraints follow the documents; which status goes with which
refusal is inferred and marked so. Uploads point to a registry, if one is given, and appear when it has them.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, unquote

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from imageapis.testing.contract import Contract
from imageapis.testing.lusid_images import (
    Json,
    PageTokens,
    Refusal,
    StoredImage,
    finished,
    matching,
    new_image,
    new_repository,
    running,
    sort,
    upload_instructions,
)
from imageapis.testing.lusid_oauth import OAuth
from imageapis.testing.server import LocalServer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from imageapis.testing.server import Receive, Scope, Send

BASE = "/scheduler2"
_JSON = re.compile(r"text/json|application/(?:[\w.-]+\+)?json")


class UploadTarget(Protocol):
    """The registry that uploads are sent to."""

    @property
    def host(self) -> str:
        """Its address and port."""

    @property
    def username(self) -> str:
        """Who may push."""

    @property
    def password(self) -> str:
        """That user's password."""

    def find(self, repository: str, tag: str) -> tuple[str, int] | None:
        """Return digest and size of what lies under a tag, or `None`."""


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


class LusidServer(LocalServer):
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
    """

    domain = "acme"

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
        self._contract = _contract()
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
        self.last_page = "null"
        self.latest = False
        self.expiry = timedelta(hours=12)
        self.delay = 0.0
        self.scans: list[Json | None] = [None, running(), finished()]
        self.contents: dict[str, bytes] = {}
        self.cut: int | None = None
        self.troubles: list[Trouble] = []
        self.images: dict[str, list[StoredImage]] = {}
        self.tokens = PageTokens()
        self.seen = []
        self.violations = []
        self._announced: dict[str, str] = {}

    @property
    def scheduler_url(self) -> str:
        """The address that clients are given."""
        return self.url + BASE

    @property
    def token_url(self) -> str:
        """The address of the token endpoint."""
        return self.url + "/oauth2/v1/token"

    def add(self, image: StoredImage) -> None:
        """Put an image into the store."""
        self.images.setdefault(image.json["name"], []).append(image)

    def fill(self, repository: str, count: int) -> None:
        """Put many images into one repository, tagged `1` and so on."""
        self.images.setdefault(repository, []).extend(
            new_image(repository, [str(number)], number=number) for number in range(1, count + 1)
        )

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
            response = await self._route(request, path.removeprefix(BASE), target, body)
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

    async def _route(self, request: Request, path: str, target: str, body: bytes) -> Response:
        parts = [unquote(part) for part in path.split("/")[3:]]
        method = request.method
        known = {(0, "POST"), (1, "GET"), (1, "DELETE"), (2, "GET")}
        if len(parts) > 2 or (len(parts) == 2 and parts[0] != "repository" and parts[1] != "contents"):
            return Response(status_code=404)
        if (len(parts), method) not in known:
            return Response(status_code=405, headers={"Allow": "GET"})
        withdrawn = method == "DELETE" or (len(parts) == 2 and parts[0] != "repository")
        if withdrawn and not self.legacy:
            # Inferred from how ASP.NET routes: the path of GetImage knows no DELETE, that of the contents is unknown.
            return Response(status_code=405 if method == "DELETE" else 404)
        self._check(request, target, body)
        await self._look_at_registry()
        if method == "POST":
            return self._upload(json.loads(body)["imageName"])
        if parts[0] == "repository":
            return self._list(request, path, parts[1] if len(parts) == 2 else None)
        if method == "DELETE":
            return self._delete(parts[0])
        return self._download(parts[0]) if len(parts) == 2 else JSONResponse(self._find(parts[0]).shown())

    def _check(self, request: Request, target: str, body: bytes) -> None:
        headers = dict(request.headers.items())
        if _JSON.fullmatch(headers.get("content-type", "").partition(";")[0]):
            # The published document takes all of these; ours names the one that we send.
            headers["content-type"] = "application/json"
        # Both spellings of a colon in a path are the same; the check knows only one.
        plain = target.replace("%3A", ":").replace("%3a", ":")
        violation = self._contract.violation(request.method, plain, headers, body or None)
        if violation is not None:
            if self.strict:
                self.violations.append(violation)
            raise Refusal(400, 157, "One or more of the request's values are not valid", {"request": [violation]})

    def _list(self, request: Request, path: str, repository: str | None) -> Response:
        query = parse_qs(request.url.query, keep_blank_values=True)
        order, filter_ = query.get("sortBy", []), query.get("filter", [""])[0]
        limit = int(query.get("limit", ["2000"])[0])
        entries = self._entries(repository)
        offset = int(query.get("start", ["0"])[0])
        if "page" in query:
            if "start" in query:
                # Inferred: which status and code.
                raise Refusal(400, 151, "start cannot go with page", {"start": ["not allowed with page"]})
            offset = self.tokens.read(query["page"][0], path, order, filter_)
        entries = sort(matching(entries, filter_), order)
        end = offset + limit
        answer: Json = {"values": entries[offset:end], "href": None, "links": []}
        if end < len(entries):
            answer["nextPage"] = self.tokens.make(path, order, filter_, end)
        elif self.last_page != "absent":
            answer["nextPage"] = None if self.last_page == "null" else ""
        return JSONResponse(answer)

    def _entries(self, repository: str | None) -> list[Json]:
        if repository is None:
            return [new_repository(name, len(images)) for name, images in self.images.items()]
        if repository not in self.images:
            raise Refusal(404, 152, f"There is no repository {repository}")
        return [image.json for image in self.images[repository]]

    def _find(self, name: str) -> StoredImage:
        repository, _, tag = name.partition(":")
        for image in self.images.get(repository, ()):
            if any(it["name"] == tag for it in image.json["tags"]):
                return image
        raise Refusal(404, 152, f"There is no image {name}")

    def _upload(self, name: str) -> Response:
        repository, _, tag = name.partition(":")
        if any(it["name"] == tag for image in self.images.get(repository, ()) for it in image.json["tags"]):
            # Inferred: which status and code.
            raise Refusal(400, 731, f"The image {name} exists already")
        host = f"{self.domain}.lusid.com" if self.shape == "aws" else f"{self.domain}.azurecr.io"
        username, password = "AWS" if self.shape == "aws" else "push-token", "not-a-secret-registry-password"
        if self.registry is not None:
            host, username, password = self.registry.host, self.registry.username, self.registry.password
        self._announced[name] = f"{self.domain}/{repository}"
        expires = datetime.now(UTC) + self.expiry
        login = (host, username, password)
        return JSONResponse(upload_instructions(name, self.domain, login, latest=self.latest, expires=expires))

    async def _look_at_registry(self) -> None:
        """Let announced images appear whose manifest has arrived."""
        for name, path in list(self._announced.items()):
            repository, _, tag = name.partition(":")
            found = None if self.registry is None else await asyncio.to_thread(self.registry.find, path, tag)
            if found is not None:
                del self._announced[name]
                digest, size = found
                self.add(new_image(repository, [tag], digest=digest, size=size, scans=list(self.scans)))

    def _delete(self, name: str) -> Response:
        try:
            image = self._find(name)
        except Refusal:
            return JSONResponse(f"Image {name} not found", 404)
        self.images[name.partition(":")[0]].remove(image)
        return JSONResponse(f"Image {name} deleted")

    def _download(self, name: str) -> Response:
        if name not in self.contents:
            raise Refusal(404, 152, f"There is no image {name}")
        data = self.contents[name]

        def blocks() -> Iterator[bytes]:
            end = len(data) if self.cut is None else self.cut
            for start in range(0, end, 65536):
                yield data[start : min(start + 65536, end)]

        return StreamingResponse(
            blocks(), media_type="application/octet-stream", headers={"Content-Length": str(len(data))}
        )


@functools.cache
def _contract() -> Contract:
    # Reading the document takes longer than most tests.
    return Contract("lusid", BASE)


def _target(scope: Scope) -> str:
    path: str = scope["raw_path"].decode("latin-1").partition("?")[0]
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
