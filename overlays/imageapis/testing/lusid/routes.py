"""What the local LUSID scheduler answers: the images API over what it holds. How it is reached is in `lusid`."""

from __future__ import annotations

import asyncio
import functools
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, unquote

from starlette.responses import JSONResponse, Response, StreamingResponse

from imageapis.testing.contract import Contract
from imageapis.testing.lusid.images import (
    Json,
    PageTokens,
    Refusal,
    StoredImage,
    matching,
    new_image,
    new_repository,
    sort,
    upload_instructions,
)
from imageapis.testing.server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request


BASE = "/scheduler2"
_JSON = re.compile(r"text/json|application/(?:[\w.-]+\+)?json")


class UploadTarget(Protocol):
    """The registry that uploads are sent to."""

    @property
    def host(self) -> str:
        """Its address and port."""
        ...

    @property
    def username(self) -> str:
        """Who may push."""
        ...

    @property
    def password(self) -> str:
        """That user's password."""
        ...

    def find(self, repository: str, tag: str) -> tuple[str, int] | None:
        """Return digest and size of what lies under a tag, or `None`."""


class Routes(LocalServer):
    """The operations; see `lusid.LusidServer` for the attributes."""

    domain = "acme"

    registry: UploadTarget | None
    shape: str
    legacy: bool
    strict: bool
    last_page: str
    latest: bool
    expiry: timedelta
    scans: list[Json | None]
    contents: dict[str, bytes]
    cut: int | None
    images: dict[str, list[StoredImage]]
    tokens: PageTokens
    announced: dict[str, str]

    def add(self, image: StoredImage) -> None:
        """Put an image into the store."""
        self.images.setdefault(image.json["name"], []).append(image)

    def fill(self, repository: str, count: int) -> None:
        """Put many images into one repository, tagged `1` and so on."""
        self.images.setdefault(repository, []).extend(
            new_image(repository, [str(number)], number=number) for number in range(1, count + 1)
        )

    async def route(self, request: Request, path: str, target: str, body: bytes) -> Response:
        """Answer one request to the images API."""
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
        violation = _contract().violation(request.method, plain, headers, body or None)
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
        self.announced[name] = f"{self.domain}/{repository}"
        expires = datetime.now(UTC) + self.expiry
        login = (host, username, password)
        return JSONResponse(upload_instructions(name, self.domain, login, latest=self.latest, expires=expires))

    async def _look_at_registry(self) -> None:
        """Let announced images appear whose manifest has arrived."""
        for name, path in list(self.announced.items()):
            repository, _, tag = name.partition(":")
            found = None if self.registry is None else await asyncio.to_thread(self.registry.find, path, tag)
            if found is not None:
                del self.announced[name]
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
